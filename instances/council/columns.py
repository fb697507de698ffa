"""Columns of a council's tables: names, numbers with defaults, yes and no, repeated rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from metneed.instances.faults import Fault, Severity
from metneed.instances.headings import nearest
from metneed.instances.identifiers import check_texts
from metneed.instances.reading import Numbers, Reading
from metneed.instances.tables import Opaque, Text
from metneed.models.arrays import BoolArray, IntArray

_YES_OR_NO = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


@dataclass(frozen=True, eq=False)
class Names:
    """A column of names, each of which should stand in some other table.

    Parameters
    ----------
    reading, heading
        Where it stands.
    text
        The column.
    """

    reading: Reading
    heading: str
    text: Text

    @classmethod
    def of(cls, reading: Reading, heading: str) -> "Names | None":
        """The column of that heading, None where there is none; blank cells are findings."""
        column = reading.column(heading)
        if column is None:
            return None
        if isinstance(column, Opaque):
            problem = f"holds values of type {column.kind}, not text"
            reading.about(Fault("wrong-type", problem, "Write the column as text"), heading)
            return None
        text = column.labels()
        fault = Fault("blank", "blank", "Fill it in, or delete the row")
        reading.cells(heading, np.flatnonzero(~reading.filled(heading)), fault)
        check_texts(reading, heading, text)
        return cls(reading, heading, text)

    def distinct(self) -> list[str]:
        """The names in the order in which they first stand in the table, blanks left out."""
        order = np.argsort(self.text.first_rows(), kind="stable")
        return [name for name in map(str, self.text.distinct[order]) if name]

    def places(
        self,
        known: Sequence[str],
        unknown: Callable[[str], Fault],
        severity: Severity = "error",
    ) -> IntArray:
        """For each row the place of its name among the known ones, -1 for none.

        Names that are not known are findings; blank ones are not, for they have theirs.
        """
        text, first = self.text, dict(reversed([(name, k) for k, name in enumerate(known)]))
        index = pd.Index(list(first), dtype=object)
        found = index.get_indexer(pd.Index(text.distinct, dtype=object))
        place = np.array([*first.values(), -1], dtype=np.int64)[found]
        strange = np.flatnonzero((place == -1) & (text.distinct != ""))
        faults = {int(code): unknown(str(text.distinct[code])) for code in strange}
        self.reading.cells(
            self.heading,
            text.rows_of(strange),
            lambda row: faults[int(text.codes[row])],
            severity,
        )
        of_row: IntArray = np.append(place, -1)[text.codes]
        return of_row


def not_among(what: str, where: str, known: Sequence[str], code: str) -> Callable[[str], Fault]:
    """The fault of a name that a table has not, with the nearest that it has."""

    def fault(name: str) -> Fault:
        near = nearest(name, known)
        remedy = f"Did you mean {near!r}?" if near else f"Add it to {where}, or delete the row"
        return Fault(code, f"{where} has no such {what}", remedy)

    return fault


def numbers_or(reading: Reading, heading: str, default: int) -> Numbers:
    """A column of numbers with a default where it is blank or missing; others are findings."""
    found = reading.numbers(heading, blank=True)
    if found is None:
        size = len(reading.table)
        return Numbers(np.full(size, default, dtype=np.int64), np.ones(size, dtype=np.bool_))
    blank = ~reading.filled(heading)
    return Numbers(np.where(blank, default, found.units), found.good | blank)


def flags(reading: Reading, heading: str, *, default: bool) -> BoolArray:
    """A column of yes and no with a default where it is blank or missing; others are findings."""
    column = reading.column(heading)
    if isinstance(column, Opaque):
        fault = Fault("wrong-type", f"holds values of type {column.kind}", "Write yes and no")
        reading.about(fault, heading)
    if column is None or isinstance(column, Opaque):
        return np.full(len(reading.table), default)
    text = column.labels()
    meaning = [_YES_OR_NO.get(str(value).casefold()) for value in text.distinct]
    strange = [
        code
        for code, value in enumerate(text.distinct)
        if meaning[code] is None and str(value).strip()
    ]
    fault = Fault("yes-or-no", "neither yes nor no", "Write yes or no")
    reading.cells(heading, text.rows_of(strange), fault)
    values = [default if value is None else value for value in meaning]
    meant: BoolArray = np.array([*values, default], dtype=np.bool_)[text.codes]
    return meant


def check_twice(reading: Reading, heading: str, keys: IntArray, fault: Fault) -> BoolArray:
    """Which rows repeat the key of an earlier row, each a finding; keys below 0 are no keys.

    The problem of the fault is continued with the row that is repeated.
    """
    again = np.ones(len(keys), dtype=np.bool_)
    _, first = np.unique(keys, return_index=True)
    again[first] = False
    again &= keys >= 0
    rows = np.flatnonzero(again)
    earlier = {int(keys[row]): int(reading.table.rows[row]) for row in first} if len(rows) else {}

    def repeated(row: int) -> Fault:
        return fault._replace(problem=f"{fault.problem} as in row {earlier[int(keys[row])]}")

    reading.cells(heading, rows, repeated)
    return again


def joined(first: IntArray, second: IntArray, sizes: int) -> IntArray:
    """One key of two, the second below `sizes`; -1 where either is below 0."""
    return np.where((first >= 0) & (second >= 0), first * sizes + second, -1)
