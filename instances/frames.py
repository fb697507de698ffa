"""DataFrames as tables, by the same rules as files."""

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from metneed.instances.faults import Fault, FileFaults
from metneed.instances.headings import duplicate, first_of_each
from metneed.instances.schemas import Schema
from metneed.instances.tables import Column, Floats, Opaque, Table, Text, Whole, float_text
from metneed.models.findings import Findings


def read_frame(frame: pd.DataFrame, schema: Schema, findings: Findings) -> Table:
    """The table of a DataFrame; rows are numbered as if it were written to a spreadsheet.

    Parameters
    ----------
    frame
        Its columns are used, its index is not.
    schema
        The table it should be: identifiers must be text.
    findings
        Where faults go.
    """
    faults = FileFaults(schema.name, findings)
    headings = [str(heading) for heading in frame.columns]
    places, twice = first_of_each(headings)
    for heading in twice:
        faults.add(duplicate(heading, places), heading, row=1)
    if frame.empty:
        faults.add(Fault("no-rows", "there are no rows", "Add the rows"))
    columns = {heading: _column(frame.iloc[:, place]) for heading, place in places.items()}
    for heading, column in columns.items():
        field = schema.field(heading)
        if field is not None and field.kind == "id" and isinstance(column, Text):
            _check_identifiers(faults, heading, frame.iloc[:, places[heading]], column)
    return Table(schema.name, columns, range(2, len(frame) + 2))


def _column(series: "pd.Series[Any]") -> Column:
    kind = series.dtype
    if isinstance(kind, np.dtype):
        if kind.kind == "i" or (kind.kind == "u" and kind.itemsize < 8):
            missing = np.zeros(len(series), dtype=np.bool_)
            return Whole(series.to_numpy().astype(np.int64), 0, missing)
        if kind.kind == "f" and kind.itemsize <= 8:
            return Floats(series.to_numpy().astype(np.float64))
        if kind.kind in "Mm":
            return Opaque(str(kind), len(series))
    cells = series.to_numpy(dtype=object)
    if pd.api.types.infer_dtype(cells, skipna=True) in {"string", "empty"}:
        return Text.of(cells)
    return Text.of([_cell(cell) for cell in cells])


def _cell(cell: object) -> str | None:
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    match cell:
        case bool() | np.bool_():
            text = str(cell).upper()
        case Decimal() if cell.is_finite():
            text = format(cell, "f")
        case float() | np.floating():
            return None if np.isnan(cell) else float_text(float(cell))
        case _:
            text = str(cell)
    return text


def _check_identifiers(
    faults: FileFaults, heading: str, series: "pd.Series[Any]", column: Text
) -> None:
    """Add a finding for every identifier that is no text: the number 7 may have been 007."""
    fault = Fault("wrong-type", "a number, not text", "Give identifiers as text")
    for row, cell in enumerate(series.to_numpy(dtype=object)):
        if not isinstance(cell, str) and column.codes[row] >= 0:
            faults.add(fault, heading, column.shown(row), row=row + 2)
