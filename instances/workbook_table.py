"""A sheet as a table of text, such as a CSV file gives, and what keeps it from being one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain, islice

from metneed.instances.faults import Fault, Severity
from metneed.instances.headings import duplicate, first_of_each, standard_headings
from metneed.instances.reading import REPORTED
from metneed.instances.schemas import Schema
from metneed.instances.tables import Table, Text, float_text
from metneed.instances.workbook import Cell, Sheet
from metneed.instances.workbook_form import NO_RESULT, Block, SheetForm, cell, letters

_CHUNK = 20_000
"""Rows that are held as Python objects at one time."""

_TITLE_ROWS = 20
_TIMES = (date, time, timedelta)
_NUMBER = Fault(
    "wrong-type",
    "a number, not text: what was 007 has become 7",
    "Format the column as text, then type or paste the identifiers anew",
)
_YES_NO = Fault("wrong-type", "a yes or no, not text", _NUMBER.remedy)
_DATE = Fault(
    "date",
    "a date, which the spreadsheet may have made of something else",
    "Format the column as text or as a number, then type the cell anew",
)
_MIXED = Fault(
    "date",
    "a date among other things: the spreadsheet may have made it of 10-14 or 1/2",
    "Format the column as text and type the cell anew, if so",
)


def read_sheet(sheet: Sheet, schema: Schema) -> Table | None:
    """The table of a sheet, or None where its form is beyond reading.

    Numbers become the shortest decimals that stand for them, dates become text such as
    2026-03-31; in columns of identifiers both are findings.

    Parameters
    ----------
    sheet
        The sheet; faults are added to its findings.
    schema
        The table it should be.
    """
    rows = sheet.cells
    first = next(rows, [])
    if not standard_headings(map(text_of, first), schema):
        ahead = list(islice(rows, _TITLE_ROWS))
        if _is_misplaced(sheet, schema, [first, *ahead]):
            return None
        rows = chain(ahead, rows)
    body = _Body(sheet, schema, list(map(text_of, first)))
    body.check_results(1, first)
    return body.table(rows)


def text_of(value: Cell) -> str:
    """What a cell holds, as text: numbers in plain digits, dates with the year first."""
    match value:
        case str():
            return value
        case bool():
            return str(value).upper()
        case float() | int():
            return _digits(float(value))
        case datetime():
            return value.isoformat(sep=" ")
        case _:
            return str(value)


@lru_cache(maxsize=2**16)
def _digits(value: float) -> str:
    # A spreadsheet does not tell 7 from 7.0.
    return float_text(value).removesuffix(".0")


def report_refused(sheet: Sheet, headings: Mapping[int, str]) -> None:
    """Add a finding for each cell of a sheet that cannot be read as what it shows.

    Parameters
    ----------
    sheet
        The sheet.
    headings
        By the number of the column, as far as they are known.
    """
    for (row, column), fault in islice(sorted(sheet.form.refused.items()), REPORTED):
        sheet.at(fault, row, column, heading=headings.get(column, ""))


class _Body:
    """The rows below the headings of one sheet."""

    def __init__(self, sheet: Sheet, schema: Schema, headings: list[str]) -> None:
        self.sheet, self.schema, self.headings = sheet, schema, headings
        self.wrong: dict[int, list[tuple[int, str, Fault]]] = {}
        self.dates: dict[int, list[tuple[int, str]]] = {}

    def table(self, rows: Iterable[list[Cell]]) -> Table:
        """The columns under the headings."""
        numbers: list[int] = []
        parts: list[list[Text]] = [[] for _ in self.headings]
        filled = self._filled(rows)
        while chunk := list(islice(filled, _CHUNK)):
            here = [number for number, _ in chunk]
            columns = zip(*(cells for _, cells in chunk), strict=True)
            for place, (part, cells) in enumerate(zip(parts, columns, strict=True)):
                part.append(Text.of(self._texts(place, cells, here)))
            numbers += here
        if not numbers:
            problem = "there are no rows below the headings"
            self.sheet.about(Fault("no-rows", problem, "Add the rows"))
        texts = [Text.joined(part) for part in parts]
        self._report(texts)
        places, _ = first_of_each(self.headings)
        return Table(
            self.sheet.file,
            {heading: texts[place] for heading, place in places.items()},
            numbers,
            letters={heading: letters(place + 1) for heading, place in places.items()},
        )

    def _filled(self, rows: Iterable[list[Cell]]) -> Iterator[tuple[int, list[Cell]]]:
        """Rows with their numbers; empty ones before others are findings."""
        form = self.sheet.form
        waiting = {row for row, _ in form.formulas}
        merged = _Merged(form, self._numeric()) if form.merged else None
        empty: list[int] = []
        for number, cells in enumerate(rows, 2):
            if number in waiting:
                self.check_results(number, cells)
            if merged is not None:
                merged.fill(number, cells)
            if cells.count("") == len(cells):
                empty.append(number)
                continue
            for row in empty[:REPORTED]:
                self.sheet.at(Fault("blank-row", "the row is empty", "Delete it"), row, 1)
            empty.clear()
            yield number, cells

    def _numeric(self) -> list[int]:
        """The places of standard columns that hold numbers."""
        fields = [self.schema.field(heading) for heading in self.headings]
        return [k for k, each in enumerate(fields) if each and each.kind not in {"id", "text"}]

    def check_results(self, row: int, cells: Sequence[Cell]) -> None:
        """Refuse the formulas of a row that show nothing."""
        for place, value in enumerate(cells):
            if value == "" and (row, place + 1) in self.sheet.form.formulas:
                self.sheet.form.refused.setdefault((row, place + 1), NO_RESULT)

    def _texts(self, place: int, cells: Sequence[Cell], rows: Sequence[int]) -> Sequence[str]:
        """The cells of a column as text; those of the wrong kind are kept to be reported."""
        kinds = set(map(type, cells))
        if kinds <= {str}:
            return cells
        texts = list(map(text_of, cells))
        heading = self.headings[place]
        field = self.schema.field(heading) if heading else None
        is_id = field is not None and field.kind == "id"
        if is_id or any(issubclass(kind, _TIMES) for kind in kinds):
            for row, value, text in zip(rows, cells, texts, strict=True):
                if isinstance(value, _TIMES):
                    fault = _MIXED if field is None else _DATE
                    self.wrong.setdefault(place, []).append((row, text, fault))
                elif is_id and not isinstance(value, str):
                    fault = _YES_NO if isinstance(value, bool) else _NUMBER
                    self.wrong.setdefault(place, []).append((row, text, fault))
        return texts

    def _report(self, texts: Sequence[Text]) -> None:
        """Add the findings about single cells and about headings."""
        form, headings = self.sheet.form, dict(enumerate(self.headings, 1))
        report_refused(self.sheet, headings)
        for row, column, last_row, last_column in form.merged[:REPORTED]:
            heading = headings.get(column, "")
            fault = _merged_fault(cell(last_row, last_column))
            self.sheet.at(fault, row, column, heading=heading)
        for place, found in self.wrong.items():
            self._report_wrong(place, found, texts[place])
        places, _ = first_of_each(self.headings)
        for place, heading in enumerate(self.headings):
            if heading and places[heading] != place:
                self.sheet.at(duplicate(heading, places), 1, place + 1, heading=heading)
            elif not heading and any(texts[place].distinct):
                problem = f"column {letters(place + 1)} has cells but no heading"
                fault = Fault("blank-heading", problem, "Name it or delete it")
                self.sheet.at(fault, 1, place + 1)

    def _report_wrong(self, place: int, found: list[tuple[int, str, Fault]], text: Text) -> None:
        heading = self.headings[place]
        if found[0][2] is _MIXED:
            filled = sum(bool(text.distinct[code]) for code in text.codes.tolist())
            if filled == len(found):
                # A column of nothing but dates is one.
                return
        for row, value, fault in found[:REPORTED]:
            severity: Severity = "warning" if fault is _MIXED else "error"
            self.sheet.at(fault, row, place + 1, heading=heading, value=value, severity=severity)
        more = len(found) - REPORTED
        if more > 0:
            fault = Fault("more", f"{more:,} rows from here on are like it", "Mend the column")
            self.sheet.at(fault, found[REPORTED][0], place + 1, heading=heading)


class _Merged:
    """Merged cells, each of which is read as if it stood in all of its block.

    The workbook is refused in any case: this only keeps the cells that are empty for that reason
    from being reported one by one.
    """

    def __init__(self, form: SheetForm, numeric: Sequence[int]) -> None:
        self.numeric = numeric
        self.waiting: list[Block] = []
        self.active: list[tuple[Block, Cell]] = []
        room = form.rows * form.columns
        for row, column, *last in sorted(form.merged):
            end_row, end_column = min(last[0], form.rows), min(last[1], form.columns)
            room -= max(0, end_row - row + 1) * max(0, end_column - column + 1)
            if room < 0:
                # Only blocks that overlap take more room than there is, and take it for ever.
                break
            self.waiting.append((row, column, end_row, end_column))
        self.waiting.reverse()

    def fill(self, row: int, cells: list[Cell]) -> None:
        """Put the value of each block into those of its cells that are in this row."""
        while self.waiting and self.waiting[-1][0] <= row:
            block = self.waiting.pop()
            if block[1] <= len(cells):
                self.active.append((block, cells[block[1] - 1]))
        if self.active:
            self.active = [(block, value) for block, value in self.active if block[2] >= row]
        for (_, column, _, end_column), value in self.active:
            last = min(end_column, len(cells))
            cells[column - 1 : last] = [value] * (last - column + 1)
            if isinstance(value, str):
                for place in self.numeric:
                    if column - 1 <= place < last:
                        cells[place] = 0.0


def _merged_fault(last: str) -> Fault:
    problem = f"merged with others up to {last}, of which only this one holds anything"
    return Fault("merged", problem, "Unmerge them and fill in each cell")


def _is_misplaced(sheet: Sheet, schema: Schema, rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether row 1 is no row of headings at all, with a finding that says where they are."""
    for number, cells in enumerate(rows, 1):
        if standard_headings(map(text_of, cells), schema) > 1:
            problem = f"the headings stand in row {number}, not in row 1"
            sheet.about(Fault("title-rows", problem, "Delete the rows above them"))
            return True
    if not any(text_of(value) for cells in rows for value in cells):
        remedy = f"Give a table with the columns {', '.join(schema.names)}"
        sheet.about(Fault("empty", "the sheet is empty", remedy))
        return True
    return False
