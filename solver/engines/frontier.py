"""The frontier: the best met need for every budget, and who then has what.

With part packages allowed the best use of any budget takes the steps of all hulls in falling order
of slope, until the money is used up: all budgets are answered by one sorted list.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np

from metneed.models.arrays import IntArray, frozen, greatest
from metneed.models.errors import NumbersTooLargeError, OptionError
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.sums import exact_sum
from metneed.solver.engines.divide import Mix, divide_hull
from metneed.solver.engines.hull import SUM_LIMIT, Hulls, upper_hulls
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
    user, point
        For each step its user, and the point of the hulls that it reaches.
    cost, value
        What each step adds; both are positive.
    spent, gained
        What the first k steps add, for every k from 0 on.
    """

    hulls: Hulls
    base_cost: int
    base_value: int
    user: IntArray
    point: IntArray
    cost: IntArray
    value: IntArray
    spent: IntArray
    gained: IntArray

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
        return len(self.cost)

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


def frontier_of(menus: Menus, choice: Choice) -> Frontier:
    """The frontier of menus, made once and remembered with them.

    Raises
    ------
    NumbersTooLargeError
        Where exact arithmetic in 64 bits is not sure.
    """
    return menus.memo(("frontier", choice), lambda: _frontier(upper_hulls(menus, choice)))


def _frontier(hulls: Hulls) -> Frontier:
    base = hulls.offsets[:-1]
    is_step = np.ones(len(hulls.cost), dtype=np.bool_)
    is_step[base] = False
    point = np.flatnonzero(is_step)
    user = np.repeat(np.arange(hulls.n_users), np.diff(hulls.offsets) - 1)
    cost = hulls.cost[point] - hulls.cost[point - 1]
    value = hulls.value[point] - hulls.value[point - 1]
    order = slope_order(value, cost)
    cost, value = cost[order], value[order]
    return Frontier(
        hulls=hulls,
        base_cost=exact_sum(hulls.cost[base]),
        base_value=exact_sum(hulls.value[base]),
        user=frozen(user[order]),
        point=frozen(point[order]),
        cost=frozen(cost),
        value=frozen(value),
        spent=frozen(np.concatenate([[0], np.cumsum(cost)])),
        gained=frozen(np.concatenate([[0], np.cumsum(value)])),
    )


def dual_bound(menus: Menus, choice: Choice, budget: int, p: int, q: int) -> int:
    """An upper bound on every allocation within the budget, times q: weak duality in integers.

    Parameters
    ----------
    menus, choice, budget
        The problem.
    p, q
        Any multiplier p/q of the budget, p at least 0 and q at least 1.

    Returns
    -------
    int
        The sum over users of the greatest q x value - p x cost on the menu (nothing counting 0,
        where it may be chosen), plus p x budget. It is smallest at the multiplier of the break.

    Raises
    ------
    NumbersTooLargeError
        Where the multiplier is too large for 64-bit arithmetic on these menus.
    """
    most = q * int(np.abs(menus.value).max(initial=0)) + p * int(menus.cost.max(initial=0))
    if most >= SUM_LIMIT:
        raise NumbersTooLargeError(
            f"the multiplier {p}/{q} is too large for exact 64-bit arithmetic on these menus"
        )
    surplus = greatest(q * menus.value - p * menus.cost, menus.offsets, 0)
    if choice == "at_most_one":
        surplus = np.maximum(surplus, 0)
    return exact_sum(surplus) + p * budget


def lp_picks(frontier: Frontier, budget: int) -> Mix:
    """The LP optimum for a budget: everyone at a corner of the hull, at most one user between two.

    Raises
    ------
    OptionError
        Where the budget does not cover the bases.
    """
    end = frontier.break_at(budget)
    money = frontier.hulls.cost[frontier.points(end.count)]
    if end.room and end.count < frontier.n_steps:
        money[frontier.user[end.count]] += end.room
    return divide_hull(frontier.hulls, money)
