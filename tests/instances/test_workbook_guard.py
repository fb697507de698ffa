"""The look into a workbook before it is read: what is refused, and that nothing is unpacked."""

import io
import runpy
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from metneed.instances import workbook_guard
from metneed.instances.workbook_cells import scan_worksheet
from metneed.instances.workbook_excel import ExcelBook
from metneed.instances.workbook_form import SheetForm, cell, column_number, letters
from metneed.instances.workbook_guard import Package
from metneed.instances.workbook_refusal import RefusedWorkbookError
from metneed.instances.workbook_xml import DEEPEST, tree, walk

pytest.importorskip("defusedxml", reason="the extra excel is not installed")

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "workbooks.py"))["EVERYTHING"]
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "book.xlsx"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("make", "code"),
    [
        ("zip_bomb", "zip-bomb"),
        ("large_sum", "too-large-file"),
        ("flagged_encrypted", "password"),
        ("doubled_member", "not-a-workbook"),
    ],
)
def test_a_workbook_is_refused_before_anything_is_unpacked(
    make: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, CORPUS[make]())
    monkeypatch.setattr(zipfile.ZipFile, "open", None)

    with pytest.raises(RefusedWorkbookError) as caught:
        Package(path)
    assert caught.value.fault.code == code


def test_too_many_members_are_refused_before_they_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, CORPUS["many_members"](60_000))
    monkeypatch.setattr(zipfile, "ZipFile", None)

    with pytest.raises(RefusedWorkbookError, match="more than 1,000 parts"):
        Package(path)


def test_a_thousand_members_are_listed(tmp_path: Path) -> None:
    package = Package(saved(tmp_path, CORPUS["many_members"](1_000)))

    assert "999.xml" in package
    package.close()


def test_members_that_the_last_record_does_not_count_are_counted(tmp_path: Path) -> None:
    data = bytearray(CORPUS["many_members"](1_001))
    end = data.rfind(b"PK\x05\x06")
    data[end + 8 : end + 12] = b"\x05\x00\x05\x00"

    with pytest.raises(RefusedWorkbookError, match="more than 1,000 parts"):
        Package(saved(tmp_path, bytes(data)))


def test_a_file_beyond_the_limit_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, CORPUS["excel"]())
    monkeypatch.setattr(workbook_guard, "LARGEST_FILE", path.stat().st_size - 1)
    monkeypatch.setattr(Path, "open", None)

    with pytest.raises(RefusedWorkbookError, match="larger than"):
        Package(path)


def test_a_part_is_unpacked_to_the_size_that_it_claims_and_no_further(tmp_path: Path) -> None:
    data = CORPUS["lying_sizes"]()
    package = Package(saved(tmp_path, data))

    with pytest.raises(RefusedWorkbookError, match="cannot be unpacked"):
        package.read("xl/worksheets/sheet2.xml")
    package.close()


def test_parts_are_found_whatever_their_letters(tmp_path: Path) -> None:
    package = Package(saved(tmp_path, CORPUS["excel"]()))

    assert package.read("XL/Workbook.xml") == package.read("xl/workbook.xml")
    with pytest.raises(RefusedWorkbookError, match=r"'nowhere\.xml' is missing"):
        package.read("nowhere.xml")
    package.close()


def starts(data: bytes) -> list[str]:
    found: list[str] = []
    walk("part", data, lambda name, _: found.append(name))
    return found


def test_a_walk_names_elements_with_their_namespace_and_lists_their_attributes() -> None:
    found: list[tuple[str, Sequence[str]]] = []
    ends: list[str] = []
    texts: list[str] = []
    walk(
        "part",
        b'<a xmlns="n"><b x="1" y="2">t</b></a>',
        lambda name, given: found.append((name, given)),
        ends.append,
        texts.append,
    )

    assert found == [("n}a", []), ("n}b", ["x", "1", "y", "2"])]
    assert ends == ["n}b", "n}a"]
    assert texts == ["t"]


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd">%b;]><a/>',
    ],
)
def test_document_types_and_entities_are_refused_in_trees_and_walks(data: bytes) -> None:
    for parse in (lambda: starts(data), lambda: tree("part", data)):
        with pytest.raises(RefusedWorkbookError) as caught:
            parse()
        assert caught.value.fault.code == "entities"


