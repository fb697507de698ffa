"""Assessed needs, small tables and awards, as an analyst types the commands."""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from metneed.__main__ import run
from metneed.instances.publish import sealed
from metneed.instances.read import read

PEOPLE = {
    "scenario.toml": 'schema_version = 1\nname = "three people"\nbudget = 3000.00\n',
    "users.csv": "user_id,age,plan_cost\nann,71,900.50\nbea,34,\ncol,90,1200\n",
    "packages.csv": (
        "user_id,package_id,cost,met_need\n"
        "ann,some,500,5\nbea,some,800,6\nbea,all,1000,8\ncol,some,1000,9\n"
    ),
    "needs.csv": "user_id,outcome,severity\nann,eating,1\nbea,eating,2\ncol,eating,2\n",
    "points.csv": "outcome,severity,points\neating,1,72\neating,2,120\n",
    "bands.csv": "from,to,amount\n70,115,500\n116,130,1000\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "people", {})


def written(folder: Path, changed: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in (PEOPLE | changed).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_check_lists_columns_of_numbers_needs_and_small_tables(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(folder)]) == 0
    text = capsys.readouterr().out

    assert "Columns of numbers: age (3 users), plan_cost (2 users)." in text
    assert "Assessed needs: no instrument named (3 rows)." in text
    assert "Small tables: points (2 rows), bands (2 rows)." in text
    assert run(["check", str(folder), "--json"]) == 0
    assert said(capsys)["further"] == {
        "numbers": {"age": 3, "plan_cost": 2},
        "needs": {"": 3},
        "tables": {"points": 2, "bands": 2},
    }


def test_solve_goes_from_needs_to_points_to_money_by_the_tables_of_the_folder(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "result"

    assert run(["solve", str(folder), "--rule", "band_table", "--out", str(out)]) == 0
    text = capsys.readouterr().out
    assert "  amounts together: £2,500.00\n" in text
    rows = list(csv.DictReader((out / "awards.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["user_id"], row["points"], row["amount"]) for row in rows] == [
        ("ann", "72.000", "500.00"),
        ("bea", "120.000", "1000.00"),
        ("col", "120.000", "1000.00"),
    ]
    record = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert record["options"]["bands"][0]["from"] == "70"
    money = [float(record[name]) for name in ("held_back", "spent", "reserved", "unspent")]
    assert sum(money) == float(record["budget"]) == 3000
    assert run(["verify", str(out), str(folder), "--rerun"]) == 0
    text = capsys.readouterr().out
    assert "checked: awards.csv explains the awards of allocation.csv" in text
    assert "byte for byte" in text


def test_awards_that_explain_other_awards_than_are_given_are_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "result"
    assert run(["solve", str(folder), "--rule", "band_table", "--out", str(out)]) == 0
    path = out / "awards.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    *cells, _, reason = lines[2].split(",")
    lines[2] = ",".join([*cells, "1.00", reason])
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    reseal(out)
    capsys.readouterr()

    assert run(["verify", str(out), str(folder)]) == 2
    assert "WRONG: awards.csv, row 3: award is not that of allocation.csv" in (
        capsys.readouterr().out
    )


def test_an_account_that_the_rule_does_not_give_is_seen_by_running_it_again(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "result"
    assert run(["solve", str(folder), "--rule", "band_table", "--out", str(out)]) == 0
    path = out / "result.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["account"]["lines"][0]["value"] = "2600.00"
    path.write_text(json.dumps(record), encoding="utf-8")
    reseal(out)
    assert run(["verify", str(out), str(folder)]) == 0
    capsys.readouterr()

    assert run(["verify", str(out), str(folder), "--rerun"]) == 2
    assert "other files: result.json (account)" in capsys.readouterr().out


def reseal(out: Path) -> None:
    """Make all digests of a result true again, as a forger would."""
    record = json.loads((out / "result.json").read_text(encoding="utf-8"))
    del record["digest"]
    for name in record["outputs"]:
        record["outputs"][name] = hashlib.sha256((out / name).read_bytes()).hexdigest()
    parsed = json.loads(json.dumps(record), parse_float=str, parse_int=str)
    canonical = json.dumps(parsed, sort_keys=True, separators=(",", ":"))
    record["digest"] = hashlib.sha256(canonical.encode()).hexdigest()
    (out / "result.json").write_text(json.dumps(record), encoding="utf-8")


def test_solve_prints_the_same_account_for_machines(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["solve", str(folder), "--rule", "band_table", "--json"]) == 0
    account = said(capsys)["account"]

    line = {"name": "amounts together", "value": "2500.00", "unit": "money"}
    assert line in account["lines"]
    assert account["reserve"] == "0.00"


def test_a_contingency_is_shown_as_reserve_and_the_result_is_verified(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write('[[rules.band_table.adjustments]]\nname = "contingency"\nfactor = 0.9\n')
    out = tmp_path / "result"

    assert run(["solve", str(folder), "--rule", "band_table", "--out", str(out)]) == 0
    assert "in reserve £300.00" in capsys.readouterr().out
    record = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert record["reserved"] == record["account"]["reserve"] == "300.00"
    assert run(["verify", str(out), str(folder), "--rerun"]) == 0


def test_a_fault_that_only_the_rule_can_see_is_named_with_file_row_and_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = written(tmp_path / "people", {"points.csv": PEOPLE["points.csv"] + "work,1,2000000\n"})

    assert run(["solve", str(people), "--rule", "band_table"]) == 2
    error = capsys.readouterr().err
    assert "points.csv, row 4, column points: input should be less than or equal to" in error
    assert "(given '2000000')" in error


def test_a_fault_of_a_table_ends_every_command_with_its_place_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = written(
        tmp_path / "people", {"bands.csv": "from,to,amount\n70,115,500\n110,130,1000\n"}
    )

    assert run(["solve", str(people), "--rule", "band_table"]) == 2
    assert "bands.csv, row 3, column from: '110': overlaps row 2 (70 to 115)" in (
        capsys.readouterr().err
    )


def test_rules_say_which_table_an_option_is_read_from(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["rules", "band_table"]) == 0
    assert "rows of from, to, amount; left out, those of the table bands; default none" in (
        capsys.readouterr().out
    )
    assert run(["rules", "--json"]) == 0
    rules = {rule["name"]: rule for rule in said(capsys)}
    bands = rules["band_table"]["options"]["bands"]
    assert bands["default"] == []
    assert bands["type"] == "rows of from, to, amount; left out, those of the table bands"


def test_an_instance_that_is_built_has_the_needs_and_points_of_the_council(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables, out = tmp_path / "tables", tmp_path / "instance"
    assert run(["template", "--out", str(tables)]) == 0
    assert run(["build", str(tables), "--out", str(out), "--no-tests"]) == 0
    capsys.readouterr()
    options = ["--option", "points_from=needs", "--option", "informal=deducted"]

    assert run(["solve", str(out), "--rule", "points_proportional", *options, "--json"]) == 0
    by_needs = said(capsys)
    assert run(["solve", str(out), "--rule", "points_proportional", "--json"]) == 0
    assert said(capsys)["met_need"] == by_needs["met_need"]
    instance = read(out)
    assert instance.assessment is not None
    assert instance.tables.keys() == {"points"}


def test_an_instance_beside_the_tables_it_is_built_from_leaves_them_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = tmp_path / "tables"
    assert run(["template", "--out", str(tables)]) == 0
    before = {name: (tables / name).read_bytes() for name in ("needs.csv", "points.csv")}
    assert run(["build", str(tables), "--out", str(tables), "--no-tests"]) == 0

    assert {name: (tables / name).read_bytes() for name in before} == before
    assert run(["check", str(tables)]) == 0
    assert "No faults found" in capsys.readouterr().out
    assert read(tables).tables.keys() == {"points", "reckoner"}


def test_a_generated_council_with_assessments_is_checked_and_solved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "council"
    arguments = ["generate", "council", "--users", "40", "--out", str(out)]
    assert run([*arguments, "--option", "assessment=yes"]) == 0
    assert run(["check", str(out)]) == 0
    text = capsys.readouterr().out

    assert "pflegegrad (" in text
    assert "sample (40 rows)" in text
    assert run(["solve", str(out), "--rule", "band_table"]) == 0


def gap_of(folder: Path, result: Path) -> dict[str, Any]:
    """The record of a funding gap: full needs cost 2,500.00, and there are 2,000.00."""
    ask = ["solve", str(folder), "--rule", "cost_of_need", "--out", str(result)]
    assert run(ask) == 3
    record: dict[str, Any] = json.loads((result / "result.json").read_text(encoding="utf-8"))
    return record


def test_a_funding_gap_is_verified_as_not_shown_and_by_running_the_rule_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poor = {"scenario.toml": PEOPLE["scenario.toml"].replace("3000.00", "2000.00")}
    folder, result = written(tmp_path / "poor", poor), tmp_path / "result"
    record = gap_of(folder, result)
    assert (record["missing_for"], record["shortfall"]) == ("awards", "500.00")
    capsys.readouterr()

    assert run(["verify", str(result), str(folder)]) == 0
    assert "not shown: what the awards of the rule come to" in capsys.readouterr().out
    assert run(["verify", "--rerun", str(result), str(folder)]) == 0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("shortfall", "5.00"),
        ("users_concerned", 1),
        ("reason", "there is enough"),
        ("outcome", "not applicable"),
    ],
)
def test_a_changed_funding_gap_is_found_by_running_the_rule_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, value: object
) -> None:
    poor = {"scenario.toml": PEOPLE["scenario.toml"].replace("3000.00", "2000.00")}
    folder, result = written(tmp_path / "poor", poor), tmp_path / "result"
    record = gap_of(folder, result) | {key: value}
    del record["digest"]
    (result / "result.json").write_text(sealed(record), encoding="utf-8")
    capsys.readouterr()

    assert run(["verify", "--rerun", str(result), str(folder)]) != 0
    assert f"result.json ({key})" in capsys.readouterr().out
