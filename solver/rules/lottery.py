"""Drawing lots: people are served in the order in which they are drawn.

In words: lots are drawn, and people are served in that order while the money lasts. Without weights
everyone has the same chance of every place. With weights the next lot falls on each of those who
are left with a chance in proportion to the weight; whoever has a weight of 0 is drawn after all
others. Each takes the best package that the money still left pays for, or the full package and
otherwise nothing. The seed and everyone's place in the draw are part of the result, so that anyone
can draw it again.

Formula: a random order of the users, from the seed; each takes the package of most met need within
the money left, then cheaper, then first on the menu. With weights w the next user is u with
probability w_u / sum of the weights of those left. With full_or_nothing it is the cheapest package
of most met need, and whoever's does not fit is passed over.

Source: random serial dictatorship (Abdulkadiroglu and Sonmez 1998, Econometrica 66); on lotteries
as a fair way to ration: Broome 1984, Ethics 95.

Ignores: need, unless it is the weight; and one draw says little: another seed gives another result.
"""

from dataclasses import replace
from typing import Literal

import numpy as np
from pydantic import Field

from metneed.models.account import Account, Line, Quantity
from metneed.models.allocation import Allocation, NotApplicable, Outcome
from metneed.models.arrays import IntArray, frozen
from metneed.models.problem import Problem
from metneed.solver.money.claims import WeightOptions, reasons, weights_of
from metneed.solver.money.lots import SeedOptions, drawn_users
from metneed.solver.queueing import Take, serve_in_order
from metneed.solver.rule import Rule


class LotteryOptions(SeedOptions, WeightOptions):
    """What chance is drawn from, whose chances are greater, and what each may take."""

    weights: Literal["none", "points", "weight", "column"] = Field(
        default="none",
        description="what makes chances greater: nothing, points, the column weight of users, or "
        "weight_column; a weight of 0 or none is drawn after all others",
    )
    take: Take = Field(
        default="best_affordable",
        description="the best package the money left pays for, or the full package or nothing",
    )


def choose(problem: Problem, options: LotteryOptions) -> Outcome:
    """What each can take in the order of the draw."""
    weights = weights_of(problem, options)
    if isinstance(weights, NotApplicable):
        return weights
    order = drawn_users(problem, options.stream(problem, "lottery"), weights)
    outcome = serve_in_order(problem, order, options.take)
    if not isinstance(outcome, Allocation):
        return outcome
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    columns: dict[str, tuple[IntArray, Quantity]] = {"place in the draw": (frozen(place), "number")}
    if weights is not None:
        columns["weight in the draw"] = (frozen(weights), "points")
    chances = f"in proportion to {options.weight_column or options.weights}"
    seed = problem.seed if options.seed is None else options.seed
    account = Account(
        lines=(
            Line("seed of the draw", str(seed), "text"),
            Line("chances", "equal" if weights is None else chances, "text"),
        ),
        columns=columns,
        reasons=reasons(
            {
                "at this place in the draw the money left paid for nothing on the menu": (
                    (outcome.cost == 0) & (outcome.met_need == 0) & (problem.menus.full_cost > 0)
                ),
                "at this place in the draw the money left paid for less than the full need": (
                    (outcome.met_need > 0) & (outcome.met_need < problem.menus.best_met_need)
                ),
            }
        ),
    )
    return replace(outcome, account=account)


RULE = Rule(
    name="lottery",
    title="lots are drawn, and served in that order",
    family="package",
    run=choose,
    options=LotteryOptions,
    usual=False,
)
