"""Everyone the same fraction of what meeting their full need would cost.

In words: for each person the cheapest package that meets the most need is costed. The money pays
the same fraction of everyone's cost. Other claims than this cost can be chosen, and weights, with
which the fraction rises, though nobody gets more than the claim.

Formula: award = allocable x full cost / sum of full costs, to the penny by largest remainder; with
weights min(claim, weight x claim x t). Where the money covers all claims, what is over is divided
in proportion to the claims.

Source: the proportional rule of claims problems (Herrero and Villar 2001, Mathematical Social
Sciences 42), with the cost of full need as the claim. On linear menus everyone gets the same
share of need.

Ignores: that a fraction of the money may buy nothing where packages are lumpy.
"""

from metneed.models.account import Awards
from metneed.models.allocation import NotApplicable
from metneed.models.apportion import largest_remainder
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.money.claims import WeightedClaimsOptions, claims_of, divide_claims, told
from metneed.solver.rule import Rule


def awards(problem: Problem, options: WeightedClaimsOptions) -> Awards | NotApplicable:
    """One award a user, in proportion to the claim."""
    claims = claims_of(problem, options)
    if isinstance(claims, NotApplicable) or exact_sum(claims) > problem.allocable:
        return divide_claims(problem, options, "proportional")
    return told(problem, claims, largest_remainder(problem.allocable, claims))


RULE = Rule(
    name="proportional_cost",
    title="the same fraction of everyone's cost of full need",
    family="money",
    run=awards,
    options=WeightedClaimsOptions,
    divides_all=True,
)
