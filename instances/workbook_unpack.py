"""A workbook as the folder of files that says the same."""

import csv
from collections.abc import Iterator
from pathlib import Path

from metneed.instances.files import replacing, write_text
from metneed.instances.scenario_text import scenario_text
from metneed.instances.tables import Table, Text
from metneed.instances.workbook_instance import read_instance_sheets
from metneed.models.errors import InputError, OutputError
from metneed.models.findings import Findings

_ROWS = 10_000


def unpack_workbook(path: Path, folder: Path) -> list[str]:
    """Write the sheets of a workbook to a folder, as CSV files and ``scenario.toml``.

    Cells are written as they are read: identifiers as text, numbers in plain digits.

    Parameters
    ----------
    path
        The workbook.
    folder
        Made where it is missing.

    Returns
    -------
    list
        The names of the files.

    Raises
    ------
    InputError
        Where a sheet or the scenario cannot be read.
    MissingExtraError
        Where python-calamine or defusedxml is not installed.
    OutputError
        Where the folder cannot be written, or holds an instance already.
    """
    findings = Findings()
    keys, sheets = read_instance_sheets(path, findings)
    if findings.errors or keys.scenario is None:
        raise InputError(findings)
    if (folder / "scenario.toml").exists():
        raise OutputError(f"{folder} holds an instance already: write to another folder")
    for name, table in sheets.tables.items():
        _write(folder / f"{name}.csv", table)
    write_text(folder / "scenario.toml", scenario_text(keys.scenario))
    return [*(f"{name}.csv" for name in sheets.tables), "scenario.toml"]


def _write(path: Path, table: Table) -> None:
    columns = [column for column in table.columns.values() if isinstance(column, Text)]
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.columns)
        for first in range(0, len(table), _ROWS):
            writer.writerows(zip(*(_cells(c, first) for c in columns), strict=True))


def _cells(column: Text, first: int) -> Iterator[str]:
    codes = column.codes[first : first + _ROWS].tolist()
    return ("" if code < 0 else column.distinct[code] for code in codes)
