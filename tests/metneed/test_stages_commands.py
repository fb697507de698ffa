import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from metneed.__main__ import run

from .planned_council import COMMANDS, PLANS, change, make_council, rows_of


@pytest.fixture
def council(tmp_path: Path) -> Path:
    return make_council(tmp_path / "council")


def test_stages_tells_the_error_in_words(council: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stages", str(council), "--rule", "points_proportional"]) == 0
    text = capsys.readouterr().out

    assert "Final: the column plan_cost of users. Neither is worked out from the other." in text
    # £2,188 of plans on £1,900 of indicative budgets.
    assert "All indicative budgets together are 86.8% of all final ones." in text
    assert "Would it have gone as well without the indicative budget?" in text
    assert "Those who were told" not in text
    assert text.endswith("A scenario test: it never decides about a person.\n")


def test_stages_answers_all_that_is_asked_and_writes_it(
    council: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    asked = ["--told", "told", "--days", "days_to_plan", "--choice", "choice", "--anchor", "0.5"]
    asked += ["--g-known", "0.02", "--g-choice", "0.1", "--resamples", "100"]
    command = ["stages", str(council), "--rule", "points_proportional", *asked, "--out", str(out)]
    assert run(command) == 0
    text = capsys.readouterr().out
    record = json.loads((out / "stages.json").read_text(encoding="utf-8"))
    of = {
        (row["about"], row["group_by"], row["group"], row["measure"]): row["value"]
        for row in rows_of(out / "stages.csv")
    }

    assert "days to the plan, middle" in text
    assert "Supposed: plans of those told move 50% of the way" in text
    assert "Supposed gains" in text
    assert "Telling and choice taken apart" in text
    assert of["error", "", "", "final"] == "2188.00"
    assert of["error", "client_group", "older people", "users"] == "8"
    assert of["told", "", "", "median_days_to_plan"] == "25"
    assert ("told less not told", "", "", "mean_error_low") in of
    assert ("plans only", "", "", "met_need") in of
    assert ("effects", "", "", "interaction") in of
    assert record["format"] == "metneed stages"
    assert record["asked"]["anchor"] == "0.5"
    assert "users.csv" in record["inputs"]
    assert set(record["outputs"]) == {"stages.csv"}
    # The same command writes the same bytes.
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert run(command) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_final_costs_can_be_todays_with_people_left_out(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["stages", str(council), "--rule", "points_proportional", "--final", "previous"]
    assert run(command) == 2
    assert "2 users (P004, P012)" in capsys.readouterr().err
    assert run([*command, "--leave-out", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["users_left_out"] == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--final", "plan"], "no such column of numbers"),
        (["--told", "client_group"], "is neither yes nor no"),
        (["--told", "who"], "no column 'who' of yes and no"),
        (["--days", "days_to_plan"], "name told too"),
        (["--told", "told", "--days", "day"], "no column of numbers 'day'"),
        (["--outcome", "days_to_plan"], "name both columns"),
        (["--anchor", "2"], "anchor = 2 is not between 0 and 1"),
        (["--margin", "much"], "margin = much is no number"),
        (["--resamples", "5"], "5 resamples"),
        (["--bands", "0"], "--bands"),
        (["--within", "arrival"], "no column arrival"),
        (["--rule", "nonsense"], "there is no rule called 'nonsense'"),
        (["--rule", "met_need_lp"], "gives no indicative budgets"),
        (["--option", "x=1"], "x"),
    ],
)
def test_stages_refuses_what_cannot_be_with_a_remedy(
    council: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert run(["stages", str(council), "--rule", "points_proportional", *arguments]) == 2
    message = capsys.readouterr().err

    assert told in message
    assert "Traceback" not in message


def test_a_plan_that_is_not_stated_is_refused_by_name(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(council, plan_cost=[*PLANS[:11], ""])
    assert run(["stages", str(council), "--rule", "points_proportional"]) == 2

    assert "column plan_cost: no final cost for 1 user (P012)" in capsys.readouterr().err


def test_options_of_the_rule_reach_it(council: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def figure(command: list[str], about: str, measure: str) -> str:
        assert run([command[0], str(council), *command[1:], "--json"]) == 0
        rows = json.loads(capsys.readouterr().out)["figures"]
        found = [
            r for r in rows if (r["about"], r["group_by"], r["measure"]) == (about, "", measure)
        ]
        return str(found[0]["value"])

    queue = ["noise", "--rule", "greatest_need", "--draws", "5", "--error", "0.3"]
    assert figure(queue, "noise", "mean_change") != "0.00"
    assert figure([*queue, "--option", "by=need"], "noise", "mean_change") == "0.00"
    first = ["stages", "--rule", "points_proportional"]
    care = ["--option", "informal_hours=days_to_plan", "--option", "points_per_hour=1"]
    assert figure(first, "error", "mean_error_share") != figure(
        [*first, *care], "error", "mean_error_share"
    )
    path = ["split", "--rule", "greatest_need", "--points", "points,days_to_plan"]
    assert figure(path, "both times", "users_mostly_budget") == "0"
    assert figure([*path, "--option", "by=need"], "both times", "before") == figure(
        [*path, "--option", "by=need"], "both times", "after"
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_written_into_an_instance(
    council: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    arguments = [command, str(council), "--rule", "points_proportional", "--out", str(council)]
    arguments += ["--budgets", "2000,1600"] if command == "split" else []
    before = sorted(path.name for path in council.iterdir())
    assert run(arguments) == 2

    assert "holds an instance" in capsys.readouterr().err
    assert sorted(path.name for path in council.iterdir()) == before


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("stages", "metneed.solver.studies.stages.run"),
        ("stages", "metneed.solver.studies.resampling.middle"),
        ("noise", "metneed.solver.studies.noise.disturb"),
        ("split", "metneed.solver.studies.split.run"),
        ("split", "metneed.instances.figures_file.digests"),
        ("noise", "metneed.instances.figures_file.digests"),
    ],
)
def test_an_interrupt_leaves_nothing_behind(
    council: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    place: str,
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(place, interrupted)
    out = council.parent / "out"
    arguments = [command, str(council), "--rule", "points_proportional", "--out", str(out)]
    arguments += ["--told", "told"] if command == "stages" else []
    arguments += ["--budgets", "2000,1600"] if command == "split" else []
    assert run(arguments) == 130

    assert "nothing was left half-written" in capsys.readouterr().err
    assert not out.exists() or not list(out.iterdir())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_rule_that_does_not_apply_says_why_with_code_2(
    council: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    table = council / "users.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",points,", ",score,", 1))
    arguments = [command, str(council), "--rule", "points_proportional"]
    arguments += ["--budgets", "2000,1600"] if command == "split" else []
    assert run(arguments) == 2

    told = capsys.readouterr()
    assert "no points" in told.out + told.err


def test_the_seed_changes_the_draws_and_nothing_else(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def rows(*more: str) -> dict[tuple[str, str, str, str], str]:
        command = ["stages", str(council), "--rule", "points_proportional", "--told", "told"]
        assert run([*command, *more, "--json"]) == 0
        names = ("about", "group_by", "group", "measure")
        return {
            (row[names[0]], row[names[1]], row[names[2]], row[names[3]]): row["value"]
            for row in json.loads(capsys.readouterr().out)["figures"]
        }

    first, again, other = rows(), rows("--seed", "0"), rows("--seed", "5")

    assert first == again
    changed = {key[3] for key in first if first[key] != other[key]}
    assert changed
    assert all(name.endswith(("_low", "_high")) for name in changed)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["stages", "--rule", "points_proportional", "--final", "met_need_whole"], "best known"),
        (["noise", "--rule", "met_need_whole", "--draws", "2"], "A limit ended the search 3 times"),
        (["split", "--rule", "met_need_whole", "--budgets", "2000,1600"], "A limit ended a search"),
    ],
)
def test_a_search_that_a_limit_ended_is_said_to_be_so_with_code_4(
    council: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    told: str,
) -> None:
    def ended(*arguments: Any) -> Any:
        outcome = whole(*arguments)
        certificate = outcome.certificate.model_copy(update={"stopped": "time limit"})
        return replace(outcome, certificate=certificate)

    home = import_module(f"metneed.solver.studies.{command[0]}")
    whole = home.run
    monkeypatch.setattr(home, "run", ended)
    name, *rest = command

    assert run([name, str(council), *rest]) == 4
    assert told in capsys.readouterr().out
    assert run([name, str(council), *rest, "--json"]) == 4


def test_two_people_have_errors_and_no_verdict(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(council, plan_cost=["170.45", "170.45", *[""] * 10])
    command = ["stages", str(council), "--rule", "points_proportional", "--leave-out"]
    assert run(command) == 0
    text = capsys.readouterr().out

    assert "Fewer than 3 people have a need" in text
    assert "within 20 %" in text
    assert run([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["without_indicative_budgets"] is None
