import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import numpy as np
import pulp
import pytest

from metneed.models.errors import OptionError, SolverError
from metneed.models.menus import Menus
from metneed.solver.engines import backend
from metneed.solver.engines.backend import ask, ask_here, pack
from metneed.solver.engines.program import formulate

SOLVERS = ["HiGHS", "PULP_CBC_CMD"]

# A child that starts one of its own, notes both, and never answers.
STUCK = """
import os, subprocess, sys, time
own = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
with open({path!r}, "w") as file:
    file.write(f"{{os.getpid()}} {{own.pid}}")
time.sleep(300)
"""

# A child whose solver prints to the pipe that the answer goes to.
NOISY = """
import os
from metneed.solver.engines import backend
solve = backend.solve_packed
def loud(*args):
    os.write(1, b"a solver says hello")
    print("and again", flush=True)
    return solve(*args)
backend.solve_packed = loud
backend.main()
"""

needs_posix = pytest.mark.skipif(os.name != "posix", reason="looks at POSIX processes")


@pytest.fixture
def problem(d3: Menus) -> pulp.LpProblem:
    return formulate(d3, "at_most_one", 12, divisible=True)


@pytest.fixture
def hard() -> pulp.LpProblem:
    """A whole-package programme that no solver finishes within seconds."""
    rng = np.random.default_rng(1)
    step = np.sort(rng.integers(1, 10**6, (300, 10)), axis=1)
    cost, value = np.cumsum(step, axis=1).ravel(), np.cumsum(step + 10, axis=1).ravel()
    menus = Menus.of(np.arange(301) * 10, cost, value)
    return formulate(menus, "at_most_one", int(cost.sum()) // 20, divisible=False)


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()


def ended(pids: list[int]) -> bool:
    """Whether all of them are gone, now or within a few seconds."""
    for _ in range(100):
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def written(path: Path) -> list[int]:
    for _ in range(200):
        if path.exists() and len(path.read_text().split()) == 2:
            return [int(pid) for pid in path.read_text().split()]
        time.sleep(0.1)
    raise AssertionError("the child did not start")


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_child_and_this_process_give_the_same_answer(
    problem: pulp.LpProblem, solver: str
) -> None:
    there, here = ask(problem, solver), ask_here(problem, solver)

    assert there.values == pytest.approx(here.values)
    assert there.multipliers == pytest.approx(here.multipliers)
    assert (there.claim, there.stopped) == (here.claim, here.stopped)
    assert (there.claim, there.stopped) == ("Optimal Solution Found", "finished")


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_multiplier_is_what_one_more_unit_of_its_limit_adds(solver: str) -> None:
    problem = pulp.LpProblem("rows", pulp.LpMaximize)
    x, y, z = (problem.add_variable(f"x_{i}", 0) for i in range(3))
    problem += 2 * x - y + 3 * z
    problem += x <= 5, "most"
    problem += y >= 4, "least"
    problem += z == 6, "exact"

    multipliers = ask_here(problem, solver).multipliers

    assert multipliers == pytest.approx({"most": 2, "least": -1, "exact": 3})


@pytest.mark.parametrize("solver", SOLVERS)
def test_no_gap_is_left_to_the_solver(solver: str) -> None:
    chosen = backend._solver(solver, 7)

    gaps = chosen.optionsDict if solver != "HiGHS" else vars(chosen)
    assert (gaps["gapRel"], gaps["gapAbs"], chosen.timeLimit) == (0, 0, 7)


@pytest.mark.parametrize("name", ["CHEAPEX", "COIN_CMD", "highs"])
def test_a_solver_that_is_not_there_is_refused_with_those_that_are(
    problem: pulp.LpProblem, name: str
) -> None:
    for way in (ask, ask_here):
        with pytest.raises(OptionError, match=f"'{name}' cannot be used here; available: .*HiGHS"):
            way(problem, name)


def test_a_solver_without_options_for_gaps_is_asked_without_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = []

    class Plain:
        def __init__(self, msg: bool = True, timeLimit: float | None = None) -> None:  # noqa: N803
            chosen.append((msg, timeLimit))

        def available(self) -> bool:
            return True

    monkeypatch.setattr(pulp, "getSolver", lambda _name, **options: Plain(**options))

    assert backend._solver("plain", 9) is not None
    assert chosen[-1] == (False, 9)


@pytest.mark.parametrize("solver", SOLVERS)
def test_what_cannot_be_done_has_no_values(d3: Menus, solver: str) -> None:
    answer = ask_here(formulate(d3, "exactly_one", 8, divisible=False), solver)

    assert answer.values is None
    assert answer.claim == "No Solution Exists"


def test_columns_go_by_their_number_and_not_by_their_spelling() -> None:
    menus = Menus.of([0, 12], np.arange(12) + 1, np.arange(12) + 5)

    packed = pack(formulate(menus, "at_most_one", 9, divisible=True))

    assert packed["objective"].tolist() == (np.arange(12) + 5).tolist()
    assert packed["starts"].tolist() == [0, 12, 24]
    assert sorted(packed["columns"][:12].tolist()) == list(range(12))


def test_variables_without_bounds_stay_without() -> None:
    problem = pulp.LpProblem("free", pulp.LpMaximize)
    x = problem.add_variable("x_0")
    problem += -1 * x
    problem += x >= -3, "floor"

    assert ask_here(problem).values == pytest.approx([-3])


def test_values_that_are_no_numbers_are_no_values(
    problem: pulp.LpProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def solve(*args: object) -> tuple[dict[str, np.ndarray], dict[str, str]]:
        return {"values": np.array([np.nan] * 8)}, {"claim": "fine", "stopped": "finished"}

    monkeypatch.setattr(backend, "solve_packed", solve)

    assert ask_here(problem).values is None


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_time_limit_is_not_taken_for_an_optimum(hard: pulp.LpProblem, solver: str) -> None:
    answer = ask(hard, solver, time_limit=0.5)

    assert answer.stopped == "time limit"
    assert answer.claim != "Optimal Solution Found"


def test_no_solution_is_a_limit_only_where_the_time_has_run_out() -> None:
    assert backend._stopped(pulp.LpSolutionNoSolutionFound, 9.5, 10) == "time limit"
    assert backend._stopped(pulp.LpSolutionNoSolutionFound, 0.1, 10) == "finished"
    assert backend._stopped(pulp.LpSolutionIntegerFeasible, 0.1, 10) == "time limit"
    assert backend._stopped(pulp.LpSolutionOptimal, 10, 10) == "finished"


def test_duals_whose_direction_is_not_known_are_not_handed_on(
    problem: pulp.LpProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "_dual_sign", lambda *_: 0)

    assert ask_here(problem).multipliers == {}


def test_warnings_as_errors_do_not_stop_the_child(
    problem: pulp.LpProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONWARNINGS", "error")

    assert ask(problem, "PULP_CBC_CMD").claim == "Optimal Solution Found"


def test_a_child_that_dies_is_an_error_with_its_last_words(
    problem: pulp.LpProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = (sys.executable, "-c", "import sys; sys.exit('out of luck')")
    monkeypatch.setattr(backend, "COMMAND", broken)

    with pytest.raises(SolverError, match="HiGHS ended with code 1: out of luck"):
        ask(problem)


def test_a_child_without_an_answer_is_an_error(
    problem: pulp.LpProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "COMMAND", (sys.executable, "-c", "pass"))

    with pytest.raises(SolverError, match="code 0: no message"):
        ask(problem)


def test_what_a_solver_prints_does_not_spoil_the_answer(
    problem: pulp.LpProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "COMMAND", (sys.executable, "-c", NOISY))

    assert ask(problem).claim == "Optimal Solution Found"


@needs_posix
def test_a_child_that_takes_too_long_is_killed_with_all_it_started(
    problem: pulp.LpProblem, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    noted = tmp_path / "pids"
    stuck = (sys.executable, "-c", STUCK.format(path=str(noted)))
    monkeypatch.setattr(backend, "COMMAND", stuck)
    monkeypatch.setattr(backend, "GRACE", 2.0)

    answer = ask(problem, time_limit=0.001)

    assert (answer.values, answer.claim, answer.stopped) == (None, "killed", "time limit")
    assert ended(written(noted))


@needs_posix
def test_an_interrupt_leaves_no_child(tmp_path: Path) -> None:
    noted = tmp_path / "pids"
    # Whoever runs the tests in the background may have them ignore interrupts.
    script = f"""
    import signal, sys
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from metneed.models.menus import Menus
    from metneed.solver.engines import backend
    from metneed.solver.engines.program import formulate
    backend.COMMAND = (sys.executable, "-c", {STUCK.format(path=str(noted))!r})
    backend.ask(formulate(Menus.of([0, 1], [1], [1]), "at_most_one", 1, divisible=True))
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stderr=subprocess.PIPE, text=True
    )
    pids = written(noted)

    parent.send_signal(signal.SIGINT)
    messages = parent.communicate(timeout=60)[1]

    assert "KeyboardInterrupt" in messages
    assert ended(pids)


@needs_posix
def test_a_child_whose_parent_was_killed_ends_by_itself_and_leaves_no_files(
    tmp_path: Path,
) -> None:
    noted, left = tmp_path / "pids", tmp_path / "left"
    left.mkdir()
    child = f"""
    import os, threading, time
    from metneed.solver.engines import backend
    watched = (os.getppid(), {str(left)!r})
    threading.Thread(target=backend._end_with, args=watched, daemon=True).start()
    with open({str(noted)!r}, "w") as file:
        file.write(f"{{os.getppid()}} {{os.getpid()}}")
    time.sleep(300)
    """
    script = f"""
    import subprocess, sys
    subprocess.run([sys.executable, "-c", {textwrap.dedent(child)!r}], start_new_session=True)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)])
    pids = written(noted)
    assert pids[0] == parent.pid

    parent.kill()
    parent.wait()

    assert ended(pids[1:])
    assert not left.exists()


def test_nothing_is_left_in_the_folder_for_temporary_files(
    problem: pulp.LpProblem, hard: pulp.LpProblem, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(backend, "GRACE", 1.0)
    monkeypatch.setattr(backend, "GRACE_PER_COEFFICIENT", 0.0)

    ask(problem, "PULP_CBC_CMD")
    ask(hard, "PULP_CBC_CMD", time_limit=0.01)

    assert list(tmp_path.iterdir()) == []
