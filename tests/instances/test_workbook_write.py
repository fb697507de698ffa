"""Writing workbooks: formatted, exact, whole or not at all, and nothing in them runs."""

import io
import re
import runpy
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from metneed.instances import workbook_write
from metneed.instances.generators import demo_council, generate
from metneed.instances.read import examine
from metneed.instances.results import NOTE
from metneed.instances.schemas import SCHEMAS
from metneed.instances.workbook_results import (
    comparison_sheets,
    findings_sheets,
    frontier_sheets,
    solution_sheets,
)
from metneed.instances.workbook_tables import keys_sheet, table_sheet
from metneed.instances.workbook_write import Column, Sheet, sheet_names, write_workbook
from metneed.models.allocation import Allocation
from metneed.models.errors import MissingExtraError, OptionError, OutputError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.solver.compare import compare
from metneed.solver.rules import rule
from metneed.solver.solve import bind, run

pytest.importorskip("xlsxwriter", reason="the extra excel is not installed")
python_calamine = pytest.importorskip("python_calamine", reason="the extra excel is not installed")

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "workbooks.py"))["EVERYTHING"]
DANGEROUS = ("=1+1", "+44", "-1", "@SUM(A1)", "http://example.org", "007", "1e5", "TRUE", "a\tb")


def cells(path: Path, sheet: str | int = 0) -> list[list[Any]]:
    book = python_calamine.load_workbook(path)
    name = book.sheet_names[sheet] if isinstance(sheet, int) else sheet
    rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return rows


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as file:
        return file.read(name).decode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.xlsx"


@pytest.fixture(scope="module")
def council() -> Instance:
    return generate("council", users=120, seed=3).instance()


def test_text_of_users_stays_text_whatever_it_begins_with(path: Path) -> None:
    write_workbook(path, [Sheet("ids", [Column("=heading", DANGEROUS)])])
    sheet = part(path, "xl/worksheets/sheet1.xml")

    assert [row[0] for row in cells(path)[1:]] == ["=heading", *DANGEROUS]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert sheet.count('t="inlineStr"') == len(DANGEROUS) + 2


def test_text_is_shown_as_text_so_that_editing_a_cell_does_not_run_it(path: Path) -> None:
    write_workbook(path, [Sheet("ids", [Column("user_id", DANGEROUS)])])
    styles = part(path, "xl/styles.xml")
    used = re.findall(r'<c r="A[3-9]" s="(\d+)"', part(path, "xl/worksheets/sheet1.xml"))
    formats = re.findall(r'<xf numFmtId="(\d+)"', styles.partition("<cellXfs")[2])

    assert {formats[int(place)] for place in used} == {"49"}


def test_amounts_are_numbers_with_all_their_decimals(path: Path) -> None:
    amounts = np.array([0, 1, 1050, 123_456_789_012_34, -5])
    write_workbook(path, [Sheet("money", [Column("cost", amounts, "amount", 2)])])

    assert [row[0] for row in cells(path)[2:]] == [0.0, 0.01, 10.5, 123456789012.34, -0.05]
    assert "#,##0.00" in part(path, "xl/styles.xml")


def test_an_amount_with_more_digits_than_a_spreadsheet_has_is_written_as_text(path: Path) -> None:
    amounts = [999_999_999_999_999, 10**15, 12_345_678_901_234_567]
    write_workbook(path, [Sheet("money", [Column("cost", amounts, "amount", 2)])])

    assert [row[0] for row in cells(path)[2:]] == [
        9_999_999_999_999.99,
        "10000000000000.00",
        "123456789012345.67",
    ]


def test_what_is_not_known_is_an_empty_cell(path: Path) -> None:
    columns = [
        Column("a", ["", "x"]),
        Column("b", [None, 5], "amount", 1),
        Column("c", [None, 0.5], "share", 1),
    ]
    write_workbook(path, [Sheet("some", columns)])

    assert cells(path)[2:] == [["", "", ""], ["x", 0.5, 0.5]]
    assert '<c r="A3"' not in part(path, "xl/worksheets/sheet1.xml")


def test_headings_are_bold_and_stay_where_they_are(path: Path) -> None:
    write_workbook(path, [Sheet("some", [Column("a", ["x"]), Column("b", ["y"])], kept=1)])
    sheet = part(path, "xl/worksheets/sheet1.xml")

    assert 'state="frozen"' in sheet
    assert 'xSplit="1" ySplit="2"' in sheet
    assert '<autoFilter ref="A2:B3"/>' in sheet
    assert "<b/>" in part(path, "xl/styles.xml")
    assert sheet.count("<col ") == 2


def test_every_sheet_of_results_says_that_it_decides_about_nobody(
    path: Path, council: Instance
) -> None:
    for sheets in all_results(council):
        write_workbook(path, sheets)
        for number, sheet in enumerate(sheets):
            text = " ".join(str(cell) for row in cells(path, number)[:2] for cell in row)

            assert NOTE in text, sheet.name
            assert (
                NOTE in part(path, f"xl/worksheets/sheet{number + 1}.xml").partition("<headerF")[2]
            )


