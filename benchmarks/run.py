"""Running a case in a process of its own."""

import time
from pathlib import Path
from typing import Any

from benchmarks.entry import Entry
from benchmarks.measure import in_child, load
from benchmarks.records import Record, record_of
from benchmarks.registry import Case, Figure, Measured, SizeName, cases


def run(case: Case, size: SizeName, work: Path) -> Record:
    """What a case gives at a size; without figures where something it needs is missing.

    Raises
    ------
    RunError
        Where the case failed.
    """
    before, start = load(), time.perf_counter()
    measured = Measured({})
    if not case.missing:
        found, _ = in_child(figures_of, name=case.name, size=size, work=str(work))
        measured = Measured(
            {name: Figure(*pair) for name, pair in found["figures"].items()},
            [Entry.model_validate(entry) for entry in found["entries"]],
        )
    return record_of(case, size, before, time.perf_counter() - start, measured)


def figures_of(name: str, size: SizeName, work: str) -> dict[str, Any]:
    """What a case gives, as JSON holds it: figures are pairs of value and unit."""
    case = cases()[name]
    measured = measured_of(case, size, Path(work))
    pairs = {label: (figure.value, figure.unit) for label, figure in measured.figures.items()}
    return {"figures": pairs, "entries": [entry.model_dump() for entry in measured.entries]}


def measured_of(case: Case, size: SizeName, work: Path) -> Measured:
    """What a case gives at a size, whether contestants take part or not."""
    found = case.run(case.sizes[size], work)
    return found if isinstance(found, Measured) else Measured(found)
