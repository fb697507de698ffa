"""Excel workbooks: their sheets by name, each checked and handed on as a workbook of its own."""

import io
import posixpath
import zipfile
from collections.abc import Mapping, Sequence
from functools import cached_property

from metneed.instances.faults import Fault
from metneed.instances.workbook_cells import TRUE, local, scan_worksheet
from metneed.instances.workbook_form import SheetForm
from metneed.instances.workbook_guard import Package
from metneed.instances.workbook_refusal import RefusedWorkbookError, damaged
from metneed.instances.workbook_xml import tree, walk

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETS = {"worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"}
_USED = ("styles", "sharedStrings")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


class ExcelBook:
    """An Excel workbook; its sheets are looked at when they are asked for.

    Parameters
    ----------
    package
        Its parts.

    Raises
    ------
    RefusedWorkbookError
        Where the parts do not make an Excel workbook.
    MissingExtraError
        Where defusedxml is not installed.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        main = self._main_part()
        relations = self._relations(main)
        self._parts = {kind: part for kind, part in relations.values() if kind in _USED}
        self._sheets: dict[str, str] = {}
        self._is_from_1904 = False
        self.hidden: set[str] = set()
        root = tree(main, package.read(main))
        if local(root.tag) != "workbook":
            raise damaged("it is not a workbook")
        for element in root.iter():
            given = {local(name): value for name, value in element.attrib.items()}
            if local(element.tag) == "sheet":
                self._add(given, relations)
            elif local(element.tag) == "workbookPr":
                self._is_from_1904 = given.get("date1904") in TRUE

    @property
    def names(self) -> list[str]:
        """The names of the sheets, in order."""
        return list(self._sheets)

    def form(self, name: str) -> SheetForm:
        """The form of a sheet.

        Raises
        ------
        RefusedWorkbookError
            Where the sheet is damaged, or too large to be read.
        """
        form = SheetForm(name, name in self.hidden)
        cells = scan_worksheet(self._data(name), form)
        form.check_size(cells * self._longest_text)
        return form

    def alone(self, name: str) -> tuple[io.BytesIO, int]:
        """A workbook of this sheet and what it refers to, and the place of the sheet in it.

        A reader thus gets the very bytes that were checked, however it takes a zip file apart.
        """
        data = {
            "[Content_Types].xml": _content_types(),
            "_rels/.rels": _relationships({"officeDocument": "xl/workbook.xml"}),
            "xl/workbook.xml": _workbook(self._is_from_1904),
            "xl/worksheets/sheet1.xml": self._data(name),
        }
        related = {"worksheet": "worksheets/sheet1.xml"}
        for kind, part in self._parts.items():
            related[kind] = f"{kind}.xml"
            data[f"xl/{kind}.xml"] = self._package.read(part)
        data["xl/_rels/workbook.xml.rels"] = _relationships(related)
        return stored(data), 0

    def _add(self, given: Mapping[str, str], relations: Mapping[str, tuple[str, str]]) -> None:
        name = given.get("name", "")
        kind, part = relations.get(given.get("id", ""), ("", ""))
        if kind not in _SHEETS:
            raise damaged(f"its sheet {name[:40]!r} is missing")
        if name in self._sheets:
            raise damaged(f"two sheets are called {name[:40]!r}")
        if kind == "worksheet":
            self._sheets[name] = part
            if given.get("state", "visible") != "visible":
                self.hidden.add(name)

    def _data(self, name: str) -> bytes:
        return self._package.read(self._sheets[name])

    def _main_part(self) -> str:
        kinds = dict(self._relations("").values())
        main = kinds.get("officeDocument", "")
        if main.endswith(".bin"):
            fault = Fault("old-workbook", "a binary workbook (.xlsb)", "Save it as .xlsx")
            raise RefusedWorkbookError(fault)
        return main

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """For each relation of a part its kind, and the part that it leads to."""
        folder, name = posixpath.split(part)
        found = {}
        source = posixpath.join(folder, "_rels", f"{name}.rels")
        for element in tree(source, self._package.read(source)).iter():
            if local(element.tag) == "Relationship" and element.get("TargetMode") != "External":
                target = element.get("Target", "").replace("\\", "/")
                place = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = element.get("Type", "").rpartition("/")[2]
                found[element.get("Id", "")] = kind, place
        return found

    @cached_property
    def _longest_text(self) -> int:
        """Characters of the longest text that cells share; styles and texts are checked here."""
        if "styles" in self._parts:
            walk("styles", self._package.read(self._parts["styles"]), lambda *_: None)
        if "sharedStrings" not in self._parts:
            return 0
        lengths = [0]

        def start(name: str, _: Sequence[str]) -> None:
            if local(name) == "si":
                lengths[:] = max(lengths), 0

        def text(characters: str) -> None:
            lengths[-1] += len(characters)

        data = self._package.read(self._parts["sharedStrings"])
        walk("sharedStrings", data, start, text=text)
        return max(lengths)


def stored(data: Mapping[str, bytes]) -> io.BytesIO:
    """A zip file of these members, not packed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as target:
        for name, content in data.items():
            target.writestr(name, content)
    file.seek(0)
    return file


def _content_types() -> bytes:
    form = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{form}"/></Types>'
    ).encode()


def _relationships(related: Mapping[str, str]) -> bytes:
    lines = (
        f'<Relationship Id="r{place}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(related.items())
    )
    start = f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    return f"{start}{''.join(lines)}</Relationships>".encode()


def _workbook(is_from_1904: bool) -> bytes:
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<workbookPr date1904="{int(is_from_1904)}"/>'
        '<sheets><sheet name="sheet" sheetId="1" r:id="r0"/></sheets></workbook>'
    ).encode()
