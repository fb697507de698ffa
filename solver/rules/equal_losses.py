"""The same sum off everyone's claim.

In words: everyone claims what meeting the full need would cost. All claims together cost more than
there is, and what is missing is taken off equally: the same sum from everyone, but from nobody more
than the claim. Those with small claims may get nothing at all.

Formula: award = max(0, claim - t), with the t at which the awards add up to the money; with weights
max(0, claim - t / weight), so that a heavier weight loses less. To the penny by largest remainder.
Weights are turned over exactly where whole numbers of 60 bits in all can hold them, and otherwise
rounded to as many bits as fit. Where the money covers all claims they are paid, and the rest stays
unspent.

Source: the constrained equal losses rule of claims problems (Maimonides; Herrero and Villar 2001,
Mathematical Social Sciences 42): equal awards of what is missing. It favours those who need much.

Ignores: that a loss that some can bear leaves others with nothing.
"""

from metneed.models.account import Awards
from metneed.models.allocation import NotApplicable
from metneed.models.problem import Problem
from metneed.solver.money.claims import WeightedClaimsOptions, divide_claims
from metneed.solver.rule import Rule


def awards(problem: Problem, options: WeightedClaimsOptions) -> Awards | NotApplicable:
    """One award a user, the claim less the same sum."""
    return divide_claims(problem, options, "equal_losses")


RULE = Rule(
    name="equal_losses",
    title="the same sum off everyone's claim",
    family="money",
    run=awards,
    options=WeightedClaimsOptions,
    usual=False,
)
