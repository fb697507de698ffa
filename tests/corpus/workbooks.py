"""A corpus of bad and awkward workbooks, built in memory, and the findings each must give.

Read with ``runpy.run_path``; every case changes a few sheets of the same sound workbook.
"""

import io
import struct
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

    day: int = 45_000
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


def encrypted_excel() -> bytes:
    """What a workbook with a password begins with: a compound file that holds an encrypted one."""
    name = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + name + bytes(480)


def old_excel() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "Workbook".encode("utf-16-le")


def zip_bomb() -> bytes:
    """A sheet that unpacks to 30 MB from 30 KB."""
    parts: dict[str, str | bytes] = {**excel_parts(SOUND)}
    row = b'<row><c t="inlineStr"><is><t>' + b" " * 1_000_000 + b"</t></is></c></row>"
    parts["xl/worksheets/sheet2.xml"] = b"<worksheet><sheetData>" + row * 30
    return zipped(parts)


def large_sum() -> bytes:
    """Many parts, none of which is large for its packed size, and 250 MiB together."""
    parts: dict[str, str | bytes] = {**excel_parts(SOUND)}
    block = bytes(1024**2)
    parts |= {f"xl/media/{n}.bin": block for n in range(250)}
    return zipped(parts)


def lying_sizes() -> bytes:
    """The zip bomb with a table of contents that says its sheet has 1,000 bytes."""
    data = bytearray(zip_bomb())
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        size = source.getinfo("xl/worksheets/sheet2.xml").file_size
    wanted = struct.pack("<L", size)
    at = data.find(wanted)
    while at >= 0:
        data[at : at + 4] = struct.pack("<L", 1000)
        at = data.find(wanted, at + 4)
    return bytes(data)


def flagged_encrypted() -> bytes:
    """A workbook whose members say that they are encrypted."""
    data = bytearray(excel())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def doubled_member() -> bytes:
    """Two parts of the same name: which one counts is anyone's guess."""
    return excel(xl__worksheets__Sheet2_xml=excel_parts(SOUND)["xl/worksheets/sheet1.xml"])


def many_members(count: int) -> bytes:
    """A zip file of so many empty members."""
    bodies, contents, at = [], [], 0
    for number in range(count):
        name = b"%d.xml" % number
        body = (
            struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name
        )
        entry = (b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, at)
        contents.append(struct.pack("<4s6H3L5H2L", *entry) + name)
        bodies.append(body)
        at += len(body)
    table = b"".join(contents)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(table), at, 0)
    return b"".join(bodies) + table + end


LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'


def declaring(declared: str, entity: str) -> str:
    """A sheet that declares entities and uses one of them."""
    return declared + raw_sheet(f'<row><c t="inlineStr"><is><t>&{entity};</t></is></c></row>')


def far_cell(reference: str) -> str:
    """A sheet with a cell in its first corner, and one far away."""
    row = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        f'<row r="{row}"><c r="{reference}"><v>1</v></c></row></sheetData></worksheet>'
    )


def raw_sheet(data: str) -> str:
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData></worksheet>'


