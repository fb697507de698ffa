"""SciPy's `milp` and `linprog`, which run a HiGHS of their own."""

import time

import numpy as np

from benchmarks.competitor import Attempt, Competitor
from benchmarks.programme import Programme


def attempt(programme: Programme, limit: float) -> Attempt:
    """`linprog` where parts may be given, else `milp`; both at their own defaults."""
    from scipy.optimize import Bounds, LinearConstraint, linprog, milp  # noqa: PLC0415
    from scipy.sparse import csc_array  # noqa: PLC0415

    start = time.perf_counter()
    starts, rows, coefficients = programme.columns()
    limits = programme.limits()
    shape = (len(limits), programme.n_packages)
    matrix = csc_array((coefficients, rows, starts), shape=shape)
    # Both minimise.
    value, options = -programme.value.astype(np.float64), {"time_limit": limit}
    built = time.perf_counter()
    if programme.divisible:
        found = linprog(value, A_ub=matrix, b_ub=limits, bounds=(0, 1), options=options)
    else:
        found = milp(
            value,
            integrality=np.ones(programme.n_packages),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix, ub=limits),
            options=options,
        )
    solved = time.perf_counter()
    bound = found.get("mip_dual_bound")
    return Attempt(
        build=built - start,
        solve=solved - built,
        says=found.message.partition(".")[0],
        claims_optimal=found.status == 0,
        value=None if found.fun is None else -found.fun,
        bound=None if bound is None or programme.divisible else -bound,
        shares=found.x,
    )


COMPETITOR = Competitor(
    name="scipy_highs",
    title="SciPy",
    kinds=("lp", "whole"),
    attempt=attempt,
    requires=("scipy",),
    distributions=("scipy",),
)
