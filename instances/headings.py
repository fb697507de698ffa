"""Headings of a table: those that are missing, misspelt, given twice or not there at all."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches

from metneed.instances.faults import Fault
from metneed.instances.grammar import PLAIN
from metneed.instances.reading import Reading
from metneed.instances.schemas import Schema

_NEAR = 0.8
"""Headings whose letters agree to this part are taken for a slip of the pen."""

_SHOWN = 12


def check_headings(reading: Reading, exempt: Collection[str] = ()) -> None:
    """Add findings for columns that the schema requires and for headings that nearly are one.

    Parameters
    ----------
    reading
        The table.
    exempt
        Headings that are meant as they are, however near they come to a standard one.
    """
    schema, headings = reading.schema, list(reading.table.columns)
    missing = [f.name for f in schema.fields if f.required and f.name not in headings]
    if missing and _is_data(headings, schema):
        remedy = f"Put the headings in row 1: {', '.join(schema.names)}"
        reading.about(Fault("no-headings", "row 1 holds data, not headings", remedy), row=1)
        return
    near = near_misses(headings, schema.names, exempt)
    for name, heading in near.items():
        reading.about(_misspelt(name), heading, row=1)
    for name in missing:
        if name not in near:
            found = ", ".join(repr(heading) for heading in headings[:_SHOWN])
            remedy = f"Add the column; row 1 has {found or 'no heading'}"
            reading.about(Fault("missing-column", "the column is missing", remedy), name, row=1)


def near_misses(
    headings: Sequence[str], names: Iterable[str], exempt: Collection[str] = ()
) -> dict[str, str]:
    """For each standard name that no heading has, the heading that nearly is it.

    A heading that is nearer to another name, which there is, is meant as it stands.
    """
    known = list(names)
    there = [name for name in known if name in headings]
    free = [h for h in headings if h not in known and h not in exempt]
    near = {}
    for name in known:
        if name not in headings:
            found = max(free, key=lambda heading: _likeness(heading, name), default="")
            likeness = _likeness(found, name)
            # A second users is no slip of uses: it is nearer to the one that is there.
            nearer = any(_likeness(found, other) > likeness for other in there)
            if likeness >= _NEAR and not nearer:
                near[name] = found
                free.remove(found)
    return near


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is spelt most like this one, or None where none is near."""
    spelt = {_letters(other): other for other in known}
    found = get_close_matches(_letters(name), spelt, n=1, cutoff=0.6)
    return spelt[found[0]] if found else None


def standard_headings(headings: Iterable[str], schema: Schema) -> int:
    """How many of these headings are standard ones of the table, or nearly so."""
    return sum(any(_likeness(h, name) >= _NEAR for name in schema.names) for h in headings)


def first_of_each(headings: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each heading stands first, and those that stand there twice; blanks left out."""
    places: dict[str, int] = {}
    twice = []
    for place, heading in enumerate(headings):
        if heading in places:
            twice.append(heading)
        elif heading:
            places[heading] = place
    return places, twice


def duplicate(heading: str, places: Mapping[str, int]) -> Fault:
    """The fault of a heading that stands twice."""
    problem = f"two columns are called {heading!r}"
    return Fault(
        "duplicate-column", problem, f"Keep one; the first is column {places[heading] + 1}"
    )


def _misspelt(name: str) -> Fault:
    return Fault(
        "misspelt-column",
        f"looks like {name}, and would not be read",
        f"Call it {name}, or something that cannot be taken for it",
    )


def _is_data(headings: Sequence[str], schema: Schema) -> bool:
    return not standard_headings(headings, schema) and any(map(PLAIN.fullmatch, headings))


def _likeness(one: str, other: str) -> float:
    """How much of two headings agrees, from 0 to 1; letters in another order are a slip, too."""
    one, other = _letters(one), _letters(other)
    if 2 * min(len(one), len(other)) < _NEAR * (len(one) + len(other)):
        return 0.0
    if sorted(one) == sorted(other):
        return 1.0
    return SequenceMatcher(None, one, other).ratio()


def _letters(heading: str) -> str:
    return re.sub(r"[\W_]+", "", heading.casefold())
