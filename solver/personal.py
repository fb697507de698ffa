"""Limits on one person: packages that break them leave the menu before anything is solved."""

import numpy as np

from metneed.models.arrays import BoolArray, owners
from metneed.models.problem import Problem
from metneed.solver.constraint import Each, Effect


def personal(problem: Problem, limits: tuple[Each, ...]) -> Effect:
    """What limits on each person do to a problem.

    Whole packages above a limit are removed, and nothing is no choice where it breaks the limit.
    Part packages are left to the reduction of menus: a person's mix keeps a limit, not each part.
    """
    binding = [limit for limit in limits if limit.binds]
    if not binding:
        return Effect(each=limits)
    broken = [breaking(problem, limit) for limit in binding]
    due = [limit.held & (limit.limit < 0) for limit in binding]
    if problem.packages == "divisible":
        # A mix may keep two limits that no single package keeps together: each is tried alone.
        alone = [blocked(problem, *pair) for pair in zip(broken, due, strict=True)]
        return Effect(each=limits, blocked=np.logical_or.reduce(alone))
    removed, must = np.logical_or.reduce(broken), np.logical_or.reduce(due)
    out = blocked(problem, removed, must)
    return Effect(each=limits, removed=removed, due=must, blocked=out)


def breaking(problem: Problem, limit: Each) -> BoolArray:
    """For each package whether it alone breaks the limit of its user."""
    user = problem.menus.user
    result: BoolArray = limit.held[user] & (limit.base > limit.limit[user])
    return result


def blocked(problem: Problem, removed: BoolArray, due: BoolArray) -> BoolArray:
    """For each user whether neither a package nor nothing is left to choose."""
    left = np.zeros(len(problem.users), dtype=np.bool_)
    left[owners(problem.menus.offsets)[~removed]] = True
    must = due
    if problem.choice == "exactly_one":
        must = due | (np.diff(problem.menus.offsets) > 0)
    result: BoolArray = must & ~left
    return result
