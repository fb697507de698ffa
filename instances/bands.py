"""Bands: rows from one number to another, both included, that leave nothing out."""

import numpy as np

from metneed.instances.faults import Fault
from metneed.instances.reading import Numbers, Reading
from metneed.instances.tables import Opaque

_REMEDY = "Let each band begin where the one before has ended: 70 to 115, then 116 to 130"


def check_bands(reading: Reading, first: Numbers, last: Numbers | None) -> None:
    """Add a finding where a band overlaps another or leaves a gap; both rows are named.

    A band holds its first and its last number. The next one begins at most 1 later; what lies
    between two numbers of a table counts as the lower one.

    Parameters
    ----------
    reading
        The table.
    first, last
        Its columns ``from`` and ``to``; the last band may have no end.
    """
    has_end = reading.filled("to")
    ends = np.full(len(reading.table), -1) if last is None else np.where(has_end, last.units, -1)
    if not (first.good.all() and (last is None or (last.good | ~has_end).all())):
        return
    starts, table = first.units, reading.table
    field = reading.schema.field("from")
    is_need = field is not None and field.kind == "need"
    whole = 10**reading.units.need_decimals if is_need else 1
    backward = np.flatnonzero(has_end & (ends < starts))
    reading.cells("to", backward, Fault("band-order", "less than its from", "Exchange the two"))
    order = sorted(range(len(table)), key=lambda row: (int(starts[row]), row))
    reaching = order[0] if order else 0
    for row in order[1:]:
        beside = f"row {table.rows[reaching]} ({_shown(reading, reaching)})"
        fault = None
        if not has_end[reaching] or starts[row] <= ends[reaching]:
            fault = Fault("bands-overlap", f"overlaps {beside}", _REMEDY)
        elif starts[row] > ends[reaching] + whole:
            fault = Fault("bands-gap", f"leaves a gap after {beside}", _REMEDY)
        if fault is not None and reaching not in backward:
            reading.cells("from", np.array([row]), fault)
        # A band inside another ends before that one does.
        if has_end[reaching] and (not has_end[row] or ends[row] > ends[reaching]):
            reaching = row


def _shown(reading: Reading, row: int) -> str:
    """A band as people say it."""
    columns = (reading.column(heading) for heading in ("from", "to"))
    readable = [column for column in columns if column is not None]
    start, *end = [column.shown(row) for column in readable if not isinstance(column, Opaque)]
    return f"{start} to {end[0]}" if end and end[0] else f"{start} and above"
