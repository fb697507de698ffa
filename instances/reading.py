"""One table under examination: its columns, what they should hold, and where faults go."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from metneed.instances.faults import Fault, FileFaults, Severity
from metneed.instances.grammar import explain
from metneed.instances.schemas import (
    LARGEST,
    MOST_UNITS,
    NUMBER_DECIMALS,
    SHARE_DECIMALS,
    UNIT_DECIMALS,
    Schema,
)
from metneed.instances.tables import Column, Opaque, Readable, Table, Text, Whole
from metneed.models.arrays import BoolArray, IntArray
from metneed.models.findings import Findings
from metneed.models.units import Units

REPORTED = 100_000
"""Of one fault in one column so many rows are named; a last finding counts the others."""


class Numbers(NamedTuple):
    """A column of smallest units, and which of its rows hold a number that could be read."""

    units: IntArray
    good: BoolArray

    def taken(self, rows: IntArray) -> "Numbers":
        """These rows, in the order given."""
        return Numbers(self.units[rows], self.good[rows])


@dataclass(frozen=True, eq=False)
class Reading:
    """One table under examination.

    Parameters
    ----------
    table
        Its columns, not yet converted.
    schema
        What its standard columns should hold.
    units
        How many decimals are kept.
    findings
        Where faults go.
    """

    table: Table
    schema: Schema
    units: Units
    findings: Findings

    def column(self, heading: str) -> Column | None:
        """The column of that heading, or None."""
        return self.table.columns.get(heading)

    def about(
        self,
        fault: Fault,
        column: str = "",
        value: str = "",
        *,
        row: int = 0,
        severity: Severity = "error",
    ) -> None:
        """Add one finding, about the whole file unless a row (of the file) is given."""
        faults = FileFaults(self.table.file, self.findings)
        faults.add(fault, column, value, row=row, severity=severity)

    def cells(
        self,
        heading: str,
        rows: IntArray,
        fault: Fault | Callable[[int], Fault],
        severity: Severity = "error",
    ) -> None:
        """Add a finding for each of these rows of the table (counted from 0)."""
        column = self.column(heading)
        for row in rows[:REPORTED].tolist():
            found = fault if isinstance(fault, Fault) else fault(row)
            value = "" if column is None or isinstance(column, Opaque) else column.shown(row)
            self.about(found, heading, value, row=int(self.table.rows[row]), severity=severity)
        more = len(rows) - REPORTED
        if more > 0:
            problem = f"{more:,} rows from here on have a fault of this kind"
            fault = Fault("more", problem, "Mend the rows named first")
            self.about(fault, heading, row=int(self.table.rows[rows[REPORTED]]), severity=severity)

    def numbers(self, heading: str, *, blank: bool = False) -> Numbers | None:
        """Smallest units of a standard column, and which rows are good; None without column.

        Every row that is not good is a finding, blank rows only unless `blank` allows them.
        """
        column = self._usable(heading)
        if column is None:
            return None
        decimals, setting, largest = self._limits(heading)
        units, good = column.units(decimals, largest)

        @cache
        def fault(text: str) -> Fault:
            return explain(text, decimals, setting, largest)

        bad = np.flatnonzero(~good)
        if blank:
            bad = bad[self.filled(heading)[bad]]
        self.cells(heading, bad, lambda row: fault(column.shown(row)))
        return Numbers(units, good)

    def filled(self, heading: str) -> BoolArray:
        """Which rows of a column hold anything at all; without column, none."""
        column = self.column(heading)
        if column is None or isinstance(column, Opaque):
            return np.zeros(len(self.table), dtype=np.bool_)
        if isinstance(column, Text):
            filled: BoolArray = np.append(column.distinct != "", False)[column.codes]
            return filled
        return ~(column.missing if isinstance(column, Whole) else np.isnan(column.values))

    def text(self, heading: str) -> Text | None:
        """A standard column of text; None where there is none, or where it holds something else."""
        column = self.column(heading)
        if column is None or isinstance(column, Text):
            return column
        kind = column.kind if isinstance(column, Opaque) else "number"
        fault = Fault(
            "wrong-type",
            f"holds values of type {kind}, not text, and would lose what is written as 007",
            "Write the column as text",
        )
        self.about(fault, heading)
        return None

    def _usable(self, heading: str) -> Readable | None:
        column = self.column(heading)
        if not isinstance(column, Opaque):
            return column
        remedy = "Write the column as decimals, whole numbers or text"
        self.about(Fault("wrong-type", f"holds values of type {column.kind}", remedy), heading)
        return None

    def _limits(self, heading: str) -> tuple[int, str, int]:
        """Decimals kept in a column, the key of the scenario that says so, the greatest number."""
        field = self.schema.field(heading)
        units = self.units
        limits = {
            "money": (units.money_decimals, "money_decimals", LARGEST),
            "need": (units.need_decimals, "need_decimals", LARGEST),
            "quantity": (units.quantity_decimals, "quantity_decimals", LARGEST),
            "share": (SHARE_DECIMALS, "", 1),
            "units": (UNIT_DECIMALS, "", MOST_UNITS),
            "part": (UNIT_DECIMALS, "", 1),
            "number": (NUMBER_DECIMALS, "", LARGEST),
        }
        return limits.get(field.kind if field else "whole", (0, "", LARGEST))
