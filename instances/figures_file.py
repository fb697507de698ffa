"""Figures that are not a comparison, as a table and a record: whole or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from metneed.instances.files import defused, write_columns, write_text
from metneed.instances.publish import digests, sealed, staging_in, versions
from metneed.instances.results import NOTE
from metneed.models.arrays import TextArray
from metneed.models.comparison import Figure, number_text
from metneed.models.errors import OutputError
from metneed.models.instance import Instance
from metneed.models.units import Units

FORMAT_VERSION = 1
_DIGITS = 9


def figure_rows(figures: Iterable[Figure], units: Units) -> list[dict[str, str]]:
    """Figures as rows of a table: amounts as exact decimal text, other numbers to nine digits."""
    return [
        {
            "about": figure.rule,
            "group_by": figure.group_by,
            "group": figure.group,
            "measure": figure.measure,
            "value": number_text(figure.value, figure.unit, units, _DIGITS),
            "unit": figure.unit,
        }
        for figure in figures
    ]


def columns_of(rows: Sequence[Mapping[str, str]]) -> dict[str, TextArray]:
    """Rows as columns of cells that no spreadsheet runs; numbers stay as they are."""
    columns = {name: np.array([row[name] for row in rows], dtype=object) for name in rows[0]}
    return {
        name: defused(cells) if name in {"user_id", "group", "group_by"} else cells
        for name, cells in columns.items()
    }


def write_figures(
    folder: Path,
    name: str,
    tables: Mapping[str, Sequence[Mapping[str, str]]],
    record: Mapping[str, object],
    instances: Sequence[Instance],
) -> None:
    """Write tables as CSV files and `NAME.json`, which vouches for them, to a folder.

    Parameters
    ----------
    folder
        Made where it is missing; an earlier result of the same name is replaced.
    name
        Name of the record, and of what is recorded.
    tables
        Rows by name of the file.
    record
        What else the record says.
    instances
        What it was made from.

    Raises
    ------
    OutputError
        Where the folder cannot be written, the disk is full, or it holds an instance.
    """
    if any(folder.glob("users.*")):
        raise OutputError(f"{folder} holds an instance: write the {name} to another folder")
    with staging_in(folder) as staging:
        for table, rows in tables.items():
            write_columns(staging / f"{table}.csv", columns_of(rows))
        inputs = [dict(instance.inputs) for instance in instances]
        document = {
            "format": f"metneed {name}",
            "format_version": FORMAT_VERSION,
            "note": NOTE,
            **record,
            "versions": versions(),
            "inputs": inputs[0] if len(inputs) == 1 else inputs,
            "outputs": digests(staging),
        }
        write_text(staging / f"{name}.json", sealed(document))
        # Without its record no table is taken for a result.
        (folder / f"{name}.json").unlink(missing_ok=True)
        for table in tables:
            (staging / f"{table}.csv").replace(folder / f"{table}.csv")
        (staging / f"{name}.json").replace(folder / f"{name}.json")
