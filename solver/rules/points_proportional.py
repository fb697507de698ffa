"""Points times price: the usual resource allocation system of English councils.

In words: everyone's assessed points are added up. The budget, after the top slice, is divided by
all the points: that is the price per point. Each person's indicative budget is points times
price. What it buys is then looked up on the person's menu.

Formula: award = allocable x points / sum of points, to the penny by largest remainder.

Source: Duffy and In Control's resource allocation systems, as councils run them; with linear
menus and nobody fully met it maximises the points-weighted product of met needs.

Ignores: what care costs this person, and what it achieves.
"""

from metneed.models.allocation import NotApplicable
from metneed.models.apportion import largest_remainder
from metneed.models.arrays import IntArray
from metneed.models.problem import Problem
from metneed.solver.rule import Options, Rule


def awards(problem: Problem, options: Options) -> IntArray | NotApplicable:  # noqa: ARG001
    """One award a user, in proportion to points."""
    points = problem.users.points
    if points is None:
        return NotApplicable("the users have no points")
    if not points.any():
        return NotApplicable("nobody has any points, so there is no price per point")
    return largest_remainder(problem.allocable, points)


RULE = Rule(
    name="points_proportional",
    title="points times price per point",
    family="money",
    run=awards,
    needs=("points",),
    divides_all=True,
)
