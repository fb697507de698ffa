"""What an import assumes, and what a reader of its tables must know."""

from datetime import date

import numpy as np

from metneed.instances.importers import cld_tables
from metneed.instances.importers.codes import UNITS, meant
from metneed.instances.importers.dates import Read, read_dates
from metneed.instances.importers.imported import Assumption
from metneed.instances.importers.parts import Inputs, Sifted
from metneed.instances.importers.prices import LEAST_ROWS

_CODED = {
    "Primary Support Reason": "primary_support_reason",
    "Has Unpaid Carer": "has_unpaid_carer",
}
"""Columns that describe people by codes; an unknown code is taken for none."""


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
    found += _doubts(inputs, sifted)
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


def _doubts(inputs: Inputs, sifted: Sifted) -> list[str]:
    """What is less certain than it looks: contradictions, unknown services, prices in pounds."""
    found = []
    for name, people in sifted.people.contradictions.items():
        found.append(f"{people:,} people have more than one {name}: the first that is known holds")
    found += [words for field, code in _CODED.items() if (words := _strange(inputs, field, code))]
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
    return found


def _strange(inputs: Inputs, field: str, code: str) -> str:
    """How many rows have a code that the specification has not; empty where none has."""
    text = inputs.columns.text(field)
    place, _ = meant(text, code)
    rows = np.flatnonzero(place == -2)
    if not len(rows):
        return ""
    return f"{len(rows):,} rows have an unknown {field}, such as {text.shown(int(rows[0]))!r}"


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
