"""Workbooks that are refused as a whole or sheet by sheet, by their bytes and their XML."""

import io
import runpy
import struct
import zipfile
from pathlib import Path

BASE = runpy.run_path(str(Path(__file__).with_name("workbook_base.py")))
Error = BASE["Error"]
excel_parts = BASE["excel_parts"]
zipped = BASE["zipped"]
excel = BASE["excel"]
open_document = BASE["open_document"]
Case = BASE["Case"]
file_case = BASE["file_case"]
packages_with = BASE["packages_with"]
SOUND = BASE["SOUND"]
_HEAD = BASE["_HEAD"]
_MAIN = BASE["_MAIN"]
_OFFICE = BASE["_OFFICE"]
_SPACES = BASE["_SPACES"]


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


def raw_sheet(data: str, after: str = "") -> str:
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData>{after}</worksheet>'


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


def renamed(sheet: str) -> bytes:
    """A workbook whose sheet of users has another name, in its list of sheets only."""
    book = excel_parts(SOUND)["xl/workbook.xml"].replace('name="users"', f'name="{sheet}"')
    return excel(xl__workbook_xml=book)


def binary() -> bytes:
    parts = excel_parts(SOUND)
    parts["_rels/.rels"] = parts["_rels/.rels"].replace("workbook.xml", "workbook.bin")
    return zipped(parts)


def document(data: bytes, old: str, new: str) -> bytes:
    """An OpenDocument spreadsheet with something else in its content."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        content = source.read("content.xml").decode()
    assert old in content
    return open_document(content=content.replace(old, new, 1))


def with_chart() -> bytes:
    """A workbook with a sheet that holds a chart and nothing else."""
    parts = excel_parts(SOUND)
    sheet = "<sheet name='Chart1' sheetId='9' r:id='s9'/></sheets>"
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("</sheets>", sheet)
    related = f'<Relationship Id="s9" Type="{_OFFICE}/chartsheet" Target="chartsheets/1.xml"/>'
    links = "xl/_rels/workbook.xml.rels"
    parts[links] = parts[links].replace("</Rel", f"{related}</Rel", 1)
    return zipped(parts)


YES = True
DIGITS = "".join(map(str, range(150_000)))
_CONTENT = open_document()
_ENDED = "</table:table>"
_IN_ROW = "<table:table-row><table:table-cell>"
_NOWHERE = '<mergeCells><mergeCell ref="#REF!"/></mergeCells>'
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
    sheet_case("elements without end", raw_sheet("<row>" * 300_000 + DIGITS), "not-a-workbook"),
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

FORMS = [
    file_case("two sheets of one name", renamed("packages"), "not-a-workbook"),
    file_case("a binary workbook", binary(), "old-workbook"),
    file_case(
        "a list of sheets that is far too long",
        excel(xl__workbook_xml=f"<a>{' '.join(map(str, range(700_000)))}</a>"),
        "not-a-workbook",
    ),
    Case("a chart on a sheet of its own", with_chart(), "council.xlsx"),
    file_case(
        "two OpenDocument sheets of one name",
        document(_CONTENT, '"packages"', '"users"'),
        "not-a-workbook",
        "council.ods",
    ),
    file_case(
        "a table inside a table",
        document(
            _CONTENT,
            _ENDED,
            f"{_IN_ROW}<table:table/></table:table-cell></table:table-row>{_ENDED}",
        ),
        "not-a-workbook",
        "council.ods",
    ),
    Case(
        "a tab inside an OpenDocument cell",
        document(_CONTENT, ">B2<", ">B<text:tab/>2<"),
        "council.ods",
        (("sheet users of council.ods", 3, "user_id", "invisible", "A3"),),
    ),
    Case(
        "counts that are none",
        document(_CONTENT, "<table:table-row>", '<table:table-row table:number-rows-repeated="x">'),
        "council.ods",
        tuple(
            (f"sheet {sheet} of council.ods", 0, "", "not-a-workbook", "")
            for sheet in ("scenario", "users", "packages")
        ),
    ),
    sheet_case(
        "merged cells that are nowhere", raw_sheet(f"{_ONE}</row>", _NOWHERE), "not-a-workbook"
    ),
]

CASES = [*WHOLE_FILES, *SHEETS, *FORMS]
