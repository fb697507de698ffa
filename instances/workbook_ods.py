"""OpenDocument spreadsheets: the form of every sheet, from one walk through the content."""

import io
from collections.abc import Mapping, Sequence

from metneed.instances.faults import Fault
from metneed.instances.workbook_cells import extend, local
from metneed.instances.workbook_excel import stored
from metneed.instances.workbook_form import CONTROL, ERROR, NO_RESULT, SheetForm
from metneed.instances.workbook_guard import Package
from metneed.instances.workbook_refusal import RefusedWorkbookError, damaged
from metneed.instances.workbook_xml import tree, walk

TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = "META-INF/manifest.xml"
_SPACE = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_MOST = 10**12
"""Nothing is repeated so often; counts are cut there."""


class OpenDocumentBook:
    """An OpenDocument spreadsheet, all of whose sheets are one part.

    Parameters
    ----------
    package
        Its parts.

    Raises
    ------
    RefusedWorkbookError
        Where the parts do not make a spreadsheet, or a sheet is too large to be read.
    MissingExtraError
        Where defusedxml is not installed.
    """

    def __init__(self, package: Package) -> None:
        if package.read("mimetype").strip() not in {TYPE.encode(), f"{TYPE}-template".encode()}:
            problem = "an OpenDocument file, but not a spreadsheet"
            remedy = "Save it as a spreadsheet (.ods or .xlsx)"
            raise RefusedWorkbookError(Fault("not-a-workbook", problem, remedy))
        if _is_encrypted(package):
            fault = Fault("password", "protected with a password", "Save it without a password")
            raise RefusedWorkbookError(fault)
        self._content = package.read("content.xml")
        scan = _Scan()
        walk("content.xml", self._content, scan.start, scan.end, scan.text)
        self._forms = {form.name: form for form in scan.forms}
        if len(self._forms) < len(scan.forms):
            raise damaged("two sheets have the same name")
        # A reader unpacks all sheets at once.
        for form, characters in zip(scan.forms, scan.characters, strict=True):
            form.check_size(characters)

    @property
    def names(self) -> list[str]:
        """The names of the sheets, in order."""
        return list(self._forms)

    @property
    def hidden(self) -> set[str]:
        """The names of the sheets that are hidden."""
        return {name for name, form in self._forms.items() if form.is_hidden}

    def form(self, name: str) -> SheetForm:
        """The form of a sheet."""
        return self._forms[name]

    def alone(self, name: str) -> tuple[io.BytesIO, int]:
        """The spreadsheet without whatever was not checked, and the place of the sheet in it."""
        data = {
            "mimetype": TYPE.encode(),
            _MANIFEST: f'<m:manifest xmlns:m="{_SPACE}"/>'.encode(),
            "content.xml": self._content,
        }
        return stored(data), self.names.index(name)


def _is_encrypted(package: Package) -> bool:
    if _MANIFEST not in package:
        return False
    manifest = tree(_MANIFEST, package.read(_MANIFEST))
    return any(local(element.tag) == "encryption-data" for element in manifest.iter())


class _Scan:
    """Where the walk stands: in which sheet, row and cell."""

    def __init__(self) -> None:
        self.forms: list[SheetForm] = []
        self.characters: list[int] = []
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.row = self.column = self.rows_here = self.columns_here = 0
        self.depth = 0
        self.cell: dict[str, str] = {}
        self.length = 0
        self.is_inside = False

    def start(self, name: str, attributes: Sequence[str]) -> None:
        kind = local(name)
        given = dict(zip(map(_key, attributes[::2]), attributes[1::2], strict=True))
        if kind in _STARTS:
            _STARTS[kind](self, given)
        elif self.is_inside and kind in {"tab", "line-break"}:
            self._refuse(CONTROL)
        elif self.is_inside and kind == "s":
            self.length += _count(given.get("c", "1"))

    def end(self, name: str) -> None:
        kind = local(name)
        if kind in _CELLS and self.is_inside:
            self._end_cell()
        elif kind == "table-row":
            self.row += self.rows_here
        elif kind == "table":
            self.depth -= 1

    def text(self, characters: str) -> None:
        if self.is_inside:
            self.length += len(characters)

    def start_style(self, given: Mapping[str, str]) -> None:
        self.style = given.get("name", "")

    def start_properties(self, given: Mapping[str, str]) -> None:
        if given.get("display") == "false":
            self.hidden_styles.add(self.style)

    def start_table(self, given: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth > 1:
            raise damaged("a table stands inside a table")
        is_hidden = given.get("style-name", "") in self.hidden_styles
        self.forms.append(SheetForm(given.get("name", ""), is_hidden))
        self.characters.append(0)
        self.row = self.column = 0

    def start_column(self, given: Mapping[str, str]) -> None:
        count = _count(given.get("number-columns-repeated", "1"))
        if given.get("visibility") in {"collapse", "filter"} and self.forms:
            extend(self.forms[-1].hidden_columns, self.column + 1, self.column + count)
        self.column += count

    def start_row(self, given: Mapping[str, str]) -> None:
        self.rows_here, self.column = _count(given.get("number-rows-repeated", "1")), 0
        if given.get("visibility") in {"collapse", "filter"} and self.forms:
            extend(self.forms[-1].hidden_rows, self.row + 1, self.row + self.rows_here)

    def start_cell(self, given: Mapping[str, str]) -> None:
        self.cell, self.length, self.is_inside = dict(given), 0, True
        self.columns_here = _count(given.get("number-columns-repeated", "1"))

    def _end_cell(self) -> None:
        """Note what the cell holds, in all the rows and columns that repeat it."""
        self.is_inside = False
        first = self.column + 1
        self.column += self.columns_here
        if not self.forms:
            return
        form, given = self.forms[-1], self.cell
        self.length += len(given.get("string-value", ""))
        spans = [_count(given.get(f"number-{which}-spanned", "1")) for which in ("rows", "columns")]
        if max(spans) > 1:
            last_row, last_column = self.row + spans[0], first + spans[1] - 1
            form.merged.append((self.row + 1, first, last_row, last_column))
        is_formula = "formula" in given
        if not (self.length or is_formula or "value-type" in given):
            return
        form.hold(self.row + self.rows_here, self.column)
        self.characters[-1] += self.length * self.rows_here * self.columns_here
        if given.get("calc value-type") == "error":
            self._refuse(ERROR, first)
        elif is_formula and "value-type" not in given:
            self._refuse(NO_RESULT, first)

    def _refuse(self, fault: Fault, column: int = 0) -> None:
        if self.forms:
            self.forms[-1].refused[self.row + 1, column or self.column + 1] = fault


def _key(name: str) -> str:
    """The name of an attribute; two namespaces say what type a value has."""
    return f"calc {local(name)}" if ":calc:" in name else local(name)


def _count(text: str) -> int:
    """A number of repetitions; what is no number is taken for one, what is too large is cut."""
    if not (text.isascii() and text.isdigit()):
        return 1
    return _MOST if len(text) > 12 else int(text)


_STARTS = {
    "style": _Scan.start_style,
    "table-properties": _Scan.start_properties,
    "table": _Scan.start_table,
    "table-column": _Scan.start_column,
    "table-row": _Scan.start_row,
    "table-cell": _Scan.start_cell,
    "covered-table-cell": _Scan.start_cell,
}
_CELLS = frozenset({"table-cell", "covered-table-cell"})
