"""Values that say what their packages cost."""

import itertools
import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from metneed.models.allocation import Allocation
from metneed.models.arrays import frozen
from metneed.models.columns import Labels
from metneed.models.instance import Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.units import Units
from metneed.solver import limited
from metneed.solver.engines.one_cost import one_cost
from metneed.solver.engines.whole_answer import RowsWhole


def all_choices(menus: Menus, due: list[bool]) -> set[tuple[int, int]]:
    """The value and cost of every choice of one package or nothing for each user."""
    options = [
        [*range(menus.offsets[user], menus.offsets[user + 1]), *([] if must else [-1])]
        for user, must in enumerate(due)
    ]
    value, cost = np.append(menus.value, 0), np.append(menus.cost, 0)
    return {
        (int(value[list(picks)].sum()), int(cost[list(picks)].sum()))
        for picks in itertools.product(*options)
    }


def test_where_it_says_so_every_value_has_one_cost() -> None:
    draw = random.Random(4)
    seen = {True: 0, False: 0}
    for _ in range(2_000):
        sizes = [draw.randint(1, 2) for _ in range(draw.randint(1, 3))]
        count = sum(sizes)
        value = [draw.randint(0, 4) for _ in range(count)]
        kind = draw.choice(["multiple", "short of", "any"])
        most = draw.randint(4, 9)
        cost = {
            "multiple": [3 * each for each in value],
            "short of": [most - each for each in value],
            "any": [draw.randint(0, 4) for _ in range(count)],
        }[kind]
        due = [draw.random() < 0.5 for _ in sizes]
        menus = Menus.of(np.concatenate([[0], np.cumsum(sizes)]), cost, value)
        said = one_cost(menus, np.array(due))
        pairs = all_choices(menus, due)
        seen[said] += 1
        if said:
            assert len(pairs) == len({each for each, _ in pairs})
        if kind == "multiple" or (kind == "short of" and all(due)):
            assert said
    assert min(seen.values()) > 300


def test_large_numbers_are_compared_exactly() -> None:
    due = np.array([True])
    least = 2**40

    assert one_cost(Menus.of([0, 2], [0, 3 * least], [0, least]), due)
    assert one_cost(Menus.of([0, 3], [0, 3 * least, 6 * least], [0, least, 2 * least]), due)
    assert not one_cost(Menus.of([0, 3], [0, 3 * least, 6 * least + 1], [0, least, 2 * least]), due)


def test_packages_that_are_worth_nothing_must_cost_nothing() -> None:
    assert one_cost(Menus.of([0], [], []), np.array([], dtype=np.bool_))
    assert one_cost(Menus.of([0, 1], [0], [0]), np.array([False]))
    assert not one_cost(Menus.of([0, 1], [5], [0]), np.array([False]))


def test_a_proved_optimum_of_one_cost_needs_no_proof_that_it_costs_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    search = limited.rows_whole_optimum

    def without_least_cost(*given: Any) -> object:
        found = search(*given)
        assert isinstance(found, RowsWhole)
        return replace(found, least_cost=False)

    monkeypatch.setattr(limited, "rows_whole_optimum", without_least_cost)
    said = []
    for last in (6, 5):
        menus = Menus.of([0, 2, 4], [4, 2, 1, 3], [5, 7, 8, last])
        problem = Problem(
            Users(np.array(["a", "b"], dtype=object), menus.best_met_need),
            menus,
            6,
            6,
            choice="exactly_one",
            units=Units("XXX", 0, 0),
            forms=Labels(frozen([0, 1, 0, 1]), ("home", "out")),
            constraints={"most": {"kind": "spend", "forms": ["out"], "at_most": 2}},
        )
        outcome = limited.best_within_limits(problem)
        assert isinstance(outcome, Allocation)
        said.append(outcome.certificate.words())

    assert said == ["optimal (proved)", "optimal (proved), least cost not proved"]
