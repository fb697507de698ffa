"""What the verifier accepts and refuses, on hand-made files and against brute force."""

import json
import runpy
import shutil
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.solver import verify as module
from metneed.solver.verify import verify

FORGERY = runpy.run_path(str(Path(__file__).with_name("forgery.py")))
IN_UNITS = FORGERY["IN_UNITS"]
D3 = FORGERY["D3"]
WHOLE_BEST = FORGERY["WHOLE_BEST"]
WHOLE_WORSE = FORGERY["WHOLE_WORSE"]
forge = FORGERY["forge"]
refusal = FORGERY["refusal"]
reseal = FORGERY["reseal"]
rows_of = FORGERY["rows_of"]
solved = FORGERY["solved"]
taken = FORGERY["taken"]
write_council = FORGERY["write_council"]
write_csv = FORGERY["write_csv"]


Council = Callable[..., Path]


@pytest.fixture
def council(tmp_path: Path) -> Council:
    """Writes an instance, always to the same folder."""
    return partial(write_council, tmp_path / "council")


def test_the_whole_optimum_of_a_hand_solved_council_is_proved_again(council: Council) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    report = verify(solved(instance, "met_need_whole"), instance)

    assert report.ok
    assert "no allocation meets more than 20 (multiplier 9/8)" in report.checked
    assert any("none meets more than 19" in line for line in report.checked)
    assert report.open == []


def test_the_linear_optimum_of_a_hand_solved_council_is_proved_again(council: Council) -> None:
    instance = council(D3, IN_UNITS + 'budget = 12\npackages = "divisible"\n')
    folder = solved(instance, "met_need_lp")
    parts = rows_of(folder / "parts.csv")

    assert verify(folder, instance).ok
    assert parts[1:] == [
        ["u1", "b", "1.000000000"],
        ["u2", "c", "1.000000000"],
        ["u3", "b", "0.250000000"],
    ]


def test_a_worse_allocation_that_claims_to_be_optimal_is_refused(council: Council) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    forge(folder, WHOLE_WORSE)

    assert "certificate: some allocation meets more than 18" in refusal(verify(folder, instance))


def test_a_worse_allocation_with_a_true_bound_is_accepted_and_not_optimal(council: Council) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    forge(folder, WHOLE_WORSE, upper_bound="20")

    report = verify(folder, instance)
    assert report.ok
    assert "within 2 of the best possible (bound proved)" in report.checked
    forge(folder, WHOLE_WORSE, upper_bound="20", claim="optimal (proved)")
    assert "claim" in refusal(verify(folder, instance))


def test_a_bound_below_what_part_packages_reach_is_refused(council: Council) -> None:
    instance = council(D3, IN_UNITS + 'budget = 12\npackages = "divisible"\n')
    folder = solved(instance, "priority_list")
    reseal(folder, lambda record: record["certificate"].update(upper_bound="19", gap="1"))

    assert "upper_bound: 19 is said, 20 is shown" in refusal(verify(folder, instance))


@pytest.mark.parametrize("pair", [["1", "1"], ["18", "16"], ["5", "4"], ["0", "1"], ["1", "0"]])
def test_a_multiplier_that_is_not_the_value_of_the_last_pound_is_refused(
    council: Council, pair: list[str]
) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    reseal(folder, lambda record: record["certificate"].update(multipliers={"budget": pair}))

    assert "multipliers" in refusal(verify(folder, instance))


def test_where_the_money_ends_at_a_corner_the_multiplier_is_that_of_the_next_pound(
    council: Council,
) -> None:
    # 10 pays for (4, 8) and (6, 10); the step before is worth 4/3 a pound, the next one 9/8.
    instance = council(D3, IN_UNITS + "budget = 10\n")
    folder = solved(instance, "met_need_whole")

    assert verify(folder, instance).ok
    multipliers = {"multipliers": {"budget": ["4", "3"]}}
    reseal(folder, lambda record: record["certificate"].update(multipliers))
    assert "multipliers" in refusal(verify(folder, instance))


