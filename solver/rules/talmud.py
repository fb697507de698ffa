"""Half of every claim first, equally; the other half with equal losses.

In words: everyone claims what meeting the full need would cost. As long as the money is less than
half of all claims, everyone gets the same sum, but nobody more than half the claim. When there is
more, everyone loses the same sum instead, but nobody more than half the claim. So nobody does
better than half while another has less than half.

Formula: with less than half of all claims, award = min(claim / 2, t); otherwise claim -
min(claim / 2, t), with the t at which the awards add up to the money. With weights t is weight x t
in the first case and t / weight in the second, so that a heavier weight never gets less. To the
penny by largest remainder. Where the money covers all claims they are paid, and the rest stays
unspent.

Source: Babylonian Talmud, Ketubot 93a, as read by Aumann and Maschler 1985, Journal of Economic
Theory 36; Herrero and Villar 2001, Mathematical Social Sciences 42.

Ignores: what half a claim buys where packages are lumpy.
"""

from metneed.models.account import Awards
from metneed.models.allocation import NotApplicable
from metneed.models.problem import Problem
from metneed.solver.money.claims import WeightedClaimsOptions, divide_claims
from metneed.solver.rule import Rule


def awards(problem: Problem, options: WeightedClaimsOptions) -> Awards | NotApplicable:
    """One award a user: equal up to half the claim, with equal losses from there on."""
    return divide_claims(problem, options, "talmud")


RULE = Rule(
    name="talmud",
    title="equal sums up to half the claim, equal losses beyond",
    family="money",
    run=awards,
    options=WeightedClaimsOptions,
    usual=False,
)
