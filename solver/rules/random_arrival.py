"""What each would get on average if people came in a random order and were paid in full.

In words: everyone claims what meeting the full need would cost. Imagine that people arrive one by
one, and each is paid the claim in full until the money ends. Who comes early is lucky. The award is
what a person gets on average over all orders of arrival, so that luck plays no part any more.

Formula: award = mean over orders of min(claim, max(0, money - claims of those before)), to the
penny by largest remainder. With up to 15 people, and more where many claims are alike, the mean is
over all orders and exact. Otherwise it is over at least so many orders as the option says, drawn
with the seed: random circles of all people, each of which is an order for every person it can begin
with. The account gives the standard error. Where the money covers all claims they are paid, and the
rest stays unspent.

Source: O'Neill 1982, Mathematical Social Sciences 2; the Shapley value of the claims.

Ignores: that people claim money, and buy lumpy packages; and, where orders are drawn, what the
standard error says.
"""

from collections.abc import Iterator

from pydantic import Field

from metneed.models.account import Awards, Line
from metneed.models.allocation import NotApplicable
from metneed.models.arrays import IntArray
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.engines.arrival import over_all_orders, over_circles
from metneed.solver.money.claims import ClaimsOptions, claims_of, told
from metneed.solver.money.lots import SeedOptions, drawn_users
from metneed.solver.rule import Rule


class RandomArrivalOptions(SeedOptions, ClaimsOptions):
    """What each claims, and how many orders of arrival are drawn."""

    draws: int = Field(
        default=100_000,
        ge=1,
        le=10**9,
        description="orders of arrival to average over where there are too many for all of them; "
        "rounded up to at least two circles of all people",
    )


def awards(problem: Problem, options: RandomArrivalOptions) -> Awards | NotApplicable:
    """One award a user, the average over orders of arrival."""
    claims = claims_of(problem, options)
    if isinstance(claims, NotApplicable):
        return claims
    money = min(problem.allocable, exact_sum(claims))
    portions = over_all_orders(claims, money)
    if portions is not None:
        every = Line("orders of arrival", "all", "text")
        return told(problem, claims, portions.units(money), (every,))
    sampled = over_circles(claims, money, _circles(problem, options))
    lines = (
        Line("orders of arrival", sampled.orders, "number"),
        Line("standard error of an award", round(sampled.standard_error), "money"),
    )
    return told(problem, claims, sampled.portions.units(money), lines)


def _circles(problem: Problem, options: RandomArrivalOptions) -> Iterator[IntArray]:
    stream = options.stream(problem, "random_arrival")
    for _ in range(max(2, -(-options.draws // len(problem.users)))):
        yield drawn_users(problem, stream)


RULE = Rule(
    name="random_arrival",
    title="the average over all orders of arrival",
    family="money",
    run=awards,
    options=RandomArrivalOptions,
    usual=False,
)
