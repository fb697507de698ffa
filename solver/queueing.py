"""Serving users one after the other while the money lasts."""

from typing import Literal, TypeAlias

import numpy as np

from metneed.models.allocation import Allocation, Outcome
from metneed.models.arrays import IntArray
from metneed.models.problem import Problem
from metneed.solver.engines.divide import divide_hull
from metneed.solver.engines.frontier import frontier_of
from metneed.solver.engines.serial import serve
from metneed.solver.purchase import no_base, of_mix

Take: TypeAlias = Literal["best_affordable", "full_or_nothing"]


def serve_in_order(problem: Problem, order: IntArray, take: Take) -> Outcome:
    """Each user in turn takes the best package that the money still left pays for.

    Parameters
    ----------
    problem
        Users, menus and money. Under ``exactly_one`` the cheapest package of everyone is
        reserved first; where part packages are allowed, the user at whom the money ends gets a
        part of one, unless only full packages are taken.
    order
        Rows of the users in the order in which they are served.
    take
        The best affordable package, or the full one and otherwise nothing (the cheapest, where
        everyone must have one).
    """
    if problem.packages == "divisible" and take == "best_affordable":
        return _divided(problem, order)
    picks = serve(
        problem.menus,
        problem.choice,
        problem.allocable,
        order,
        full_only=take == "full_or_nothing",
    )
    if isinstance(picks, int):
        return no_base(problem, problem.allocable + picks)
    return Allocation.of_picks(problem, picks)


def _divided(problem: Problem, order: IntArray) -> Outcome:
    """The best of the hull for each in turn, and a part for the user at whom the money ends."""
    frontier = frontier_of(problem.menus, problem.choice, problem.settings.engine)
    if frontier.base_cost > problem.allocable:
        return no_base(problem, frontier.base_cost)
    hulls = frontier.hulls
    first, last = hulls.cost[hulls.offsets[:-1]], hulls.cost[hulls.offsets[1:] - 1]
    extra = (last - first)[order]
    before = np.cumsum(extra) - extra
    money = first.copy()
    money[order] += np.clip(problem.allocable - frontier.base_cost - before, 0, extra)
    return of_mix(problem, divide_hull(hulls, money))
