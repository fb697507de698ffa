"""``metneed template`` and ``metneed build``, as an analyst types them."""

import json
from pathlib import Path
from typing import Any

import pytest

from metneed.__main__ import run
from metneed.sensitivity import CURVES

ONLY_COSTS = {
    "services.csv": "service_id,unit_cost\nhome_care,20.00\n",
    "users.csv": "user_id,points\n" + "".join(f"u{k},{k + 3}\n" for k in range(8)),
    "current.csv": "user_id,service_id,units\n"
    + "".join(f"u{k},home_care,{9 - k}\n" for k in range(8)),
    "scenario.toml": 'schema_version = 1\nname = "costs"\n',
}


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["template", "--out", str(tmp_path / "tables")]) == 0
    capsys.readouterr()
    return tmp_path / "tables"


def report(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    return found


def test_the_template_builds_checks_and_compares(
    template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "instance"

    assert run(["build", str(template), "--out", str(out)]) == 0
    built = capsys.readouterr()
    assert "Evidence A: needs by outcome." in built.out
    assert "Assumptions:" in built.out
    assert "over 1 %" in built.out
    assert "never decides about a person" in built.out
    assert run(["check", str(out)]) == 0
    assert "Evidence A: needs by outcome." in capsys.readouterr().out
    assert run(["compare", str(out), "--out", str(tmp_path / "results")]) == 0
    assert "Evidence A: needs by outcome." in capsys.readouterr().out


def test_every_package_says_how_it_came_about(template: Path, tmp_path: Path) -> None:
    out = tmp_path / "instance"
    assert run(["build", str(template), "--out", str(out), "--no-tests"]) == 0
    heading, *rows = (out / "packages.csv").read_text(encoding="utf-8").splitlines()

    assert heading == ("user_id,package_id,cost,met_need,basic_met_need,evidence,origin,dominated")
    assert any("three_visits" in row and "the template three_visits" in row for row in rows)
    assert all(row.endswith((",yes", ",no")) and ",A," in row for row in rows)


def test_the_report_holds_every_check(template: Path, tmp_path: Path) -> None:
    out = tmp_path / "instance"
    assert run(["build", str(template), "--out", str(out)]) == 0
    found = report(out)

    assert found.keys() >= {
        "evidence",
        "menus",
        "services",
        "list_against_recorded",
        "back_cast",
        "response_test",
        "disturbed",
        "assumptions",
        "inputs",
        "rounding",
    }
    assert {row["curve"] for row in found["response_test"]["rules"]} == set(CURVES)
    assert found["needs_not_eligible"] == 1
    assert set(found["inputs"]) >= {"needs.csv", "scenario.toml", "build.toml"}


def test_faults_end_the_command_with_code_2_and_nothing_is_written(
    template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reckoner = template / "reckoner.csv"
    reckoner.write_text(
        reckoner.read_text(encoding="utf-8") + "hygiene,9,home_care,1,2,,\n", encoding="utf-8"
    )

    assert run(["build", str(template), "--out", str(tmp_path / "instance")]) == 2
    said = capsys.readouterr()
    assert "reckoner.csv, row" in said.err
    assert "column reach" in said.err
    assert not (tmp_path / "instance").exists()

    assert run(["build", str(template), "--out", str(tmp_path / "instance"), "--json"]) == 2
    codes = {item["code"] for item in json.loads(capsys.readouterr().out)["findings"]}
    assert {"too-large", "unknown-severity"} <= codes


def test_where_to_write_must_be_said(template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", str(template)]) == 2
    assert "--out DIR" in capsys.readouterr().err
    assert run(["template"]) == 2
    assert "--workbook" in capsys.readouterr().err


def test_the_report_is_printed_for_machines(
    template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["build", str(template), "--out", str(tmp_path / "i"), "--no-tests", "--json"]

    assert run(arguments) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed.pop("findings") == []
    assert printed == report(tmp_path / "i")


def test_where_only_costs_are_known_a_comparison_must_be_asked_for_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables, out = written(tmp_path / "tables", ONLY_COSTS), tmp_path / "instance"
    assert run(["build", str(tables), "--out", str(out)]) == 0
    assert "--accept-cheapness" in capsys.readouterr().out

    assert run(["compare", str(out)]) == 2
    refused = capsys.readouterr()
    assert "ranked by how cheaply they were served" in refused.err
    assert refused.out == ""

    assert run(["compare", str(out), "--accept-cheapness"]) == 0
    accepted = capsys.readouterr()
    assert "ranked by how cheaply they were served" in accepted.err
    assert "Evidence C" in accepted.out.splitlines()[3]


def test_better_evidence_needs_no_such_word(
    template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build", str(template), "--out", str(tmp_path / "i"), "--no-tests"]) == 0
    assert run(["compare", str(tmp_path / "i"), "--rules", "current"]) == 0
    assert "cheaply" not in capsys.readouterr().err


def test_a_made_up_council_writes_tables_that_build_into_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, out = tmp_path / "made", tmp_path / "built"
    arguments = ["generate", "council", "--users", "60", "--out", str(made)]
    assert run([*arguments, "--option", "tables=yes"]) == 0
    assert run(["build", str(made / "tables"), "--out", str(out), "--no-tests"]) == 0
    assert capsys.readouterr().err == ""
    for name in ("previous.csv", "scenario.toml"):
        assert (made / name).read_bytes() == (out / name).read_bytes()