def repeated_cell(rows: int, columns: int, text: str = "x") -> bytes:
    """An OpenDocument sheet with one cell that is repeated over and over."""
    cell = (
        f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    content = (
        f"{_HEAD}<office:document-content {_SPACES}><office:body><office:spreadsheet>"
        f'<table:table table:name="users">{row}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return open_document(content=content)


_SECRET = '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>'
_SHEET_2 = "xl__worksheets__sheet2_xml"

WHOLE_FILES = [
    file_case("nothing", b"", "empty"),
    file_case("text", b"user_id,points\nA1,10\n", "not-a-workbook"),
    file_case("a web page", b"<html><table><tr><td>A1</td></tr></table></html>", "not-a-workbook"),
    file_case("other XML", b"<?xml version='1.0'?><Workbook/>", "not-a-workbook"),
    file_case("random bytes", bytes(range(256)) * 8, "not-a-workbook"),
    file_case("the old format", old_excel(), "old-workbook"),
    file_case("the old format by name", old_excel(), "old-workbook", "council.xls"),
    file_case("a password", encrypted_excel(), "password"),
    file_case("encrypted members", flagged_encrypted(), "password"),
    file_case("an OpenDocument password", open_document(manifest=_SECRET), "password", "c.ods"),
    file_case("a zip file of tables", zipped({"users.csv": "user_id\nA1\n"}), "not-a-workbook"),
    file_case(
        "a text document",
        zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
        "not-a-workbook",
        "council.ods",
    ),
    file_case("cut in half", excel()[: len(excel()) // 2], "not-a-workbook"),
    file_case("cut at the end", excel()[:-10], "not-a-workbook"),
    file_case("60,000 members", many_members(60_000), "too-many-parts"),
    file_case("1,100 members", many_members(1_100), "too-many-parts"),
    file_case("a zip bomb", zip_bomb(), "zip-bomb"),
    file_case("250 MiB in many parts", large_sum(), "too-large-file"),
    file_case("two parts of one name", doubled_member(), "not-a-workbook"),
    file_case(
        "an unusual packing", zipped(excel_parts(SOUND), zipfile.ZIP_BZIP2), "not-a-workbook"
    ),
    file_case("an entity bomb", excel(xl__workbook_xml=f"{LAUGHS}<a>&d;</a>"), "entities"),
    file_case("an entity from outside", excel(xl__workbook_xml=f"{OUTSIDE}<a>&b;</a>"), "entities"),
    file_case("no workbook part", excel(xl__workbook_xml="<document/>"), "not-a-workbook"),
    file_case(
        "a workbook part that is no XML", excel(xl__workbook_xml="<workbook"), "not-a-workbook"
    ),
    file_case("an OpenDocument bomb", repeated_cell(1_000_000, 16_384), "too-large-sheet", "c.ods"),
    file_case(
        "long texts repeated", repeated_cell(500, 500, "x" * 5000), "too-large-sheet", "c.ods"
    ),
    file_case(
        "a billion spaces",
        repeated_cell(1, 1, '<text:s text:c="2000000000"/>'),
        "too-large-sheet",
        "council.ods",
    ),
]


def sheet_case(name: str, sheet: str, code: str) -> Case:
    """An Excel workbook whose users cannot be read."""
    place = ("sheet users of council.xlsx", 0, "", code, "")
    return Case(name, excel(xl__worksheets__sheet2_xml=sheet), "council.xlsx", (place,))


YES = True
_A1, _B7 = (f'<c r="{ref}"><v>1</v></c>' for ref in ("A1", "B7"))
_ONE = f'<row r="1">{_A1}'
SHEETS = [
    sheet_case("an entity bomb in a sheet", declaring(LAUGHS, "d"), "entities"),
    sheet_case("an entity from outside in a sheet", declaring(OUTSIDE, "b"), "entities"),
    sheet_case("a sheet that is no XML", "<worksheet><sheetData>", "not-a-workbook"),
    sheet_case("a cell in the last corner", far_cell("XFD1048576"), "too-large-sheet"),
    sheet_case("a cell beyond the last row", far_cell("A1048577"), "not-a-workbook"),
    sheet_case("a cell beyond the last column", far_cell("ZZZZ9"), "not-a-workbook"),
    sheet_case(
        "a cell in another row", raw_sheet(f"{_ONE}<c r='B7'><v>1</v></c></row>"), "not-a-workbook"
    ),
    sheet_case(
        "a cell given twice", raw_sheet(f"{_ONE}<c r='A1'><v>2</v></c></row>"), "not-a-workbook"
    ),
    sheet_case("a row given twice", raw_sheet(f"{_ONE}</row>{_ONE}</row>"), "not-a-workbook"),
    sheet_case("a row without a number", raw_sheet("<row r='x'/>"), "not-a-workbook"),
    sheet_case(
        "a text that is not among the texts",
        raw_sheet("<row r='1'><c r='A1' t='s'><v>99</v></c></row>"),
        "not-a-workbook",
    ),
    sheet_case("a sheet without cells", raw_sheet(""), "empty"),
    sheet_case(
        "a date in another geological age",
        raw_sheet("<row r='1'><c r='A1' s='1'><v>-1e300</v></c></row>"),
        "not-a-workbook",
    ),
    Case(
        "an error that is newer than its reader",
        excel(packages_with(5, 3, Error("#GETTING_DATA"))),
        "council.xlsx",
        (("sheet packages of council.xlsx", 5, "", "spreadsheet-error", "C5"),),
    ),
    Case(
        "a size that is a lie",
        lying_sizes(),
        "council.xlsx",
        (("sheet users of council.xlsx", 0, "", "not-a-workbook", ""),),
    ),
]

IN_USERS = "users"
CASES: list[Case] = [
    *WHOLE_FILES,
    *SHEETS,
    *both("sound", SOUND),
    *both("sound with other sheets", with_pages(Notes=[["checked by", "A. N. Other"]])),
    *both(
        "numeric identifiers",
        with_pages(
            users=[("user_id", "points"), (7, 1), ("8", 2)],
            packages=[PACKAGES[0], ("8", "home", 1, 1), (7, 4, 1, 1)],
        ),
        ("users", 2, "user_id", "wrong-type", "A2"),
        ("packages", 3, "user_id", "wrong-type", "A3"),
        ("packages", 3, "package_id", "wrong-type", "B3"),
    ),
    *both(
        "a yes for an identifier",
        users_with(2, 1, YES),
        ("users", 2, "user_id", "wrong-type", "A2"),
        ("packages", 2, "user_id", "unknown-user", "A2"),
        ("packages", 3, "user_id", "unknown-user", "A3"),
    ),
    *both("a yes for a number", users_with(2, 2, YES), ("users", 2, "points", "true-false", "B2")),
    *both("a date for points", users_with(3, 2, Date()), ("users", 3, "points", "date", "B3")),
    *both(
        "a date for an identifier",
        packages_with(4, 2, Date()),
        ("packages", 4, "package_id", "date", "B4"),
    ),
    *both(
        "a date among areas",
        users_with(3, 3, Date()),
        warnings=[("users", 3, "area", "date", "C3")],
    ),
    *both(
        "a column of dates",
        with_pages(users=[(*line, Date() if n else "since") for n, line in enumerate(USERS)]),
    ),
    *both(
        "an error for a number",
        packages_with(5, 3, Error()),
        ("packages", 5, "cost", "spreadsheet-error", "C5"),
    ),
    *both(
        "an error for an identifier",
        packages_with(3, 2, Error("#N/A")),
        ("packages", 3, "package_id", "spreadsheet-error", "B3"),
    ),
    *both(
        "an error in a heading",
        users_with(1, 3, Error("#NAME?")),
        ("users", 1, "", "spreadsheet-error", "C1"),
        ("users", 1, "", "blank-heading", "C1"),
    ),
    *both(
        "a formula without a result",
        packages_with(5, 3, Formula()),
        ("packages", 5, "cost", "no-result", "C5"),
    ),
    *both(
        "a formula without a result for an identifier",
        packages_with(5, 2, Formula()),
        ("packages", 5, "package_id", "no-result", "B5"),
    ),
    *both("formulas with results", packages_with(5, 3, Formula(4.25))),
    *both("a formula whose result is text", users_with(2, 3, Formula("West"))),
    *both(
        "a formula whose result is nothing",
        users_with(2, 3, Formula("")),
        warnings=[("users", 0, "area", "no-group", "C")],
    ),
    *both(
        "merged identifiers",
        with_pages(
            packages=Page(
                [
                    PACKAGES[0],
                    ("A1", "home", 1, 1),
                    ("", "day", 1, 1),
                    ("B2", "home", 1, 1),
                    ("C3", "home", 1, 1),
                ],
                merged=("A2:A3",),
            )
        ),
        ("packages", 2, "user_id", "merged", "A2"),
    ),
    *both(
        "a merged block of numbers",
        with_pages(
            packages=Page(
                [
                    PACKAGES[0],
                    ("A1", "home", 1, ""),
                    ("A1", "day", "", ""),
                    ("B2", "home", 1, 1),
                    ("C3", "home", 1, 1),
                ],
                merged=("C2:D3",),
            )
        ),
        ("packages", 2, "cost", "merged", "C2"),
    ),
    *both(
        "a hidden row and a hidden column",
        with_pages(users=Page(USERS, hidden_rows=(3,), hidden_columns=(2,))),
        warnings=[
            ("users", 0, "", "hidden-rows", ""),
            ("users", 0, "", "hidden-columns", ""),
        ],
    ),
    *both(
        "a hidden sheet that is read, and two that are not",
        with_pages(
            users=Page(USERS, hidden=True),
            old=Page([["x"]], hidden=True),
            older=Page([["x"]], hidden=True),
        ),
        warnings=[("users", 0, "", "hidden-sheet", ""), ("", 0, "", "hidden-sheet", "")],
    ),
    *both(
        "a title above the headings",
        with_pages(users=[["People who draw on care"], [], *USERS]),
        ("users", 0, "", "title-rows", ""),
    ),
    *both("nothing but headings", with_pages(users=USERS[:1]), ("users", 0, "", "no-rows", "")),
    *both("an empty sheet", with_pages(users=[[]]), ("users", 0, "", "empty", "")),
    *both(
        "a misnamed sheet",
        with_pages(users=None, Users=USERS),
        ("Users", 0, "", "misnamed-sheet", ""),
    ),
    *both(
        "a sheet nearly of the right name",
        with_pages(packages=None, package=PACKAGES),
        ("package", 0, "", "misnamed-sheet", ""),
    ),
    *both(
        "all sheets missing",
        {"Sheet1": Page([["x"]])},
        ("", 0, "", "missing-sheet", ""),
        ("", 0, "", "missing-sheet", ""),
        ("", 0, "", "missing-sheet", ""),
    ),
    *both(
        "a catalogue beside packages",
        with_pages(catalogue=[("package_id", "cost", "met_need"), ("all", 1, 0.1)]),
        ("catalogue", 0, "", "two-menus", ""),
    ),
    *both(
        "a table that is not read yet",
        with_pages(reckoner=[("outcome", "severity")]),
        warnings=[("reckoner", 0, "", "not-read", "")],
    ),
    *both(
        "a heading given twice",
        with_pages(users=[("user_id", "points", "points"), *(line[:2] for line in USERS[1:])]),
        ("users", 1, "points", "duplicate-column", "C1"),
    ),
    *both(
        "cells without a heading",
        with_pages(users=[USERS[0], (*USERS[1], "", "seen"), *USERS[2:]]),
        ("users", 1, "", "blank-heading", "E1"),
    ),
    *both(
        "an empty row in between",
        with_pages(users=[*USERS[:2], [], *USERS[2:]]),
        ("users", 3, "", "blank-row", "A3"),
    ),
    *both(
        "a misspelt heading",
        with_pages(users=[("user_id", "pionts", "area"), *USERS[1:]]),
        ("users", 1, "pionts", "misspelt-column", "B1"),
        warnings=[("users", 0, "points", "no-points", "")],
    ),
    *both(
        "a cost with too many decimals",
        packages_with(2, 3, 10.125),
        ("packages", 2, "cost", "too-many-decimals", "C2"),
    ),
    *both("a negative cost", packages_with(2, 3, -1), ("packages", 2, "cost", "negative", "C2")),
    *both("a cost as text", packages_with(2, 3, "£5"), ("packages", 2, "cost", "currency", "C2")),
    *both("numbers as text", packages_with(2, 3, "5.20")),
    *both(
        "a user who is nowhere",
        packages_with(3, 1, "A2"),
        ("packages", 3, "user_id", "unknown-user", "A3"),
    ),
    *both(
        "an unknown key",
        scenario_with(("buget", 1)),
        ("scenario", 5, "buget", "unknown-key", "B5"),
    ),
    *both(
        "a key given twice",
        scenario_with(("budget", 1)),
        ("scenario", 5, "key", "duplicate-key", "A5"),
    ),
    *both(
        "a key that cannot be used",
        scenario_with(("top_slice", 1.5)),
        ("scenario", 5, "top_slice", "bad-value", "B5"),
    ),
    *both(
        "a value without a key",
        scenario_with(("", "whole")),
        ("scenario", 5, "value", "blank-key", "B5"),
    ),
    *both(
        "a scenario without a budget",
        with_pages(scenario=SCENARIO[:3]),
        ("scenario", 0, "budget", "missing-key", ""),
    ),
    *both(
        "a group that there is not",
        scenario_with(("groups", "aera")),
        ("scenario", 5, "groups", "unknown-group", "B5"),
    ),
    *both(
        "a scenario without the column of values",
        with_pages(scenario=[("key", "amount"), *(line[:2] for line in SCENARIO[1:])]),
        ("scenario", 1, "value", "missing-column", ""),
        ("scenario", 0, "schema_version", "missing-key", ""),
        ("scenario", 0, "name", "missing-key", ""),
        ("scenario", 0, "budget", "missing-key", ""),
    ),
]
