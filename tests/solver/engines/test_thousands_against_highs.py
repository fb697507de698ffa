"""Thousands of small instances against HiGHS, many of them in one programme.

Instances side by side in one programme share nothing, so the optimum of the programme is the sum of
theirs. Each of our answers is feasible for its own instance and so at most its optimum: equal sums
mean that every single one is equal.
"""

from collections.abc import Iterator
from typing import get_args

import numpy as np
import pulp
import pytest

from metneed.models.arrays import picked
from metneed.models.menus import Menus
from metneed.models.random_stream import RandomStream
from metneed.models.scenario import Choice
from metneed.solver.engines.backend import ask_here
from metneed.solver.engines.exact import Shortfall, whole_optimum
from metneed.solver.engines.frontier import frontier_of

BATCHES, BATCH = 8, 250


def instances(stream: RandomStream, choice: Choice) -> Iterator[tuple[Menus, int]]:
    """Small instances of all kinds that have an allocation: ties, free and useless packages."""
    made = 0
    while made < BATCH:
        n = int(stream.between(1, 6, 1)[0])
        sizes = stream.between(0, 5, n)
        total, most = int(sizes.sum()), int(stream.between(2, 200, 1)[0])
        cost, value = stream.between(0, most, total), stream.between(0, most, total)
        menus = Menus.of(np.concatenate([[0], np.cumsum(sizes)]), cost, value)
        budget = int(menus.full_cost.sum()) * int(stream.between(0, 110, 1)[0]) // 100
        if frontier_of(menus, choice).shortfall(budget) == 0:
            made += 1
            yield menus, budget


def side_by_side(given: list[tuple[Menus, int]], choice: Choice, kind: str) -> pulp.LpProblem:
    """One programme that holds all the instances."""
    problem = pulp.LpProblem("side_by_side", pulp.LpMaximize)
    start, objective = 0, []
    for number, (menus, budget) in enumerate(given):
        x = [problem.add_variable(f"x_{start + i}", 0, 1, kind) for i in range(menus.n_packages)]
        start += menus.n_packages
        objective += list(zip(x, menus.value.tolist(), strict=True))
        problem += pulp.LpAffineExpression(zip(x, menus.cost.tolist(), strict=True)) <= budget
        for first, end in zip(menus.offsets[:-1], menus.offsets[1:], strict=True):
            if first < end:
                share = pulp.lpSum(x[first:end])
                problem += (
                    (share == 1) if choice == "exactly_one" else (share <= 1),
                    f"{number}_{first}",
                )
    problem.setObjective(pulp.LpAffineExpression(objective))
    return problem


@pytest.mark.parametrize("choice", get_args(Choice))
@pytest.mark.parametrize("batch", range(BATCHES // 2))
def test_values_equal_those_of_highs_on_thousands_of_instances(choice: Choice, batch: int) -> None:
    given = list(instances(RandomStream.of(batch, f"thousands {choice}"), choice))

    ours = 0
    for menus, budget in given:
        best = whole_optimum(menus, choice, budget)
        assert not isinstance(best, Shortfall)
        assert best.proof == "proved"
        assert int(picked(menus.cost, best.picks).sum()) == best.cost <= budget
        assert int(picked(menus.value, best.picks).sum()) == best.value
        ours += best.value
    answer = ask_here(side_by_side(given, choice, pulp.LpInteger))
    values = np.concatenate([menus.value for menus, _ in given])
    assert answer.values is not None
    assert int(np.rint(answer.values) @ values) == ours

    exact = 0.0
    for menus, budget in given:
        end = frontier_of(menus, choice).break_at(budget)
        exact += end.value + end.room * end.multiplier[0] / end.multiplier[1]
    answer = ask_here(side_by_side(given, choice, pulp.LpContinuous))
    assert answer.values is not None
    assert answer.values @ values == pytest.approx(exact, rel=1e-9)
