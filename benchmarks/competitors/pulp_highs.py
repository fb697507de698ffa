"""PuLP with HiGHS, as its users run it: the programme is written down in Python, then solved."""

import time

import pulp

from benchmarks.registry import Attempt, Competitor
from metneed.models.menus import Menus
from metneed.solver.engines.program import formulate


def attempt(menus: Menus, budget: int, *, divisible: bool) -> Attempt:
    """Our own reference formulation, solved in this process with no gap allowed."""
    start = time.perf_counter()
    programme = formulate(menus, "at_most_one", budget, divisible=divisible)
    built = time.perf_counter()
    programme.solve(pulp.HiGHS(msg=False, gapRel=0, gapAbs=0))
    solved = time.perf_counter()
    value = pulp.value(programme.objective) if programme.status == pulp.LpStatusOptimal else None
    return Attempt(built - start, solved - built, value)


COMPETITOR = Competitor("pulp_highs", "PuLP with HiGHS", attempt, requires=("pulp", "highspy"))
