"""The worst off first: the lowest share of need is raised as far as the money goes.

In words: everybody's share of need met is raised together, as if water rose, until the money is
used up. Whoever has the best their menu offers stays there, and holds nobody else back. Where only
whole packages can be chosen, the lowest share is made as great as it can be, and then as much
need as possible is met without anyone falling below it.

Formula: maximise the least of (met need / need) over users, each counted up to the best share on
the own menu; then, part packages: all shares equal up to that (leximin); whole packages: the sum
of met need.

Source: Rawls's maximin; for one budget and divisible packages a single level of shares is the
leximin solution (Luss 1999, Operations Research 47).

Ignores: what it costs to raise the worst off; one person who is dear to help can take much of it.
"""

import numpy as np

from metneed.models.allocation import Allocation, Outcome
from metneed.models.arrays import BoolArray, FloatArray, IntArray, greatest, least, picked
from metneed.models.certificate import Certificate
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.engines.divide import divide_hull
from metneed.solver.engines.exact import Whole, whole_optimum
from metneed.solver.engines.frontier import frontier_of
from metneed.solver.engines.hull import Hulls
from metneed.solver.purchase import no_base, of_mix
from metneed.solver.rule import Options, Rule

FINE = 10**9
"""The level of shares is looked for in billionths."""


def choose(problem: Problem, options: Options) -> Outcome:  # noqa: ARG001 - the contract
    """The packages at the highest level of shares that the money pays for."""
    if problem.packages == "divisible":
        return _divided(problem)
    shares = _Shares(problem)
    if shares.cost(0.0) > problem.allocable:
        return no_base(problem, shares.cost(0.0))
    levels = np.unique(np.minimum(shares.of, shares.best[problem.menus.user]))
    low, high = -1, len(levels)
    while high - low > 1:
        middle = (low + high) // 2
        fits = shares.cost(float(levels[middle])) <= problem.allocable
        low, high = (middle, high) if fits else (low, middle)
    return _most_need(problem, *shares.required(float(levels[low]) if low >= 0 else 0.0))


class _Shares:
    """The share of need that each package meets, and what a level of shares costs.

    Shares are quotients in double precision, so that shares that agree to fifteen digits are equal.
    """

    def __init__(self, problem: Problem) -> None:
        menus, need = problem.menus, problem.users.need
        self.menus = menus
        self.of: FloatArray = menus.met_need / np.maximum(need, 1)[menus.user]
        self.of[need[menus.user] == 0] = 0.0
        best = greatest(menus.met_need, menus.offsets, 0) / np.maximum(need, 1)
        self.best: FloatArray = np.where(need > 0, best, 0.0)
        self.all_due = problem.choice == "exactly_one"

    def required(self, level: float) -> tuple[BoolArray, BoolArray]:
        """Which packages reach a level, and which users must have one of them."""
        wanted = np.minimum(level, self.best)
        reach: BoolArray = self.of >= wanted[self.menus.user]
        due: BoolArray = (wanted > 0) | self.all_due
        return reach, due & (np.diff(self.menus.offsets) > 0)

    def cost(self, level: float) -> int:
        """What the cheapest packages that reach a level cost together."""
        reach, due = self.required(level)
        cost = np.where(reach, self.menus.cost, np.iinfo(np.int64).max)
        return exact_sum(np.where(due, least(cost, self.menus.offsets, 0), 0))


def _most_need(problem: Problem, reach: BoolArray, due: BoolArray) -> Outcome:
    """The most met need of packages that reach the level; others may also go without."""
    menus = problem.menus
    kept = np.flatnonzero(reach)
    sizes = np.bincount(menus.user[kept], minlength=menus.n_users)
    first = np.cumsum(sizes) - sizes
    package = np.insert(kept, first[~due], -1)
    offsets = np.concatenate([[0], np.cumsum(sizes + ~due)])
    columns = (picked(column, package) for column in (menus.cost, menus.met_need))
    best = whole_optimum(
        Menus.of(offsets, *columns), "exactly_one", problem.allocable, problem.settings
    )
    assert isinstance(best, Whole), "the cheapest packages of this level fit the money"
    picks = picked(package, best.picks, nothing=-1)
    # The bound is on packages of this level only, and would be read as one on all.
    certificate = Certificate(
        value=exact_sum(picked(menus.met_need, picks)),
        scale=10**problem.units.need_decimals,
        stopped=best.stopped,
    )
    return Allocation.of_picks(problem, picks, certificate)


def _divided(problem: Problem) -> Outcome:
    """Shares that rise together, part packages allowed."""
    frontier = frontier_of(problem.menus, problem.choice, problem.settings.engine)
    if frontier.base_cost > problem.allocable:
        return no_base(problem, frontier.base_cost)
    hulls, need = frontier.hulls, problem.users.need
    low, high = 0, FINE
    while high - low > 1:
        middle = (low + high) // 2
        fits = exact_sum(_money_at(hulls, need, middle)) <= problem.allocable
        low, high = (middle, high) if fits else (low, middle)
    if exact_sum(_money_at(hulls, need, high)) <= problem.allocable:
        low = high
    money = _money_at(hulls, need, low)
    # What is left is less than another billionth for everyone: the first ones get it.
    more = _money_at(hulls, need, min(low + 1, FINE)) - money
    ahead = np.cumsum(more)
    money += np.clip(problem.allocable - exact_sum(money) - (ahead - more), 0, more)
    return of_mix(problem, divide_hull(hulls, money))


def _money_at(hulls: Hulls, need: IntArray, level: int) -> IntArray:
    """What each user's share costs at so many billionths, or what the best on the hull costs."""
    whole, rest = np.divmod(need, FINE)
    wanted = whole * level + -(-rest * level // FINE)
    first, last = hulls.offsets[:-1], hulls.offsets[1:] - 1
    wanted = np.clip(wanted, hulls.value[first], hulls.value[last])
    below = np.repeat(wanted, np.diff(hulls.offsets)) > hulls.value
    right = np.minimum(first + np.add.reduceat(below, first, dtype=np.int64), last)
    left = np.maximum(right - 1, first)
    run, rise = hulls.cost[right] - hulls.cost[left], hulls.value[right] - hulls.value[left]
    part = (wanted - hulls.value[left]) * run
    money: IntArray = hulls.cost[left] + -(-part // np.maximum(rise, 1))
    return money


RULE = Rule(
    name="worst_off_first",
    title="the lowest share of need raised first",
    family="package",
    run=choose,
    usual=False,
)