def test_a_core_above_the_limit_is_said_to_be_not_re_proved(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_STEPS", 0)
    instance = council(D3, IN_UNITS + "budget = 12\n")
    report = verify(solved(instance, "met_need_whole"), instance)

    assert report.ok
    assert report.open[0].startswith("bound checked, optimality not re-proved")


def test_the_word_of_a_solver_stays_a_word(council: Council) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    word = "solver's word only"
    forge(folder, WHOLE_BEST, proof=word, claim=word, least_cost=False)

    assert verify(folder, instance).open == [f"that none meets more than 19: {word}"]
    forge(folder, WHOLE_BEST, proof=word)
    assert "claim" in refusal(verify(folder, instance))


def test_another_objective_than_met_need_is_refused(council: Council) -> None:
    """A free word must not switch the checks of value and bound off."""
    folder = solved(council(D3, IN_UNITS + "budget = 12\n"), "met_need_whole")
    reseal(folder, lambda record: record["certificate"].update(objective="Met need", value="1"))

    assert "objective: 'Met need' is said" in refusal(verify(folder, folder.parent / "council"))


def test_an_optimum_beside_a_limit_is_refused(council: Council) -> None:
    folder = solved(council(D3, IN_UNITS + "budget = 12\n"), "met_need_whole")
    reseal(folder, lambda record: record["certificate"].update(stopped="time limit"))

    assert "stopped: 'time limit' is said" in refusal(verify(folder, folder.parent / "council"))


def test_a_result_that_does_not_name_its_scenario_is_refused(council: Council) -> None:
    folder = solved(council(D3, IN_UNITS + "budget = 12\n"), "met_need_whole")
    reseal(folder, lambda record: record["inputs"].pop("scenario.toml"))

    assert "inputs: no scenario.toml" in refusal(verify(folder, folder.parent / "council"))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_optimal_is_believed_of_the_best_whole_packages_and_of_no_others(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    offer = st.tuples(st.integers(0, 9), st.integers(0, 9))
    menus = data.draw(st.lists(st.lists(offer, min_size=1, max_size=3), min_size=1, max_size=4))
    must = data.draw(st.booleans())
    budget = data.draw(st.integers(0, 25))
    named = {
        f"u{u}": [(f"p{k}", *offer) for k, offer in enumerate(menu)] for u, menu in enumerate(menus)
    }
    choices = [[*menu, *([] if must else [("", 0, 0)])] for menu in named.values()]
    feasible = [picks for picks in product(*choices) if sum(cost for _, cost, _ in picks) <= budget]
    folder = tmp_path_factory.mktemp("brute")
    choice = "exactly_one" if must else "at_most_one"
    instance = folder / "council"
    instance.mkdir()
    scenario = f'schema_version = 1\nname = "t"\nbudget = {budget}\nchoice = "{choice}"\n'
    (instance / "scenario.toml").write_text(scenario + IN_UNITS)
    write_csv(instance / "users.csv", [["user_id"], *([user] for user in named)])
    offers = [[user, *offer] for user, menu in named.items() for offer in menu]
    write_csv(instance / "packages.csv", [["user_id", "package_id", "cost", "met_need"], *offers])
    result = solved(instance, "met_need_whole")

    assert verify(result, instance).ok
    best = max((sum(need for *_, need in picks) for picks in feasible), default=None)
    if best is None:
        assert json.loads((result / "result.json").read_text())["outcome"] == "infeasible"
        return
    picks = data.draw(st.sampled_from(feasible))
    rows = [taken(user, *offer) for user, offer in zip(named, picks, strict=True)]
    least = min(
        sum(cost for _, cost, _ in picks)
        for picks in feasible
        if sum(need for *_, need in picks) == best
    )
    value, spent = sum(need for *_, need in picks), sum(cost for _, cost, _ in picks)
    forge(result, rows, least_cost=None)
    assert verify(result, instance).ok == (value == best)
    forge(result, rows, least_cost=True)
    assert verify(result, instance).ok == (value == best and spent == least)


# Money, periods, catalogues and what people have now.


def money_of(folder: Path) -> tuple[str, str, str]:
    record = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return record["budget"], record["held_back"], record["allocable"]


def test_a_budget_for_another_period_is_converted_once_and_floored(council: Council) -> None:
    yearly = council(D3, 'budget = "1000.00"\nbudget_period = "year"\nperiod = "week"\n')
    folder = solved(yearly, "priority_list")

    # 1000 / (365 / 7) = 19.178...
    assert money_of(folder) == ("19.17", "0.00", "19.17")
    assert verify(folder, yearly).ok
    weekly = council(D3, 'budget = 10\nbudget_period = "week"\nweeks_per_year = "52"\n')
    folder = solved(weekly, "priority_list")
    assert money_of(folder)[0] == "520.00"
    assert verify(folder, weekly).ok


def test_top_slice_and_overheads_are_taken_off_and_rounded_down(council: Council) -> None:
    instance = council(D3, "budget = 16.05\ntop_slice = 0.125\noverheads = 1.00\n")
    folder = solved(instance, "priority_list")

    assert money_of(folder) == ("16.05", "3.00", "13.05")
    assert verify(folder, instance).ok
    reseal(folder, lambda record: record.update(held_back="3.01", allocable="13.04"))
    assert "held_back" in refusal(verify(folder, instance))


def test_a_catalogue_is_expanded_by_the_columns_that_users_have_too(council: Council) -> None:
    users = [
        ["user_id", "need", "group", "area"],
        ["u1", "10", "older", "east"],
        ["u2", "7.777", "older", "west"],
        ["u3", "4", "younger", "west"],
    ]
    catalogue = [
        ["package_id", "group", "area", "cost", "met_need", "share_of_need", "form"],
        ["a", "older", "*", "5", "", "0.5", "x"],
        ["b", "*", "west", "7", "3.5", "", "x"],
        ["c", "", "", "9", "", "0.333333333", "y"],
    ]
    instance = council({}, "budget = 30\n", users=users, catalogue=catalogue)

    for name in ("met_need_whole", "equal_money"):
        assert verify(solved(instance, name), instance).ok
    # Half of 7.777 is rounded down to 3.888.
    taken_by_all = rows_of(instance.parent / "met_need_whole" / "allocation.csv")
    assert ["u2", "a", "1.000000000", "", "5.00", "3.888"] in taken_by_all


@pytest.mark.parametrize("recorded", [True, False])
def test_things_as_they_are_follow_the_records_or_else_the_menu(
    council: Council, recorded: bool
) -> None:
    previous = [["user_id", "package_id", "cost", "met_need"], ["u3", "b", 8, 9], ["u1", "c", 9, 7]]
    if not recorded:
        previous = [row[:2] for row in previous]
    instance = council(D3, IN_UNITS + "budget = 5\n", previous=previous)
    folder = solved(instance, "current")
    spent = 17 if recorded else 15

    assert json.loads((folder / "result.json").read_text())["spent"] == str(spent)
    assert verify(folder, instance).ok
    cheaper = [taken("u1", "", 0, 0), taken("u2", "", 0, 0), taken("u3", "b", 8, 9)]
    forge(folder, cheaper, upper_bound=None, gap=None, claim="arithmetic")
    assert "not everyone has what they have today" in refusal(verify(folder, instance))


def test_more_than_the_money_is_spent_by_things_as_they_are_alone(council: Council) -> None:
    previous = [["user_id", "package_id"], ["u1", "c"], ["u2", "c"], ["u3", "b"]]
    instance = council(D3, IN_UNITS + "budget = 12\n", previous=previous)
    folder = solved(instance, "met_need_whole")
    rows = [taken("u1", "c", 7, 10), taken("u2", "c", 6, 10), taken("u3", "b", 8, 9)]
    forge(folder, rows)

    assert "9 more than is allocable" in refusal(verify(folder, instance))
    reseal(folder, lambda record: record.update(chosen_from="previous"))
    assert "9 more than is allocable" in refusal(verify(folder, instance))


def test_everyone_must_have_one_package_where_the_scenario_says_so(council: Council) -> None:
    instance = council(D3, IN_UNITS + 'budget = 12\nchoice = "exactly_one"\n')
    folder = solved(instance, "met_need_whole")

    assert verify(folder, instance).ok
    forge(folder, WHOLE_WORSE)
    assert "row 4, user 'u3'" in refusal(verify(folder, instance))


def test_a_user_without_any_package_hides_nothing_from_the_bound(council: Council) -> None:
    users = [["user_id"], ["u1"], ["u2"], ["u3"], ["u4"]]
    instance = council(D3, IN_UNITS + 'budget = 12\nchoice = "exactly_one"\n', users=users)
    folder = solved(instance, "met_need_whole")
    nothing = taken("u4", "", 0, 0)

    assert verify(folder, instance).ok
    worse = [taken("u1", "a", 2, 5), taken("u2", "b", 5, 7), taken("u3", "a", 4, 4), nothing]
    forge(folder, worse, least_cost=False)
    assert refusal(verify(folder, instance)) == "certificate: some allocation meets more than 16"


def test_a_shortfall_is_worked_out_again(council: Council) -> None:
    instance = council(D3, IN_UNITS + 'budget = 8\nchoice = "exactly_one"\n')
    folder = solved(instance, "met_need_whole")

    assert "the cheapest packages cost 1 too much" in verify(folder, instance).checked
    reseal(folder, lambda record: record.update(shortfall="2"))
    assert "shortfall: '2' is said, '1' found" in refusal(verify(folder, instance))


def test_a_false_claim_that_nothing_fits_is_refused(council: Council) -> None:
    instance = council(D3, IN_UNITS + 'budget = 9\nchoice = "exactly_one"\n')
    folder = solved(instance, "met_need_whole")
    claim = {"outcome": "infeasible", "shortfall": "0", "users_concerned": "3"}
    reseal(folder, lambda record: record.update(claim))

    assert "fit the money" in refusal(verify(folder, instance))


def test_a_rule_that_does_not_apply_leaves_that_open(council: Council) -> None:
    instance = council(D3, IN_UNITS + "budget = 9\n")
    folder = solved(instance, "current")

    assert verify(folder, instance).open == ["that the rule does not apply"]
    reseal(folder, lambda record: record.update(outcome="a miracle"))
    assert "outcome" in refusal(verify(folder, instance))


# Users.


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ([0, 1], "row 4: user None, expected 'u3'"),
        ([0, 1, 2, 2], "row 5: user 'u3', expected None"),
        ([1, 0, 2], "row 2: user 'u2', expected 'u1'"),
    ],
)
def test_a_user_lost_doubled_or_out_of_order_is_refused(
    council: Council, order: list[int], message: str
) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    forge(folder, [WHOLE_BEST[row] for row in order])

    assert message in refusal(verify(folder, instance))


