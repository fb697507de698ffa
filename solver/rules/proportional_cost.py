"""Everyone the same fraction of what meeting their full need would cost.

In words: for each person the cheapest package that meets the most need is costed. The money pays
the same fraction of everyone's cost.

Formula: award = allocable x full cost / sum of full costs, to the penny by largest remainder.
Where the money covers all full costs, what is over is divided in the same proportion.

Source: the proportional rule of claims problems (Herrero and Villar 2001, Mathematical Social
Sciences 42), with the cost of full need as the claim. On linear menus everyone gets the same
share of need.

Ignores: that a fraction of the money may buy nothing where packages are lumpy.
"""

from metneed.models.allocation import NotApplicable
from metneed.models.apportion import largest_remainder
from metneed.models.arrays import IntArray
from metneed.models.problem import Problem
from metneed.solver.rule import Options, Rule


def awards(problem: Problem, options: Options) -> IntArray | NotApplicable:  # noqa: ARG001
    """One award a user, in proportion to the cost of meeting the full need."""
    claims = problem.menus.full_cost
    if not claims.any():
        return NotApplicable("meeting everyone's full need costs nothing, so there is no claim")
    return largest_remainder(problem.allocable, claims)


RULE = Rule(
    name="proportional_cost",
    title="the same fraction of everyone's cost of full need",
    family="money",
    run=awards,
    divides_all=True,
)
