"""What the competitors in PuLP share: the programme as our own users read it, then a solver."""

import time

import numpy as np
import pulp

from benchmarks.competitor import Attempt
from benchmarks.programme import Programme
from metneed.models.menus import Menus
from metneed.solver.engines.program import formulate


def attempt_with(solver: pulp.LpSolver, programme: Programme) -> Attempt:
    """State the programme variable by variable, and solve it.

    PuLP reports the status "Optimal" also where a time limit ended the search with an answer,
    and fills in the variables where it has none: all that is passed on as its user gets it.
    """
    menus = Menus.of(programme.offsets, programme.cost, programme.value)
    start = time.perf_counter()
    problem = formulate(menus, "at_most_one", programme.budget, divisible=programme.divisible)
    built = time.perf_counter()
    problem.solve(solver)
    solved = time.perf_counter()
    # Variables are named by the position of their package.
    amounts = {int(each.name[2:]): each.varValue for each in problem.variables()}
    known = None not in amounts.values()
    shares = np.array([amounts[i] for i in range(menus.n_packages)]) if known else None
    return Attempt(
        build=built - start,
        solve=solved - built,
        says=pulp.LpStatus[problem.status],
        claims_optimal=problem.status == pulp.LpStatusOptimal,
        value=pulp.value(problem.objective) if known else None,
        shares=shares,
    )
