"""Records: what one run of a case gave, with the machine and versions it was measured on."""

import csv
import datetime as dt
import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from benchmarks.entry import Entry
from benchmarks.measure import GIB
from benchmarks.registry import Case, Figure, Measured, SizeName

RESULTS = Path(__file__).resolve().parent / "results"
JSON_LINES, TABLE, CONTESTS = (
    RESULTS / name for name in ("full.jsonl", "full.csv", "contests.csv")
)

_ENTRY = [name for name in Entry.model_fields if name not in {"contestant", "versions", "faults"}]

DISTRIBUTIONS = ("metneed", "numpy", "numba", "pandas", "pyarrow", "pulp", "highspy", "scipy")


class StatedTarget(BaseModel):
    """A target as it stood when the case ran, and whether it was met; None if it did not apply."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    figure: str
    bound: Literal["at least", "at most"]
    value: float
    met: bool | None


class Record(BaseModel):
    """One run of a case.

    Parameters
    ----------
    case, size, users, repeats
        What ran, and how large.
    date, machine, load, versions
        When and on what; `load` is the number of processes running in the minute before.
    seconds
        How long the whole case took, preparations included.
    missing
        Modules for want of which the case did not run.
    figures, targets
        What was measured, and what was to be reached at full size.
    entries
        What each contestant made of each programme, where contestants took part.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: str
    size: SizeName
    users: int
    repeats: int
    date: str
    machine: str
    load: float
    versions: dict[str, str]
    seconds: float
    missing: list[str] = []
    figures: dict[str, Figure] = {}
    targets: list[StatedTarget] = []
    entries: list[Entry] = []

    @property
    def fell_short(self) -> list[StatedTarget]:
        """Targets that were not met."""
        return [target for target in self.targets if target.met is False]


def record_of(
    case: Case, size: SizeName, load: float, seconds: float, measured: Measured
) -> Record:
    """A record of what was measured here and now; targets bind at full size only."""
    chosen, figures = case.sizes[size], measured.figures
    others = [entry.versions for entry in measured.entries]
    ran = size == "full" and not case.missing
    return Record(
        case=case.name,
        size=size,
        users=chosen.users,
        repeats=chosen.repeats,
        date=dt.datetime.now(dt.UTC).date().isoformat(),
        machine=machine(),
        load=round(load, 2),
        versions=versions() | {name: text for each in others for name, text in each.items()},
        seconds=_short(seconds),
        missing=case.missing,
        figures={name: Figure(_short(item.value), item.unit) for name, item in figures.items()},
        targets=[
            StatedTarget(
                figure=target.figure,
                bound=target.bound,
                value=target.value,
                met=target.met(figures) if ran else None,
            )
            for target in case.targets
        ],
        entries=[_shortened(entry) for entry in measured.entries],
    )


def read_records(path: Path = JSON_LINES) -> dict[str, Record]:
    """The records of a file by case; empty where there is no file."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {record.case: record for record in map(Record.model_validate_json, lines)}


def write_records(
    records: Iterable[Record],
    lines: Path = JSON_LINES,
    table: Path = TABLE,
    contests: Path = CONTESTS,
) -> None:
    """Records as JSON lines, and their figures and entries as tables for a spreadsheet."""
    ordered = sorted(records, key=lambda record: record.case)
    lines.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(record.model_dump_json() + "\n" for record in ordered)
    lines.write_text(text, encoding="utf-8", newline="\n")
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["case", "users", "figure", "value", "unit", "target", "met"])
        for record in ordered:
            writer.writerows(_rows(record))
    with contests.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["case", *_ENTRY, "faults"])
        for record in ordered:
            for entry in record.entries:
                kept = [getattr(entry, name) for name in _ENTRY]
                writer.writerow([record.case, *kept, "; ".join(entry.faults)])


def machine() -> str:
    """Processor, cores, memory and system, without any name of its own."""
    parts = [_processor(), f"{os.cpu_count()} cores"]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        parts.append(f"{memory / GIB:.0f} GiB")
    return ", ".join([*parts, f"{platform.system()} {platform.machine()}"])


def versions() -> dict[str, str]:
    """Versions of Python and of what figures depend on; ``missing`` where not installed."""
    found = {"python": platform.python_version()}
    for name in DISTRIBUTIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found


def number(value: float) -> str:
    """A figure to three digits, without an exponent: ``1,230``, ``12.3``, ``0.00123``.

    >>> number(1234.5), number(12.345), number(0.00123456), number(0)
    ('1,230', '12.3', '0.00123', '0')
    """
    if value == 0:
        return "0"
    rounded = float(f"{value:.3g}")
    decimals = max(0, 2 - int(f"{rounded:e}".partition("e")[2]))
    text = f"{rounded:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rows(record: Record) -> Sequence[tuple[object, ...]]:
    stated = {target.figure: target for target in record.targets}
    rows = []
    for name, figure in record.figures.items():
        target = stated.get(name)
        words, met = (
            ("", "") if target is None else (f"{target.bound} {target.value:g}", target.met)
        )
        rows.append((record.case, record.users, name, figure.value, figure.unit, words, met))
    return rows


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def _shortened(entry: Entry) -> Entry:
    names = ("build", "solve", "first", "memory")
    long = {name: getattr(entry, name) for name in names}
    return entry.model_copy(update={k: _short(v) for k, v in long.items() if v is not None})


def _short(value: float) -> float:
    return float(f"{value:.6g}")
