import json
from pathlib import Path

import pytest

from metneed.__main__ import run
from metneed.instances.generators.client_return import client_return


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up council's files."""
    folder = tmp_path_factory.mktemp("extract")
    client_return(150, 4).write(folder)
    return folder


def arguments(extract: Path, out: Path, *more: str) -> list[str]:
    given = ["--points", str(extract / "points.csv"), "--tables", str(extract / "tables")]
    place = ["--on", "2025-03-31", "--out", str(out)]
    return ["import", "cld", str(extract / "return.csv"), *given, *place, *more]


def test_an_extract_becomes_a_comparison_in_five_commands(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    council, instance = tmp_path / "council", tmp_path / "instance"

    assert run(arguments(extract, council)) == 0
    assert run(["reconcile", str(council), "--ledger", str(extract / "ledger.csv")]) == 0
    assert run(["build", str(council), "--no-tests", "--out", str(instance)]) == 0
    assert run(["check", str(instance)]) == 0
    assert run(["compare", str(instance), "--out", str(tmp_path / "results")]) == 0
    text = capsys.readouterr().out
    assert "Evidence A" in text
    assert (tmp_path / "results" / "comparison.csv").exists()


def test_total_points_become_a_comparison_only_with_cheapness_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client_return(60, 2, points="totals").write(tmp_path)
    given = ["--points", str(tmp_path / "points.csv"), "--on", "2025-03-31"]
    council, instance = str(tmp_path / "council"), str(tmp_path / "instance")
    back = str(tmp_path / "return.csv")

    assert run(["import", "cld", back, *given, "--out", council]) == 0
    assert run(["build", council, "--no-tests", "--out", instance]) == 0
    assert run(["compare", instance]) == 2
    assert "--accept-cheapness" in capsys.readouterr().err


def test_every_row_is_on_the_screen(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(arguments(extract, tmp_path / "council"))
    captured = capsys.readouterr()
    rows = len((extract / "return.csv").read_text(encoding="utf-8").splitlines()) - 1

    assert f"all rows{rows:>50,}".split() == next(
        line.split() for line in captured.out.splitlines() if line.startswith("all rows")
    )
    assert "note: dropped unread: NHS Number" in captured.err


def test_needs_without_a_reckoner_are_followed_by_what_is_missing(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = arguments(extract, tmp_path / "council")
    place = given.index("--tables")

    assert run([*given[:place], *given[place + 2 :]]) == 0
    assert "Copy your points.csv and reckoner.csv" in capsys.readouterr().out


def test_json_is_the_record_that_is_written(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(arguments(extract, tmp_path / "council", "--json"))
    printed = json.loads(capsys.readouterr().out)
    written = json.loads((tmp_path / "council" / "import.json").read_text(encoding="utf-8"))

    assert printed == written
    assert printed["rows"]["return.csv"][0]["reason"] == "used"


def test_an_unknown_format_is_answered_with_the_known_ones(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = arguments(extract, tmp_path / "council")
    given[1] = "xml"

    assert run(given) == 2
    assert "cld" in capsys.readouterr().err
    assert not (tmp_path / "council").exists()


def test_a_file_that_is_no_return_is_refused_and_nothing_is_written(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = arguments(extract, tmp_path / "council")
    given[2] = str(extract / "ledger.csv")

    assert run(given) == 2
    assert "column Unit Cost" in capsys.readouterr().err
    assert run([*given, "--json"]) == 2
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {finding["code"] for finding in findings} >= {"missing-column"}
    assert not (tmp_path / "council").exists()


@pytest.mark.parametrize("day", ["31/03/2025", "2025-02-30", "today"])
def test_the_day_is_given_as_year_month_day(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    given = arguments(extract, tmp_path / "council")
    given[given.index("--on") + 1] = day

    assert run(given) == 2
    assert "--on" in capsys.readouterr().err


def test_reconcile_lists_differences_and_ends_well(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    council = tmp_path / "council"
    run(arguments(extract, council))
    capsys.readouterr()
    ledger = tmp_path / "ledger.csv"
    ledger.write_text("service_id,cost,people\nhome_care,1.00,1\nmeals,5.00,\n", encoding="utf-8")

    assert run(["reconcile", str(council), "--ledger", str(ledger)]) == 0
    text = capsys.readouterr().out
    assert "Differs by more than 1 %" in text
    assert "no line in the ledger" in text
    assert "more people recorded than in the ledger" in text


def test_reconcile_says_when_nothing_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "services.csv").write_text("service_id,unit_cost\nday,40\n", encoding="utf-8")
    (tmp_path / "current.csv").write_text("user_id,service_id,units\na,day,2\n", encoding="utf-8")
    (tmp_path / "contributions.csv").write_text("user_id,amount\na,10\n", encoding="utf-8")
    ledger = tmp_path / "accounts.csv"
    ledger.write_text("service_id,cost\nday,80\ncontributions,10\n", encoding="utf-8")

    assert run(["reconcile", str(tmp_path), "--ledger", str(ledger)]) == 0
    text = capsys.readouterr().out
    assert "Nothing differs by more than 1 %." in text
    assert "taken at list price: 1." in text
    assert "net of contributions" in text


def test_reconcile_as_json_has_exact_amounts(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    council = tmp_path / "council"
    run(arguments(extract, council))
    capsys.readouterr()
    run(["reconcile", str(council), "--ledger", str(extract / "ledger.csv"), "--json"])
    found = json.loads(capsys.readouterr().out)

    assert found["period"] == "week"
    assert found["lines_of_another_period"] == len(found["services"])
    assert found["gross"]["recorded"].count(".") == 1


def test_a_faulty_ledger_ends_with_code_two(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    council = tmp_path / "council"
    run(arguments(extract, council))
    ledger = tmp_path / "ledger.csv"
    ledger.write_text("service_id,cost\nhome_care,lots\n", encoding="utf-8")
    capsys.readouterr()

    assert run(["reconcile", str(council), "--ledger", str(ledger)]) == 2
    assert "ledger.csv, row 2, column cost" in capsys.readouterr().err
    assert run(["reconcile", str(council), "--ledger", str(ledger), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["findings"][0]["code"] == "not-a-number"


def test_an_extract_is_generated_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "extract"
    given = ["generate", "client_return", "--users", "20", "--out", str(out)]

    assert run([*given, "--option", "odd=0.1"]) == 0
    assert "metneed import cld" in capsys.readouterr().out
    assert {path.name for path in out.iterdir()} == {
        "return.csv",
        "points.csv",
        "ledger.csv",
        "tables",
        "known.json",
    }
    assert run([*given, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"]["ledger.csv"] > 0
    assert run(["generate", "client_return", "--out", str(out)]) == 2
    assert run([*given, "--parquet"]) == 2


def test_the_extract_stands_in_the_list_of_families(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["generate"]) == 0
    assert "client_return: --option odd=" in capsys.readouterr().out
    assert run(["generate", "--json"]) == 0
    assert "client_return" in json.loads(capsys.readouterr().out)


GAP = "2\n1 1\n3\n1\n1\n1 1\n3\n1\n1\n"


def test_a_published_problem_becomes_an_instance_that_check_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "two.txt").write_text(GAP, encoding="utf-8")
    out = tmp_path / "out"

    assert run(["import", "gap", str(tmp_path / "two.txt"), "--out", str(out)]) == 0
    captured = capsys.readouterr()
    assert "note: met need is 3 less the cost" in captured.err
    assert f"Next:  metneed check {out / '1'}" in captured.out
    assert run(["check", str(out / "1")]) == 0
    assert "Services: 1; uses of them by packages: 1." in capsys.readouterr().out


def test_the_record_of_a_published_problem_is_on_the_screen_for_machines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "two.txt").write_text(GAP, encoding="utf-8")
    given = ["--option", "objective=maximise", "--out", str(tmp_path / "out"), "--json"]

    assert run(["import", "gap", str(tmp_path / "two.txt"), *given]) == 0
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [problem["number"] for problem in problems] == ["1", "2"]
    assert problems[0]["options"] == {"objective": "maximise"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cld", "--points", "FILE"], "Missing option '--on', which cld needs"),
        (["cld", "--on", "2025-03-31"], "Missing option '--points', which cld needs"),
        (["cld", "--option", "a=b"], "--option is for problems only, not for cld"),
        (["gap", "--on", "2025-03-31"], "--on is for cld only, not for gap"),
        (["gap", "--option", "objective"], "name=value"),
        (["gap", "--option", "aim=least"], "objective"),
        (["mmkp"], "two.txt, row 1"),
        (["gpa"], "did you mean gap"),
    ],
)
def test_what_an_import_cannot_use_is_said(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "two.txt"
    file.write_text(GAP, encoding="utf-8")
    name, *others = [str(file) if item == "FILE" else item for item in arguments]

    assert run(["import", name, str(file), *others, "--out", str(tmp_path / "out")]) == 2
    assert message in capsys.readouterr().err
