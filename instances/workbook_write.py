"""Writing tables as one formatted workbook: numbers as numbers, text always as text."""

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np

from metneed.instances.files import replacing
from metneed.instances.results import NOTE
from metneed.instances.workbook_form import MOST_COLUMNS, MOST_ROWS
from metneed.models.arrays import IntArray, TextArray
from metneed.models.errors import MissingExtraError, OptionError, OutputError

LONGEST_TEXT = 32_767
"""Characters that a cell holds at most."""

Kind = Literal["text", "amount", "share", "figure"]
"""Text; amounts, with a comma between thousands; shares, shown as percentages; other figures."""

_EXACT = 10**15
"""Up to here every whole number of smallest units is shown with all its digits."""

_HEADING = {"bold": True, "bg_color": "#E7EBF0", "bottom": 1, "text_wrap": True, "valign": "top"}
_WIDEST, _NARROWEST = 60, 9
_LONGEST_LIST = 255
_TEXT_FORMAT = 49
_LOOKED_AT = 2_000
"""Rows that the width of a column is measured on."""

_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""The date in the file: the same tables give the same bytes on any day."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    heading
        What stands above it.
    cells
        Text; for amounts whole numbers of smallest units; for others floats or whole numbers.
        None for nothing.
    kind
        What they are, and so how they are shown.
    decimals
        How many decimals are shown; of amounts, how many the smallest unit is.
    help
        Shown when a cell of the column is chosen, in tables that people fill in.
    choices
        What a cell may hold, offered as a list, in tables that people fill in.
    """

    heading: str
    cells: Sequence[object] | TextArray | IntArray
    kind: Kind = "text"
    decimals: int = 0
    help: str = ""
    choices: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.cells)


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet of a workbook.

    Parameters
    ----------
    name
        On its tab.
    columns
        All of one length.
    note
        Stands in a row above the headings; empty for none, as in tables that are read again.
    kept
        How many columns on the left stay when the others are moved.
    empty_rows
        So many rows below the table are formatted for people to fill in.
    """

    name: str
    columns: Sequence[Column]
    note: str = NOTE
    kept: int = 1
    empty_rows: int = 0

    @property
    def rows(self) -> int:
        """Rows of the table without headings."""
        return len(self.columns[0]) if self.columns else 0

    @property
    def above(self) -> int:
        """Rows above the headings."""
        return 1 if self.note else 0


def write_workbook(path: Path, sheets: Sequence[Sheet], title: str = "metneed") -> None:
    """Write sheets to one workbook, whole or not at all.

    Text is written as text, whatever it begins with: nothing that a user supplied becomes a
    formula, a link or a number. The same sheets give the same bytes.

    Parameters
    ----------
    path
        File that ends in ``.xlsx``.
    sheets
        In order; names are shortened and made unique where a spreadsheet asks for it.
    title
        In the properties of the file.

    Raises
    ------
    MissingExtraError
        Where XlsxWriter is not installed.
    OptionError
        Where the name does not end in ``.xlsx``.
    OutputError
        Where a sheet has more rows or columns than a sheet can hold, a text is too long, the
        folder cannot be written or the disk is full; nothing is written then.
    """
    if path.suffix.lower() != ".xlsx":
        raise OptionError(f"a workbook is written to a file that ends in .xlsx, not {path.name!r}")
    for sheet in sheets:
        _check(sheet)
    with (
        replacing(path) as temporary,
        tempfile.TemporaryDirectory(prefix=".metneed-", dir=path.parent) as folder,
    ):
        _write(temporary, folder, sheets, title)


def _check(sheet: Sheet) -> None:
    room = MOST_ROWS - sheet.above - 1
    if sheet.rows > room:
        raise OutputError(
            f"the sheet {sheet.name} has {sheet.rows:,} rows, and a workbook holds {room:,}: "
            "write CSV or Parquet files with --out"
        )
    if len(sheet.columns) > MOST_COLUMNS:
        raise OutputError(
            f"the sheet {sheet.name} has {len(sheet.columns):,} columns, more than {MOST_COLUMNS:,}"
        )
    for column in sheet.columns:
        if column.kind == "text":
            longest = max((_length(str(cell)) for cell in column.cells), default=0)
            if longest > LONGEST_TEXT:
                raise OutputError(
                    f"the sheet {sheet.name} has a text of {longest:,} characters in the column "
                    f"{column.heading}, and a cell of a workbook holds {LONGEST_TEXT:,}"
                )


def _write(path: Path, folder: str, sheets: Sequence[Sheet], title: str) -> None:
    try:
        from xlsxwriter import Workbook  # noqa: PLC0415 - an extra
        from xlsxwriter.exceptions import XlsxFileError  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("writing workbooks", "excel") from error
    # Rows go to files beside the result at once, so that no table is in memory twice.
    book = Workbook(str(path), {"constant_memory": True, "tmpdir": folder})
    book.set_properties({"title": title, "comments": NOTE, "created": _MADE})
    book.use_zip64()
    pages = []
    try:
        for sheet, name in zip(sheets, sheet_names(sheet.name for sheet in sheets), strict=True):
            pages.append(page := book.add_worksheet(name))
            _Page(book, page, sheet).write()
        book.close()
    except XlsxFileError as error:
        reason = error.args[0] if error.args else error
        raise OutputError(f"cannot write {path.name}: {reason}") from error
    finally:
        for page in pages:
            page._opt_close()  # noqa: SLF001 - after a fault nothing else closes these files


