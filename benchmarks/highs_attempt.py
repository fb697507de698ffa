"""What the competitors on HiGHS from arrays share."""

import time
from collections.abc import Mapping

import highspy
import numpy as np

from benchmarks.competitor import Attempt
from benchmarks.programme import Programme


def attempt_with(options: Mapping[str, str | float], programme: Programme, limit: float) -> Attempt:
    """Pass the programme to HiGHS column by column, set options, and solve it."""
    start = time.perf_counter()
    solver = highspy.Highs()
    for name, setting in {"output_flag": False, "time_limit": limit, **options}.items():
        assert solver.setOptionValue(name, setting) == highspy.HighsStatus.kOk, name
    solver.passModel(_model(programme))
    built = time.perf_counter()
    solver.run()
    information, solution = solver.getInfo(), solver.getSolution()
    shares = np.array(solution.col_value)
    solved = time.perf_counter()
    feasible = information.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    status = solver.getModelStatus()
    return Attempt(
        build=built - start,
        solve=solved - built,
        says=solver.modelStatusToString(status),
        claims_optimal=status == highspy.HighsModelStatus.kOptimal,
        value=information.objective_function_value if feasible else None,
        bound=None if programme.divisible else information.mip_dual_bound,
        shares=shares if feasible else None,
    )


def _model(programme: Programme) -> highspy.HighsLp:
    starts, rows, coefficients = programme.columns()
    limits = programme.limits()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = programme.n_packages, len(limits)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = programme.value.astype(np.float64)
    model.col_lower_ = np.zeros(programme.n_packages)
    model.col_upper_ = np.ones(programme.n_packages)
    model.row_lower_ = np.full(len(limits), -highspy.kHighsInf)
    model.row_upper_ = limits
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_, matrix.index_, matrix.value_ = starts, rows, coefficients
    if not programme.divisible:
        model.integrality_ = [highspy.HighsVarType.kInteger] * programme.n_packages
    return model
