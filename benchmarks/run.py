"""Running a case in a process of its own."""

import time
from pathlib import Path
from typing import Any

from benchmarks.measure import in_child, load
from benchmarks.records import Record, record_of
from benchmarks.registry import Case, Figure, SizeName, cases


def run(case: Case, size: SizeName, work: Path) -> Record:
    """What a case gives at a size; without figures where something it needs is missing.

    Raises
    ------
    RunError
        Where the case failed.
    """
    before, start = load(), time.perf_counter()
    figures = {}
    if not case.missing:
        found, _ = in_child(figures_of, name=case.name, size=size, work=str(work))
        figures = {name: Figure(*pair) for name, pair in found.items()}
    return record_of(case, size, before, time.perf_counter() - start, figures)


def figures_of(name: str, size: SizeName, work: str) -> dict[str, Any]:
    """The figures of a case as pairs of value and unit."""
    case = cases()[name]
    figures = case.run(case.sizes[size], Path(work))
    return {label: (figure.value, figure.unit) for label, figure in figures.items()}
