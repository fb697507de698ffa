"""Which rows of a catalogue are offered to which users."""

import numpy as np
import pandas as pd

from metneed.instances.faults import Fault
from metneed.instances.headings import near_misses, nearest
from metneed.instances.identifiers import check_texts
from metneed.instances.reading import Reading
from metneed.instances.tables import Opaque, Table, Text
from metneed.instances.users import UserRows
from metneed.models.arrays import IntArray

EVERYONE = ("", "*")
"""Cells of a key column that match every user."""

MOST_OFFERS = 200_000_000
"""Rows of menus that a catalogue may expand to."""


def matches(reading: Reading, users: UserRows) -> tuple[IntArray, IntArray] | None:
    """Every pair of a row of the catalogue and a user who is offered it, sorted by user and row.

    Rows with the same key columns blank are joined to users at once. None where the pairs are
    too many to hold, or the columns to match by are in doubt.
    """
    keys = key_columns(reading, users)
    if keys is None:
        return None
    n_rows = len(reading.table)
    wanted = np.zeros((n_rows, len(keys)), dtype=np.int64)
    has = np.zeros((len(users), len(keys)), dtype=np.int64)
    for place, heading in enumerate(keys):
        wanted[:, place], has[:, place] = _codes(reading, users, heading)
    possible = np.flatnonzero((wanted != _UNKNOWN).all(axis=1))
    wild = wanted[possible] == _EVERYONE
    parts, total = [], 0
    for pattern in np.unique(wild, axis=0):
        rows = possible[(wild == pattern).all(axis=1)]
        starts, ends, order = _ranges(wanted[rows][:, ~pattern], has[:, ~pattern])
        total += int((ends - starts).sum())
        if total > MOST_OFFERS:
            problem = f"offers more than {MOST_OFFERS:,} packages in all"
            reading.about(Fault("too-many-offers", problem, "Fill in more of the key columns"))
            return None
        parts.append(_pairs(rows[order], starts, ends))
    row = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, dtype=np.int64)
    user = np.concatenate([part[1] for part in parts]) if parts else np.zeros(0, dtype=np.int64)
    order = np.lexsort((row, user))
    _report_idle(reading, possible, row)
    return row[order], user[order]


def key_columns(reading: Reading, users: UserRows) -> list[str] | None:
    """The columns of a catalogue that decide who is offered what.

    None where a heading is nearly one of them, or is one that cannot be matched: a finding.
    """
    table, schema = users.reading.table, users.reading.schema
    others = [name for name in reading.table.columns if reading.schema.field(name) is None]
    near = near_misses(others, table.columns)
    keys, sound = [], not near
    for heading in others:
        field = schema.field(heading)
        if heading not in table.columns:
            _report_stranger(reading, heading, table, near)
        elif field is not None and field.kind not in {"id", "text"}:
            problem = f"{table.file} has numbers there, which no catalogue can match"
            reading.about(Fault("bad-key", problem, "Match by a column of text"), heading)
            sound = False
        elif _is_opaque(reading.table, heading) or _is_opaque(table, heading):
            reading.about(Fault("bad-key", "not a column of text", "Write it as text"), heading)
            sound = False
        else:
            keys.append(heading)
    return keys if sound else None


_EVERYONE, _UNKNOWN = -2, -1


def _codes(reading: Reading, users: UserRows, heading: str) -> tuple[IntArray, IntArray]:
    """The value of each row and of each user as a code; rows also: everyone, or unknown."""
    wanted, had = _labels(reading.table, heading), _labels(users.reading.table, heading)
    usable = check_texts(reading, heading, wanted)
    codes = pd.Index(had.distinct, dtype=object).get_indexer(
        pd.Index(wanted.distinct, dtype=object)
    )
    everyone = np.isin(wanted.distinct, EVERYONE)
    codes[everyone] = _EVERYONE
    strange = np.flatnonzero((codes == _UNKNOWN) & usable)

    def fault(row: int) -> Fault:
        near = nearest(wanted.shown(row), [value for value in had.distinct if value])
        remedy = f"Did you mean {near!r}?" if near else "The row is offered to nobody"
        return Fault("unknown-value", "no user has this value", remedy)

    if users.reading.table.complete:
        reading.cells(heading, wanted.rows_of(strange), fault, "warning")
    return np.append(codes, _EVERYONE)[wanted.codes], had.codes[users.rows].astype(np.int64)


def _ranges(wanted: IntArray, has: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """For each user the range of matching rows, in an order of rows that is returned too."""
    one, other = np.zeros(len(wanted), dtype=np.int64), np.zeros(len(has), dtype=np.int64)
    for place in range(wanted.shape[1]):
        pairs = np.concatenate([one, other]), np.concatenate([wanted[:, place], has[:, place]])
        # Codes stay small from column to column, so that their products fit.
        joint = pairs[0] * (int(pairs[1].max(initial=0)) + 2) + pairs[1] + 1
        _, dense = np.unique(joint, return_inverse=True)
        one, other = dense[: len(wanted)], dense[len(wanted) :]
    order = np.argsort(one, kind="stable")
    return (
        np.searchsorted(one[order], other, side="left"),
        np.searchsorted(one[order], other, side="right"),
        order,
    )


def _pairs(rows: IntArray, starts: IntArray, ends: IntArray) -> tuple[IntArray, IntArray]:
    sizes = ends - starts
    user = np.repeat(np.arange(len(sizes)), sizes)
    begins = np.cumsum(sizes) - sizes
    return rows[np.arange(int(sizes.sum())) + np.repeat(starts - begins, sizes)], user


def _labels(table: Table, heading: str) -> Text:
    column = table.columns[heading]
    assert not isinstance(column, Opaque)
    return column.labels()


def _is_opaque(table: Table, heading: str) -> bool:
    return isinstance(table.columns[heading], Opaque)


def _report_stranger(reading: Reading, heading: str, table: Table, near: dict[str, str]) -> None:
    meant = [name for name, found in near.items() if found == heading]
    if meant:
        problem = f"looks like {meant[0]} of {table.file}, and would not decide who is offered it"
        fault = Fault("misspelt-column", problem, f"Call it {meant[0]}, or something else")
        reading.about(fault, heading, row=1)
    else:
        problem = f"{table.file} has no such column, so it decides nothing"
        fault = Fault("unused-column", problem, "Delete it, or add it to the users")
        reading.about(fault, heading, row=1, severity="warning")


def _report_idle(reading: Reading, possible: IntArray, row: IntArray) -> None:
    used = np.zeros(len(reading.table), dtype=np.bool_)
    used[row] = True
    fault = Fault("unused-row", "no user has this combination of values", "Check the row")
    reading.cells("package_id", possible[~used[possible]], fault, "warning")
