"""The table of interventions of a health benefits package, every number exactly as written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from metneed.instances.csv_file import read_csv
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids
from metneed.instances.importers.tokens import refuse
from metneed.instances.reading import Reading
from metneed.instances.schemas import Field, Schema
from metneed.instances.tables import Text
from metneed.models.errors import InputError
from metneed.models.findings import Findings
from metneed.models.units import Units

_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,40})?(e[+-]?[0-9]{1,2})?", re.ASCII | re.IGNORECASE)
_MINUTES = ("clinical", "nursing", "pharmacy", "lab")
_SIGNED = "full_cost_per_case_usd2020"
_NUMBERS = (
    "dalys_averted_per_case",
    _SIGNED,
    "cases",
    "max_feasible_coverage",
    "consumables_cost_per_case_usd",
    *(f"{staff}_minutes_per_case" for staff in _MINUTES),
)
SCHEMA = Schema(
    "interventions",
    "What each intervention averts, costs and needs",
    (
        Field("code", "id", "The intervention", required=True),
        Field("category", "text", "What it belongs to", required=True),
        Field("intervention", "text", "What it is", required=True),
        *(
            Field(name, "text", "A number for a case, or of cases", required=True)
            for name in _NUMBERS
        ),
    ),
    key=("code",),
)


@dataclass(frozen=True)
class Intervention:
    """One intervention: what a case averts, costs and needs, and how many cases there are."""

    code: str
    category: str
    title: str
    averted: Fraction
    full_cost: Fraction
    cases: Fraction
    coverage: Fraction
    consumables: Fraction
    minutes: Mapping[str, Fraction]


def read_interventions(path: Path) -> list[Intervention]:
    """The interventions of a table, in its order.

    Numbers may have a sign, any number of decimals and an exponent, as programs write floats.

    Raises
    ------
    InputError
        Where the file cannot be read, or has faults: all of them at once.
    """
    findings = Findings()
    try:
        table = read_csv(path, SCHEMA, findings)
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        refuse(path.name, Fault("unreadable", problem, "Give interventions.csv, or its folder"))
    if table is None:
        raise InputError(findings)
    reading = Reading(table, SCHEMA, Units(), findings)
    check_headings(reading)
    if findings.errors:
        raise InputError(findings)
    numbers = {name: _column(reading, name) for name in _NUMBERS}
    checked = check_ids(reading, "code")
    if checked is not None:
        _check_twice(reading, checked[0])
    if findings.errors or checked is None:
        raise InputError(findings)
    texts = {name: reading.text(name) for name in ("code", "category", "intervention")}
    return [
        Intervention(
            code=_shown(texts["code"], row),
            category=_shown(texts["category"], row),
            title=_shown(texts["intervention"], row),
            averted=numbers["dalys_averted_per_case"][row],
            full_cost=numbers[_SIGNED][row],
            cases=numbers["cases"][row],
            coverage=numbers["max_feasible_coverage"][row],
            consumables=numbers["consumables_cost_per_case_usd"][row],
            minutes={staff: numbers[f"{staff}_minutes_per_case"][row] for staff in _MINUTES},
        )
        for row in range(len(table))
    ]


def _shown(text: Text | None, row: int) -> str:
    return "" if text is None else text.shown(row)


def _column(reading: Reading, name: str) -> list[Fraction]:
    """The numbers of a column; every one that is none, or that may not be, is a finding."""
    text = reading.text(name)
    cells = [_shown(text, row) for row in range(len(reading.table))]
    numbers = []
    for row, cell in enumerate(cells):
        number = Fraction(cell) if _NUMBER.fullmatch(cell) else None
        problem = ""
        if number is None:
            problem = "not a number"
        elif number < 0 and name not in (_SIGNED, "dalys_averted_per_case"):
            problem = "negative"
        elif name == "max_feasible_coverage" and number > 1:
            problem = "more than the whole"
        elif abs(number) > 10**12:
            problem = "greater than 1,000,000,000,000"
        if problem:
            fault = Fault("bad-value", problem, "Give a number such as 0.125 or 8.6e-05")
            reading.about(fault, name, cell, row=int(reading.table.rows[row]))
        numbers.append(number or Fraction(0))
    return numbers


def _check_twice(reading: Reading, codes: Text) -> None:
    seen: dict[str, int] = {}
    for row in range(len(codes)):
        code = codes.shown(row)
        if code in seen:
            fault = Fault("duplicate-code", f"the same code as in row {seen[code]}", "Keep one row")
            reading.about(fault, "code", code, row=int(reading.table.rows[row]))
        seen.setdefault(code, int(reading.table.rows[row]))
