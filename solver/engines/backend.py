"""The backend: an outside solver in a child process that can be killed at any time.

The parent packs a PuLP problem into arrays and sends them through a pipe. The child, started as
``python -m metneed.solver.engines.backend``, builds the same problem, solves it and sends back its
answer. Nothing that is answered is believed here: whoever asks checks it in integers.
"""

import inspect
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp

from metneed.models.arrays import FloatArray
from metneed.models.certificate import Stopped
from metneed.models.errors import OptionError, SolverError

COMMAND = (sys.executable, "-P", "-m", "metneed.solver.engines.backend")
"""What starts the child; ``-P`` keeps files of the working folder from being imported."""

GRACE = 5.0
"""Seconds that the child may take on top of the time limit: to start, build and answer."""

GRACE_PER_COEFFICIENT = 2e-5

_FEASIBLE = {pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible}

Arrays = Mapping[str, np.ndarray[Any, Any]]


@dataclass(frozen=True, eq=False)
class Answer:
    """What an outside solver says; nothing of it is checked.

    Parameters
    ----------
    values
        Value of each variable in the order of the numbers in their names, or None without any.
    multipliers
        By the name of each row, what one more unit of its limit would add to the objective;
        empty for whole numbers, and where the solver gives none.
    claim
        PuLP's words for what the solver says of its solution.
    stopped
        ``finished``, or ``time limit`` where it was stopped or killed.
    """

    values: FloatArray | None
    multipliers: Mapping[str, float]
    claim: str
    stopped: Stopped


def ask(problem: pulp.LpProblem, solver: str = "HiGHS", time_limit: float = 60.0) -> Answer:
    """What an outside solver answers, from a child process that ends with this call.

    Parameters
    ----------
    problem
        A maximisation whose variables are called ``x_0``, ``x_1`` and so on, without gaps.
    solver
        PuLP's name of the solver.
    time_limit
        Seconds for the solver; a child that takes much longer is killed.

    Raises
    ------
    OptionError
        Where PuLP knows no such solver, or it is not installed; the message lists those that are.
    SolverError
        Where the child ended without an answer.
    """
    request = pack(problem)
    coefficients = len(request["columns"])
    patience = time_limit + GRACE + GRACE_PER_COEFFICIENT * coefficients
    # Some solvers leave files behind when they are killed; they go with the folder.
    with (
        tempfile.TemporaryDirectory(prefix="metneed-", ignore_cleanup_errors=True) as folder,
        _child(folder) as child,
    ):
        setup = {
            "solver": solver,
            "time_limit": time_limit,
            "parent": os.getpid(),
            "folder": folder,
        }
        try:
            output, messages = child.communicate(_bytes(request, setup), timeout=patience)
        except subprocess.TimeoutExpired:
            return Answer(None, {}, "killed", "time limit")
    if child.returncode != 0 or not output:
        last = (messages.decode(errors="replace").strip().splitlines() or ["no message"])[-1]
        raise SolverError(f"the solver {solver} ended with code {child.returncode}: {last}")
    return _answer(problem, solver, *_read(output))


def ask_here(problem: pulp.LpProblem, solver: str = "HiGHS", time_limit: float = 60.0) -> Answer:
    """The same in this process: it cannot be killed, and saves the start of a child.

    Raises
    ------
    OptionError
        Where PuLP knows no such solver, or it is not installed.
    """
    return _answer(problem, solver, *solve_packed(pack(problem), solver, time_limit))


def pack(problem: pulp.LpProblem) -> dict[str, np.ndarray[Any, Any]]:
    """A PuLP problem as arrays: columns by the number in their names, rows in their order."""
    variables = sorted(problem.variables(), key=_number)
    rows = problem.constraints()
    entries = [(_number(variable), factor) for row in rows for variable, factor in row.items()]
    objective = problem.objective
    return {
        "objective": np.array([objective.get(v, 0) for v in variables], dtype=np.float64),
        "lower": np.array([v.lowBound for v in variables], dtype=np.float64),
        "upper": np.array([v.upBound for v in variables], dtype=np.float64),
        "whole": np.array([v.cat == pulp.LpInteger for v in variables], dtype=np.bool_),
        "starts": np.cumsum([0, *(len(row) for row in rows)]),
        "columns": np.array([column for column, _ in entries], dtype=np.int64),
        "factors": np.array([factor for _, factor in entries], dtype=np.float64),
        "sense": np.array([row.sense for row in rows], dtype=np.int64),
        "limit": np.array([-row.constant for row in rows], dtype=np.float64),
    }


def solve_packed(
    request: Arrays, solver: str, time_limit: float
) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, Any]]:
    """Build and solve a packed problem: arrays and facts of the answer."""
    chosen = _solver(solver, time_limit)
    if chosen is None:
        return {}, {"available": pulp.listSolvers(onlyAvailable=True)}
    problem, variables, rows = _unpack(request)
    began = time.monotonic()
    problem.solve(chosen)
    seconds = time.monotonic() - began
    status = problem.sol_status
    facts = {"claim": pulp.LpSolution[status], "stopped": _stopped(status, seconds, time_limit)}
    values = [variable.varValue for variable in variables]
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    if status in _FEASIBLE and None not in values:
        arrays["values"] = np.array(values, dtype=np.float64)
        duals = [row.pi for row in rows]
        if not request["whole"].any() and None not in duals:
            sign = _dual_sign(solver, time_limit)
            if sign:
                arrays["multipliers"] = sign * np.array(duals, dtype=np.float64)
    return arrays, facts


