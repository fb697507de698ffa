"""What an import tells: the fate of every row, odd rows, combinations of codes, assumptions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from metneed.instances.files import decimal_column, sha256
from metneed.instances.importers import cld_tables
from metneed.instances.importers.codes import KEYS, LEFT_OUT, UNITS, UNMAPPED
from metneed.instances.importers.dates import Read, read_dates
from metneed.instances.importers.imported import Assumption, Tally, tally
from metneed.instances.importers.parts import Inputs, Request, Sifted
from metneed.instances.importers.prices import LEAST_ROWS
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


def tallies(inputs: Inputs, sifted: Sifted) -> dict[str, Sequence[Tally]]:
    """For each file that was read how many rows had which fate."""
    sieve, points = sifted.rows.sieve, inputs.points
    person = sifted.rows.person.codes.astype(np.int64)
    owner = points.person.codes.astype(np.int64)
    no_cost = np.zeros(len(points.table), dtype=np.int64)
    return {
        inputs.columns.file: tally(sieve.reasons, sieve.fate, person, costs(sifted)),
        points.table.file: tally(points.sieve.reasons, points.sieve.fate, owner, no_cost),
    }


def costs(sifted: Sifted) -> IntArray:
    """What each row costs as far as it can be told, pence: a week, or once where it is one-off."""
    paid = sifted.rows.costs
    return np.where(paid.once, (paid.unit_cost + 50) // 100, pence(paid.weekly))


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
    columns["remedy"] = _texts(reason.remedy for reason in reasons)
    return columns


def combinations(inputs: Inputs, sifted: Sifted) -> dict[str, TextArray]:
    """The combinations of codes in force on the day: service, rows and pounds of each.

    The table can be edited and given back as a mapping.
    """
    rows = np.flatnonzero(sifted.rows.in_force)
    keys = [inputs.columns.text(_SHOWN[name]) for name in KEYS]
    codes = np.stack([key.codes[rows].astype(np.int64) for key in keys], axis=1)
    distinct, place = np.unique(codes, axis=0, return_inverse=True)
    size, place = len(distinct), place.ravel()
    totals = np.zeros(size, dtype=np.int64)
    np.add.at(totals, place, costs(sifted)[rows])
    cells = [np.append(key.distinct, "")[distinct[:, i]] for i, key in enumerate(keys)]
    amounts = zip(np.bincount(place, minlength=size).tolist(), totals.tolist(), strict=True)
    count: Counter[tuple[str, ...]] = Counter()
    cost: Counter[tuple[str, ...]] = Counter()
    shown: dict[tuple[str, ...], tuple[str, ...]] = {}
    for *found, (number, paid) in zip(*cells, amounts, strict=True):
        spelt = tuple(map(letters, found))
        shown.setdefault(spelt, tuple(" ".join(cell.split()) for cell in found))
        count[spelt] += number
        cost[spelt] += paid
    services = list(inputs.mapping.services)
    table = []
    for spelt in sorted(count):
        name = inputs.mapping.service_of(*shown[spelt])
        unit = ""
        if name not in {UNMAPPED, LEFT_OUT}:
            place = int(sifted.prices.unit[services.index(name)])
            unit = UNITS[place] if place >= 0 else ""
        paid_text = decimal_text(cost[spelt], 2)
        table.append((*shown[spelt], name, unit, str(count[spelt]), paid_text))
    headings = (*KEYS, "service_id", "unit", "rows", "pounds_a_week")
    return {heading: _texts(row[place] for row in table) for place, heading in enumerate(headings)}


def notes(on: date, inputs: Inputs, sifted: Sifted) -> list[str]:
    """What a reader must know, one sentence each."""
    columns, found = inputs.columns, []
    if columns.dropped:
        found.append(f"dropped unread: {', '.join(columns.dropped)}")
    if columns.ignored:
        found.append(f"not used: {', '.join(columns.ignored)}")
    for name, effect in (
        ("Client Type", "every row was taken to be about a person who draws on care"),
        ("Date of Birth", "ages are not known"),
        ("Primary Support Reason", "people under 65 are one client group"),
    ):
        if name not in columns.used:
            found.append(f"there is no column {name}: {effect}")
    period = _period(inputs)
    if period and not period[0] <= on.toordinal() <= period[1]:
        first, last = (date.fromordinal(day).isoformat() for day in period)
        found.append(f"{on.isoformat()} lies outside the reporting period, {first} to {last}")
    for name, people in sifted.people.contradictions.items():
        found.append(f"{people:,} people have more than one {name}: the first that is known holds")
    unknown = np.char.endswith(cld_tables.today(sifted)[sifted.users].astype(str), "not known")
    if unknown.any():
        found.append(
            f"of {int(unknown.sum()):,} users today's services are not known, or in part only: "
            "in a comparison they seem to have less than they have (column today of users)"
        )
    several = _several(inputs, sifted)
    if several:
        found.append(f"{several:,} people have a service in several rows: they were added up")
    for place, service in enumerate(inputs.mapping.services.values()):
        if (
            sifted.prices.unit[place] != UNITS.index(service.unit)
            and not sifted.prices.given[place]
        ):
            found.append(
                f"no row gives a price by the {service.unit} for {service.service_id}: it is "
                "counted in pounds"
            )
    found += [str(item) for item in inputs.warnings.warnings]
    return found


def assumptions(on: date, inputs: Inputs, sifted: Sifted) -> list[Assumption]:
    """What the return does not say and what is assumed instead."""
    kept = sifted.rows.sieve.kept
    deduced = int((sifted.deduced & kept).sum())
    given = sifted.prices.given[np.unique(sifted.rows.service[kept])]
    derived = f"lower median of the rows; a client group's own from {LEAST_ROWS} rows on"
    stated, missing = "as in your services.csv", "; of services that it has not, " + derived
    prices = derived if not given.any() else stated + ("" if given.all() else missing)
    return [
        Assumption(
            "today",
            f"services begun by {on.isoformat()} and not ended before it",
            "another day has other services",
        ),
        Assumption(
            "weeks",
            "months 12/52, quarters 4/52, years 1/52 of a week",
            "52 1/7 weeks would make yearly and monthly costs 0.3 % less a week",
        ),
        Assumption(
            "pence",
            "a person's cost of a service is rounded once, to the nearest penny",
            "none beyond half a penny a person and service",
        ),
        Assumption(
            "prices",
            prices,
            "another price list changes the cost of every package that is not today's",
        ),
        Assumption(
            "units from costs",
            f"{deduced:,} rows by the week or month: as many units as the cost buys",
            "planned units in the return would replace them",
        ),
        Assumption(
            "steps",
            "half hours, whole sessions, weeks and pounds unless your services.csv says otherwise",
            "coarser steps make packages lumpier and dearer",
        ),
        Assumption(
            "unpaid care",
            "the column informal of the points export"
            if inputs.points.by_outcome and "informal" in inputs.points.table.columns
            else "none is counted: Has Unpaid Carer does not say how much",
            "shares of needs met by unpaid care lower need and packages",
        ),
        Assumption(
            "gross",
            "costs are gross; who funds a person is not looked at",
            "contributions.csv gives net costs",
        ),
        Assumption("evidence", *_evidence(inputs)),
    ]


def _evidence(inputs: Inputs) -> tuple[str, str]:
    """What level of evidence menus can be built at, and what it matters."""
    assessed = {"points", "reckoner"} <= set(inputs.tables)
    if inputs.points.by_outcome:
        more = "" if assessed else ", once points.csv and reckoner.csv are beside the tables"
        return "A, needs by outcome" + more, "points alone would rank people far more coarsely"
    if assessed:
        return "B, total points", "people of the same points look alike"
    effect = "people are ranked by how cheaply they were served; a reckoner by bands allows B"
    return "C, today's package only", effect


def record(request: Request, inputs: Inputs, sifted: Sifted) -> dict[str, object]:
    """The facts of an import, for machines."""
    files = [request.file, request.points, *inputs.tables.values()]
    files += [request.mapping] if request.mapping else []
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
        "inputs": {path.name: sha256(path) for path in files},
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


def _period(inputs: Inputs) -> tuple[int, int] | None:
    """First and last day of the reporting period, where all rows agree on one."""
    ends = [read_dates(inputs.columns.text(f"Reporting Period {x} Date")) for x in ("Start", "End")]
    days = [np.unique(end.day[end.read == Read.GOOD]) for end in ends]
    return (int(days[0][0]), int(days[1][0])) if all(len(one) == 1 for one in days) else None


def _several(inputs: Inputs, sifted: Sifted) -> int:
    rows = np.flatnonzero(sifted.rows.sieve.kept)
    person = sifted.people.row_person[rows]
    key = person * len(inputs.mapping.services) + sifted.rows.service[rows]
    _, first, count = np.unique(key, return_index=True, return_counts=True)
    return len(np.unique(person[first[count > 1]]))


def _texts(cells: Iterable[str]) -> TextArray:
    # One cell more than there are, so that no list of texts becomes a table.
    return np.array([*cells, None], dtype=object)[:-1]
