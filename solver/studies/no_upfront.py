"""Would it have gone as well without the indicative budget? Plans within the same money."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias, get_args

import numpy as np

from metneed.models.allocation import Allocation
from metneed.models.apportion import largest_remainder
from metneed.models.arrays import FloatArray, IntArray, frozen
from metneed.models.errors import OptionError
from metneed.models.random_stream import RandomStream
from metneed.models.shares import mean
from metneed.models.sums import exact_sum
from metneed.solver.purchase import buy
from metneed.solver.studies.exact_share import Share, fraction
from metneed.solver.studies.resampling import Interval, check_resamples, check_sample, mean_interval
from metneed.solver.studies.stages import Stages
from metneed.solver.studies.telling import shares_met

Within: TypeAlias = Literal["ratio", "points", "arrival", "random"]
"""How plans are kept within the money: all by the same ratio, or one after the other."""

Verdict: TypeAlias = Literal["no larger difference", "larger difference", "cannot be told"]


@dataclass(frozen=True)
class Way:
    """What one way of going about it comes to; smallest units."""

    spent: int
    met_need: int
    mean_share: float | None
    users_with_nothing: int


@dataclass(frozen=True)
class WithoutUpfront:
    """Final plans within the same money, beside indicative budgets first.

    Parameters
    ----------
    within
        How plans are kept within the money.
    money
        What there is for these users, either way.
    plans, paid
        What all plans cost, and what of that the money pays for.
    first, plans_only
        Indicative budgets first, and no indicative budgets.
    difference
        Mean share of need met without indicative budgets, less that with them, over users with a
        need; `interval` is where it lies for 95 in 100 draws of the same people.
    margin
        Differences up to this share are taken as small.
    """

    within: Within
    money: int
    plans: int
    paid: int
    first: Way
    plans_only: Way
    difference: float
    interval: Interval
    margin: Fraction

    @property
    def verdict(self) -> Verdict:
        """What the interval says of the margin; it never proves that both are equal."""
        low, high = Fraction(self.interval.low), Fraction(self.interval.high)
        if -self.margin <= low and high <= self.margin:
            return "no larger difference"
        if low > self.margin or high < -self.margin:
            return "larger difference"
        return "cannot be told"


def without_upfront(
    stages: Stages, within: Within = "ratio", margin: Share = "0.02", resamples: int = 1000
) -> WithoutUpfront:
    """Plans as they are, within the same money, and the same people with indicative budgets first.

    By ratio every plan is paid the same part, all of it where the money is enough. In an order
    each plan is paid in full until the money ends; the last gets what is left. Where the problem
    shares out unspent money, what bought nothing is paid out again in the same way, and no more
    than the plan to anyone.

    Raises
    ------
    OptionError
        Where there is no such way or order, the margin or the resamples are out of range, or
        fewer than three users have a need.
    """
    check_resamples(resamples)
    allowed = fraction(margin, "margin")
    order = _order(stages, within)
    money = max(0, stages.problem.allocable)
    paid = _paid(stages.final, min(money, exact_sum(stages.final)), order)
    without = _bought(stages, paid, money, order)
    costs, met = stages.bought
    share, known = shares_met(stages, met)
    other, _ = shares_met(stages, without.met_need)
    check_sample(int(known.sum()), "users with a need")
    gain = (other - share)[known]
    stream = RandomStream.of(stages.problem.seed, "people drawn anew")
    interval = mean_interval(gain, stream, resamples)
    difference = mean(gain)
    assert interval is not None
    assert difference is not None
    return WithoutUpfront(
        within=within,
        money=money,
        plans=exact_sum(stages.final),
        paid=exact_sum(paid),
        first=_way(costs, met, share[known]),
        plans_only=_way(without.cost, without.met_need, other[known]),
        difference=difference,
        interval=interval,
        margin=allowed,
    )


def _order(stages: Stages, within: Within) -> IntArray | None:
    """Rows in the order in which plans are paid, None where all are paid alike."""
    users = stages.problem.users
    if within == "ratio":
        return None
    if within == "random":
        return RandomStream.of(stages.problem.seed, "order of plans").permutation(len(users))
    if within not in get_args(Within):
        raise OptionError(f"within = {within}: say one of {', '.join(get_args(Within))}")
    column = users.points if within == "points" else users.arrival
    if column is None:
        raise OptionError(f"within = {within}: the users have no column {within}")
    return np.argsort(-column if within == "points" else column, kind="stable")


def _paid(wanted: IntArray, money: int, order: IntArray | None) -> IntArray:
    """Money for sums that are wanted: in an order, or by ratio; never more than is wanted."""
    if order is None:
        return largest_remainder(money, wanted) if wanted.any() else wanted
    queue = wanted[order]
    paid = np.zeros_like(wanted)
    paid[order] = np.clip(money - (np.cumsum(queue) - queue), 0, queue)
    return paid


def _bought(stages: Stages, paid: IntArray, money: int, order: IntArray | None) -> Allocation:
    problem = stages.problem
    bought, offered = buy(problem, frozen(paid)), paid
    while problem.leftover == "rounds":
        # Whoever was offered the whole plan has bought what it buys.
        wanted = np.where(offered < stages.final, stages.final - bought.cost, 0)
        left = min(money - bought.total_cost, exact_sum(wanted))
        again = bought.cost + _paid(wanted, left, order)
        offered = np.maximum(offered, again)
        other = buy(problem, frozen(again))
        if np.array_equal(other.cost, bought.cost):
            break
        bought = other
    return bought


def _way(cost: IntArray, met_need: IntArray, shares: FloatArray) -> Way:
    return Way(
        exact_sum(cost),
        exact_sum(met_need),
        mean(shares),
        int(((cost == 0) & (met_need == 0)).sum()),
    )
