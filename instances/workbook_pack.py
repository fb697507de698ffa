"""A folder of files as the workbook that says the same."""

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from metneed.instances.csv_file import read_csv
from metneed.instances.folder import find_files
from metneed.instances.scenario_text import toml_value
from metneed.instances.schemas import SCHEMAS
from metneed.instances.tables import Table, Text
from metneed.instances.workbook_tables import keys_sheet, table_sheet
from metneed.instances.workbook_write import write_workbook
from metneed.models.errors import InputError, OptionError
from metneed.models.findings import Findings
from metneed.models.scenario import Scenario

_TABLES = ("rules", "constraints")
"""Tables of a scenario, each with tables of options."""


def pack_workbook(folder: Path, path: Path) -> None:
    """Write the CSV files and the scenario of a folder to one workbook that `read` accepts.

    Cells are written as they are: nothing is checked but that the files can be read.

    Parameters
    ----------
    folder
        The instance.
    path
        File that ends in ``.xlsx``.

    Raises
    ------
    InputError
        Where a file is missing or cannot be read.
    MissingExtraError
        Where XlsxWriter is not installed.
    OptionError
        Where a table is Parquet, which may be larger than a sheet, or the name of the workbook
        has another ending.
    OSError
        Where a file cannot be read.
    OutputError
        Where a table has more rows than a sheet, or the workbook cannot be written.
    """
    findings = Findings()
    files = find_files(folder, findings) or {}
    sheets = []
    for name, file in files.items():
        if file.suffix == ".parquet":
            raise OptionError(f"{file.name} is Parquet, and only CSV files go into a workbook")
        if name == "scenario":
            sheets.append(keys_sheet(name, _keys(file)))
        elif (table := read_csv(file, SCHEMAS[name], findings)) is not None:
            sheets.append(table_sheet(_columns(table), SCHEMAS[name]))
    if findings.errors:
        raise InputError(findings)
    write_workbook(path, sheets)


def _columns(table: Table) -> dict[str, list[str]]:
    return {
        heading: ["" if code < 0 else column.distinct[code] for code in column.codes.tolist()]
        for heading, column in table.columns.items()
        if isinstance(column, Text)
    }


def _keys(path: Path) -> dict[str, tuple[str, str]]:
    """The value and the meaning of each key of a scenario file; options have longer names."""
    raw = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    fields = Scenario.model_fields
    return {
        key: (text, (fields[key].description or "") if key in fields else "")
        for key, text in _flat(raw)
    }


def _flat(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in raw.items():
        if key not in _TABLES:
            yield key, _text(value)
    for kind in _TABLES:
        for name, options in raw.get(kind, {}).items():
            for option, value in options.items():
                yield f"{kind}.{name}.{option}", _text(value)


def _text(value: object) -> str:
    """A value as it is typed into a cell; lists as TOML has them."""
    match value:
        case bool():
            return str(value).upper()
        case Decimal():
            return format(value, "f")
        case list() | dict():
            return toml_value(value)
        case _:
            return str(value)
