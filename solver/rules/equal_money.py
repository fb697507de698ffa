"""The same sum for everyone.

In words: the allocable money is divided by the number of people.

Formula: award = allocable / n, to the penny by largest remainder.

Source: equal division; without satiation it is also the equal-awards rule of claims problems.

Ignores: needs, points and costs.
"""

import numpy as np

from metneed.models.apportion import largest_remainder
from metneed.models.arrays import IntArray
from metneed.models.problem import Problem
from metneed.solver.rule import Options, Rule


def awards(problem: Problem, options: Options) -> IntArray:  # noqa: ARG001 - the contract
    """One award a user, all equal to within one penny."""
    return largest_remainder(problem.allocable, np.ones(len(problem.users), dtype=np.int64))


RULE = Rule(
    name="equal_money",
    title="the same sum for everyone",
    family="money",
    run=awards,
    divides_all=True,
)
