"""What an import tells: the fate of every row, odd rows, combinations of codes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from metneed.instances.files import decimal_column, sha256
from metneed.instances.headings import nearest
from metneed.instances.importers.codes import KEYS, LEFT_OUT, UNITS, UNMAPPED, spellings
from metneed.instances.importers.imported import Tally, tally
from metneed.instances.importers.parts import Inputs, Request, Sifted
from metneed.instances.money_time import letters, pence
from metneed.instances.publish import versions
from metneed.models.arrays import IntArray, TextArray
from metneed.models.units import decimal_text

_SHOWN: Mapping[str, str] = {
    "service_type": "Service Type",
    "service_component": "Service Component",
    "delivery_mechanism": "Delivery Mechanism",
    "start": "Event Start Date",
    "end": "Event End Date",
    "unit_cost": "Unit Cost",
    "cost_frequency": "Cost Frequency (Unit Type)",
    "planned_units": "Planned units per week",
}

_UNKNOWN: Mapping[str, tuple[str, str]] = {
    "unknown-client-type": ("Client Type", "client_type"),
    "unknown-event": ("Event Type", "event_type"),
    "unknown-service-type": ("Service Type", "service_type"),
    "unknown-frequency": ("Cost Frequency (Unit Type)", "frequency"),
    "unmapped": ("Service Component", "service_component"),
}
"""For reasons that a code is not known: its column, and the field whose codes are known."""


def tallies(inputs: Inputs, sifted: Sifted) -> dict[str, Sequence[Tally]]:
    """For each file that was read how many rows had which fate."""
    sieve, points = sifted.rows.sieve, inputs.points
    person = sifted.rows.person.codes.astype(np.int64)
    owner = points.person.codes.astype(np.int64)
    no_cost = np.zeros(len(points.table), dtype=np.int64)
    mine, theirs = inputs.columns.file, points.table.file
    # Two files of two folders may have one name.
    theirs += " (points)" * (mine == theirs)
    return {
        mine: tally(sieve.reasons, sieve.fate, person, costs(sifted)),
        theirs: tally(points.sieve.reasons, points.sieve.fate, owner, no_cost),
    }


def costs(sifted: Sifted) -> IntArray:
    """What each row costs a week as far as it can be told, pence; once where that is its fate."""
    paid, once = sifted.rows.costs, sifted.rows.sieve.has("one-off")
    return np.where(once, (paid.unit_cost + 50) // 100, pence(paid.weekly))


def odd_rows(inputs: Inputs, sifted: Sifted) -> dict[str, TextArray]:
    """The rows in which something is wrong, with reason and remedy; those of both files."""
    sieve, points = sifted.rows.sieve, inputs.points
    mine, theirs = np.flatnonzero(sieve.odd), np.flatnonzero(points.sieve.odd)
    reasons = [sieve.reasons[place] for place in sieve.fate[mine]]
    reasons += [points.sieve.reasons[place] for place in points.sieve.fate[theirs]]
    numbers = [inputs.columns.rows[row] for row in mine.tolist()]
    numbers += [points.table.rows[row] for row in theirs.tolist()]
    files = [inputs.columns.file] * len(mine) + [points.table.file] * len(theirs)
    person = inputs.columns.text("LA Person Unique Identifier")
    columns = {
        "file": _texts(files),
        "row": _texts(map(str, numbers)),
        "user_id": np.concatenate(
            [np.append(person.distinct, "")[person.codes[mine]], points.cells("user_id")[theirs]]
        ),
    }
    blank = np.full(len(theirs), "", dtype=object)
    for name, heading in _SHOWN.items():
        text = inputs.columns.text(heading)
        cells = np.append(text.distinct, "")[text.codes[mine]]
        columns[name] = np.concatenate([cells, blank])
    columns["pounds_a_week"] = np.concatenate([decimal_column(costs(sifted)[mine], 2), blank])
    columns["reason"] = _texts(reason.words for reason in reasons)
    remedies = [reason.remedy for reason in reasons]
    for place, reason in enumerate(reasons[: len(mine)]):
        remedies[place] += _meant(inputs, reason.code, int(mine[place]))
    columns["remedy"] = _texts(remedies)
    return columns


def _meant(inputs: Inputs, reason: str, row: int) -> str:
    """The known code that an unknown one is spelt most like, as a question; empty for none."""
    if reason not in _UNKNOWN:
        return ""
    heading, field = _UNKNOWN[reason]
    found = _nearest(inputs.columns.text(heading).shown(row), field)
    return f". Did you mean {found!r}?" if found else ""


@cache
def _nearest(code: str, field: str) -> str | None:
    return nearest(code, spellings(field)) if code.strip() else None


def combinations(inputs: Inputs, sifted: Sifted) -> dict[str, TextArray]:
    """The combinations of codes in force on the day: service, rows and pounds of each.

    The table can be edited and given back as a mapping.
    """
    services = list(inputs.mapping.services)
    table = []
    for codes, rows, cost in _combined(inputs, sifted):
        name, unit = inputs.mapping.service_of(*codes), ""
        if name not in {UNMAPPED, LEFT_OUT}:
            place = int(sifted.prices.unit[services.index(name)])
            unit = UNITS[place] if place >= 0 else ""
        table.append((*codes, name, unit, str(rows), decimal_text(cost, 2)))
    headings = (*KEYS, "service_id", "unit", "rows", "pounds_a_week")
    return {heading: _texts(row[place] for row in table) for place, heading in enumerate(headings)}


def _combined(inputs: Inputs, sifted: Sifted) -> list[tuple[tuple[str, ...], int, int]]:
    """Each combination as it is first spelt, its rows and pence; by its letters."""
    chosen = np.flatnonzero(sifted.rows.in_force)
    keys = [inputs.columns.text(_SHOWN[name]) for name in KEYS]
    codes = np.stack([key.codes[chosen].astype(np.int64) for key in keys], axis=1)
    distinct, place = np.unique(codes, axis=0, return_inverse=True)
    cells = [np.append(key.distinct, "")[distinct[:, i]] for i, key in enumerate(keys)]
    paid = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(paid, place.ravel(), costs(sifted)[chosen])
    counted = np.bincount(place.ravel(), minlength=len(distinct))
    shown: dict[tuple[str, ...], tuple[str, ...]] = {}
    rows, cost = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for i, spelling in enumerate(zip(*cells, strict=True)):
        spelt = tuple(map(letters, spelling))
        shown.setdefault(spelt, tuple(" ".join(cell.split()) for cell in spelling))
        rows[spelt] += int(counted[i])
        cost[spelt] += int(paid[i])
    return [(shown[spelt], rows[spelt], cost[spelt]) for spelt in sorted(shown)]


def record(request: Request, inputs: Inputs, sifted: Sifted) -> dict[str, object]:
    """The facts of an import, for machines."""
    files = {"extract": request.file, "points export": request.points, **inputs.tables}
    files |= {"mapping": request.mapping} if request.mapping else {}
    rows = sifted.rows
    return {
        "format": "cld",
        "on": request.on.isoformat(),
        "users": int(sifted.users.sum()),
        "people_without_points": int((~sifted.users).sum()),
        "services": services(inputs, sifted),
        "one_off_pounds": decimal_text(
            int(costs(sifted)[rows.sieve.has("one-off")].astype(object).sum()), 2
        ),
        "inputs": {
            what: {"file": path.name, "sha256": sha256(path)} for what, path in files.items()
        },
        "versions": versions(),
    }


def services(inputs: Inputs, sifted: Sifted) -> list[dict[str, object]]:
    """For each service of today its unit, people, rows and recorded cost of a week."""
    rows = np.flatnonzero(sifted.rows.sieve.kept)
    service, cost = sifted.rows.service[rows], costs(sifted)[rows]
    found = []
    for place, name in enumerate(inputs.mapping.services):
        mine = service == place
        if mine.any():
            unit = int(sifted.prices.unit[place])
            people = np.unique(sifted.people.row_person[rows[mine]])
            found.append(
                {
                    "service_id": name,
                    "unit": UNITS[unit] if unit >= 0 else "",
                    "people": len(people),
                    "rows": int(mine.sum()),
                    "pounds_a_week": decimal_text(int(cost[mine].sum()), 2),
                }
            )
    return found


def _texts(cells: Iterable[str]) -> TextArray:
    # One cell more than there are, so that no list of texts becomes a table.
    return np.array([*cells, None], dtype=object)[:-1]