def test_names_that_a_spreadsheet_would_run_come_through_unchanged(council: Council) -> None:
    users = ["=1+1", "'quoted", "-5", "@x", "007", "NA", "+44", "''"]
    menus = {user: [("=A1", 1, 1), ("'p", 2, 3)] for user in users}
    instance = council(menus, IN_UNITS + "budget = 13\n")
    folder = solved(instance, "met_need_whole")
    cells = [row[:2] for row in rows_of(folder / "allocation.csv")[1:]]

    assert verify(folder, instance).ok
    assert not any(cell[:1] in {"=", "+", "-", "@"} for row in cells for cell in row)


def test_a_result_of_another_instance_is_refused(council: Council, tmp_path: Path) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    other = shutil.copytree(instance, tmp_path / "other")
    menus = (other / "packages.csv").read_text().replace("u1,a,2,5", "u1,a,2,6")
    (other / "packages.csv").write_text(menus)

    assert "packages.csv: not the file the result names" in refusal(verify(folder, other))
    reseal(folder)
    assert "row 2, user 'u1'" in refusal(verify(folder, other))


def test_tables_of_the_result_never_stand_in_for_those_of_the_instance(council: Council) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    menu = (instance / "packages.csv").read_text().replace("u1,a,2,5", "u1,a,2,9")
    (folder / "packages.csv").write_text(menu)
    forge(folder, [taken("u1", "a", 2, 9), *WHOLE_BEST[1:]])
    reseal(folder, lambda record: record["outputs"].update({"packages.csv": ""}))

    assert "row 2, user 'u1'" in refusal(verify(folder, instance))
