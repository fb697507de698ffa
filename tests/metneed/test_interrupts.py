"""Ctrl-C while reading, searching, waiting for an outside solver and writing.

The command runs in a process of its own, in which one function is made to say when it is reached
(and to stay there); then the process is interrupted as a terminal does it.
"""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from metneed.__main__ import run

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="signals are sent to single processes as POSIX has them"
)

PATIENCE = 30
"""Seconds after which a process that should have ended at once is given up."""

STAY = """
import os, signal, sys, time
# Whoever runs the tests in the background may have them ignore interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
from metneed.__main__ import run

def here(*facts):
    os.write(2, (" ".join(["here", *map(str, facts)]) + chr(10)).encode())

{hook}
sys.exit(run({arguments!r}))
"""

READING = """
from metneed.instances import read as module
whole = module.examine
def reading(*args, **options):
    here()
    while True:
        whole(*args, **options)
module.examine = reading
"""

SEARCHING = """
from metneed.solver.engines import exact as module
whole = module.whole_optimum
def searching(*args, **options):
    here()
    return whole(*args, **options)
module.whole_optimum = searching
"""

ASKING = """
import subprocess
from metneed.models.settings import Settings
from metneed.solver.engines import backend, program
from metneed.instances import read as module
whole = subprocess.Popen.communicate
def communicate(child, *args, **options):
    here(child.pid)
    return whole(child, *args, **options)
subprocess.Popen.communicate = communicate
original = module.read
def read_and_ask(*args, **options):
    menus = original(*args, **options).menus
    settings = Settings(time_limit=600.0)
    program.solve_program(menus, "at_most_one", int(menus.full_cost.sum()) // 2, settings,
        divisible=False)
module.read = read_and_ask
"""

WRITING = """
count = 0
sync = os.fsync
def fsync(handle):
    global count
    count += 1
    if count == {number}:
        here()
        time.sleep(300)
    sync(handle)
os.fsync = fsync
"""


MOVING = """
from pathlib import Path
move = Path.replace
def replace(path, target):
    if str(target) == {target!r}:
        here()
        time.sleep(300)
    return move(path, target)
Path.replace = replace
"""


@pytest.fixture
def hard(tmp_path: Path) -> Path:
    """An instance that takes minutes to search."""
    folder = tmp_path / "hard"
    size = ["--users", "25", "--seed", "1", "--option", "range=1000000000"]
    assert run(["generate", "weak", *size, "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def easy(tmp_path: Path) -> Path:
    """A small council."""
    folder = tmp_path / "easy"
    assert run(["generate", "council", "--users", "60", "--seed", "1", "--out", str(folder)]) == 0
    return folder


class Command:
    """A command that was started, and has said that it is where it should be."""

    def __init__(self, arguments: list[str], hook: str, temporary: Path) -> None:
        script = STAY.format(hook=textwrap.dedent(hook), arguments=arguments)
        temporary.mkdir()
        self.process = subprocess.Popen(
            [sys.executable, "-c", script],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(temporary)},
        )
        self.facts: list[str] = []
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if line.startswith("here"):
                self.facts = line.split()[1:]
                return
        pytest.fail(f"the command ended with {self.process.wait()} before it got there")

    def interrupted(self) -> tuple[int, str, str]:
        """Exit code, output and messages after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        output, messages = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, output, messages


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[[list[str], str], Command]]:
    """Starts commands, and ends them with the test in whatever way."""
    commands: list[Command] = []

    def start(arguments: list[str], hook: str) -> Command:
        commands.append(Command(arguments, hook, tmp_path / "temporary"))
        return commands[-1]

    yield start
    for command in commands:
        command.process.kill()
        command.process.communicate()
    assert list((tmp_path / "temporary").iterdir()) == []


Start = Callable[[list[str], str], Command]

TOLD = (130, "", "\ninterrupted; nothing was left half-written\n")


@pytest.mark.parametrize("command", ["check", "compare"])
def test_reading_is_interrupted(started: Start, easy: Path, tmp_path: Path, command: str) -> None:
    out = tmp_path / "out"

    told = started([command, str(easy), "--out", str(out)], READING).interrupted()

    assert told == TOLD
    assert not out.exists()


@pytest.mark.parametrize("after", [0.01, 1])
def test_a_long_search_is_interrupted(
    started: Start, hard: Path, tmp_path: Path, after: float
) -> None:
    out = tmp_path / "out"
    arguments = ["solve", str(hard), "--rule", "met_need_whole", "--time-limit", "600"]

    command = started([*arguments, "--out", str(out)], SEARCHING)
    with pytest.raises(subprocess.TimeoutExpired):
        command.process.wait(after)
    told = command.interrupted()

    assert told == TOLD
    assert not out.exists()


def test_waiting_for_an_outside_solver_is_interrupted_and_leaves_no_child(
    started: Start, hard: Path
) -> None:
    command = started(["solve", str(hard), "--rule", "met_need_whole"], ASKING)
    told = command.interrupted()

    assert told == TOLD
    child = int(command.facts[0])
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    with pytest.raises(ProcessLookupError):
        os.killpg(child, 0)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize("number", [1, 5])
def test_writing_is_interrupted_and_leaves_no_file(
    started: Start, easy: Path, tmp_path: Path, number: int
) -> None:
    out = tmp_path / "out"

    hook = WRITING.format(number=number)
    told = started(["compare", str(easy), "--out", str(out)], hook).interrupted()

    assert told == TOLD
    assert not out.exists() or not list(out.iterdir())


@pytest.mark.parametrize("number", [1, 9])
def test_a_path_is_interrupted_between_its_years_and_leaves_no_file(
    started: Start, easy: Path, tmp_path: Path, number: int
) -> None:
    out = tmp_path / "out"
    command = ["path", str(easy), "--rules", "equal_money", "--out", str(out), "--keep-years"]

    told = started(command, WRITING.format(number=number)).interrupted()

    assert told == TOLD
    assert not out.exists() or not list(out.iterdir())


@pytest.mark.parametrize("number", [1, 2])
def test_an_earlier_result_stands_when_writing_another_is_interrupted(
    started: Start, easy: Path, tmp_path: Path, number: int
) -> None:
    out = tmp_path / "out"
    solve = ["solve", str(easy), "--out", str(out), "--rule"]
    assert run([*solve, "equal_money"]) == 0
    before = files_of(out)

    told = started([*solve, "met_need_whole"], WRITING.format(number=number)).interrupted()

    assert told == TOLD
    assert files_of(out) == before
    assert run(["verify", str(out), str(easy)]) == 0


@pytest.mark.parametrize("name", ["allocation.csv", "result.json"])
def test_between_two_results_nothing_vouches_for_a_mixture(
    started: Start, easy: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    solve = ["solve", str(easy), "--out", str(out), "--rule"]
    assert run([*solve, "equal_money"]) == 0

    hook = MOVING.format(target=str(out / name))
    told = started([*solve, "met_need_whole"], hook).interrupted()

    assert told == TOLD
    assert files_of(out).keys() == {"allocation.csv"}
    assert run(["verify", str(out), str(easy)]) == 2


WITHOUT = """
import runpy, sys
class Interrupted:
    def find_spec(self, name, *_):
        if name == {name!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
sys.argv = ["metneed", "rules"]
runpy.run_module("metneed", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("name", ["click", "metneed.models.errors", "metneed.cli"])
def test_an_interrupt_while_the_command_line_is_imported_is_no_traceback(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(name=name)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Traceback" not in done.stderr
    assert done.returncode == 130