class _Page:
    """One sheet on its way into a workbook."""

    def __init__(self, book: Any, page: Any, sheet: Sheet) -> None:  # noqa: ANN401 - untyped
        self.book, self.page, self.sheet = book, page, sheet
        self.top = sheet.above

    def write(self) -> None:
        """Write the sheet, from its first row to its last."""
        page, sheet = self.page, self.sheet
        self._lay_out()
        if sheet.note:
            page.write_string(0, 0, sheet.note, self.book.add_format({"italic": True}))
        bold = {
            "bold": True,
            "bg_color": "#E7EBF0",
            "bottom": 1,
            "text_wrap": True,
            "valign": "top",
        }
        heading = self.book.add_format(bold)
        for place, column in enumerate(sheet.columns):
            page.write_string(self.top, place, column.heading, heading)
        formats = [self._format(column) for column in sheet.columns]
        cells = [_cells(column) for column in sheet.columns]
        for row, values in enumerate(zip(*cells, strict=True), self.top + 1):
            for place, (value, shape) in enumerate(zip(values, formats, strict=True)):
                if isinstance(value, str):
                    page.write_string(row, place, value, shape)
                elif value is not None:
                    page.write_number(row, place, value, shape)

    def _lay_out(self) -> None:
        page, sheet, last = self.page, self.sheet, max(0, len(self.sheet.columns) - 1)
        page.freeze_panes(self.top + 1, min(sheet.kept, len(sheet.columns)))
        page.repeat_rows(self.top)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_footer(f"&L{NOTE}&R&P / &N")
        if sheet.rows:
            page.autofilter(self.top, 0, self.top + sheet.rows, last)
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, _width(column), self._format(column))
            self._help(place, column)

    def _help(self, place: int, column: Column) -> None:
        """Offer what a cell may hold, and say what it is for."""
        last = self.top + self.sheet.rows + self.sheet.empty_rows
        if not (column.help or column.choices) or last == self.top:
            return
        options: dict[str, object] = {"validate": "any"}
        if column.choices and len(",".join(column.choices)) <= _LONGEST_LIST:
            options = {"validate": "list", "source": list(column.choices)}
            options["error_type"] = "warning"
        if column.help:
            options |= {"input_title": column.heading[:32], "input_message": column.help[:255]}
        self.page.data_validation(self.top + 1, place, last, place, options)

    def _format(self, column: Column) -> Any:  # noqa: ANN401 - untyped
        point = "." + "0" * column.decimals if column.decimals else ""
        shapes: Mapping[Kind, str | int] = {
            "text": _TEXT_FORMAT,
            "amount": f"#,##0{point}",
            "share": f"0{point}%",
            "figure": f"0{point}",
        }
        return self.book.add_format({"num_format": shapes[column.kind]})


def sheet_names(names: Iterable[str]) -> list[str]:
    """Names that a spreadsheet accepts for tabs: 31 characters, no special ones, no two alike."""
    found: dict[str, str] = {}
    for name in names:
        clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", name).strip("' ")[:31] or "sheet"
        clean = f"{clean[:30]}_" if clean.lower() == "history" else clean
        unique, count = clean, 1
        while unique.lower() in found:
            count += 1
            unique = f"{clean[: 28 - len(str(count))]} ({count})"
        found[unique.lower()] = unique
    return list(found.values())


def _cells(column: Column) -> list[Any]:
    """The cells as they are written: text, numbers, or None for nothing."""
    cells = column.cells
    values: list[Any] = cells.tolist() if isinstance(cells, np.ndarray) else list(cells)
    if column.kind == "text":
        return [None if value is None or value == "" else str(value) for value in values]
    if column.kind != "amount" or not column.decimals:
        return values
    return [None if value is None else _amount(value, column.decimals) for value in values]


def _amount(value: int, decimals: int) -> float | str:
    """Smallest units as the float that is nearest, or as text where a float has too few digits."""
    if abs(value) < _EXACT:
        return float(value / 10**decimals)
    return format(Decimal(value).scaleb(-decimals), "f")


def _width(column: Column) -> float:
    """Characters that the column is wide: its longest cell of the first ones, within limits."""
    longest = max((len(str(cell)) for cell in column.cells[:_LOOKED_AT]), default=0)
    if column.kind != "text":
        # Commas between thousands, the point, and a sign.
        longest = min(longest, 16) + longest // 3 + 2
    return float(min(_WIDEST, max(_NARROWEST, longest + 1, min(len(column.heading) + 4, 18))))


def _length(text: str) -> int:
    """Characters as a spreadsheet counts them: those beyond the first plane are two."""
    return len(text) if len(text) * 2 <= LONGEST_TEXT else len(text.encode("utf-16-le")) // 2
