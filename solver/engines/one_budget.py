"""One budget: the linear programme solved by looking at nearly everyone only once.

A sample of users brackets the multiplier. Whoever would choose the same package at both ends of the
bracket has it at the optimum as well; the few others are a smaller problem of the same kind. No
hull of everybody, and nothing to sort. The sample only decides who is looked at again: the answer
is that of the frontier, to the last pick.
"""

from fractions import Fraction
from math import sqrt
from typing import TypeAlias

import numpy as np

from metneed.models.allocation import WHOLE
from metneed.models.arrays import IntArray, frozen, greatest, least, picked
from metneed.models.errors import NumbersTooLargeError
from metneed.models.limits import SUM_LIMIT
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.settings import Engine
from metneed.models.sums import exact_sum
from metneed.solver.engines.chunks import key_room
from metneed.solver.engines.divide import Mix
from metneed.solver.engines.frontier import LinearOptimum, frontier_of, known_frontier
from metneed.solver.engines.hull import check_magnitudes, magnitudes
from metneed.solver.engines.kernels import chosen, kernels_for
from metneed.solver.engines.shortfall import Shortfall

SMALL = 4096
"""Users up to whom the whole frontier is made: it is as quick, and answers other budgets too."""

SAMPLE = (256, 8192)
"""Fewest and most users in a sample; between them a sixteenth of all."""

DEVIATIONS = (4, 32)
"""Half the width of the bracket, in standard deviations of what the sample estimates."""

LEAST = 2**10
"""Least p of a rounded multiplier p/q: below, the bracket would not be worth a pass."""

Multiplier: TypeAlias = tuple[int, int]


def linear_optimum(
    menus: Menus, choice: Choice, budget: int, engine: Engine = "auto"
) -> LinearOptimum | Shortfall:
    """The optimum of the linear programme for a budget, or what is missing for the bases.

    Parameters
    ----------
    menus, choice
        The packages, and whether everyone must have one.
    budget
        Smallest money units, 0 or more.
    engine
        What the passes over all packages run on; the answer is the same.

    Raises
    ------
    NumbersTooLargeError
        Where exact arithmetic in 64 bits is not sure.
    OptionError
        Where the engine asked for is not installed.

    References
    ----------
    E. Zemel, An O(n) algorithm for the linear multiple choice knapsack problem and related
    problems, Information Processing Letters 18 (1984), pages 123-128, for leaving out users by a
    bracket of the multiplier.
    """
    check_magnitudes(menus)
    engine = chosen(menus, engine)
    frontier = known_frontier(menus, choice)
    if frontier is None and menus.n_users <= SMALL:
        frontier = frontier_of(menus, choice, engine)
    if frontier is None:
        base_cost = 0
        if choice == "exactly_one":
            base_cost = exact_sum(least(menus.cost, menus.offsets, 0))
        if base_cost > budget:
            return Shortfall(base_cost - budget)
        return _Search(menus, choice, budget, engine).optimum()
    if missing := frontier.shortfall(budget):
        return Shortfall(missing)
    return frontier.optimum_at(budget)


