"""``metneed path``: what it shows, writes and refuses."""

import csv
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from metneed.__main__ import run

USERS = """user_id,points,client_group,basic_need
007,5,older people,5
NA,3,learning disability,5
=cmd,4,older people,5
"""
PACKAGES = """user_id,package_id,cost,met_need
007,a,2,5
007,b,4,8
007,c,7,10
NA,a,3,6
NA,b,5,7
NA,c,6,10
=cmd,a,4,4
=cmd,b,8,9
"""
PREVIOUS = """user_id,package_id,cost,met_need
007,b,6,9
NA,c,9,10
"""
SCENARIO = """schema_version = 1
name = "D3"
budget = 12
[path]
years = 2
cut = 0.25
"""
RULES = "current,points_proportional,met_need_whole"


@pytest.fixture
def council(tmp_path: Path) -> Path:
    folder = tmp_path / "council"
    folder.mkdir()
    for name, text in {
        "users.csv": USERS,
        "packages.csv": PACKAGES,
        "previous.csv": PREVIOUS,
        "scenario.toml": SCENARIO,
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def with_path(council: Path, text: str) -> Path:
    file = council / "scenario.toml"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
    return council


def block(text: str, title: str) -> dict[str, list[str]]:
    """The rows under a title, by their first word."""
    lines = text.split(f"\n{title}\n")[1].split("\n\n", maxsplit=1)[0].splitlines()
    return {line.split("  ")[0]: line.split()[1:] for line in lines[2:]}


def test_every_figure_is_a_block_with_rules_down_and_years_across(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["path", str(council), "--rules", RULES]) == 0
    text = capsys.readouterr().out

    assert "The pot is cut by 25% of itself each year." in text
    # 12, 9 and 6.75: 19 of 29 units of need, then 15 and 11.
    assert block(text, "Met need")["met_need_whole"] == ["19.0", "15.0", "11.0"]
    assert block(text, "Money for each point") == {
        "points_proportional": ["£1.00", "£0.75", "£0.56"]
    }
    assert block(text, "Users with nothing")["current"] == ["1", "1", "1"]
    assert "over £3" in text
    assert "current overspends: £17 more than there is to allocate, all years together." in text
    assert "met_need_whole: basic need already in year 0 (1 user)." in text
    assert text.endswith("never decides about a person.\n")


def test_years_and_cut_on_the_command_line_stand_in_for_those_of_the_scenario(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["path", str(council), "--rules", "met_need_whole", "--json"]
    assert run([*asked, "--years", "1", "--cut", "0.5"]) == 0
    document = json.loads(capsys.readouterr().out)
    budgets = [item["value"] for item in document["figures"] if item["measure"] == "budget"]

    assert document["years"] == [0, 1]
    assert budgets == ["12.00", "6.00"]


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--cut", "1.2", "--cut '1.2': it should be less than or equal to 1"),
        ("--cut", "20%", "'20%' is not a plain decimal number"),
        ("--cut", "-0.2", "is not a plain decimal number"),
        ("--years", "0", "--years 0: it should be greater than or equal to 1"),
        ("--years", "99", "less than or equal to 50"),
        ("--rules", "met_need_hole", "did you mean met_need_whole"),
        ("--xlsx", "path.ods", "does not end in .xlsx"),
    ],
)
def test_what_is_no_path_is_refused_with_code_2(
    council: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, told: str
) -> None:
    assert run(["path", str(council), f"{option}={value}"]) == 2
    assert told in capsys.readouterr().err


