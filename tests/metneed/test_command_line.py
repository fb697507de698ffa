import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from metneed.__main__ import run
from metneed.cli.common import exit_code
from metneed.instances.read import read
from metneed.models.allocation import Allocation, Infeasible
from metneed.solver.solve import solve

USERS = """user_id,points,arrival,client_group,basic_need
007,5,1,older people,5
NA,3,2,learning disability,5
=cmd,4,3,older people,5
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
SCENARIO = 'schema_version = 1\nname = "D3"\nbudget = 12\n'


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


def output(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_check_shows_what_is_in_an_instance(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(council)]) == 0
    text = output(capsys)

    assert "3 users, 8 packages" in text
    assert "No faults found" in text
    assert "older people" in text
    assert "£15.00" in text  # cost now
    assert "top_slice" in text


def test_check_lists_faults_and_ends_with_code_2(
    council: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (council / "packages.csv").write_text(PACKAGES.replace("007,b,4,8", "007,b,four,8"))
    out = tmp_path / "out"
    assert run(["check", str(council), "--out", str(out)]) == 2
    told = capsys.readouterr()

    assert "packages.csv, row 3, column cost" in told.err
    assert "four" in told.err
    assert "Traceback" not in told.err
    assert "four" in (out / "findings.csv").read_text(encoding="utf-8")
    assert run(["compare", str(council)]) == 2


def test_check_finds_unknown_rules_and_options_of_the_scenario(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (council / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write('baseline = "curent"\n[rules.greatest_need]\nby = "height"\n')
    assert run(["check", str(council)]) == 2
    told = capsys.readouterr().err

    assert "did you mean current" in told
    assert "height" in told


def test_check_gives_json_for_machines(council: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(council), "--json"]) == 0
    document = json.loads(output(capsys))

    assert document["findings"] == []
    assert document["totals"]["client_group"]["older people"]["users"] == "2"


def test_solve_writes_a_result_that_verify_accepts(
    council: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run(["solve", str(council), "--rule", "met_need_whole", "--out", str(out)]) == 0
    assert "optimal (proved)" in output(capsys)
    assert run(["verify", str(out), str(council), "--rerun"]) == 0
    text = output(capsys)

    assert text.endswith("verified\n")
    assert "byte for byte" in text
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert result["met_need"] == "19.000"
    assert result["spent"] == "12.00"


def test_a_result_that_was_changed_is_refused(
    council: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run(["solve", str(council), "--rule", "met_need_whole", "--out", str(out)])
    table = out / "allocation.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("5.000", "6.000"))
    capsys.readouterr()

    assert run(["verify", str(out), str(council)]) == 2
    assert "refused" in output(capsys)
    assert run(["verify", str(out), str(council), "--json"]) == 2
    assert json.loads(output(capsys))["ok"] is False


def test_awards_that_a_rerun_does_not_give_are_refused(
    council: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run(["solve", str(council), "--rule", "equal_money", "--out", str(out)])
    with (council / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write('leftover = "rounds"\n')
    capsys.readouterr()

    assert run(["verify", str(out), str(council), "--rerun"]) == 2


@pytest.mark.parametrize("rule", ["current", "points_proportional", "priority_list", "equal_cut"])
@pytest.mark.parametrize("packages", ["whole", "divisible"])
def test_every_kind_of_result_is_verified(
    council: Path, rule: str, packages: str, tmp_path: Path
) -> None:
    with (council / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write(f'packages = "{packages}"\n')
    out = tmp_path / "out"

    assert run(["solve", str(council), "--rule", rule, "--out", str(out)]) == 0
    assert run(["verify", str(out), str(council), "--rerun"]) == 0


def test_the_linear_programme_can_be_written_out(
    council: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    programme = tmp_path / "programme.lp"
    rule = ["--rule", "met_need_whole", "--write-lp", str(programme)]
    assert run(["solve", str(council), *rule]) == 0
    assert "budget:" in programme.read_text()
    assert "007" not in programme.read_text()

    assert run(["solve", str(council), "--rule", "current", "--write-lp", str(programme)]) == 2
    assert "--write-lp goes with" in capsys.readouterr().err


def test_solve_gives_json_for_machines(council: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", str(council), "--rule", "greatest_need", "--json"]) == 0
    document = json.loads(output(capsys))

    assert document["met_need"] == "14.000"
    assert document["proof"] == "arithmetic"


def test_infeasible_is_an_answer_with_a_code_of_its_own(
    council: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (council / "scenario.toml").write_text(
        SCENARIO.replace("12", "5") + 'choice = "exactly_one"\n', encoding="utf-8"
    )
    arguments = ["solve", str(council), "--rule", "met_need_whole"]
    assert run([*arguments, "--out", str(tmp_path / "out")]) == 3
    assert "£4.00 short" in output(capsys)
    assert run([*arguments, "--json"]) == 3
    assert "short" in json.loads(output(capsys))["outcome"]
    assert run(["compare", str(council)]) == 3
    assert "£4.00 short" in output(capsys)


def test_options_of_rules_are_given_as_pairs(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["solve", str(council), "--rule", "first_come", "--json", "--option"]
    assert run([*arguments, "take=full_or_nothing"]) == 0
    assert json.loads(output(capsys))["met_need"] == "10.000"
    assert run([*arguments, "take"]) == 2
    assert "name=value" in capsys.readouterr().err


def test_compare_shows_and_writes_the_same_footing(
    council: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run(["compare", str(council), "--by", "client_group", "--out", str(out)]) == 0
    text = output(capsys)

    assert "On the same footing" in text
    assert "learning disability" in text
    assert "never decides about a person" in text
    assert (out / "comparison.csv").exists()
    for rule in ("current", "met_need_whole"):
        assert run(["verify", str(out / "rules" / rule), str(council)]) == 0


def test_compare_gives_json_for_machines(council: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", str(council), "--rules", "current,met_need_whole", "--json"]) == 0
    document = json.loads(output(capsys))

    assert list(document["outcomes"]) == ["current", "met_need_whole"]
    assert document["footing"]["optimum"] == "19.000"


def test_compare_tests_scores_and_costs(council: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", str(council), "--score-error", "0.2", "--draws", "3"]) == 0
    text = output(capsys)

    assert "Scores off by 20% (3 draws)" in text
    assert "swap" in text
    assert run(["compare", str(council), "--score-error", "9"]) == 2


def test_a_group_that_is_not_there_is_refused_with_those_that_are(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["compare", str(council), "--by", "ward"]) == 2
    assert "client_group" in capsys.readouterr().err


def test_the_frontier_shows_what_each_budget_buys(
    council: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run(["frontier", str(council), "--points", "4", "--out", str(out)]) == 0
    text = output(capsys)

    assert "£12.00 *" in text
    assert "£21.00" in text
    assert "met by £1,000 more" in text
    assert (out / "frontier.csv").read_text(encoding="utf-8").splitlines()[-1].startswith("21.00,")
    assert run(["frontier", str(council), "--json"]) == 0
    assert json.loads(output(capsys))[-1]["met_need"] == "29.000"


def test_a_misspelt_command_or_rule_is_answered_with_the_nearest(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["chek", str(council)]) == 2
    assert "Did you mean check?" in capsys.readouterr().err
    assert run(["solve", str(council), "--rule", "met_need_hole"]) == 2
    assert "did you mean met_need_whole" in capsys.readouterr().err
    assert run(["solve", str(council)]) == 2
    assert run(["check", str(council / "missing")]) == 2


def test_rules_and_measures_are_listed_and_explained(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["rules"]) == 0
    assert "points times price per point" in output(capsys)
    assert run(["rules", "greatest_need"]) == 0
    text = output(capsys)
    assert "In words:" in text
    assert "one of points, need; default points" in text
    assert run(["rules", "--json"]) == 0
    assert len(json.loads(output(capsys))) >= 10
    assert run(["measures"]) == 0
    assert "users below basic need" in output(capsys)
    assert run(["measures", "--json"]) == 0
    assert {item["name"] for item in json.loads(output(capsys))} >= {"gini", "met_need"}


def test_generated_instances_can_be_read_back(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "made"
    assert run(["generate", "planted", "--users", "30", "--seed", "3", "--out", str(out)]) == 0
    assert (out / "known.json").exists()
    assert run(["check", str(out)]) == 0
    assert run(["generate"]) == 0
    assert "council" in output(capsys)
    assert run(["generate", "--json"]) == 0
    assert run(["generate", "council", "--users", "30"]) == 2
    assert "--out" in capsys.readouterr().err
    assert run(["generate", "councl", "--users", "3", "--out", str(tmp_path / "other")]) == 2
    assert "did you mean council" in capsys.readouterr().err


def test_parquet_in_gives_parquet_out_and_is_verified(tmp_path: Path) -> None:
    made, out = tmp_path / "made", tmp_path / "out"
    arguments = ["generate", "council", "--users", "50", "--parquet", "--out", str(made)]
    assert run(arguments) == 0
    assert run(["compare", str(made), "--out", str(out)]) == 0
    assert (out / "comparison.parquet").exists()
    assert run(["verify", str(out / "rules" / "points_proportional"), str(made), "--rerun"]) == 0


def test_the_demo_runs_and_can_be_kept(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "demo"
    assert run(["demo", "--out", str(out)]) == 0
    lines = output(capsys).splitlines()

    assert lines[0].endswith("packages")
    assert [line[:2] for line in lines[4:9]] == ["1.", "2.", "3.", "4.", "5."]
    assert run(["check", str(out / "council")]) == 0
    assert run(["verify", str(out / "comparison" / "rules" / "current"), str(out / "council")]) == 0
    capsys.readouterr()
    assert run(["demo", "--json"]) == 0
    assert json.loads(output(capsys))["baseline"] == "current"


def test_an_interrupt_ends_with_130_and_leaves_nothing_behind(
    council: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("metneed.solver.compare.compare", interrupted)
    before = sorted(council.iterdir())

    assert run(["compare", str(council)]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert sorted(council.iterdir()) == before


def test_a_limit_reached_is_told_by_its_exit_code(council: Path) -> None:
    outcome = solve(read(council), "current")
    assert isinstance(outcome, Allocation)
    late = outcome.certificate.model_copy(update={"stopped": "time limit"})

    assert exit_code([outcome, Infeasible("short", 1, 1), replace(outcome, certificate=late)]) == 4
    assert exit_code([outcome]) == 0


def test_a_folder_that_cannot_be_written_is_told_without_a_traceback(
    council: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    shutil.copy(council / "users.csv", tmp_path / "users.csv")

    assert run(["compare", str(council), "--out", str(blocked / "out")]) == 2
    assert "cannot write" in capsys.readouterr().err
