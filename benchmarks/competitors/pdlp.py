"""PDLP of OR-Tools: a first-order method, made for linear programmes of any size."""

import time

import numpy as np

from benchmarks.competitor import Attempt, Competitor
from benchmarks.programme import Programme


def attempt(programme: Programme, limit: float) -> Attempt:
    """Its own defaults: right to about six digits, on one core."""
    from ortools.linear_solver.python import model_builder_helper as helper  # noqa: PLC0415
    from scipy.sparse import csc_matrix  # noqa: PLC0415

    start = time.perf_counter()
    starts, rows, coefficients = programme.columns()
    limits = programme.limits()
    shape = (len(limits), programme.n_packages)
    model = helper.ModelBuilderHelper()
    model.fill_model_from_sparse_data(
        np.zeros(programme.n_packages),
        np.ones(programme.n_packages),
        programme.value.astype(np.float64),
        np.full(len(limits), -np.inf),
        limits,
        csc_matrix((coefficients, rows, starts), shape=shape).tocsr(),
    )
    model.set_maximize(True)
    built = time.perf_counter()
    solver = helper.ModelSolverHelper("PDLP")
    solver.set_time_limit_in_seconds(limit)
    solver.solve(model)
    found = solver.has_solution()
    shares = np.array(solver.variable_values()) if found else None
    solved = time.perf_counter()
    status = solver.status()
    return Attempt(
        build=built - start,
        solve=solved - built,
        says=status.name.capitalize(),
        claims_optimal=status == helper.SolveStatus.OPTIMAL,
        value=solver.objective_value() if found else None,
        shares=shares,
    )


COMPETITOR = Competitor(
    name="pdlp",
    title="OR-Tools PDLP",
    kinds=("lp",),
    attempt=attempt,
    requires=("ortools",),
    distributions=("ortools",),
    environment="ortools",
)
