"""The tables of a contest on the page: who took how long, what they say, and what is true."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from benchmarks.answers import RIGHT
from benchmarks.entry import Entry
from benchmarks.records import number

_HEAD = "| contestant | build | solve | to ours | memory | says | true gap | checked |"
_RULE = "|---|---:|---:|---:|---:|---|---:|---|"


def tables(entries: Iterable[Entry]) -> list[str]:
    """The lines of a table for each size, the fastest first and who gave no answer last."""
    lines: list[str] = []
    for users, together in groupby(entries, key=lambda entry: entry.users):
        rows = sorted(together, key=_place)
        own = next((row.seconds for row in rows if row.contestant == "metneed"), None)
        limit = rows[0].limit
        lines += [f"{users:,} users, limit {number(limit)} s:", "", _HEAD, _RULE]
        lines += [_row(row, own) for row in rows]
        lines.append("")
    return lines


def _place(entry: Entry) -> tuple[int, float]:
    order = ("answered", "killed", "failed", "not tried", "missing")
    return order.index(entry.state), entry.seconds or 0.0


def _row(entry: Entry, own: float | None) -> str:
    return f"| {' | '.join([entry.title, *_cells(entry, own)])} |"


def _cells(entry: Entry, own: float | None) -> Sequence[str]:
    if entry.state in {"failed", "not tried", "missing"}:
        return ["", "", "", "", f"{entry.state}: {entry.why}", "", ""]
    memory = "" if entry.memory is None else f"{number(entry.memory)} GiB"
    more = "more than " if entry.reached_limit else ""
    times = "" if entry.seconds is None or not own else f"{more}{number(entry.seconds / own)}"
    if entry.build is None or entry.solve is None:
        kept = f"more than {number(entry.limit)} s"
        return ["", kept, times, memory, f"killed: {entry.why}", "", "no answer"]
    taken = [f"{number(each)} s" for each in (entry.build, entry.solve)]
    return [*taken, times, memory, entry.says, gap_in_words(entry), _checked(entry)]


def gap_in_words(entry: Entry) -> str:
    """The true gap in per cent; empty where there is no answer that may be given."""
    if entry.gap is None:
        return ""
    tolerance = RIGHT if entry.kind == "lp" else 0.0
    if abs(entry.gap) <= tolerance:
        return "0"
    return f"{'-' if entry.gap < 0 else ''}{number(100 * abs(entry.gap))} %"


def _checked(entry: Entry) -> str:
    if entry.faults:
        return f"**{'; '.join(entry.faults)}**"
    if entry.value is None:
        return "no answer"
    return "right" if entry.claims_optimal else "may be given"
