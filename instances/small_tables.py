"""Small tables that options of rules are read from: points, bands, rates, tariffs and so on."""

from collections.abc import Iterator, Mapping

import numpy as np

from metneed.instances.bands import check_bands
from metneed.instances.council.columns import Names
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings, nearest
from metneed.instances.identifiers import check_ids, check_texts
from metneed.instances.needs import NeedRows, optional_text
from metneed.instances.reading import Reading
from metneed.instances.schemas import SMALL, UNIT_DECIMALS
from metneed.instances.tables import Opaque
from metneed.instances.users import UserRows
from metneed.models.arrays import IntArray, TextArray
from metneed.models.assessment import Assessment
from metneed.models.findings import visible
from metneed.models.instance import Rows
from metneed.models.words import counted

_ALL_COLUMNS = ("sample",)
"""Tables whose further columns of text are kept, too."""

_NAMED = 3
"""Users who are named in one finding."""


def read_small_tables(readings: Mapping[str, Reading]) -> dict[str, Rows]:
    """The small tables among these, by name; every fault of their cells is a finding.

    Rows keep the order of their table, and their cells are text; a cell that is blank is left out.
    """
    return {name: _rows(readings[name]) for name in SMALL if name in readings}


def check_together(
    readings: Mapping[str, Reading], needs: NeedRows | None, users: UserRows | None
) -> None:
    """Add findings where one table says nothing of what another needs.

    Parameters
    ----------
    readings
        The tables.
    needs, users
        Assessed needs and whose they are, None where they could not be read.
    """
    if needs is not None and users is not None and "points" in readings:
        _check_points(readings["points"], needs, users.ids)
    if "reckoner" in readings and "rates" in readings:
        _check_rates(readings["rates"], readings["reckoner"])


def _rows(reading: Reading) -> Rows:
    """The rows of a table as text; what is wrong in it is findings."""
    check_headings(reading)
    numbers = {}
    for field in reading.schema.fields:
        if field.kind == "id":
            check_ids(reading, field.name)
        elif field.kind != "text":
            numbers[field.name] = reading.numbers(field.name, blank=not field.required)
        elif field.required:
            Names.of(reading, field.name)
        else:
            optional_text(reading, field.name)
    cells = _cells(reading)
    first = numbers.get("from")
    if "from" not in reading.schema.names:
        _check_keys(reading, [cells[name] for name in reading.schema.key if name in cells])
    elif first is not None:
        check_bands(reading, first, numbers["to"])
    lines = zip(*cells.values(), strict=True)
    rows = (zip(cells, line, strict=True) for line in lines)
    return tuple({heading: cell for heading, cell in row if cell} for row in rows)


def _cells(reading: Reading) -> dict[str, list[str]]:
    """The columns that are kept, as text."""
    kept = {}
    for heading, column in reading.table.columns.items():
        standard = reading.schema.field(heading) is not None
        if isinstance(column, Opaque) or not (standard or reading.schema.name in _ALL_COLUMNS):
            continue
        if not standard:
            check_texts(reading, heading, column.labels())
        kept[heading] = [column.shown(row) for row in range(len(column))]
    return kept


def _check_keys(reading: Reading, key: list[list[str]]) -> None:
    """Add a finding for each row that says again what an earlier one has said."""
    first: dict[tuple[str, ...], int] = {}
    again = {}
    for row, said in enumerate(zip(*key, strict=True)):
        earlier = first.setdefault(said, row)
        # What is blank has a finding of its own.
        if earlier != row and said[-1]:
            again[row] = int(reading.table.rows[earlier])
    what = " and ".join(name for name in reading.schema.key if reading.column(name) is not None)

    def fault(row: int) -> Fault:
        return Fault("duplicate-row", f"the same {what} as in row {again[row]}", "Keep one of them")

    if again:
        reading.cells(reading.schema.key[-1], np.array(list(again), dtype=np.int64), fault)


def _check_points(points: Reading, needs: NeedRows, ids: TextArray) -> None:
    """Add a finding for each answer that counts and of which the points say nothing."""
    cells, size = _cells(points), len(points.table)
    if not {"outcome", "severity"} <= cells.keys():
        return
    columns = [cells.get(name, [""] * size) for name in ("instrument", "outcome", "severity")]
    known = set(zip(*columns, strict=True))
    instruments = {instrument for instrument, _, _ in known}
    outcomes = {(instrument, outcome) for instrument, outcome, _ in known}
    for answer, rows in _answers(needs.assessment):
        instrument, outcome, severity = answer
        if instrument not in instruments or answer in known:
            continue
        if (instrument, outcome) not in outcomes:
            others = [name for each, name in outcomes if each == instrument]
            column, value, near = "outcome", outcome, nearest(outcome, others)
        else:
            others = [name for *each, name in known if each == [instrument, outcome]]
            column, value, near = "severity", severity, nearest(severity, others)
        problem = (
            f"{points.table.file} has no points for outcome {visible(outcome, 40)!r} of severity "
            f"{visible(severity, 40)!r}, which {_who(needs.assessment.user[rows], ids)}"
        )
        added = "Add the row there, with 0 points where it counts nothing"
        remedy = f"Did you mean {near!r}? {added}" if near else added
        row = int(needs.reading.table.rows[int(needs.rows[rows].min())])
        needs.reading.about(Fault("no-points-for", problem, remedy), column, value, row=row)


def _answers(assessment: Assessment) -> Iterator[tuple[tuple[str, str, str], IntArray]]:
    """Each answer that counts, as instrument, outcome and severity, and its rows."""
    counting = np.flatnonzero(assessment.eligible)
    names = (assessment.instrument, assessment.outcome, assessment.severity)
    shape = tuple(max(1, len(column.names)) for column in names)
    keys = np.ravel_multi_index([column.codes[counting] for column in names], shape)
    order = np.argsort(keys, kind="stable")
    distinct, first = np.unique(keys[order], return_index=True)
    groups = np.split(counting[order], first[1:])
    for place, rows in zip(np.transpose(np.unravel_index(distinct, shape)), groups, strict=False):
        instrument, outcome, severity = (
            column.names[code] for column, code in zip(names, place.tolist(), strict=True)
        )
        yield (instrument, outcome, severity), rows


def _who(users: IntArray, ids: TextArray) -> str:
    """How many users have an answer, and the first of them by name."""
    distinct = np.unique(users)
    named = ", ".join(visible(str(ids[user]), 40) for user in distinct[:_NAMED].tolist())
    more = ", ..." if len(distinct) > _NAMED else ""
    return f"{counted(len(distinct), 'user has', 'users have')} ({named}{more})"


def _check_rates(rates: Reading, reckoner: Reading) -> None:
    """Add a finding for each service of the reckoner that has no rate."""
    cells, known = _cells(reckoner), set(_cells(rates).get("service_id", []))
    services, units = cells.get("service_id"), reckoner.column("units")
    if services is None or units is None or isinstance(units, Opaque) or not known:
        return
    amount, _ = units.units(UNIT_DECIMALS)
    first: dict[str, int] = {}
    for row in np.flatnonzero(amount > 0).tolist():
        if services[row] not in known:
            first.setdefault(services[row], row)
    for service, row in first.items():
        near = nearest(service, known)
        remedy = f"Did you mean {near!r}?" if near else "Add the service there, with its rate"
        fault = Fault("no-rate", f"{rates.table.file} has no rate for this service", remedy)
        reckoner.cells("service_id", np.array([row]), fault)
