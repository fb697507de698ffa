"""Pooled services that a rule fills without asking whether they could be open."""

from collections.abc import Iterator

import numpy as np

from metneed.models.allocation import Allocation
from metneed.models.comparison import Breach
from metneed.models.pooled import MEMBER, PooledServices
from metneed.models.problem import Problem
from metneed.solver.constraint import Effect


def pooled_breaches(
    problem: Problem, effect: Effect, allocation: Allocation, rule: str
) -> Iterator[Breach]:
    """Services that are used but not paid for, or by too few; and contracts nobody pays.

    What each has cost, if it was to be open, is missing in the rule's sums; and so are the members
    up to the least, parts of them rounded up. Of today's packages nobody recorded what they use.
    """
    if allocation.from_previous or not effect.pooled:
        return
    rows = [item.service for item in effect.pooled]
    package, share = allocation.held
    used = PooledServices.of(problem, rows, package, share)
    few = used.too_few(problem, int((share < MEMBER).sum()))
    assert problem.services is not None
    least = problem.services.least_members[used.service] * MEMBER
    for place, item in enumerate(effect.pooled):
        unpaid = 0 if allocation.pooled is not None else int(used.paid[place])
        missing = -(-int(least[place] - used.members[place]) // MEMBER) if few[place] else 0
        if unpaid or missing:
            users = np.unique(problem.menus.user[package[item.pool.needs[package]]])
            yield Breach(rule, item.name, len(users), money=unpaid, members=missing)