def test_the_same_sheets_give_the_same_bytes_on_any_day(
    tmp_path: Path, council: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b" / "b.xlsx"
    sheets = next(all_results(council))
    write_workbook(first, sheets)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    write_workbook(second, sheets)

    assert first.read_bytes() == second.read_bytes()
    assert str(date.today().year) not in part(first, "docProps/core.xml")  # noqa: DTZ011


def test_nothing_is_left_beside_the_workbook(path: Path) -> None:
    write_workbook(path, [Sheet("a", [Column("x", ["1"])]), Sheet("b", [Column("x", ["1"])])])

    assert [each.name for each in path.parent.iterdir()] == ["out.xlsx"]


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        (Sheet("people", [Column("x", range(1_048_575), "amount")]), "1,048,575 rows, and a"),
        (Sheet("people", [Column("x", range(1_048_576), "amount")], note=""), "1,048,576 rows"),
        (Sheet("people", [Column("x", [])] * 16_385), "16,385 columns"),
        (Sheet("people", [Column("x", ["a" * 32_768])]), "a text of 32,768 characters"),
        (Sheet("people", [Column("x", ["\U0001f600" * 16_384])]), "a text of 32,768 characters"),
    ],
)
def test_what_no_sheet_can_hold_is_said_before_anything_is_written(
    sheet: Sheet, message: str, path: Path
) -> None:
    path.write_bytes(b"before")

    with pytest.raises(OutputError, match=message):
        write_workbook(path, [Sheet("fine", [Column("x", ["1"])]), sheet])
    assert path.read_bytes() == b"before"
    assert [each.name for each in path.parent.iterdir()] == ["out.xlsx"]


def test_the_longest_text_that_a_cell_holds_is_written(path: Path) -> None:
    write_workbook(path, [Sheet("a", [Column("x", ["a" * 32_767])])])

    assert len(cells(path)[2][0]) == 32_767


