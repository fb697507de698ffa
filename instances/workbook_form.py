"""What stands in a sheet besides values, and what a reader of values alone would miss."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from metneed.instances.faults import Fault
from metneed.instances.workbook_refusal import RefusedWorkbookError, damaged

MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576
MOST_CELLS = 10_000_000
"""Cells from the first to the last that holds anything: a reader makes room for all of them."""

LONGEST_TEXT = 1024**3
"""Characters that the texts of a sheet may have together, each counted where it stands."""

_SHOWN = 8

ERROR = Fault("spreadsheet-error", "an error of the spreadsheet", "Mend the formula there")
NO_RESULT = Fault(
    "no-result",
    "a formula whose result is not in the file",
    "Open the workbook in the spreadsheet and save it, or put the value in place of the formula",
)
CONTROL = Fault("invisible", "holds a tab or a break between lines", "Type it anew, without them")

Block = tuple[int, int, int, int]
"""First row and column, last row and column, counted from 1."""


@dataclass
class SheetForm:
    """The form of one sheet; rows and columns are counted from 1, as a spreadsheet shows them.

    Parameters
    ----------
    name
        As the tab shows it.
    is_hidden
        Whether the tab is hidden.
    rows, columns
        The last row and column that hold anything.
    refused
        Cells that cannot be read as what they show, by row and column, and why.
    formulas
        Cells with formulas whose result is missing if they show nothing.
    merged
        Blocks of merged cells.
    hidden_rows
        Blocks of hidden rows, by first and last.
    hidden_columns
        The same for columns.
    """

    name: str
    is_hidden: bool = False
    rows: int = 0
    columns: int = 0
    refused: dict[tuple[int, int], Fault] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    merged: list[Block] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def hold(self, row: int, column: int) -> None:
        """Note that a cell holds something."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)

    def check_size(self, characters: int) -> None:
        """Refuse a sheet that no reader could make room for.

        Parameters
        ----------
        characters
            The most that all its texts can have together.

        Raises
        ------
        RefusedWorkbookError
            Where the last cell is too far from the first, or the texts are too long.
        """
        if self.rows > MOST_ROWS or self.columns > MOST_COLUMNS:
            raise damaged(f"the sheet {self.name[:40]!r} has cells where no sheet can have any")
        remedy = "Delete what stands far below and beside the table, or save it as CSV in a folder"
        if self.rows * self.columns > MOST_CELLS:
            problem = (
                f"its last cell is {cell(self.rows, self.columns)}: that makes "
                f"{self.rows * self.columns:,} cells, more than {MOST_CELLS:,}"
            )
            raise RefusedWorkbookError(Fault("too-large-sheet", problem, remedy))
        if characters > LONGEST_TEXT:
            problem = f"its texts may have {characters:,} characters together"
            remedy = "Shorten the longest texts, or save the table as CSV in a folder"
            raise RefusedWorkbookError(Fault("too-large-sheet", problem, remedy))

    def notes(self) -> Iterator[Fault]:
        """What readers of the sheet do not see, in words."""
        if self.is_hidden:
            yield Fault(
                "hidden-sheet", "the sheet is hidden, and is read", "Show it and look at it"
            )
        rows = sum(
            min(last, self.rows) - first + 1 for first, last in _within(self.hidden_rows, self.rows)
        )
        if rows:
            places = _places(self.hidden_rows, str)
            problem = f"{rows:,} {_plural('row', rows)} hidden and read like the others: {places}"
            yield Fault("hidden-rows", problem, "Show them, take filters off, and look at them")
        hidden = list(_within(self.hidden_columns, self.columns))
        columns = sum(min(last, self.columns) - first + 1 for first, last in hidden)
        if columns:
            places = _places([(a, min(b, self.columns)) for a, b in hidden], letters)
            problem = f"{columns:,} {_plural('column', columns)} hidden and read: {places}"
            yield Fault("hidden-columns", problem, "Show them and look at them")


def letters(column: int) -> str:
    """The letters of a column, counted from 1.

    >>> letters(3), letters(28), letters(16384)
    ('C', 'AB', 'XFD')
    """
    text = ""
    while column:
        column, digit = divmod(column - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def column_number(text: str) -> int:
    """The number of a column from its letters; 0 where they are none."""
    number = 0
    for char in text:
        if not "A" <= char <= "Z" or number > MOST_COLUMNS:
            return 0
        number = number * 26 + ord(char) - ord("A") + 1
    return number


def cell(row: int, column: int) -> str:
    """The name of a cell: C5 is in row 5, column 3."""
    return f"{letters(column)}{row}"


def _within(blocks: list[tuple[int, int]], last: int) -> Iterator[tuple[int, int]]:
    return (block for block in blocks if block[0] <= last)


def _places(blocks: list[tuple[int, int]], name: object) -> str:
    assert callable(name)
    shown = [
        name(first) if first == last else f"{name(first)} to {name(last)}"
        for first, last in islice(blocks, _SHOWN)
    ]
    return ", ".join(shown) + (" ..." if len(blocks) > _SHOWN else "")


def _plural(noun: str, count: int) -> str:
    return f"{noun} is" if count == 1 else f"{noun}s are"
