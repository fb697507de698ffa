"""Shares arranged as mixes of plans, against a solver and by hand."""

import random

import highspy
import numpy as np
import pytest

from metneed.models.menus import Menus
from metneed.solver.engines.arrange import greatest
from metneed.solver.engines.kinds import kinds_of
from metneed.solver.engines.rows import Row
from metneed.solver.engines.weak_duality import bound_at


def test_the_mix_of_plans_that_is_worth_most_is_found() -> None:
    # Two people, each half of the time at home (0, 2) and half away (1, 3): being at home
    # together is worth 5, so they are together half of the time and apart the other half.
    together = greatest([5, 0, 0, 1], [(0, 2), (0, 3), (1, 2), (1, 3)], [2, 2, 2, 2])
    assert together == 12

    # Where they cannot be at home together they never are, and then never away together.
    assert greatest([0, 0, 1], [(0, 3), (1, 2), (1, 3)], [2, 2, 2, 2]) == 0


def test_shares_that_no_plans_add_up_to_are_told() -> None:
    assert greatest([1, 1], [(0, 2), (1, 3)], [2, 1, 1, 2]) is None
    assert greatest([], [], [1]) is None
    assert greatest([], [], []) == 0


def test_the_answer_is_that_of_a_linear_programme() -> None:
    draw = random.Random(8)
    seen = {True: 0, False: 0}
    for _ in range(400):
        sizes = [draw.randint(1, 3) for _ in range(draw.randint(2, 3))]
        first = np.cumsum([0, *sizes[:-1]]).tolist()
        every = [
            tuple(start + place for start, place in zip(first, places, strict=True))
            for places in np.ndindex(*sizes)
        ]
        plans = [plan for plan in every if draw.random() < 0.7]
        worth = [draw.randint(-5, 9) for _ in plans]
        amounts = [0] * sum(sizes)
        for plan in draw.choices(every if draw.random() < 0.5 else plans or every, k=6):
            for row in plan:
                amounts[row] += 1
        found, expected = greatest(worth, plans, amounts), programme(worth, plans, amounts)
        seen[found is None] += 1
        assert (found is None) == (expected is None)
        if found is not None and expected is not None:
            assert float(found) == pytest.approx(expected)
    assert min(seen.values()) > 50


def programme(worth: list[int], plans: list[tuple[int, ...]], amounts: list[int]) -> float | None:
    solver = highspy.Highs()
    solver.silent()
    for each in worth:
        solver.addVariable(0, highspy.kHighsInf, -float(each))
    for row, amount in enumerate(amounts):
        mine = np.array([k for k, plan in enumerate(plans) if row in plan], dtype=np.int32)
        if not len(mine) and amount:
            return None
        solver.addRow(amount, amount, len(mine), mine, np.ones(len(mine)))
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    return -float(solver.getInfo().objective_function_value)


def test_a_bound_over_a_denominator_beyond_64_bits_is_exact() -> None:
    menus = Menus.of([0, 1], [3], [0])
    kinds = kinds_of(menus, np.array([True]), [Row("budget", menus.cost, 2)])

    assert bound_at(kinds, (1,), 2**80, menus.value).total == -1
    assert bound_at(kinds, (0,), 2**80, menus.value).total == 0
