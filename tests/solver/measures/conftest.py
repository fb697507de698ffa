"""Allocations small enough to check by hand, and figures of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from metneed.models.allocation import Allocation
from metneed.models.comparison import Number
from metneed.models.instance import Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.units import Units
from metneed.solver.measure import Context
from metneed.solver.measures import measure

D3_COST = [2, 4, 7, 3, 5, 6, 4, 8]
D3_MET_NEED = [5, 8, 10, 6, 7, 10, 4, 9]


def _ids(n: int) -> np.ndarray:
    return np.array([f"u{row:07d}" for row in range(n)], dtype=object)


def _one_package_each(
    met_need: Sequence[int],
    need: Sequence[int],
    cost: Sequence[int] | None = None,
    **columns: Any,
) -> tuple[Problem, Allocation]:
    n = len(met_need)
    cost = [1] * n if cost is None else cost
    menus = Menus.of(np.arange(n + 1), cost, met_need)
    users = Users(ids=_ids(n), need=np.array(need, dtype=np.int64), **columns)
    spent = int(np.sum(cost))
    problem = Problem(users=users, menus=menus, budget=spent, allocable=spent, units=Units())
    return problem, Allocation.of_picks(problem, np.arange(n))


class Figures:
    """Figures of allocations in which everyone has the only package of the menu."""

    @staticmethod
    def of(
        name: str,
        met_need: Sequence[int],
        need: Sequence[int],
        cost: Sequence[int] | None = None,
        *,
        rows: Sequence[int] | None = None,
        **columns: Any,
    ) -> Mapping[str, Number]:
        """The figures of the measure of that name, over all users or the given rows."""
        problem, allocation = _one_package_each(met_need, need, cost, **columns)
        users = np.arange(len(met_need)) if rows is None else np.array(rows, dtype=np.int64)
        return measure(name).compute(allocation, Context(problem), users)

    @staticmethod
    def change(
        before: Sequence[int],
        after: Sequence[int],
        need: Sequence[int],
        *,
        cost_before: Sequence[int] | None = None,
        cost_after: Sequence[int] | None = None,
        rows: Sequence[int] | None = None,
    ) -> Mapping[str, Number]:
        """Winners and losers of the second allocation against the first."""
        _, baseline = _one_package_each(before, need, cost_before)
        problem, allocation = _one_package_each(after, need, cost_after)
        users = np.arange(len(after)) if rows is None else np.array(rows, dtype=np.int64)
        context = Context(problem, baseline=baseline)
        return measure("winners_losers").compute(allocation, context, users)


@pytest.fixture(scope="session")
def figures() -> type[Figures]:
    return Figures


@pytest.fixture(scope="session")
def d3() -> Problem:
    """Three users, three, three and two packages, a need of 10 each and 12 to spend."""
    return Problem(
        users=Users(ids=_ids(3), need=np.array([10, 10, 10])),
        menus=Menus.of([0, 3, 6, 8], D3_COST, D3_MET_NEED),
        budget=15,
        allocable=12,
        units=Units(money_decimals=0, need_decimals=0),
    )


@pytest.fixture(scope="session")
def d3_points(d3: Problem) -> Allocation:
    """What points 5, 3 and 4 buy at a price of 1 a point: met need 8, 6, 4 for 4, 3, 4."""
    return Allocation.of_picks(d3, np.array([1, 3, 6]), award=np.array([5, 3, 4]))


@pytest.fixture(scope="session")
def d3_best(d3: Problem) -> Allocation:
    """The whole-package optimum: met need 5, 10, 4 for 2, 6, 4."""
    return Allocation.of_picks(d3, np.array([0, 5, 6]))


@pytest.fixture(scope="session")
def l3() -> Problem:
    """Three users whose pounds meet 3, 2 and 1 of a need of 12; part packages, 12 to spend.

    Counted in 33rds of a unit, in which every answer below is a whole number.
    """
    return Problem(
        users=Users(ids=_ids(3), need=np.full(3, 12 * 33)),
        menus=Menus.of([0, 1, 2, 3], [4 * 33, 6 * 33, 12 * 33], [12 * 33] * 3),
        budget=12 * 33,
        allocable=12 * 33,
        packages="divisible",
        units=Units(money_decimals=0, need_decimals=0),
    )
