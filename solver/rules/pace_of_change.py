"""Points times price, but nobody moves far from what they cost today in one step.

In words: points times price is what everybody is headed for. In one year nobody loses more than so
much of today's cost, and nobody gains more than so much of it; people who are new get points times
price. The price per point is the one at which all of it adds up to the money.

Formula: award = min((1 + gain) c, max((1 - loss) c, price x points)), with c today's cost and the
price per point chosen so that the awards add up to the money to allocate, to the penny.

Source: the pace of change and floor damping of English health and local government allocations,
where no area falls by more than a stated part in a year.

Ignores: what care achieves; and those who are protected are paid for by the others.
"""

from decimal import Decimal
from fractions import Fraction

import numpy as np
from pydantic import Field

from metneed.models.account import Account, Awards, Line
from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.arrays import IntArray, frozen
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.models.words import counted
from metneed.solver.money.exclusions import reasons_of
from metneed.solver.money.points import NO_POINTS, PointsOptions, per_whole_point, points_of
from metneed.solver.rule import Rule

FINE = 10**9
"""The price of a smallest unit of points is looked for in billionths of a smallest money unit."""

LARGEST = 2**62


class PaceOfChange(PointsOptions):
    """How far one step may go."""

    loss_at_most: Decimal = Field(
        default=Decimal("0.1"),
        ge=0,
        le=1,
        description="greatest loss in one step, as a share of today's cost",
    )
    gain_at_most: Decimal | None = Field(
        default=None,
        ge=0,
        le=100,
        description="greatest gain in one step, as a share of today's cost; default: no limit",
    )


def awards(problem: Problem, options: PaceOfChange) -> Awards | NotApplicable | Infeasible:
    """One award a user: points times price, within the limits of one step."""
    previous = problem.previous
    if previous is None:
        return NotApplicable("the instance has no table of previous packages")
    points = points_of(problem, options)
    if isinstance(points, NotApplicable):
        return points
    counting, steady = points.counting, previous.held & ~points.excluded
    if not counting.any():
        return NotApplicable(NO_POINTS)
    low = np.where(steady, _times(previous.cost, 1 - Fraction(options.loss_at_most), up=True), 0)
    high = np.full(len(low), LARGEST, dtype=np.int64)
    if options.gain_at_most is not None:
        most = _times(previous.cost, 1 + Fraction(options.gain_at_most), up=False)
        high = np.where(steady, most, high)
    protected = exact_sum(low)
    if protected > problem.allocable:
        return _too_dear(problem, int(steady.sum()), protected)
    price, amount = _settled(counting, low, high, problem.allocable)
    target = _priced(counting, price)
    reasons = points.reasons.copy()
    reasons[(amount == low) & (low > target)] = "held up by the limit on losses"
    reasons[(amount == high) & (high < target)] = "held back by the limit on gains"
    per_point = per_whole_point(Fraction(price, FINE), problem.units)
    account = Account(
        lines=(
            *points.lines,
            Line("price per point", float(per_point), "number"),
            Line("paid above points times price", _beyond(amount, target), "money"),
            Line("kept below points times price", _beyond(target, amount), "money"),
        ),
        columns={**points.columns, "points times price": (target, "money")},
        reasons=reasons_of(reasons),
    )
    return Awards(amount, account)


def _settled(points: IntArray, low: IntArray, high: IntArray, money: int) -> tuple[int, IntArray]:
    """The greatest price at which awards fit the money, and awards that use it to the penny."""

    def at(price: int) -> IntArray:
        return np.clip(_priced(points, price), low, high)

    # One unit of points for more than all the money is more than enough.
    least, most = 0, FINE * (money + 1)
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (middle, most) if exact_sum(at(middle)) <= money else (least, middle)
    amount, more = at(least), at(least + 1) - at(least)
    # What the next billionth would give goes to the first users until the money is used up.
    left = money - exact_sum(amount)
    ahead = np.cumsum(more)
    amount += np.clip(left - (ahead - more), 0, more)
    return least, frozen(amount)


def _priced(points: IntArray, price: int) -> IntArray:
    """Points times price in smallest money units, rounded down."""
    whole, rest = divmod(price, FINE)
    if int(points.max(initial=0)) * price >= LARGEST:
        exact = points.astype(object) * price // FINE
        return frozen(np.minimum(exact, LARGEST).astype(np.int64))
    return frozen(points * whole + points * rest // FINE)


def _times(cost: IntArray, factor: Fraction, *, up: bool) -> IntArray:
    exact = cost.astype(object) * factor.numerator
    rounded = -(-exact // factor.denominator) if up else exact // factor.denominator
    return frozen(rounded.astype(np.int64))


def _beyond(first: IntArray, second: IntArray) -> int:
    return exact_sum(np.maximum(first - second, 0))


def _too_dear(problem: Problem, users: int, protected: int) -> Infeasible:
    units, short = problem.units, protected - problem.allocable
    return Infeasible(
        reason=(
            f"what {counted(users, 'user')} keep under the limit on losses costs "
            f"{units.show_money(protected)}, the money to allocate is "
            f"{units.show_money(problem.allocable)}: {units.show_money(short)} short"
        ),
        shortfall=short,
        users=users,
    )


RULE = Rule(
    name="pace_of_change",
    title="points times price, with a limit on losses and gains in one step",
    family="money",
    run=awards,
    options=PaceOfChange,
    needs=("points", "previous"),
    rounds=False,
    usual=False,
)
