"""CP-SAT of OR-Tools: a constraint programming solver with all cores."""

import time
from itertools import pairwise

import numpy as np

from benchmarks.competitor import Attempt, Competitor
from benchmarks.programme import Programme


def attempt(programme: Programme, limit: float) -> Attempt:
    """Its own defaults: no gap, as many workers as there are cores."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - the contract

    start = time.perf_counter()
    model = cp_model.CpModel()
    given = [model.new_bool_var("") for _ in range(programme.n_packages)]
    ends = programme.offsets.tolist()
    for first, last in pairwise(ends):
        model.add_at_most_one(given[first:last])
    total = cp_model.LinearExpr.weighted_sum
    model.add(total(given, programme.cost.tolist()) <= programme.budget)
    model.maximize(total(given, programme.value.tolist()))
    built = time.perf_counter()
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit
    status = solver.solve(model)
    found = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    shares = np.array(solver.values(given), dtype=np.float64) if found else None
    solved = time.perf_counter()
    return Attempt(
        build=built - start,
        solve=solved - built,
        says=solver.status_name(status).capitalize(),
        claims_optimal=status == cp_model.OPTIMAL,
        value=solver.objective_value if found else None,
        bound=solver.best_objective_bound,
        shares=shares,
    )


COMPETITOR = Competitor(
    name="cp_sat",
    title="OR-Tools CP-SAT",
    kinds=("whole",),
    attempt=attempt,
    requires=("ortools",),
    distributions=("ortools",),
    environment="ortools",
)
