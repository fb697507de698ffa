"""The form of an Excel worksheet, from the start of each of its elements."""

from collections.abc import Callable, Mapping, Sequence

from metneed.instances.workbook_form import ERROR, SheetForm, column_number, letters
from metneed.instances.workbook_refusal import damaged
from metneed.instances.workbook_xml import walk

TRUE = {"1", "true"}
_DIGITS = "0123456789"


def scan_worksheet(data: bytes, form: SheetForm) -> int:
    """Note the form of a worksheet; how many cells hold anything.

    Parameters
    ----------
    data
        The part of the worksheet.
    form
        What is found is noted there.

    Raises
    ------
    RefusedWorkbookError
        Where it is no XML, declares entities, or has cells out of place.
    MissingExtraError
        Where defusedxml is not installed.
    """
    scan = _Scan(form)
    walk("worksheet", data, scan.start)
    return scan.cells


def local(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]


class _Scan:
    """Where the scan stands; half a million cells a second pass through it."""

    def __init__(self, form: SheetForm) -> None:
        self.form = form
        self.cells = 0
        self.kinds: dict[str, str] = {}
        self.columns: dict[str, int] = {}
        self.row, self.row_text, self.last_column = 0, "", 0
        self.cell: Sequence[str] = ()
        self.place: tuple[int, int] | None = None
        self.is_open = self.is_formula = False

    def start(self, name: str, attributes: list[str]) -> None:
        kind = self.kinds.get(name)
        if kind is None:
            kind = self.kinds[name] = local(name)
        if kind == "c":
            if not attributes or attributes[0] != "r":
                attributes = self._placed(attributes)
            self.cell, self.place = attributes, None
            self.is_open = True
            self.is_formula = False
        elif kind in _HOLDING:
            if self.cell and self.place is None:
                self._hold()
            if self.is_formula or kind == "f":
                self._formula(kind)
        elif kind == "row":
            self._start_row(attributes)
        else:
            self.is_open = False
            if kind in _NOTED:
                _NOTED[kind](self.form, _pairs(attributes))

    def _hold(self) -> None:
        """Note that the cell holds something; cells are in order, each in its row."""
        reference = self.cell[1]
        text = reference.rstrip(_DIGITS)
        column = self.columns.get(text)
        if column is None:
            column = self.columns[text] = column_number(text)
            self.form.columns = max(self.form.columns, column)
        if column <= self.last_column or reference[len(text) :] != self.row_text:
            raise damaged(f"its cell {reference[:20]!r} is out of place")
        self.last_column, self.form.rows = column, self.row
        self.place = self.row, column
        self.cells += 1
        if "e" in self.cell:
            self.form.refused[self.place] = ERROR

    def _formula(self, kind: str) -> None:
        if self.place is None:
            return
        if kind == "f":
            # What stands behind the cells has formulas of its own.
            self.is_formula = self.is_open
            if self.is_open:
                self.form.formulas.add(self.place)
        elif "str" in self.cell:
            # The empty text can be the result of a formula.
            self.form.formulas.discard(self.place)

    def _start_row(self, attributes: Sequence[str]) -> None:
        given: Mapping[str, str] = {}
        if attributes and attributes[0] == "r" and "hidden" not in attributes:
            text = attributes[1]
        else:
            given = _pairs(attributes)
            text = given.get("r", str(self.row + 1))
        if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) > self.row):
            raise damaged(f"its row {text[:20]!r} is out of place")
        self.row, self.row_text = int(text), text
        self.last_column, self.cell, self.place = 0, (), None
        if given.get("hidden") in TRUE:
            extend(self.form.hidden_rows, self.row, self.row)

    def _placed(self, attributes: Sequence[str]) -> list[str]:
        """The attributes of a cell with its reference first; without one it follows the last."""
        given = _pairs(attributes)
        after = column_number(self.cell[1].rstrip(_DIGITS)) if self.cell else 0
        reference = given.pop("r", f"{letters(after + 1)}{self.row_text}")
        return ["r", reference, *(text for pair in given.items() for text in pair)]


def extend(blocks: list[tuple[int, int]], first: int, last: int) -> None:
    """Add a block of rows or columns, joined to the last one where they touch."""
    if blocks and blocks[-1][1] == first - 1:
        blocks[-1] = blocks[-1][0], last
    else:
        blocks.append((first, last))


def _pairs(attributes: Sequence[str]) -> dict[str, str]:
    return dict(zip(map(local, attributes[::2]), attributes[1::2], strict=True))


def _columns(form: SheetForm, given: Mapping[str, str]) -> None:
    if given.get("hidden") in TRUE:
        extend(form.hidden_columns, _number(given.get("min", "")), _number(given.get("max", "")))


def _merged(form: SheetForm, given: Mapping[str, str]) -> None:
    first, _, last = given.get("ref", "").partition(":")
    ends = [(_row(end), column_number(end.rstrip(_DIGITS))) for end in (first, last or first)]
    if not all(row and column for row, column in ends):
        raise damaged("it has merged cells that are nowhere")
    form.merged.append((*ends[0], *ends[1]))


def _row(reference: str) -> int:
    return _number(reference[len(reference.rstrip(_DIGITS)) :])


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


_HOLDING = frozenset({"v", "f", "is"})
"""Elements of a cell that make it hold something."""

_NOTED: Mapping[str, Callable[[SheetForm, Mapping[str, str]], None]] = {
    "col": _columns,
    "mergeCell": _merged,
}
