"""Small problems for what is done with indicative budgets: four people, and columns from lists."""

from dataclasses import replace

import numpy as np

from metneed.models.arrays import frozen
from metneed.models.columns import Labels, Numbers
from metneed.models.problem import Problem
from metneed.solver.rules import rule
from metneed.solver.studies.stages import Stages, two_stages

from ..conftest import make_problem

POINTS = rule("points_proportional")

TOLD = np.array([True, True, True, False, False, False])
"""Of six people the first three."""


def numbers(*values: int | None, decimals: int = 0) -> Numbers:
    """A column of numbers, None where nothing is stated."""
    stated = frozen([value is not None for value in values], np.bool_)
    return Numbers(frozen([value or 0 for value in values]), decimals, stated)


def labels(*texts: str) -> Labels:
    names = tuple(sorted(set(texts)))
    return Labels(frozen([names.index(text) for text in texts]), names)


def four_people(*plans: int | None) -> Problem:
    """Points 1, 2, 3, 4 and £100: indicative budgets of £10, £20, £30, £40."""
    problem = make_problem(
        [0, 2, 4, 6, 8],
        [10, 15, 20, 30, 20, 30, 25, 50],
        [5, 10, 5, 10, 5, 10, 5, 10],
        100,
        [1, 2, 3, 4],
    )
    return problem.replace(users=replace(problem.users, numbers={"plan_cost": numbers(*plans)}))


def staged(problem: Problem, final: str = "plan_cost", **more: bool) -> Stages:
    found = two_stages(problem, POINTS, POINTS.options(), final, **more)
    assert isinstance(found, Stages)
    return found


def six_people(
    pairs: int = 0, told_plans: int = 0, other_plans: int = 0, *, jitter: bool = False
) -> Problem:
    """Six people of one point, £15 each; half the need for £10, all of it for £20.

    Or so many pairs of people: the plan of the first of each, and that of the second.
    """
    plans = [15, 16, 20, 10, 30, 0]
    if pairs:
        plans = [told_plans, other_plans] * pairs
    if jitter:
        plans = [plan + row % 5 for row, plan in enumerate(plans)]
    n = len(plans)
    problem = make_problem(
        [2 * row for row in range(n + 1)], [10, 20] * n, [50, 100] * n, 15 * n, [1] * n
    )
    return problem.replace(users=replace(problem.users, numbers={"plan_cost": numbers(*plans)}))
