"""What screens of the points systems say, and that their figures fit each other."""

import re
from pathlib import Path

import pytest

from metneed.__main__ import run

from .spoilt_council import COUNCIL, SCENARIO, stated


@pytest.fixture
def council(tmp_path: Path) -> Path:
    return written(tmp_path / "council", {})


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in {"scenario.toml": SCENARIO, **COUNCIL, **files}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def said(capsys: pytest.CaptureFixture[str], *command: str | Path) -> str:
    assert run([str(word) for word in command]) == 0
    return capsys.readouterr().out


def pounds(text: str) -> list[int]:
    return [int(amount.replace(",", "")) for amount in re.findall(r"£([0-9,]+)", text)]


def test_a_comparison_shows_what_is_in_reserve_so_that_rows_add_up_to_the_money(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    council = written(tmp_path / "kept", stated("points_proportional", "contingency = 0.1"))
    text = said(capsys, "compare", council, "--rules", "points_proportional,met_need_whole")

    head, row = (
        next(line for line in text.splitlines() if line.startswith(start))
        for start in ("rule  ", "points_proportional")
    )
    assert re.search(r"spent +in reserve +unspent", head)
    assert pounds(row)[1] == 170
    assert sum(pounds(row)) == 1700
    assert ", and £170.00 in reserve), and " in text


def test_a_comparison_without_any_reserve_has_no_column_for_it(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(capsys, "compare", council, "--rules", "points_proportional,met_need_whole")

    assert "in reserve" not in text


def test_nothing_is_said_of_saving_where_the_points_rule_is_not_compared(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(capsys, "compare", council, "--rules", "met_need_whole,equal_money")

    assert "3. Whether what the points rule achieves can be had for less is told where " in text
    assert "cannot be had for less" not in text


def test_how_awards_came_about_stands_in_a_block_of_its_own(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(capsys, "compare", council, "--rules", "points_proportional,met_need_whole")

    assert "\n\nHow the awards of points_proportional came about:\n  price per point: " in text


@pytest.mark.parametrize(
    ("affordability", "note"),
    [
        (
            "final_spend",
            r"[0-9.]+ \(so that what awards buy comes as near to the money as .*\)",
        ),
        ("totals", r"[0-9.]+ \(so that awards add up to the money\)"),
        ("none", "1"),
    ],
)
def test_the_scalar_says_what_it_is_for(
    council: Path, capsys: pytest.CaptureFixture[str], affordability: str, note: str
) -> None:
    option = f"affordability={affordability}"
    text = said(capsys, "solve", council, "--rule", "band_table", "--option", option)

    assert re.search(rf"^  every amount times: {note}$", text, re.MULTILINE)


def test_lists_and_tables_can_be_given_on_the_command_line_as_scenarios_write_them(
    tmp_path: Path, council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "[{from = 0, to = 14, amount = 100}, {from = 15, amount = 400.50}]"
    exclude = '["dan"]'
    stating = stated("band_table", f"bands = {rows}\nexclude = {exclude}")
    other, out = written(tmp_path / "other", stating), tmp_path / "out"
    options = ("--option", f"bands={rows}", "--option", f"exclude={exclude}")
    typed = said(capsys, "solve", council, "--rule", "band_table", *options, "--out", out)

    assert (
        typed.replace(f"{out}", "").splitlines()[:8]
        == (said(capsys, "solve", other, "--rule", "band_table").splitlines()[:8])
    )
    assert "  amounts together: £600.50\n" in typed
    assert run(["verify", str(out), str(council), "--rerun"]) == 0


def test_one_person_has_and_several_have_another_award(
    tmp_path: Path, council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    users = COUNCIL["users.csv"].replace("bob,30", "bob,31").replace("cat,7.5", "cat,9")
    later = written(tmp_path / "later", {"users.csv": users.replace("dan,22", "dan,25")})
    text = said(capsys, "split", council, later, "--rule", "points_proportional")

    assert "Of 1 person whose points are the same, 1 has another award." in text
    several = written(tmp_path / "several", {"users.csv": users})
    text = said(capsys, "split", council, several, "--rule", "points_proportional")
    assert "Of 2 people whose points are the same, 2 have another award." in text


def test_one_fault_is_one_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    council = written(tmp_path / "faulty", {"bands.csv": "from,to,amount\n9,5,50\n"})

    assert run(["check", str(council), "--out", str(tmp_path / "out")]) == 2
    assert "1 finding written to" in capsys.readouterr().out


def test_the_workbook_of_a_comparison_has_the_reserve_and_how_awards_came_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calamine = pytest.importorskip("python_calamine", reason="needs the extra excel")
    pytest.importorskip("xlsxwriter", reason="needs the extra excel")
    council = written(tmp_path / "kept", stated("points_proportional", "contingency = 0.1"))
    path = tmp_path / "found.xlsx"
    said(capsys, "compare", council, "--rules", "current,points_proportional", "--xlsx", path)

    book = calamine.CalamineWorkbook.from_path(str(path))
    _, head, _, row = book.get_sheet_by_name("comparison").to_python()
    money = dict(zip(head, row, strict=True))
    assert head[3:6] == ["spent", "reserved", "unspent"]
    assert money["reserved"] == 170
    assert money["spent"] + money["reserved"] + money["unspent"] == 1700
    awards = book.get_sheet_by_name("awards").to_python()
    assert awards[1][:4] == ["rule", "how awards came about", "value", "unit"]
    assert ["points_proportional", "kept in reserve for contingencies", "170.00", "money"] in [
        line[:4] for line in awards
    ]
