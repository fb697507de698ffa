"""CSV files as tables of text: rows and cells as they stand, faults of form as findings."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TypeAlias

from metneed.instances.csv_bytes import MOJIBAKE, bad_bytes, open_text, undecoded
from metneed.instances.faults import Fault, FileFaults
from metneed.instances.headings import duplicate, first_of_each, standard_headings
from metneed.instances.schemas import Schema
from metneed.instances.tables import Table, Text
from metneed.models.findings import Findings

_CHUNK = 2_000
"""Rows that are held as lists at one time: with more of them, collecting garbage takes over."""

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_TITLE_ROWS = 20

Record: TypeAlias = tuple[int, list[str]]
"""The number of a row as a spreadsheet shows it, and its cells."""


def read_csv(
    path: Path, schema: Schema, findings: Findings, encoding: str = "utf-8"
) -> Table | None:
    """The table of a CSV file, or None where its form is beyond reading.

    Parameters
    ----------
    path
        The file.
    schema
        The table it should be: this tells a wrong separator, or a title above the headings.
    findings
        Where faults go.
    encoding
        How the file is encoded, unless it begins with a mark that says so.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    form = _Form(FileFaults(path.name, findings), schema, encoding)
    stream = open_text(path, encoding, form.faults)
    if stream is None:
        return None
    records = form.records(csv.reader(stream, strict=True))
    _, headings = next(records, (1, []))
    while headings and not headings[-1]:
        headings.pop()
    if form.is_separated_otherwise(headings):
        return None
    if not standard_headings(headings, schema):
        ahead = list(islice(records, _TITLE_ROWS))
        if form.is_misplaced(headings, ahead):
            return None
        records = chain(ahead, records)
    return form.table(headings, records)


