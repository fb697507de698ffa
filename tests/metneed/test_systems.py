import json
from dataclasses import replace
from pathlib import Path

import pytest

from metneed.__main__ import run as command
from metneed.instances.generators import generate
from metneed.instances.generators.family import Generated
from metneed.instances.systems import laid_over, rows_of, system, systems, with_parameter
from metneed.models.allocation import Allocation
from metneed.models.errors import UnknownNameError
from metneed.models.problem import Problem
from metneed.solver.rules import rule, rules
from metneed.solver.solve import bind, run

from .systems_harness import outcome

WANTED = [
    *(f"A{number}" for number in range(1, 14)),
    *(f"B{number}" for number in range(1, 4)),
    *(f"G{number}" for number in range(1, 5)),
    *(f"J{number}" for number in range(1, 28)),
]
"""Systems that the library must have."""

PARAMETERS = [
    (key, number) for key, item in systems().items() for number in range(len(item.parameters))
]


@pytest.fixture(scope="module")
def council() -> Generated:
    return generate("council", users=200, seed=3, assessment=True)


def test_the_library_has_every_system_of_its_families() -> None:
    assert set(WANTED) <= set(systems())
    assert {key[0] for key in systems()} == {"A", "B", "G", "J"}


@pytest.mark.parametrize("key", systems())
def test_every_system_says_what_it_does_where_it_is_from_and_what_it_leaves_out(key: str) -> None:
    item = system(key)

    for text in (item.words, item.source, item.leaves_out, item.hand.words):
        assert len(text.split()) >= 5
        assert text.endswith(".")
    assert item.rule in rules()
    assert item.parameters, "a system without a parameter is a figure"


@pytest.mark.parametrize("key", systems())
def test_the_answer_by_hand_is_what_comes_out(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item = system(key)
    found = outcome(item, tmp_path, capsys)

    expected = rows_of(item.hand.expected)
    assert expected
    for row in expected:
        if "figure" in row:
            assert found[row["figure"]] == pytest.approx(float(row["value"]), abs=1e-9), row
            continue
        user = row["user_id"]
        assert found[f"met need of {user}"] == float(row["met_need"]), row
        if row.get("award"):
            assert found[f"award of {user}"] == float(row["award"]), row


@pytest.mark.parametrize(("key", "number"), PARAMETERS)
def test_every_parameter_moves_what_it_is_said_to_move(
    key: str, number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item = system(key)
    parameter = item.parameters[number]
    before = outcome(item, tmp_path / "before", capsys, on=parameter.on)
    if parameter.key.startswith("--"):
        after = outcome(item, tmp_path / "after", capsys, options={parameter.key: parameter.to})
    else:
        keys = with_parameter({}, parameter)
        after = outcome(item, tmp_path / "after", capsys, keys=keys, on=parameter.on)

    first, second = before.get(parameter.moves, 0.0), after.get(parameter.moves, 0.0)
    assert parameter.moves in before or parameter.moves in after, sorted({*before, *after})
    if parameter.way == "other":
        assert first != second
        return
    assert isinstance(first, float)
    assert isinstance(second, float)
    assert second > first if parameter.way == "up" else second < first, (first, second)


@pytest.mark.parametrize(("key", "number"), PARAMETERS)
def test_every_parameter_of_a_rule_is_an_option_that_it_has(key: str, number: int) -> None:
    parameter = system(key).parameters[number]
    table, _, rest = parameter.key.partition(".")
    if table != "rules":
        return
    name, _, option = rest.partition(".")
    given = {option: parameter.to} if option else parameter.to

    assert set(given) <= {
        field.alias or name for name, field in rule(name).options.model_fields.items()
    }


@pytest.mark.parametrize("key", systems())
def test_every_penny_of_the_budget_is_accounted_for_on_the_council(
    key: str, council: Generated
) -> None:
    item = system(key)
    made = replace(council, scenario=laid_over(council.scenario, item.scenario))
    instance = made.instance()
    problem = Problem.of(instance)
    chosen = rule(item.rule)
    found = run(chosen, problem, bind(chosen, instance.scenario.rules.get(item.rule, {}), instance))
    if not isinstance(found, Allocation):
        assert found.reason
        return
    found.check(problem)
    reserve = 0 if found.account is None else found.account.reserve
    unspent = problem.allocable - found.total_cost - reserve
    scenario = instance.scenario
    overheads = int(scenario.overheads * 100)
    sliced = scenario.held_back - overheads

    assert scenario.total_budget == sliced + overheads + found.total_cost + reserve + unspent
    if not found.from_previous:
        assert unspent >= 0


@pytest.mark.parametrize(
    "key",
    [key for key, item in systems().items() if "exclude" in rule(item.rule).options.model_fields],
)
def test_an_excluded_person_has_award_0_the_reason_and_unmet_need_and_stays_in_every_figure(
    key: str, council: Generated
) -> None:
    item = system(key)
    made = replace(council, scenario=laid_over(council.scenario, item.scenario))
    instance = made.instance()
    problem, chosen = Problem.of(instance), rule(item.rule)
    name = str(problem.users.ids[7])
    given = {**instance.scenario.rules.get(item.rule, {}), "exclude": [name]}
    found = run(chosen, problem, bind(chosen, given, instance))
    if not isinstance(found, Allocation):
        assert found.reason
        return

    assert len(found.met_need) == len(problem.users)
    assert found.award is not None
    assert found.award[7] == 0
    assert found.met_need[7] == 0
    assert problem.users.need[7] > 0
    assert found.account is not None
    assert found.account.reasons is not None
    assert found.account.reasons.text()[7]


def test_the_demo_of_a_system_explains_it_and_shows_its_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command(["demo", "--system", "a1"]) == 0

    out, _ = capsys.readouterr()
    assert out.startswith("A1  Points times price, after a top slice\n")
    assert "$ metneed compare council --rules current,points_proportional,met_need_whole" in out
    assert "price per point" in out
    assert "It leaves out:" in out


def test_the_demo_of_a_system_keeps_what_it_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(["demo", "--system", "A1", "--out", str(tmp_path / "a1")]) == 0

    capsys.readouterr()
    assert (tmp_path / "a1" / "council" / "needs.csv").exists()
    result = tmp_path / "a1" / "result" / "rules" / "points_proportional"
    assert command(["verify", str(result), str(tmp_path / "a1" / "council")]) == 0


def test_systems_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["demo", "--systems"]) == 0
    assert "A1 " in capsys.readouterr().out
    assert command(["demo", "--systems", "--json"]) == 0
    assert {item["id"] for item in json.loads(capsys.readouterr().out)["systems"]} == set(systems())


def test_an_unknown_system_is_refused_with_what_was_meant(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(UnknownNameError, match="no system called 'A99'"):
        system("A99")
    assert command(["demo", "--system", "A99"]) == 2
    assert "there is no system called 'A99'" in capsys.readouterr().err
