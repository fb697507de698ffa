"""Half of every claim first, equally; then the other half, equally once more.

In words: everyone claims what meeting the full need would cost. As long as the money is less than
half of all claims, everyone gets the same sum, but nobody more than half the claim. When there is
more, everyone has half the claim, and the rest is divided in the same way: the same sum for
everyone, but nobody more than the other half.

Formula: with less than half of all claims, award = min(claim / 2, t); otherwise claim / 2 +
min(claim / 2, t), with the t at which the awards add up to the money; with weights t is weight x t.
To the penny by largest remainder. Where the money covers all claims they are paid, and the rest
stays unspent.

Source: H. M. Piniles 1861, Darkah shel Torah; Thomson 2003, Mathematical Social Sciences 45.

Ignores: what half a claim buys where packages are lumpy.
"""

from metneed.models.account import Awards
from metneed.models.allocation import NotApplicable
from metneed.models.problem import Problem
from metneed.solver.money.claims import WeightedClaimsOptions, divide_claims
from metneed.solver.rule import Rule


def awards(problem: Problem, options: WeightedClaimsOptions) -> Awards | NotApplicable:
    """One award a user: equal up to half the claim, and equal once more beyond."""
    return divide_claims(problem, options, "piniles")


RULE = Rule(
    name="piniles",
    title="equal sums up to half the claim, equal sums once more beyond",
    family="money",
    run=awards,
    options=WeightedClaimsOptions,
    usual=False,
)
