"""Workbooks built in memory, cell by cell, and what a case of the corpus is.

Every case changes a few sheets of the same sound workbook.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True)
class Formula:
    """A formula and its result: None where the file has none."""

    result: object = None


@dataclass(frozen=True)
class Error:
    """A cell that the spreadsheet shows as an error."""

    text: str = "#REF!"


@dataclass(frozen=True)
class Date:
    """A date, as the day that Excel counts and as text."""

    day: float = 45_000
    text: str = "2023-03-15"


@dataclass(frozen=True)
class Raw:
    """The XML of a cell, in which ``{ref}`` stands for its reference."""

    xml: str


Rows = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Page:
    """A sheet: its cells, and what else a spreadsheet can do to it."""

    rows: Rows
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    merged: tuple[str, ...] = ()


Pages = Mapping[str, Page]

USERS: Rows = (
    ("user_id", "points", "area"),
    ("A1", 10, "North"),
    ("B2", 5.5, "South"),
    ("C3", 0.125, "North"),
)
PACKAGES: Rows = (
    ("user_id", "package_id", "cost", "met_need"),
    ("A1", "home", 10.5, 3),
    ("A1", "day", 4, 1.5),
    ("B2", "home", 20, 4),
    ("C3", "home", 5.25, 0.125),
)
SCENARIO: Rows = (
    ("key", "value", "what it is"),
    ("schema_version", 1, ""),
    ("name", "small", "the name of the scenario"),
    ("budget", 100, "pounds"),
)
SOUND: Pages = {"scenario": Page(SCENARIO), "users": Page(USERS), "packages": Page(PACKAGES)}

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def letters(column: int) -> str:
    """The letters of a column, counted from 1."""
    return (letters((column - 1) // 26) if column > 26 else "") + chr(65 + (column - 1) % 26)


def excel_parts(pages: Pages) -> dict[str, str]:
    """The parts of an Excel workbook."""
    shared: dict[str, int] = {}
    parts = {
        "[Content_Types].xml": _content_types(len(pages)),
        "_rels/.rels": _relations({"a": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _workbook(pages),
        "xl/styles.xml": _STYLES,
    }
    related = {"styles": ("styles", "styles.xml"), "texts": ("sharedStrings", "sharedStrings.xml")}
    for number, page in enumerate(pages.values(), 1):
        related[f"s{number}"] = ("worksheet", f"worksheets/sheet{number}.xml")
        parts[f"xl/worksheets/sheet{number}.xml"] = _worksheet(page, shared)
    parts["xl/_rels/workbook.xml.rels"] = _relations(related)
    texts = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in shared)
    parts["xl/sharedStrings.xml"] = f'{_HEAD}<sst xmlns="{_MAIN}">{texts}</sst>'
    return parts


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return file.getvalue()


def excel(pages: Pages = SOUND, **changed: str | bytes) -> bytes:
    """An Excel workbook; parts may be changed: ``__`` is ``/``, ``_xml`` is ``.xml``."""
    return zipped({**excel_parts(pages), **{_part(k): v for k, v in changed.items()}})


def open_document(pages: Pages = SOUND, manifest: str = "", content: str | None = None) -> bytes:
    """An OpenDocument spreadsheet."""
    body = "".join(_table(name, page) for name, page in pages.items())
    whole = (
        f"{_HEAD}<office:document-content {_SPACES}><office:automatic-styles>{_HIDDEN}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{body}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f"{_HEAD}<m:manifest {_MANIFEST}>{manifest}</m:manifest>",
        "content.xml": whole if content is None else content,
    }
    return zipped(parts)


def with_pages(**changed: Page | Rows | None) -> Pages:
    """The sound workbook with some sheets changed; None takes a sheet away."""
    return {
        name: page if isinstance(page, Page) else Page(page)
        for name, page in {**SOUND, **changed}.items()
        if page is not None
    }


def _flag(name: str, value: str, holds: bool) -> str:
    return f' {name}="{value}"' if holds else ""


def _part(name: str) -> str:
    return name.replace("__", "/").replace("_xml", ".xml").replace("_rels", ".rels")


_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def _content_types(sheets: int) -> str:
    form = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = {"/xl/workbook.xml": "sheet.main", "/xl/styles.xml": "styles"}
    overrides |= {f"/xl/worksheets/sheet{n + 1}.xml": "worksheet" for n in range(sheets)}
    overrides["/xl/sharedStrings.xml"] = "sharedStrings"
    lines = "".join(
        f'<Override PartName="{part}" ContentType="{form}.{kind}+xml"/>'
        for part, kind in overrides.items()
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    lines = f'<Default Extension="rels" ContentType="{rels}"/>{lines}'
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{lines}</Types>'


def _relations(related: Mapping[str, tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in related.items()
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _workbook(pages: Pages) -> str:
    sheets = "".join(
        f"<sheet name={quoteattr(name)} sheetId='{number}' r:id='s{number}'"
        f"{_flag('state', 'hidden', page.hidden)}/>"
        for number, (name, page) in enumerate(pages.items(), 1)
    )
    space = f'xmlns="{_MAIN}" xmlns:r="{_OFFICE}"'
    return f"{_HEAD}<workbook {space}><sheets>{sheets}</sheets></workbook>"


def _worksheet(page: Page, shared: dict[str, int]) -> str:
    rows = "".join(
        f'<row r="{number}"{_flag("hidden", "1", number in page.hidden_rows)}>'
        + "".join(_cell(f"{letters(c)}{number}", v, shared) for c, v in enumerate(cells, 1))
        + "</row>"
        for number, cells in enumerate(page.rows, 1)
    )
    columns = "".join(f'<col min="{c}" max="{c}" hidden="1"/>' for c in page.hidden_columns)
    merged = "".join(f'<mergeCell ref="{block}"/>' for block in page.merged)
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}">{_wrapped("cols", columns)}'
        f"<sheetData>{rows}</sheetData>{_wrapped('mergeCells', merged)}</worksheet>"
    )


def _wrapped(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>" if inside else ""


def _cell(ref: str, value: object, shared: dict[str, int]) -> str:  # noqa: PLR0911
    match value:
        case None | "":
            return ""
        case Raw(xml):
            return xml.replace("{ref}", ref)
        case bool():
            return f'<c r="{ref}" t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f'<c r="{ref}"><v>{value!r}</v></c>'
        case Date():
            return f'<c r="{ref}" s="1"><v>{value.day}</v></c>'
        case Error(text):
            return f'<c r="{ref}" t="e"><f>1/0</f><v>{text}</v></c>'
        case Formula(None):
            return f'<c r="{ref}"><f>A1+1</f><v></v></c>'
        case Formula(str() as text):
            return f'<c r="{ref}" t="str"><f>A1</f><v>{escape(text)}</v></c>'
        case Formula(result):
            return f'<c r="{ref}"><f>A1</f><v>{result!r}</v></c>'
        case _:
            place = shared.setdefault(str(value), len(shared))
            return f'<c r="{ref}" t="s"><v>{place}</v></c>'


_SPACES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
_MANIFEST = 'xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
_HIDDEN = (
    '<style:style style:name="gone" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
)


def _table(name: str, page: Page) -> str:
    style = _flag("table:style-name", "gone", page.hidden)
    width = max(map(len, page.rows), default=1)
    columns = "".join(
        f"<table:table-column{_flag('table:visibility', 'collapse', c in page.hidden_columns)}/>"
        for c in range(1, width + 1)
    )
    spans = {block.partition(":")[0]: block for block in page.merged}
    rows = "".join(
        f"<table:table-row{_flag('table:visibility', 'collapse', r in page.hidden_rows)}>"
        + "".join(_spread(f"{letters(c)}{r}", value, spans) for c, value in enumerate(cells, 1))
        + "</table:table-row>"
        for r, cells in enumerate(page.rows, 1)
    )
    return f"<table:table table:name={quoteattr(name)}{style}>{columns}{rows}</table:table>"


def _spread(ref: str, value: object, spans: Mapping[str, str]) -> str:
    span = ""
    if ref in spans:
        first, _, last = spans[ref].partition(":")
        down = int(last.lstrip("ABCDEFGH")) - int(first.lstrip("ABCDEFGH")) + 1
        across = ord(last[0]) - ord(first[0]) + 1
        span = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
    kind, text = _typed(value)
    shown = f"<text:p>{escape(text)}</text:p>" if text else ""
    return f"<table:table-cell{span}{kind}>{shown}</table:table-cell>"


def _typed(value: object) -> tuple[str, str]:  # noqa: PLR0911
    """The attributes and the text of a cell."""
    string = ' office:value-type="string"'
    match value:
        case None | "":
            return "", ""
        case bool():
            return f' office:value-type="boolean" office:boolean-value="{str(value).lower()}"', "x"
        case int() | float():
            return f' office:value-type="float" office:value="{value!r}"', "shown otherwise"
        case Date():
            return f' office:value-type="date" office:date-value="{value.text}"', "15/03/23"
        case Error(text):
            formula = ' table:formula="of:=1/0" office:string-value=""'
            return f'{formula}{string} calcext:value-type="error"', text
        case Formula(None):
            return ' table:formula="of:=[.A1]"', ""
        case Formula(result):
            attributes, text = _typed(result)
            return f' table:formula="of:=[.A1]"{attributes or string}', text
        case _:
            return string, str(value)


Place = tuple[str, int, str, str, str]
"""File or sheet, row, column, code and cell of a finding."""


@dataclass(frozen=True)
class Case:
    """A workbook and what must be found in it.

    Parameters
    ----------
    name
        What is odd about it.
    data
        Its bytes.
    file
        The name of the file.
    errors, warnings
        Every finding, as file, row, column, code and cell.
    """

    name: str
    data: bytes = field(repr=False)
    file: str
    errors: tuple[Place, ...] = ()
    warnings: tuple[Place, ...] = ()


def both(
    name: str, pages: Pages, *errors: tuple[str, int, str, str, str], warnings: Sequence[Place] = ()
) -> list[Case]:
    """The same workbook in both forms; places name a sheet, or nothing for the file."""

    def placed(found: Sequence[Place], file: str) -> tuple[Place, ...]:
        return tuple(
            (f"sheet {sheet} of {file}" if sheet else file, *rest) for sheet, *rest in found
        )

    return [
        Case(f"{name} ({file})", make(pages), file, placed(errors, file), placed(warnings, file))
        for file, make in (("council.xlsx", excel), ("council.ods", open_document))
    ]


def file_case(name: str, data: bytes, code: str, file: str = "council.xlsx") -> Case:
    """A file that is refused as a whole."""
    return Case(name, data, file, ((file, 0, "", code, ""),))


def users_with(row: int, column: int, value: object) -> Pages:
    """The sound workbook with one cell of the users changed, counted from 1."""
    return with_pages(users=_changed(USERS, row, column, value))


def packages_with(row: int, column: int, value: object) -> Pages:
    return with_pages(packages=_changed(PACKAGES, row, column, value))


def scenario_with(*rows: Sequence[object]) -> Pages:
    """The sound workbook with further rows of the scenario."""
    return with_pages(scenario=[*SCENARIO, *rows])


def _changed(rows: Rows, row: int, column: int, value: object) -> Rows:
    cells = [list(line) for line in rows]
    cells[row - 1][column - 1] = value
    return cells
