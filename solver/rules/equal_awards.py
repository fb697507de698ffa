"""The same sum for everyone, but nobody more than the claim.

In words: everyone claims what meeting the full need would cost. The money is divided equally, but
nobody gets more than the claim; what small claims leave over goes to the others, again equally. In
the end everyone has either the whole claim or the same sum as all others who fall short.

Formula: award = min(claim, t), with the t at which the awards add up to the money; with weights
min(claim, weight x t). To the penny by largest remainder. Where the money covers all claims they
are paid, and the rest stays unspent.

Source: the constrained equal awards rule of claims problems (Maimonides; Herrero and Villar 2001,
Mathematical Social Sciences 42). It favours those who need little.

Ignores: how large the loss of those with large claims is; and that a claim can be split between
two people, or put together, to get more.
"""

from metneed.models.account import Awards
from metneed.models.allocation import NotApplicable
from metneed.models.problem import Problem
from metneed.solver.money.claims import WeightedClaimsOptions, divide_claims
from metneed.solver.rule import Rule


def awards(problem: Problem, options: WeightedClaimsOptions) -> Awards | NotApplicable:
    """One award a user, equal as far as claims go."""
    return divide_claims(problem, options, "equal_awards")


RULE = Rule(
    name="equal_awards",
    title="the same sum for everyone, nobody more than the claim",
    family="money",
    run=awards,
    options=WeightedClaimsOptions,
    usual=False,
)