def dual_bound(  # noqa: PLR0913, PLR0917 - the problem, the multiplier, and how to run
    menus: Menus, choice: Choice, budget: int, p: int, q: int, engine: Engine = "auto"
) -> int:
    """An upper bound on every allocation within the budget, times q: weak duality in integers.

    Parameters
    ----------
    menus, choice, budget
        The problem.
    p, q
        Any multiplier p/q of the budget, p at least 0 and q at least 1.
    engine
        What the pass over all packages runs on.

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
    cost, low, high = magnitudes(menus)
    if q * max(high, -low) + p * cost >= SUM_LIMIT:
        raise NumbersTooLargeError(
            f"the multiplier {p}/{q} is too large for exact 64-bit arithmetic on these menus"
        )
    return exact_sum(kernels_for(menus, engine).surplus(menus, choice, (p, q))) + p * budget


def mix_of(menus: Menus, optimum: LinearOptimum) -> Mix:
    """What each user gets at the optimum: a whole package, but for one user a part of two."""
    left, right = optimum.picks, optimum.picks.copy()
    cost, value = picked(menus.cost, left), picked(menus.value, left)
    share = np.zeros(len(left), dtype=np.int64)
    user, room = optimum.split, optimum.room
    if user >= 0 and room > 0:
        right[user] = optimum.following
        run = int(menus.cost[right[user]] - cost[user])
        rise = int(menus.value[right[user]] - value[user])
        share[user] = WHOLE * room // run
        cost[user] += room
        value[user] += rise * room // run
    return Mix(frozen(left), frozen(right), frozen(share), frozen(cost), frozen(value))


class _Search:
    """A problem with a budget that covers the bases, and perhaps many users."""

    def __init__(self, menus: Menus, choice: Choice, budget: int, engine: Engine) -> None:
        self.menus, self.choice, self.budget, self.engine = menus, choice, budget, engine

    def optimum(self) -> LinearOptimum:
        """The optimum: by a bracket, by a guess of the slope where many tie, or by the frontier."""
        if self.menus.n_users > SMALL:
            sample = _Sample(self.menus, self.choice, self.budget, self.engine)
            found = self._tied(sample.multiplier) if sample.many_tie else None
            found = found or self._bracketed(sample)
            if found:
                return found
        return frontier_of(self.menus, self.choice, self.engine).optimum_at(self.budget)

    def _bracketed(self, sample: "_Sample") -> LinearOptimum | None:
        """The optimum if a bracket holds its multiplier and decides for most users."""
        menus = self.menus
        kernels = kernels_for(menus, self.engine)
        for deviations in DEVIATIONS:
            bracket = sample.bracket(deviations)
            if bracket is None:
                return None
            least, most = kernels.favourites(menus, self.choice, bracket)
            undecided = np.flatnonzero(least != most)
            if 2 * len(undecided) > menus.n_users:
                return None
            found = self._among(undecided, least, most)
            high, low = (Fraction(*end) for end in bracket)
            if found and high > Fraction(*found.multiplier) > low:
                return found
        return None

    def _among(self, users: IntArray, least: IntArray, most: IntArray) -> LinearOptimum | None:
        """The optimum with some users between two packages and the others at the first of them.

        None where even the cheaper packages cost too much, or all of the dearer can be had.
        """
        menus, kernels = self.menus, kernels_for(self.menus, self.engine)
        spent, value = kernels.totals(menus, least)
        counts, rows = kernels.between(menus, users, least[users], most[users])
        # Counted from the cheaper of the two, which is then nothing.
        run, rise = (
            column[rows] - np.repeat(picked(column, least[users]), counts)
            for column in (menus.cost, menus.value)
        )
        inner = Menus.of(np.concatenate([[0], np.cumsum(counts)]), run, rise)
        left = self.budget - spent
        if not 0 <= left < exact_sum(greatest(inner.cost, inner.offsets, 0)):
            return None
        found = _Search(inner, "at_most_one", left, self.engine).optimum()
        moved = found.picks >= 0
        least[users[moved]] = rows[found.picks[moved]]
        return LinearOptimum(
            picks=least,
            spent=spent + found.spent,
            value=value + found.value,
            room=found.room,
            multiplier=found.multiplier,
            split=int(users[found.split]),
            following=int(rows[found.following]),
        )

    def _tied(self, guess: Multiplier) -> LinearOptimum | None:
        """The optimum if its multiplier is exactly the guess: then many users may tie there."""
        menus = self.menus
        if guess[0] == 0 or int(menus.cost.max()) >= 2 ** key_room(menus):
            return None
        kernels = kernels_for(menus, self.engine)
        cheapest, dearest = kernels.ends(menus, self.choice, guess)
        spent, _ = kernels.totals(menus, cheapest)
        tied = np.flatnonzero(cheapest != dearest)
        step = picked(menus.cost, dearest[tied]) - picked(menus.cost, cheapest[tied])
        running = np.cumsum(step)
        room = self.budget - spent
        if room < 0 or not len(tied) or room >= int(running[-1]):
            return None
        count = int(np.searchsorted(running, room, side="right"))
        cheapest[tied[:count]] = dearest[tied[:count]]
        taken = int(running[count - 1]) if count else 0
        return LinearOptimum(
            picks=cheapest,
            spent=spent + taken,
            value=kernels.totals(menus, cheapest)[1],
            room=room - taken,
            multiplier=guess,
            split=int(tied[count]),
            following=int(dearest[tied[count]]),
        )


class _Sample:
    """Some users, spread evenly, with their part of the budget."""

    def __init__(self, menus: Menus, choice: Choice, budget: int, engine: Engine) -> None:
        n = menus.n_users
        size = min(max(n // 16, SAMPLE[0]), SAMPLE[1])
        self.menus = menus.subset(np.arange(size) * n // size)
        self.room = key_room(menus)
        cost, low, high = magnitudes(menus)
        self.most_cost, self.most_value = cost, max(high, -low)
        self.frontier = frontier_of(self.menus, choice, engine)
        self.budget = max(budget * size // n, self.frontier.base_cost)
        end = self.frontier.break_at(self.budget)
        self.multiplier = end.multiplier
        spend = picked(self.menus.cost, self.frontier.picks(end.count))
        self.deviation = (float(spend.std()) + 1) * sqrt(size)

    @property
    def many_tie(self) -> bool:
        """Whether the steps at the break of many users of the sample have the same slope."""
        p, q = self.multiplier
        tied = int((self.frontier.value * q == self.frontier.cost * p).sum())
        return 4 * tied > self.menus.n_users

    def bracket(self, deviations: int) -> tuple[Multiplier, Multiplier] | None:
        """Multipliers at which the sample spends clearly less and clearly more than its part.

        None where the numbers leave too little room for them.
        """
        spread = int(self.deviation * deviations) + 1
        base_cost, frontier = self.frontier.base_cost, self.frontier
        if frontier.n_steps == 0:
            return None
        near_base = self.budget - spread <= base_cost
        above = Fraction(*frontier.break_at(max(self.budget - spread, base_cost)).multiplier)
        below = Fraction(*frontier.break_at(self.budget + spread).multiplier)
        # Beyond the ends of the sample: steeper than its first step, flatter than any step.
        high = self._fraction(2 * above if near_base else above, 1)
        low = self._fraction(below or Fraction(1, 2 * self.most_cost), 0)
        return (high, low) if high and low else None

    def _fraction(self, slope: Fraction, up: int) -> Multiplier | None:
        """A slope rounded to p/q such that q x value and p x cost can be packed with a place."""
        cost, value = self.most_cost, self.most_value
        p, q = slope.numerator, slope.denominator
        bits = min(
            self.room - 1 - value.bit_length(),
            self.room - 1 - cost.bit_length() - (p.bit_length() - q.bit_length() + 1),
        )
        if bits < 0 or (p << bits) // q < LEAST:
            return None
        return (p << bits) // q + up, 1 << bits
