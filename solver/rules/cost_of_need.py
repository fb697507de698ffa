"""Everyone what meeting their need costs: a budget led by needs, with its funding gap.

In words: for each person the cheapest package that meets the most need is costed, and that is the
personal budget. Where the money does not reach, the answer is the funding gap; or the same
fraction of everyone's cost is paid; or the cost of only as much of the need as is basic.

Formula: award = cost of full need; gap = sum of costs less the money to allocate, if that is more
than 0; with ``fraction``, award = cost x min(1, money / sum of costs).

Source: personal budgets as the sum of what a person's services cost, which is how they were meant
to be worked out; the Care Act 2014, section 26, says the same of the final budget.

Ignores: what the money would achieve for somebody else, and points.
"""

from typing import Literal

import numpy as np
from pydantic import Field

from metneed.models.account import Account, Awards, Line, Quantity
from metneed.models.allocation import Infeasible
from metneed.models.apportion import largest_remainder
from metneed.models.arrays import IntArray, frozen
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.models.words import counted
from metneed.solver.money.exclusions import Exclusions, reasons_of
from metneed.solver.money.gap import funding_gap
from metneed.solver.money.need_costs import need_costs
from metneed.solver.rule import Rule


class CostOfNeed(Exclusions):
    """What happens where the money does not reach."""

    when_short: Literal["gap", "fraction"] = Field(
        default="gap",
        description="say the funding gap and pay nobody, or pay the same fraction of every cost",
    )
    of: Literal["full", "basic"] = Field(
        default="full", description="the cost of full need, or of the packages that meet basic need"
    )


def awards(problem: Problem, options: CostOfNeed) -> Awards | Infeasible:
    """The cost of each user's need, or what is missing."""
    costs = need_costs(problem, options.of)
    excluded = options.excluded(problem)
    claims = np.where(excluded, 0, costs)
    together, money = exact_sum(claims), problem.allocable
    gap = max(0, together - money)
    if gap and options.when_short == "gap":
        return _gap(problem, claims, together, options.of)
    amount = largest_remainder(money, claims) if gap else claims
    lines = (
        Line(f"cost of {options.of} need", together, "money"),
        Line("funding gap", gap, "money"),
        Line("fraction of every cost that is paid", money / together if gap else 1.0, "share"),
    )
    columns: dict[str, tuple[IntArray, Quantity]] = {
        f"cost of {options.of} need": (frozen(costs), "money")
    }
    reasons = np.full(len(problem.users), "", dtype=object)
    reasons[costs == 0] = "no package meets any need"
    reasons[excluded] = options.excluded_because
    return Awards(frozen(amount), Account(lines, columns, reasons_of(reasons)))


def _gap(problem: Problem, claims: IntArray, together: int, of: str) -> Infeasible:
    users = int((claims > 0).sum())
    what = f"the {of} need of {counted(users, 'user')} costs"
    return funding_gap(what, together, problem.allocable, users, problem.units)


RULE = Rule(
    name="cost_of_need",
    title="what each person's need costs, with the funding gap",
    family="money",
    usual=False,
    run=awards,
    options=CostOfNeed,
    rounds=False,
)
