"""Measuring: seconds of a call, and seconds and memory of a process of its own."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
GIB = 2**30
PATIENCE = 10
"""Seconds for a process to end after an interruption."""

AT_A_LIMIT = 4
"""Exit code of `metneed` where a limit was reached and the best answer was written."""


class RunError(RuntimeError):
    """A process that was to be measured failed; the message says how."""


def seconds(call: Callable[[], object], repeats: int = 1) -> float:
    """The median time of a call in seconds of the clock on the wall."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def in_child(function: Callable[..., Any], **arguments: object) -> tuple[Any, float]:
    """What a function of a module gives in a Python process of its own, and its peak memory.

    Parameters
    ----------
    function
        Can be imported by its name; takes and gives what JSON holds.
    arguments
        Its arguments.

    Returns
    -------
    tuple
        The result, and the peak in GiB of all memory the process held, imports included.

    Raises
    ------
    RunError
        Where the process failed; what it said is on stderr.
    """
    name = f"{function.__module__}:{function.__name__}"
    command = [sys.executable, "-m", "benchmarks.child", name, json.dumps(arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        said, _ = process.communicate()
    except KeyboardInterrupt:
        # It is interrupted as well, and has to end what it has started itself.
        process.wait(PATIENCE)
        raise
    if process.returncode != 0:
        raise RunError(f"{name} ended with code {process.returncode}")
    answer = json.loads(said.splitlines()[-1])
    return answer["result"], answer["peak"] / GIB


def metneed(*arguments: object, may_stop: bool = False) -> float:
    """The time of a metneed command from start to end, in seconds.

    Parameters
    ----------
    arguments
        Of the command line.
    may_stop
        Whether it may also end at a limit with its best answer so far.

    Raises
    ------
    RunError
        Where the command ends with another code, with the last of what it printed.
    """
    words = [sys.executable, "-m", "metneed", *map(str, arguments)]
    return command(words, (0, AT_A_LIMIT) if may_stop else (0,))


def command(arguments: Sequence[str], codes: Sequence[int] = (0,)) -> float:
    """The time of any command from start to end, in seconds; RunError for other exit codes."""
    start = time.perf_counter()
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - start
    if done.returncode not in codes:
        said = (done.stderr or done.stdout).strip().splitlines()[-5:]
        raise RunError(f"code {done.returncode} from {' '.join(arguments[1:])}: {' / '.join(said)}")
    return taken


def load() -> float:
    """How many processes were running on average in the last minute: what disturbs times."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