def test_a_full_disk_leaves_the_old_workbook(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path.write_bytes(b"before")
    monkeypatch.setattr(zipfile.ZipFile, "write", full)

    with pytest.raises(OutputError, match="No space left"):
        write_workbook(path, [Sheet("a", [Column("x", ["1"])])])
    assert path.read_bytes() == b"before"
    assert [each.name for each in path.parent.iterdir()] == ["out.xlsx"]


def test_a_disk_that_is_full_amid_the_rows_leaves_the_old_workbook(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path.write_bytes(b"before")
    monkeypatch.setattr(workbook_write._Page, "_lay_out", full)

    with pytest.raises(OutputError, match="No space left"):
        write_workbook(path, [Sheet("a", [Column("x", ["1"])])])
    assert path.read_bytes() == b"before"
    assert [each.name for each in path.parent.iterdir()] == ["out.xlsx"]


def test_a_workbook_is_not_written_under_another_ending(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"ends in \.xlsx"):
        write_workbook(tmp_path / "out.csv", [])


def test_without_its_library_the_message_names_the_extra(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)

    with pytest.raises(MissingExtraError, match=r"metneed\[excel\]"):
        write_workbook(path, [Sheet("a", [Column("x", ["1"])])])
    assert not path.exists()


def test_names_of_sheets_are_what_a_spreadsheet_accepts() -> None:
    names = ["by a/b", "by a?b", "x" * 40, "X" * 40, "History", "''", "by [area]", "BY A_B"]
    found = sheet_names(names)

    assert found == [
        "by a_b",
        "by a_b (2)",
        "x" * 31,
        "X" * 27 + " (2)",
        "History_",
        "sheet",
        "by _area_",
        "BY A_B (3)",
    ]


def all_results(instance: Instance) -> Any:
    """The sheets of each kind of result."""
    problem = Problem.of(instance)
    comparison = compare(instance, rules=["current", "points_proportional", "met_need_whole"])
    yield comparison_sheets(comparison, problem)
    divisible = problem.replace(packages="divisible")
    for name, each in (("points_proportional", problem), ("met_need_lp", divisible)):
        chosen = rule(name)
        outcome = run(chosen, each, bind(chosen, {}))
        yield solution_sheets(instance, each, name, {"by": "need"}, outcome)
    yield frontier_sheets(instance, problem, [0, 1000], [0, 2000], [0.5, None])
    yield findings_sheets(examine(Path("nowhere"))[1])


def test_an_allocation_in_a_workbook_is_the_allocation(path: Path, council: Instance) -> None:
    problem, chosen = Problem.of(council), rule("points_proportional")
    outcome = run(chosen, problem, bind(chosen, {}))
    assert isinstance(outcome, Allocation)
    write_workbook(path, solution_sheets(council, problem, chosen.name, {}, outcome))
    _, headings, *rows = cells(path, "allocation")
    table = dict(zip(headings, zip(*rows, strict=True), strict=True))

    assert list(table["user_id"]) == council.users.ids.tolist()
    assert [round(cost * 100) for cost in table["cost"]] == outcome.cost.tolist()
    assert outcome.award is not None
    assert [round(award * 100) for award in table["award"]] == outcome.award.tolist()
    assert [round(need * 1000) for need in table["met_need"]] == outcome.met_need.tolist()
    assert set(council.users.groups) <= table.keys()


def test_a_comparison_in_a_workbook_has_every_figure_and_nobody_in_it(
    path: Path, council: Instance
) -> None:
    comparison = compare(council, rules=["current", "points_proportional"])
    write_workbook(path, comparison_sheets(comparison, Problem.of(council)))
    _, headings, *rows = cells(path, "comparison")
    wanted = [figure for figure in comparison.figures if not figure.group_by]
    scale = {"money": 100, "need": 1000}
    shown = {(row[0], name): cell for row in rows for name, cell in zip(headings, row, strict=True)}
    text = "".join(part(path, name) for name in names(path))

    assert len(wanted) == len(rows) * (len(headings) - 1)
    for figure in wanted:
        cell = shown[figure.rule, figure.measure]
        if figure.value is None:
            assert cell == ""
        else:
            assert cell == pytest.approx(figure.value / scale.get(figure.unit, 1), rel=1e-15)
    assert not any(user in text for user in council.users.ids)


def test_part_packages_have_a_sheet_of_their_own(path: Path, council: Instance) -> None:
    problem, chosen = Problem.of(council).replace(packages="divisible"), rule("met_need_lp")
    outcome = run(chosen, problem, bind(chosen, {}))
    assert isinstance(outcome, Allocation)
    assert outcome.parts is not None
    write_workbook(path, solution_sheets(council, problem, chosen.name, {}, outcome))
    _, headings, *rows = cells(path, "parts")

    assert headings == ["user_id", "package_id", "share"]
    assert [row[0] for row in rows] == council.users.ids[outcome.parts.user].tolist()
    assert [round(row[2] * 10**9) for row in rows] == outcome.parts.share.tolist()


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as file:
        return [name for name in file.namelist() if "sheet" in name]


def test_a_rule_without_an_allocation_has_its_reason_in_the_workbook(path: Path) -> None:
    instance = generate("uncorrelated", users=20, seed=1).instance()
    problem, chosen = Problem.of(instance), rule("current")
    outcome = run(chosen, problem, bind(chosen, {}))
    write_workbook(path, solution_sheets(instance, problem, "current", {}, outcome))
    said = dict(row[:2] for row in cells(path, "about"))

    assert not isinstance(outcome, Allocation)
    assert said["outcome"] == "not applicable"
    assert said["reason"] == outcome.reason  # type: ignore[union-attr]


def test_findings_in_a_workbook_keep_dangerous_values_as_text(tmp_path: Path, path: Path) -> None:
    faulty = tmp_path / "council.xlsx"
    faulty.write_bytes(CORPUS["excel"](CORPUS["users_with"](2, 2, "=cmd|' /C calc'!A0")))
    write_workbook(path, findings_sheets(examine(faulty)[1]))
    _, headings, row = cells(path, "findings")

    assert row[headings.index("value")] == "=cmd|' /C calc'!A0"
    assert row[headings.index("cell")] == "B2"
    assert "<f>" not in part(path, "xl/worksheets/sheet1.xml")


def test_a_table_to_fill_in_offers_choices_and_help_and_is_read_again(path: Path) -> None:
    users = table_sheet(
        {"user_id": ["007"], "points": ["2.5"], "band": ["high"]},
        SCHEMAS["users"],
        choices={"band": ("high", "low")},
    )
    packages = table_sheet(
        {"user_id": ["007"], "package_id": ["1"], "cost": ["12.50"], "met_need": ["1"]},
        SCHEMAS["packages"],
    )
    keys = {"schema_version": "1", "name": "mine", "budget": "100", "top_slice": ""}
    scenario = keys_sheet("scenario", {key: (value, "help") for key, value in keys.items()})
    write_workbook(path, [scenario, users, packages])
    sheet = part(path, "xl/worksheets/sheet2.xml")
    instance, findings = examine(path)

    assert "<formula1>&quot;high,low&quot;</formula1>" in sheet.replace(
        '"high,low"', "&quot;high,low&quot;"
    )
    assert SCHEMAS["users"].fields[0].description in sheet
    assert not list(findings)
    assert instance is not None
    assert instance.users.ids.tolist() == ["007"]
    assert instance.menus.cost.tolist() == [1250]


def test_numbers_that_a_spreadsheet_would_shorten_are_written_as_text() -> None:
    columns: dict[str, Sequence[str]] = {"user_id": ["1"], "points": ["123456789.12345678"]}
    sheet = table_sheet(columns, SCHEMAS["users"])

    assert [column.kind for column in sheet.columns] == ["text", "text"]


def test_the_demo_fits_in_a_workbook_and_back(path: Path) -> None:
    instance = demo_council().instance()
    chosen, problem = rule("met_need_whole"), Problem.of(instance)
    outcome = run(chosen, problem, bind(chosen, {}))
    write_workbook(path, solution_sheets(instance, problem, chosen.name, {}, outcome))

    assert len(cells(path, "allocation")) == len(instance.users) + 2
    assert io.BytesIO(path.read_bytes()).getbuffer().nbytes < 2_000_000
