"""What the pictures show: points taken from the records."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from benchmarks.entry import Entry
from benchmarks.records import Record

Point: TypeAlias = dict[str, Any]

OWN = "metneed"

FAMILIES = ("uncorrelated", "weak", "strong", "council")

ANSWER, LIMIT = "answer", "at the limit, or killed there"

LEAST_GAP = 1e-9
"""A scale by factors of ten has no 0: a gap of 0 is drawn here."""

_LARGE = {"a tenth": 10, "largest size": 1}


def time_whole(records: Mapping[str, Record]) -> list[Point]:
    """Seconds by users for each family of whole packages; ours up to the largest size."""
    points = [_point(entry, entry.family) for entry in _entries(records, "whole")]
    large = records.get("whole_large")
    if points and large is not None:
        for family in FAMILIES:
            points += _own(large, f"{family}, {{}}: whole packages", family)
    return points


def time_lp(records: Mapping[str, Record]) -> list[Point]:
    """Seconds by users for the linear programme; ours up to the largest size."""
    points = [_point(entry, "part packages") for entry in _entries(records, "lp")]
    longer = records.get("lp")
    if points and longer is not None:
        points.append(list(_own(longer, "{}: packages to optimum", "part packages"))[-1])
    return points


def gap(records: Mapping[str, Record]) -> list[Point]:
    """True gaps by seconds, of the answers that may be given, at the two larger sizes."""
    entries = _entries(records, "whole")
    sizes = sorted({entry.users for entry in entries})[1:]
    return [
        {**_point(entry, f"{entry.family}, {users:,} users"), "gap": max(entry.gap, LEAST_GAP)}
        for users in sizes
        for entry in entries
        if entry.users == users
        if entry.gap is not None and entry.seconds is not None
    ]


def memory(records: Mapping[str, Record]) -> list[Point]:
    """GiB by users, for uncorrelated menus of both kinds."""
    kinds = {"whole": "whole packages", "lp": "part packages"}
    return [
        {**_point(entry, words), "memory": entry.memory}
        for kind, words in kinds.items()
        for entry in _entries(records, kind)
        if entry.family == "uncorrelated" and entry.memory is not None
    ]


def _entries(records: Mapping[str, Record], kind: str) -> list[Entry]:
    found = [
        entry
        for record in records.values()
        for entry in record.entries
        if entry.kind == kind and entry.seconds is not None
    ]
    known = {family: place for place, family in enumerate(FAMILIES)}
    return sorted(found, key=lambda entry: known.get(entry.family, len(known)))


def _point(entry: Entry, panel: str) -> Point:
    return {
        "contestant": entry.title,
        "panel": panel,
        "users": entry.users,
        "seconds": entry.seconds,
        "how": LIMIT if entry.reached_limit else ANSWER,
    }


def _own(record: Record, figure: str, panel: str) -> Iterator[Point]:
    """Our own times that a case without contestants has measured, at its larger sizes."""
    for step, divisor in _LARGE.items():
        yield {
            "contestant": OWN,
            "panel": panel,
            "users": record.users // divisor,
            "seconds": record.figures[figure.format(step)].value,
            "how": ANSWER,
        }


def contestants(points: Iterable[Point]) -> list[str]:
    """Everyone who is in a picture: ourselves first, then by name."""
    names = {point["contestant"] for point in points}
    return sorted(names, key=lambda name: (name != OWN, name.lower()))


POINTS: Mapping[str, Callable[[Mapping[str, Record]], list[Point]]] = {
    "time-whole": time_whole,
    "time-lp": time_lp,
    "gap": gap,
    "memory": memory,
}
"""What each picture shows, by its name."""