@pytest.mark.parametrize("data", [b"", b"<a", b"<a></b>", b"<a/><b/>", b"<a>&b;</a>", b"\xff\xfe<"])
def test_what_is_not_well_formed_is_refused(data: bytes) -> None:
    for parse in (lambda: starts(data), lambda: tree("part", data)):
        with pytest.raises(RefusedWorkbookError, match="not well-formed"):
            parse()


def test_elements_that_never_end_are_refused_before_they_fill_the_memory() -> None:
    with pytest.raises(RefusedWorkbookError, match="without end"):
        starts(b"<aa>" * 300_000)


def test_elements_may_be_open_as_deep_as_any_workbook_has_them() -> None:
    assert len(starts(b"<a>" * DEEPEST + b"</a>" * DEEPEST)) == DEEPEST


@pytest.mark.parametrize(("column", "text"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_are_numbered_as_a_spreadsheet_letters_them(column: int, text: str) -> None:
    assert letters(column) == text
    assert column_number(text) == column
    assert cell(5, column) == f"{text}5"


@pytest.mark.parametrize("text", ["", "a", "A1", "É", "-"])
def test_what_is_no_column_has_no_number(text: str) -> None:
    assert column_number(text) == 0


def scanned(rows: str, after: str = "") -> tuple[SheetForm, int]:
    form = SheetForm("sheet")
    data = f'<worksheet xmlns="{SPACE}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    return form, scan_worksheet(data.encode(), form)


def test_only_cells_that_hold_something_count() -> None:
    form, cells = scanned('<row r="2"><c r="B2"><v>1</v></c><c r="Z2" s="1"/></row><row r="900"/>')

    assert (form.rows, form.columns, cells) == (2, 2, 1)


def test_cells_without_references_follow_one_another() -> None:
    form, _ = scanned(
        '<row><c t="e"><v>#N/A</v></c><c/><c t="e"><v>#N/A</v></c></row><row><c/></row>'
    )

    assert sorted(form.refused) == [(1, 1), (1, 3)]


def test_formulas_behind_the_cells_are_not_taken_for_theirs() -> None:
    behind = '<extLst><ext><x:f xmlns:x="other">A1</x:f></ext></extLst>'
    form, _ = scanned('<row r="1"><c r="A1"><v>1</v></c></row>', behind)

    assert not form.formulas


def test_hidden_rows_that_touch_are_one_block() -> None:
    rows = "".join(f'<row r="{r}" hidden="1"><c r="A{r}"><v>1</v></c></row>' for r in (2, 3, 5))
    form, _ = scanned(rows)
    (note,) = form.notes()

    assert form.hidden_rows == [(2, 3), (5, 5)]
    assert note.problem == "3 rows are hidden and read like the others: 2 to 3, 5"


def test_what_is_hidden_beyond_the_last_cell_is_no_news() -> None:
    columns = '<cols><col min="2" max="16384" hidden="1"/></cols>'
    form = SheetForm("sheet")
    data = f'<worksheet xmlns="{SPACE}">{columns}<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    scan_worksheet(f"{data}<row r='9' hidden='1'/></sheetData></worksheet>".encode(), form)

    assert not list(form.notes())


def test_a_zip_file_is_handed_on_with_nothing_in_it_that_was_not_checked(tmp_path: Path) -> None:
    data = CORPUS["excel"](xl__vbaProject_bin=b"macro", docProps__core_xml=CORPUS["LAUGHS"])
    package = Package(saved(tmp_path, data))
    file, _ = ExcelBook(package).alone("users")
    package.close()
    with zipfile.ZipFile(io.BytesIO(file.getvalue())) as handed:
        names = handed.namelist()

    assert sorted(names) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
    ]
