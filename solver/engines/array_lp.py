"""Small linear programmes from arrays, solved by HiGHS in this process.

What comes back only says where to look: prices and packages are judged in integers by who asks.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from metneed.models.arrays import BoolArray, FloatArray, IntArray

TOLERANCE = 1e-9

DEAR = 2.0
"""A unit beyond a limit costs so many times the range of values: nobody wants one."""


@dataclass(frozen=True, eq=False)
class ArrayProgram:
    """Maximise over columns within bounds, with rows within bounds; the matrix row by row.

    Parameters
    ----------
    objective, lower, upper
        One for each column.
    row_lower, row_upper
        One for each row.
    starts, columns, factors
        Where each row begins, and the column and factor of each entry.
    """

    objective: FloatArray
    lower: FloatArray
    upper: FloatArray
    row_lower: FloatArray
    row_upper: FloatArray
    starts: IntArray
    columns: IntArray
    factors: FloatArray


@dataclass(frozen=True, eq=False)
class ArrayAnswer:
    """Values of the columns, and what one more of each row's limit would add."""

    values: FloatArray
    prices: FloatArray
    objective: float


def solve_arrays(program: ArrayProgram, seconds: float = np.inf) -> ArrayAnswer | None:
    """The optimum at a corner as HiGHS sees it; None where it has none, or no time for it."""
    if not len(program.objective):
        return ArrayAnswer(np.zeros(0), np.zeros(len(program.row_upper)), 0.0)
    solver = highspy.Highs()
    options = {
        "output_flag": False,
        "threads": 1,
        "solver": "simplex",
        "primal_feasibility_tolerance": TOLERANCE,
        "dual_feasibility_tolerance": TOLERANCE,
        "time_limit": max(0.0, seconds),
    }
    for name, setting in options.items():
        solver.setOptionValue(name, setting)
    solver.passModel(_model(program))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    found = solver.getSolution()
    # The objective is handed over negated, to be minimised: then the duals are negated prices.
    return ArrayAnswer(
        np.array(found.col_value),
        -np.array(found.row_dual),
        -float(solver.getInfo().objective_function_value),
    )


def _model(program: ArrayProgram) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.objective), len(program.row_upper)
    model.col_cost_ = -program.objective
    model.col_lower_, model.col_upper_ = program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_, matrix.index_ = program.starts, program.columns
    matrix.value_ = program.factors
    return model


class ChoiceProgram:
    """One option a user within limits, solved again and again with some of the options shut.

    Going beyond a limit is possible at a high price, so that there always is an answer.

    Parameters
    ----------
    offsets, value, amounts, limits
        Where the options of each user begin, what each is worth and counts towards each limit.
    """

    def __init__(
        self, offsets: IntArray, value: IntArray, amounts: IntArray, limits: IntArray
    ) -> None:
        users, columns, rows = len(offsets) - 1, len(value), len(limits)
        dear = DEAR * (float(np.ptp(value)) + 1) if columns else 1.0
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = columns + rows, users + rows
        model.col_cost_ = np.concatenate([-value.astype(float), np.full(rows, dear)])
        model.col_lower_ = np.zeros(columns + rows)
        model.col_upper_ = np.concatenate([np.ones(columns), np.full(rows, np.inf)])
        model.row_lower_ = np.concatenate([np.ones(users), np.full(rows, -np.inf)])
        model.row_upper_ = np.concatenate([np.ones(users), limits.astype(float)])
        used = [np.flatnonzero(amounts[:, k]) for k in range(rows)]
        parts = [np.arange(columns)]
        factors = [np.ones(columns)]
        for k, entries in enumerate(used):
            parts.append(np.append(entries, columns + k))
            factors.append(np.append(amounts[entries, k].astype(float), -1.0))
        sizes = np.concatenate([np.diff(offsets), [len(part) for part in parts[1:]]])
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.concatenate([[0], np.cumsum(sizes)])
        matrix.index_, matrix.value_ = np.concatenate(parts), np.concatenate(factors)
        self.solver = highspy.Highs()
        # Shutting options leaves the basis dual feasible: the dual simplex goes on from there.
        for name, setting in {"output_flag": False, "threads": 1, "presolve": "off"}.items():
            self.solver.setOptionValue(name, setting)
        self.solver.passModel(model)
        self.columns, self.users = columns, users
        self.open = np.ones(columns, dtype=np.bool_)

    def solve(self, allowed: BoolArray) -> tuple[FloatArray, FloatArray] | None:
        """Shares of the options and prices of the limits; None where HiGHS has none."""
        changed = np.flatnonzero(allowed != self.open)
        if len(changed):
            upper = allowed[changed].astype(float)
            lower = np.zeros(len(changed))
            self.solver.changeColsBounds(len(changed), changed.astype(np.int32), lower, upper)
            self.open = allowed
        for again in (False, True):
            if again:
                self.solver.clearSolver()
            self.solver.run()
            if self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                found = self.solver.getSolution()
                shares = np.array(found.col_value)[: self.columns]
                return shares, -np.array(found.row_dual)[self.users :]
        return None
