"""The frontier: the best met need for every budget, and who then has what.

With part packages allowed the best use of any budget takes the steps of all hulls in falling order
of slope, until the money is used up: all budgets are answered by one sorted list.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd

import numpy as np

from metneed.models.arrays import IntArray, frozen, owners
from metneed.models.errors import OptionError
from metneed.models.limits import SUM_LIMIT
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.settings import Engine
from metneed.models.sums import exact_sum
from metneed.solver.engines.hull import Hulls, upper_hulls
from metneed.solver.engines.kernels import kernels_for
from metneed.solver.engines.slopes import slope_order


@dataclass(frozen=True)
class Break:
    """Where a budget ends on the list of steps.

    Parameters
    ----------
    count
        Steps taken wholly: all before the first that does not fit.
    spent, value
        What the bases and those steps cost and are worth together.
    room
        Budget less `spent`.
    multiplier
        Slope of the first step that does not fit as (p, q) in lowest terms: one more smallest
        money unit is worth p/q smallest units of value. (0, 1) where every step is taken.
    """

    count: int
    spent: int
    value: int
    room: int
    multiplier: tuple[int, int]

    @property
    def bound(self) -> int:
        """No whole packages within the budget are worth more: the LP optimum, rounded down."""
        p, q = self.multiplier
        return self.value + p * self.room // q


@dataclass(frozen=True, eq=False)
class LinearOptimum:
    """The optimum of the linear programme for a budget: whole packages, and one step in part.

    Parameters
    ----------
    picks
        For each user the package that the steps taken wholly lead to, -1 for nothing.
    spent, value, room, multiplier
        As in `Break`.
    split
        Row of the user whose step does not fit and is taken in part; -1 where all are taken.
    following
        The package that this step leads to.
    """

    picks: IntArray
    spent: int
    value: int
    room: int
    multiplier: tuple[int, int]
    split: int
    following: int

    @property
    def bound(self) -> int:
        """No packages within the budget are worth more: the value of the optimum, rounded down."""
        p, q = self.multiplier
        return self.value + p * self.room // q


@dataclass(frozen=True, eq=False)
class Frontier:
    """All steps of all users, steepest first, and their running totals.

    Among equal slopes the earlier user comes first. A user's own steps stay in their order,
    because their slopes fall.

    Parameters
    ----------
    hulls
        The hulls that the steps come from.
    base_cost, base_value
        Cost and value of the bases of all users together.
    point
        For each step the point of the hulls that it reaches.
    spent, gained
        What the first k steps add, for every k from 0 on.
    """

    hulls: Hulls
    base_cost: int
    base_value: int
    point: IntArray
    spent: IntArray
    gained: IntArray

    @cached_property
    def user(self) -> IntArray:
        """The user of each step."""
        return frozen(owners(self.hulls.offsets)[self.point])

    @cached_property
    def cost(self) -> IntArray:
        """What each step adds to the cost, more than nothing."""
        return frozen(np.diff(self.spent))

    @cached_property
    def value(self) -> IntArray:
        """What each step adds to the value, more than nothing."""
        return frozen(np.diff(self.gained))

    def shortfall(self, budget: int) -> int:
        """Money missing for the bases of all users, 0 where the budget covers them."""
        return max(0, self.base_cost - budget)

    def break_at(self, budget: int) -> Break:
        """Where a budget ends on the list.

        Raises
        ------
        OptionError
            Where the budget does not even cover the bases: ask `shortfall` first.
        """
        self._need_bases(budget)
        extra = min(budget - self.base_cost, SUM_LIMIT - 1)
        count = int(np.searchsorted(self.spent, extra, side="right")) - 1
        spent = self.base_cost + int(self.spent[count])
        return Break(
            count=count,
            spent=spent,
            value=self.base_value + int(self.gained[count]),
            room=budget - spent,
            multiplier=self._slope(count),
        )

    def picks(self, count: int) -> IntArray:
        """For each user the package that the first `count` steps lead to, -1 for nothing."""
        return self.hulls.package[self.points(count)]

    def points(self, count: int) -> IntArray:
        """For each user the point of the hulls that the first `count` steps lead to."""
        taken = np.bincount(self.user[:count], minlength=self.hulls.n_users)
        return self.hulls.offsets[:-1] + taken

    def optimum_at(self, budget: int) -> LinearOptimum:
        """The optimum of the linear programme for a budget.

        Raises
        ------
        OptionError
            Where the budget does not cover the bases.
        """
        end = self.break_at(budget)
        ended = end.count == self.n_steps
        return LinearOptimum(
            picks=self.picks(end.count),
            spent=end.spent,
            value=end.value,
            room=end.room,
            multiplier=end.multiplier,
            split=-1 if ended else int(self.user[end.count]),
            following=-1 if ended else int(self.hulls.package[self.point[end.count]]),
        )

    def value_at(self, budget: int) -> int:
        """The best value for a budget, part packages allowed, rounded down.

        Raises
        ------
        OptionError
            Where the budget does not cover the bases.
        """
        return self.break_at(budget).bound

    def marginal(self, budget: int) -> tuple[Fraction | None, Fraction | None]:
        """What the last and the next smallest money unit are worth, smallest units of value.

        Both are None below the bases, the last one also exactly there; beyond the end of the
        frontier money is worth nothing.
        """
        if budget < self.base_cost:
            return None, None
        end = self.break_at(budget)
        following = Fraction(*end.multiplier)
        if end.room > 0:
            return following, following
        return (Fraction(*self._slope(end.count - 1)) if end.count else None), following

    def least_budget(self, value: int) -> int | None:
        """The least whole budget whose best value reaches `value`; None where none does."""
        missing = value - self.base_value
        count = self._count_reaching(missing)
        if count is None or count == 0:
            return self.base_cost if count == 0 else None
        rest = missing - int(self.gained[count - 1])
        part = -(-rest * int(self.cost[count - 1]) // int(self.value[count - 1]))
        return self.base_cost + int(self.spent[count - 1]) + part

    def least_path_budget(self, value: int) -> int | None:
        """The least budget for which the steps that fit, taken in order, reach `value`."""
        count = self._count_reaching(value - self.base_value)
        return None if count is None else self.base_cost + int(self.spent[count])

    def corners(self) -> tuple[IntArray, IntArray]:
        """Budgets and values at the corners of the frontier, from the bases on."""
        return self.spent + self.base_cost, self.gained + self.base_value

    @property
    def n_steps(self) -> int:
        """How many steps there are."""
        return len(self.point)

    def _slope(self, step: int) -> tuple[int, int]:
        if step == self.n_steps:
            return 0, 1
        value, cost = int(self.value[step]), int(self.cost[step])
        common = gcd(value, cost)
        return value // common, cost // common

    def _count_reaching(self, value: int) -> int | None:
        count = int(np.searchsorted(self.gained, value, side="left"))
        return count if count <= self.n_steps else None

    def _need_bases(self, budget: int) -> None:
        if budget < self.base_cost:
            raise OptionError(
                f"a budget of {budget} does not cover what everyone must have, which costs "
                f"{self.base_cost} smallest money units"
            )


def frontier_of(menus: Menus, choice: Choice, engine: Engine = "auto") -> Frontier:
    """The frontier of menus, made once and remembered with them.

    Raises
    ------
    NumbersTooLargeError
        Where exact arithmetic in 64 bits is not sure.
    OptionError
        Where the engine asked for is not installed.
    """
    return menus.memo(("frontier", choice), lambda: _frontier(menus, choice, engine))


def known_frontier(menus: Menus, choice: Choice) -> Frontier | None:
    """The frontier if it has been made already."""
    known: Frontier | None = menus.known(("frontier", choice))
    return known


def _frontier(menus: Menus, choice: Choice, engine: Engine) -> Frontier:
    hulls = upper_hulls(menus, choice, engine)
    base = hulls.offsets[:-1]
    is_step = np.ones(len(hulls.cost), dtype=np.bool_)
    is_step[base] = False
    point = np.flatnonzero(is_step)
    cost, value = (column[point] - column[point - 1] for column in (hulls.cost, hulls.value))
    order = slope_order(value, cost, kernels_for(menus, engine).sort)
    return Frontier(
        hulls=hulls,
        base_cost=exact_sum(hulls.cost[base]),
        base_value=exact_sum(hulls.value[base]),
        point=frozen(point[order]),
        spent=frozen(_running(cost, order)),
        gained=frozen(_running(value, order)),
    )


def _running(amounts: IntArray, order: IntArray) -> IntArray:
    """Sums of the first k amounts in an order, from k = 0 on."""
    sums = np.zeros(len(order) + 1, dtype=np.int64)
    np.cumsum(amounts.take(order), out=sums[1:])
    return sums
