"""Memory of processes, as the kernel keeps it."""

import os
import sys
from pathlib import Path

_PROCESSES = Path("/proc")


def peak_memory() -> int:
    """Bytes that this process held at most so far.

    The figure of `getrusage` outlives the start of a new program, and so counts what the parent
    held when it started this one; the kernel's own high-water mark of this program does not.
    """
    if mark := _line(os.getpid(), "VmHWM:"):
        return mark
    import resource  # noqa: PLC0415 - not on Windows

    # macOS counts bytes, the others KiB.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def held_now() -> int:
    """Bytes that this process holds now; 0 where the kernel does not tell."""
    return _line(os.getpid(), "VmRSS:")


def held(process: int) -> int:
    """Bytes that a process and all it has started hold now; 0 where the kernel does not tell."""
    return _line(process, "VmRSS:") + sum(held(child) for child in _children(process))


def _line(process: int, label: str) -> int:
    """Bytes that the kernel states under a label; 0 where the process has ended."""
    try:
        text = (_PROCESSES / str(process) / "status").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = [line.split()[1] for line in text.splitlines() if line.startswith(label)]
    return int(found[0]) * 1024 if found else 0


def _children(process: int) -> list[int]:
    found: list[int] = []
    for path in (_PROCESSES / str(process) / "task").glob("*/children"):
        try:
            found += map(int, path.read_text(encoding="utf-8").split())
        except OSError:
            continue
    return found
