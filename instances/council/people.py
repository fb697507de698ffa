"""The people of a council: those in users, or all who have needs where there is no such table."""

from collections.abc import Mapping

import numpy as np

from metneed.instances.council.schemas import USERS
from metneed.instances.identifiers import check_ids
from metneed.instances.reading import Reading
from metneed.instances.tables import Opaque, Table, Text
from metneed.instances.users import UserRows, read_users
from metneed.models.arrays import TextArray

_NOT_OURS = {"no-points", "zero-points"}
"""Findings of the reader of instances: here points usually follow from needs."""


def read_people(readings: Mapping[str, Reading]) -> UserRows | None:
    """Who there is, in code-point order of identifiers; None where that cannot be told."""
    if "users" in readings:
        reading = readings["users"]
        people = read_users(reading, None)
        kept = [item for item in reading.findings if item.code not in _NOT_OURS]
        reading.findings.items[:] = kept
        return people
    source = next((readings[name] for name in ("needs", "current") if name in readings), None)
    return None if source is None else _in_table(source)


def text_columns(people: UserRows) -> dict[str, TextArray]:
    """The further columns of users as text, one row a person; blank cells are empty."""
    table = people.reading.table
    found = {}
    for heading, column in table.columns.items():
        if people.reading.schema.field(heading) is None and not isinstance(column, Opaque):
            text = column.labels()
            found[heading] = np.append(text.distinct, "")[text.codes[people.rows]]
    return found


def _in_table(reading: Reading) -> UserRows | None:
    """Everybody whom a table names, as if they stood in a table of users."""
    before = len(reading.findings)
    checked = check_ids(reading, "user_id")
    # The table's own reader finds the same faults again.
    del reading.findings.items[before:]
    if checked is None:
        return None
    text, usable = checked
    values = sorted(text.distinct[usable].tolist())
    ids = np.array([*values, None], dtype=object)[:-1]
    named = Table(
        reading.table.file, {"user_id": Text.of(ids)}, range(2, len(ids) + 2), complete=True
    )
    rows = np.arange(len(ids))
    return UserRows(Reading(named, USERS, reading.units, reading.findings), ids, rows, {}, {})