def test_a_fault_in_the_table_is_named_with_its_line(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["path", str(with_path(council, "carry_over = 2\n"))]) == 2
    assert "scenario.toml, row 7, column path.carry_over: '2'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ""),
        ('reading = "slice_is_cut"\n', ""),
        ("[[path.year]]\nyear = 3\n", "year 3 is none of the years 1 to 2"),
    ],
)
def test_check_looks_at_the_years_as_well(
    council: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    assert run(["check", str(with_path(council, text))]) == (2 if told else 0)
    assert told in capsys.readouterr().err


def test_check_finds_a_year_whose_pot_does_not_reach(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = council / "scenario.toml"
    file.write_text(SCENARIO.replace("[path]", "overheads = 8\n[path]"), encoding="utf-8")
    assert run(["check", str(council)]) == 2
    assert (
        "column path: in year 2 top slice and overheads take £8.00, more than the pot of £6.75. "
        "Lower overheads, top_slice or the cut"
    ) in capsys.readouterr().err
    assert run(["path", str(council)]) == 2


def test_check_finds_who_leaves_before_joining(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    users = USERS.replace("basic_need", "basic_need,joins,leaves").replace(",5\n", ",5,2,1\n")
    (council / "users.csv").write_text(users, encoding="utf-8")
    assert run(["check", str(council)]) == 2
    assert "joins in 2 and leaves in 1. A user leaves after joining" in capsys.readouterr().err


def test_the_figures_are_written_with_a_record_that_names_its_inputs(
    council: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run(["path", str(council), "--rules", RULES, "--out", str(out)]) == 0
    with (out / "path.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    record = json.loads((out / "path.json").read_text(encoding="utf-8"))

    assert sorted(path.name for path in out.iterdir()) == ["path.csv", "path.json"]
    assert list(rows[0]) == ["year", "rule", "measure", "value", "unit"]
    spent = {(r["year"], r["rule"]): r["value"] for r in rows if r["measure"] == "spent"}
    assert spent["2", "current"] == "15.00"
    assert set(record["inputs"]) == {"scenario.toml", "users.csv", "packages.csv", "previous.csv"}
    assert record["path"]["cut"] == "0.25"
    assert record["first_broken"][0] == {
        "rule": "current",
        "year": 0,
        "limit": "basic need",
        "users": 1,
    }


def test_the_ledger_in_the_file_adds_up_to_the_penny(council: Path, tmp_path: Path) -> None:
    with_path(council, 'carry_over = 0.5\nprice_inflation = 0.03\nslice_to = "contingency"\n')
    out = tmp_path / "out"
    assert run(["path", str(council), "--rules", RULES, "--out", str(out)]) == 0
    found: dict[tuple[str, str], dict[str, Decimal]] = {}
    with (out / "path.csv").open(encoding="utf-8", newline="") as file:
        for item in csv.DictReader(file):
            if item["unit"] == "money":
                own = found.setdefault((item["year"], item["rule"]), {})
                own[item["measure"]] = Decimal(item["value"])

    assert len(found) == 9
    for money in found.values():
        assert money["budget"] + money["carried_in"] == sum(
            money[name] for name in ("top_slice", "overheads", "spent", "reserve", "unspent")
        )


@pytest.mark.parametrize("packages", ["whole", "divisible"])
def test_every_kept_year_can_be_verified_like_any_other_result(
    council: Path, tmp_path: Path, packages: str
) -> None:
    text = "leavers = 0.4\njoiners = 0.7\nprice_inflation = 0.07\ncarry_over = 0.5\n"
    with_path(council, text)
    file = council / "scenario.toml"
    scenario = file.read_text(encoding="utf-8")
    file.write_text(scenario.replace("[path]", f'packages = "{packages}"\n[path]'))
    best = "met_need_whole" if packages == "whole" else "met_need_lp"
    rules = f"current,points_proportional,equal_cut,priority_list,{best}"
    out = tmp_path / "out"
    asked = ["path", str(council), "--rules", rules, "--out", str(out), "--keep-years"]
    assert run(asked) == 0

    kept = sorted((out / "years").glob("*/rules/*"))
    # In year 2 everyone is new: no table says what nobody had before.
    assert len(kept) == 3 * 5 - 2
    for folder in kept:
        assert run(["verify", str(folder), str(folder / "instance"), "--rerun"]) == 0


def test_a_second_path_leaves_nothing_of_the_first(council: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ["path", str(council), "--out", str(out), "--keep-years"]
    assert run([*asked, "--rules", RULES]) == 0
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    (out / "years" / "2" / "notes.txt").write_text("mine", encoding="utf-8")
    assert run([*asked, "--rules", "current", "--years", "1"]) == 0

    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert {"notes.txt", "years/2/notes.txt"} <= files
    assert {path.split("/")[3] for path in files if "/rules/" in path} == {"current"}
    assert {path.split("/")[1] for path in files if "/rules/" in path} == {"0", "1"}


def test_a_path_is_not_written_over_an_instance(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["path", str(council), "--out", str(council)]) == 2
    assert "holds an instance" in capsys.readouterr().err
    assert run(["path", str(council), "--keep-years"]) == 2
    assert "say --out DIR" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_named(
    council: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    assert run(["path", str(council), "--out", str(tmp_path / "file" / "out")]) == 2
    assert "cannot write to" in capsys.readouterr().err


def test_infeasible_years_are_an_answer_with_a_code_of_its_own(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = council / "scenario.toml"
    text = SCENARIO.replace("[path]", 'choice = "exactly_one"\n[path]')
    file.write_text(text, encoding="utf-8")
    assert run(["path", str(council), "--rules", "met_need_whole"]) == 3
    told = capsys.readouterr().out

    assert "met_need_whole in year 2 is infeasible: the cheapest packages of 3 users" in told
    assert block(told, "Met need")["met_need_whole"] == ["19.0", "15.0", "-"]


def test_a_path_without_any_change_says_so(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = council / "scenario.toml"
    file.write_text(SCENARIO.split("[path]", maxsplit=1)[0], encoding="utf-8")
    assert run(["path", str(council), "--rules", "met_need_whole"]) == 0
    assert "The pot stays as it is" in capsys.readouterr().out


def test_the_workbook_has_a_sheet_for_each_figure(council: Path, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="the extra excel is not installed")
    calamine = pytest.importorskip("python_calamine", reason="the extra excel is not installed")
    book = tmp_path / "path.xlsx"
    assert run(["path", str(council), "--rules", RULES, "--xlsx", str(book)]) == 0
    assert zipfile.is_zipfile(book)
    sheets = calamine.load_workbook(str(book))

    assert {"about", "budget", "share of need", "first to break"} <= set(sheets.sheet_names)
    rows = sheets.get_sheet_by_name("met need").to_python()
    assert ["met_need_whole", 19.0, 15.0, 11.0] in rows


def test_the_slice_and_what_it_is_for_are_told(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = council / "scenario.toml"
    text = SCENARIO.replace("[path]", "top_slice = 0.2\n[path]")
    file.write_text(text + 'slice_to = "contingency"\n', encoding="utf-8")
    assert run(["path", str(council), "--rules", "current"]) == 0
    told = capsys.readouterr().out

    assert "A top slice of 20% comes on top of that, kept for contingencies" in told
    # Today costs 15; 9.60, 7.20 and 5.40 are left, and slices of 2.40, 1.80 and 1.35.
    assert block(told, "Taken from the top slice")["current"] == ["£2", "£2", "£1"]