@dataclass(frozen=True)
class _Form:
    """The form of one CSV file, and where its faults go."""

    faults: FileFaults
    schema: Schema
    encoding: str

    def records(self, reader: Iterator[list[str]]) -> Iterator[Record]:
        """The records of the file and their numbers; broken ones are findings."""
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.faults.add(_broken(str(error)), row=number)
                if "limit" in str(error):
                    # Where the next record begins is anyone's guess.
                    return
                continue
            yield number, cells

    def is_separated_otherwise(self, headings: Sequence[str]) -> bool:
        """Whether cells stand between other marks than commas, with a finding that names them."""
        first = headings[0] if headings else ""
        if first.lower().startswith("sep="):
            self._refuse("title-rows", f"row 1 is {first!r}, not headings", "Delete row 1")
            return True
        for mark, name in _SEPARATORS.items():
            if mark in first and standard_headings(first.split(mark), self.schema):
                remedy = "Save it with commas between cells, and with points in decimals"
                self._refuse("separator", f"cells are separated by {name}", remedy)
                return True
        return False

    def is_misplaced(self, headings: Sequence[str], ahead: Sequence[Record]) -> bool:
        """Whether row 1 is no row of headings at all, with a finding that says where they are."""
        for number, cells in ahead:
            if standard_headings(cells, self.schema) > 1:
                problem = f"the headings stand in row {number}, not in row 1"
                self._refuse("title-rows", problem, "Delete the rows above them")
                return True
        if not headings and not any(any(cells) for _, cells in ahead):
            remedy = f"Give a table with the columns {', '.join(self.schema.names)}"
            self._refuse("empty", "the file is empty", remedy)
            return True
        if not headings:
            self._refuse("title-rows", "row 1 is empty", "Put the headings there")
            return True
        return False

    def table(self, headings: list[str], records: Iterable[Record]) -> Table:
        """The columns under the headings, as distinct texts."""
        numbers: list[int] = []
        parts: list[list[Text]] = [[] for _ in headings]
        rows = self._rows(records, len(headings))
        faults_before = len(self.faults.findings)
        while chunk := list(islice(rows, _CHUNK)):
            numbers += [number for number, _ in chunk]
            across = zip(*(cells for _, cells in chunk), strict=True)
            for part, cells in zip(parts, across, strict=True):
                part.append(Text.of(cells))
        complete = len(self.faults.findings) == faults_before
        if complete and not numbers:
            self._refuse("no-rows", "there are no rows below the headings", "Add the rows")
        columns = self._named(headings, [Text.joined(part) for part in parts])
        for heading, column in columns.items():
            self._check_text(heading, column, numbers)
        # Without gaps there is no need to keep every number.
        rows_of_file = range(2, len(numbers) + 2)
        unbroken = not numbers or numbers[-1] == rows_of_file[-1]
        return Table(self.faults.file, columns, rows_of_file if unbroken else numbers, complete)

    def _rows(self, records: Iterable[Record], width: int) -> Iterator[Record]:
        """Records of the right width; empty ones at the end are none, others are findings."""
        empty: list[int] = []
        for number, cells in records:
            if cells and len(cells) == width and cells[0] and not empty:
                # Nearly every row is like this one.
                yield number, cells
                continue
            if not any(cells):
                empty.append(number)
                continue
            for row in empty:
                self.faults.add(Fault("blank-row", "the row is empty", "Delete it"), row=row)
            empty.clear()
            if len(cells) < width or any(cells[width:]):
                self.faults.add(_ragged(len(cells), width), row=number)
                continue
            yield number, cells[:width]

    def _named(self, headings: Sequence[str], columns: Sequence[Text]) -> dict[str, Text]:
        """Columns by heading; headings that stand twice or are blank are findings."""
        clean = []
        for heading in headings:
            if undecoded(heading):
                fault, shown = bad_bytes(heading, self.encoding)
                self.faults.add(fault, value=shown, row=1)
            clean.append("".join(c if c < "\ud800" or c > "\udfff" else "\ufffd" for c in heading))
        places, twice = first_of_each(clean)
        for heading in twice:
            self.faults.add(duplicate(heading, places), heading, row=1)
        for place, heading in enumerate(clean):
            if not heading and any(columns[place].distinct):
                problem = f"column {place + 1} has cells but no heading"
                self.faults.add(Fault("blank-heading", problem, "Name it or delete it"), row=1)
        return {heading: columns[place] for heading, place in places.items()}

    def _check_text(self, heading: str, column: Text, numbers: Sequence[int]) -> None:
        """Findings for bytes that are no text, and for pound signs that went through two hands."""
        values = column.distinct
        joined = "".join(values)
        if not joined.isascii() and any("\udc80" <= char <= "\udcff" for char in set(joined)):
            bad = [code for code, value in enumerate(values) if undecoded(value)]
            for row in column.rows_of(bad).tolist():
                fault, shown = bad_bytes(values[column.codes[row]], self.encoding)
                self.faults.add(fault, heading, shown, row=numbers[row])
        if MOJIBAKE in joined:
            odd = [code for code, value in enumerate(values) if MOJIBAKE in value]
            for row in column.rows_of(odd).tolist():
                value = values[column.codes[row]]
                self.faults.add(_MOJIBAKE, heading, value, row=numbers[row], severity="warning")

    def _refuse(self, code: str, problem: str, remedy: str) -> None:
        self.faults.add(Fault(code, problem, remedy))


_MOJIBAKE = Fault(
    "mojibake",
    "a pound sign that was damaged on the way",
    "Save the table as CSV UTF-8 from where it came",
)


def _broken(message: str) -> Fault:
    if "expected after" in message:
        problem = "something stands between a closing quotation mark and the next comma"
        return Fault("quote", problem, "Double the quotation marks inside a cell")
    if "limit" in message:
        problem = "a cell longer than 131,072 characters; the rest of the file was not read"
        return Fault("quote", problem, "Close the quotation mark that opens in this row")
    problem = "a quotation mark opens in this row and is never closed"
    return Fault("quote", problem, "Close it; was the file cut off?")


def _ragged(cells: int, width: int) -> Fault:
    remedy = "Put quotation marks around cells that hold commas; was the file cut off?"
    problem = f"the row has {cells} cell{'' if cells == 1 else 's'}, row 1 has {width}"
    return Fault("ragged-row", problem, remedy)