def _unpack(request: Arrays) -> tuple[pulp.LpProblem, list[Any], list[Any]]:
    problem = pulp.LpProblem("metneed", pulp.LpMaximize)
    lower, upper = (_bounds(request[key]) for key in ("lower", "upper"))
    whole = request["whole"].tolist()
    variables = [
        problem.add_variable(f"x_{i}", low, high, pulp.LpInteger if integer else pulp.LpContinuous)
        for i, (low, high, integer) in enumerate(zip(lower, upper, whole, strict=True))
    ]
    problem += pulp.LpAffineExpression(zip(variables, request["objective"].tolist(), strict=True))
    columns, factors = request["columns"].tolist(), request["factors"].tolist()
    starts, senses = request["starts"].tolist(), request["sense"].tolist()
    rows = []
    for i, (sense, limit) in enumerate(zip(senses, request["limit"].tolist(), strict=True)):
        part = slice(starts[i], starts[i + 1])
        left = zip((variables[column] for column in columns[part]), factors[part], strict=True)
        rows.append(pulp.LpConstraint(pulp.LpAffineExpression(left), sense, f"r_{i}", limit))
        problem += rows[-1]
    return problem, variables, rows


def _bounds(values: FloatArray) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _solver(name: str, time_limit: float) -> Any | None:  # noqa: ANN401
    """A PuLP solver, silent, with no gap allowed; None where there is none of that name here."""
    wanted = {"msg": False, "timeLimit": time_limit, "gapRel": 0, "gapAbs": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # PuLP's, about its next version
        try:
            kind = type(pulp.getSolver(name, msg=False))
        except pulp.PulpSolverError:
            return None
        # A few solvers of PuLP know no gap, because they always go on to the end.
        known = inspect.signature(kind).parameters
        solver = pulp.getSolver(name, **{key: wanted[key] for key in wanted if key in known})
    return solver if solver.available() else None


def _dual_sign(solver: str, time_limit: float) -> int:
    """1 or -1 by which the solver's duals become what one more unit adds; 0 where unknown.

    PuLP hands on each solver's own convention. The greatest x up to 1 tells which it is: its
    limit is worth 1.
    """
    problem = pulp.LpProblem("sign", pulp.LpMaximize)
    x = problem.add_variable("x_0", 0, 2)
    problem += pulp.LpAffineExpression([(x, 1)])
    row = pulp.LpConstraint(pulp.LpAffineExpression([(x, 1)]), pulp.LpConstraintLE, "r_0", 1)
    problem += row
    problem.solve(_solver(solver, time_limit))
    return int(np.sign(row.pi or 0))


def _stopped(status: int, seconds: float, time_limit: float) -> Stopped:
    # PuLP calls a solution found when the time ran out "feasible", and no solution "not solved".
    if status == pulp.LpSolutionIntegerFeasible:
        return "time limit"
    if status == pulp.LpSolutionNoSolutionFound and seconds >= 0.9 * time_limit:
        return "time limit"
    return "finished"


def _answer(
    problem: pulp.LpProblem, solver: str, arrays: Arrays, facts: Mapping[str, Any]
) -> Answer:
    if "available" in facts:
        known = ", ".join(facts["available"])
        raise OptionError(f"solver {solver!r} cannot be used here; available: {known}")
    names = [row.name for row in problem.constraints()]
    multipliers = arrays.get("multipliers", np.zeros(0)).tolist()
    values = arrays.get("values")
    if values is not None and not np.isfinite(values).all():
        values = None
    by_row = dict(zip(names, multipliers, strict=True)) if multipliers else {}
    return Answer(values, by_row, str(facts["claim"]), facts["stopped"])


def _number(variable: Any) -> int:  # noqa: ANN401
    return int(variable.name.removeprefix("x_"))


def _bytes(arrays: Arrays, facts: Mapping[str, Any]) -> bytes:
    stream = io.BytesIO()
    text = np.frombuffer(json.dumps(facts).encode(), dtype=np.uint8)
    np.savez(stream, allow_pickle=False, facts=text, **arrays)
    return stream.getvalue()


def _read(data: bytes) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, Any]]:
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return arrays, json.loads(arrays.pop("facts").tobytes())


@contextmanager
def _child(folder: str) -> Iterator[subprocess.Popen[bytes]]:
    """A child process with a group of its own, gone when the block is left in whatever way."""
    environment = {**os.environ, "TMPDIR": folder, "TEMP": folder, "TMP": folder}
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    try:
        yield child
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child with everything it started, unless it has ended by itself."""
    if child.poll() is None:
        if sys.platform == "win32":  # pragma: no cover - the group is killed by its tree there
            tree = ["taskkill", "/T", "/F", "/PID", str(child.pid)]
            subprocess.run(tree, check=False, capture_output=True)  # noqa: S603
        else:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            with suppress(OSError):  # unsent data of a killed child
                pipe.close()


def _end_with(parent: int, folder: str) -> None:
    """End this process, what it started and left behind, as soon as its parent is gone."""
    while os.getppid() == parent:
        time.sleep(0.25)
    shutil.rmtree(folder, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    """Answer the one request on standard input."""
    # Solvers print as they please: the answer keeps the pipe, what is printed goes to stderr.
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    request, setup = _read(sys.stdin.buffer.read())
    if sys.platform != "win32":
        threading.Thread(
            target=_end_with, args=(setup["parent"], setup["folder"]), daemon=True
        ).start()
    arrays, facts = solve_packed(request, setup["solver"], setup["time_limit"])
    with pipe:
        pipe.write(_bytes(arrays, facts))


if __name__ == "__main__":
    main()
