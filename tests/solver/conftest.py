"""The two hand-solved problems that rules, measures and comparisons are tested on."""

from decimal import Decimal

import numpy as np
import pytest

from metneed.models.arrays import frozen
from metneed.models.columns import Labels
from metneed.models.instance import Instance, Previous, Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.scenario import Scenario
from metneed.models.units import Units


def make_problem(
    offsets: list[int],
    cost: list[int],
    met_need: list[int],
    budget: int,
    points: list[int] | None = None,
    **changes: object,
) -> Problem:
    """A problem from plain lists, in whole units of money and need."""
    menus = Menus.of(offsets, cost, met_need)
    n = menus.n_users
    users = Users(
        ids=np.array([f"u{row}" for row in range(1, n + 1)], dtype=object),
        need=menus.best_met_need,
        points=None if points is None else frozen(points),
        arrival=frozen(range(n)),
        groups={"half": Labels(frozen(np.arange(n) % 2), ("even", "odd"))},
    )
    problem = Problem(
        users=users, menus=menus, budget=budget, allocable=budget, units=Units("GBP", 0, 0)
    )
    return problem.replace(**changes)


@pytest.fixture
def d3() -> Problem:
    """Three users, whole packages, budget 12; the third has (4, 4), the second (5, 7) off hull."""
    problem = make_problem(
        [0, 3, 6, 8], [2, 4, 7, 3, 5, 6, 4, 8], [5, 8, 10, 6, 7, 10, 4, 9], 12, [5, 3, 4]
    )
    held = np.array([True, True, False])
    previous = Previous(
        held, np.array(["a", "b", ""], dtype=object), frozen([6, 9, 0]), frozen([9, 10, 0])
    )
    return problem.replace(previous=previous)


@pytest.fixture
def l3() -> Problem:
    """Three users with one package of met need 12 at 4, 6 and 12, divisible, budget 12."""
    return make_problem(
        [0, 1, 2, 3],
        [4000, 6000, 12000],
        [12000, 12000, 12000],
        12000,
        [3, 4, 5],
        packages="divisible",
    )


@pytest.fixture
def d3_instance(d3: Problem) -> Instance:
    """The whole-package problem as an instance, in whole pounds and points."""
    names = ("a", "b", "c")
    return Instance(
        scenario=Scenario(
            schema_version=1, name="D3", budget=Decimal(12), money_decimals=0, need_decimals=0
        ),
        users=d3.users,
        menus=d3.menus,
        package_ids=Labels(frozen([0, 1, 2, 0, 1, 2, 0, 1]), names),
        previous=d3.previous,
    )
