"""Keys and values in a sheet: what a folder has in ``scenario.toml``, row by row."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from metneed.instances.faults import Fault, FileFaults
from metneed.instances.grammar import PLAIN
from metneed.instances.headings import check_headings
from metneed.instances.reading import Reading
from metneed.instances.scenario_file import ScenarioKeys, check_keys
from metneed.instances.schemas import Field, Schema
from metneed.instances.tables import Table, Text
from metneed.instances.workbook import Sheet
from metneed.instances.workbook_table import read_sheet
from metneed.models.findings import Finding, Findings
from metneed.models.scenario import Scenario
from metneed.models.units import Units

SCHEMA = Schema(
    "scenario",
    "The keys of the scenario",
    (
        Field("key", "text", "Name of the key; for options rules.NAME.option", required=True),
        Field("value", "text", "Its value; blank for the default", required=True),
    ),
    key=("key",),
)
_TABLES = ("rules", "constraints")
_PATH = "path"


@dataclass(frozen=True)
class Keys:
    """Keys as a TOML file would give them, and where each stands.

    Parameters
    ----------
    file
        Name of the sheet for findings.
    raw
        The keys and their values.
    rows
        The row of each key, by its name as it is written.
    letter
        The letter of the column of values.
    """

    file: str
    raw: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    letter: str = "B"

    def placed(self, finding: Finding) -> Finding:
        """A finding about a key with the row and cell of its value."""
        key = finding.column
        while key and key not in self.rows:
            key = key.rpartition(".")[0]
        row = self.rows.get(key, 0)
        return replace(finding, file=self.file, row=row, cell=f"{self.letter}{row}" if row else "")


def read_keys(sheet: Sheet) -> Keys:
    """The keys of a sheet with the columns ``key`` and ``value``; others are for people.

    Rows without a value are left out, as if the key were not there. Values are read as TOML
    would read them, text without its quotation marks; a list may be written with commas.

    Parameters
    ----------
    sheet
        The sheet; faults are added to its findings.
    """
    table = read_sheet(sheet, SCHEMA)
    if table is None:
        return Keys(sheet.file)
    check_headings(Reading(table, SCHEMA, Units(), sheet.findings))
    raw: dict[str, Any] = {}
    rows: dict[str, int] = {}
    column = _column_number(table)
    for row, key, text in _pairs(table):
        if key in rows:
            problem = f"the key stands in row {rows[key]} too"
            fault = Fault("duplicate-key", problem, "Keep one of them")
            sheet.at(fault, row, 1 + column["key"], heading="key", value=key)
        elif not key:
            fault = Fault("blank-key", "a value without a key", "Name the key, or delete the row")
            sheet.at(fault, row, 1 + column["value"], heading="value", value=text)
        else:
            rows[key] = row
            _set(raw, key, text)
    return Keys(sheet.file, raw, rows, table.letters.get("value", "B"))


def scenario_of(keys: Keys, findings: Findings) -> ScenarioKeys:
    """The scenario that these keys make; every fault is a finding at the key's cell."""
    found = Findings()
    scenario = check_keys(keys.raw, FileFaults(keys.file, found))
    findings.extend(map(keys.placed, found))
    return scenario


def _column_number(table: Table) -> dict[str, int]:
    return {heading: place for place, heading in enumerate(table.columns)}


def _pairs(table: Table) -> Iterator[tuple[int, str, str]]:
    """Row, key and value of each row that has a value."""
    keys, values = (table.columns.get(name) for name in SCHEMA.names)
    if isinstance(keys, Text) and isinstance(values, Text):
        for place, row in enumerate(table.rows):
            if text := values.shown(place):
                yield int(row), keys.shown(place).strip(), text


def _set(raw: dict[str, Any], key: str, text: str) -> None:
    """Set a key of the scenario, or an option of a rule, limit or path in its own table."""
    first, *others = key.split(".", 2)
    if first == _PATH and others:
        raw.setdefault(_PATH, {})[".".join(others)] = _literal(text)
    elif first in _TABLES and others:
        table = raw.setdefault(first, {}).setdefault(others[0], {})
        if len(others) == 2:
            table[others[1]] = _literal(text)
    else:
        raw[key] = _value(key, text)


def _value(key: str, text: str) -> Any:  # noqa: ANN401 - what TOML holds
    """A value as the field of that name wants it, as far as it can be understood so."""
    field = Scenario.model_fields.get(key)
    if field is None:
        return _literal(text)
    wanted = str(field.annotation)
    if "list" in wanted:
        value = _literal(text)
        return value if isinstance(value, list) else [part.strip() for part in text.split(",")]
    if "int" in wanted or "Literal[1]" in wanted:
        return int(text) if PLAIN.fullmatch(text) and "." not in text and len(text) < 30 else text
    return text


def _literal(text: str) -> Any:  # noqa: ANN401 - what TOML holds
    """Text as TOML reads it, where that is a number, yes or no, a list or a table."""
    try:
        value = tomllib.loads(f"value = {_plain(text)}", parse_float=Decimal)["value"]
    except (ValueError, ArithmeticError, RecursionError):
        return text
    return value if isinstance(value, bool | int | Decimal | list | dict) else text


def _plain(text: str) -> str:
    return text.lower() if text in {"TRUE", "FALSE"} else text
