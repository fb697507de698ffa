"""The same fraction off everyone's current cost.

In words: last year's costs are added up, and where they exceed the money, everyone's is cut by
the same fraction, the least that makes them fit. What the smaller sum buys is then looked up on
the person's menu. Nobody's award rises; people who are new get nothing.

Formula: award = current cost x min(1, allocable / sum of current costs), to the penny by largest
remainder.

Source: the across-the-board cut of council budgets; a claims rule on last year's costs.

Ignores: needs, points, and that a package cut a little may not be on offer at all.
"""

from metneed.models.allocation import NotApplicable
from metneed.models.apportion import largest_remainder
from metneed.models.arrays import IntArray
from metneed.models.problem import Problem
from metneed.solver.rule import Options, Rule


def awards(problem: Problem, options: Options) -> IntArray | NotApplicable:  # noqa: ARG001
    """One award a user: the current cost less the same fraction for everyone."""
    previous = problem.previous
    if previous is None:
        return NotApplicable("the instance has no table of previous packages")
    total = int(previous.cost.sum())
    if total <= problem.allocable:
        return previous.cost
    return largest_remainder(problem.allocable, previous.cost)


RULE = Rule(
    name="equal_cut",
    title="the same cut for everyone",
    family="money",
    run=awards,
    needs=("previous",),
)
