"""What the verifier accepts and refuses, on hand-made files and on real results."""

import csv
import hashlib
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.read import read
from metneed.instances.results import write_solution
from metneed.models.problem import Problem
from metneed.solver import verify as module
from metneed.solver.rules import rule
from metneed.solver.solve import bind, run
from metneed.solver.verify import Report, verify

Council = Callable[..., Path]
D3 = {
    "u1": [("a", 2, 5), ("b", 4, 8), ("c", 7, 10)],
    "u2": [("a", 3, 6), ("b", 5, 7), ("c", 6, 10)],
    "u3": [("a", 4, 4), ("b", 8, 9)],
}
IN_UNITS = "money_decimals = 0\nneed_decimals = 0\n"


def write_csv(path: Path, rows: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture
def council(tmp_path: Path) -> Council:
    """Writes an instance: menus by user, then lines of the scenario, then other tables."""

    def write(
        menus: dict[str, list[tuple[str, Any, Any]]],
        scenario: str,
        users: list[list[Any]] | None = None,
        **tables: list[list[Any]],
    ) -> Path:
        folder = tmp_path / "council"
        folder.mkdir(exist_ok=True)
        lines = 'schema_version = 1\nname = "trial"\n' + scenario
        (folder / "scenario.toml").write_text(lines, encoding="utf-8")
        write_csv(folder / "users.csv", users or [["user_id"], *([user] for user in menus)])
        if menus:
            offers = [[user, *offer] for user, menu in menus.items() for offer in menu]
            heading = ["user_id", "package_id", "cost", "met_need"]
            write_csv(folder / "packages.csv", [heading, *offers])
        for name, rows in tables.items():
            write_csv(folder / f"{name}.csv", rows)
        return folder

    return write


def solved(instance: Path, name: str, *, parquet: bool = False) -> Path:
    """The folder of a result of a rule on an instance."""
    folder, chosen = instance.parent / name, rule(name)
    held = read(instance)
    problem, options = Problem.of(held), bind(chosen, {})
    outcome = run(chosen, problem, options)
    dumped = options.model_dump(mode="json")
    write_solution(folder, held, problem, name, dumped, outcome, parquet=parquet)
    return folder


def reseal(folder: Path, change: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
    """Change result.json, and make all its digests true again, as a forger would."""
    path = folder / "result.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    change(record)
    del record["digest"]
    for name in record["outputs"]:
        record["outputs"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    parsed = json.loads(json.dumps(record), parse_float=str, parse_int=str)
    canonical = json.dumps(parsed, sort_keys=True, separators=(",", ":"))
    record["digest"] = hashlib.sha256(canonical.encode()).hexdigest()
    path.write_text(json.dumps(record, indent=2), encoding="utf-8")


def forge(folder: Path, rows: list[list[Any]], **certificate: Any) -> None:
    """Another allocation with true sums, and whatever is claimed of it."""
    heading = ["user_id", "package_id", "package_share", "award", "cost", "met_need"]
    write_csv(folder / "allocation.csv", [heading, *rows])
    spent, value = (sum(int(row[column]) for row in rows) for column in (4, 5))

    def change(record: dict[str, Any]) -> None:
        record |= {"spent": str(spent), "met_need": str(value)}
        record["unspent"] = str(int(record["allocable"]) - spent)
        bound = int(certificate.get("upper_bound") or value)
        claim = "optimal (proved)" if bound == value else "proved"
        record["certificate"] |= {"value": str(value), "gap": str(bound - value), "claim": claim}
        record["certificate"] |= {"upper_bound": str(bound), **certificate}

    reseal(folder, change)


def taken(user: str, package: str, cost: int, met_need: int) -> list[Any]:
    return [user, package, "1.000000000" if package else "0.000000000", "", cost, met_need]


WHOLE_BEST = [taken("u1", "a", 2, 5), taken("u2", "c", 6, 10), taken("u3", "a", 4, 4)]
WHOLE_WORSE = [taken("u1", "b", 4, 8), taken("u2", "c", 6, 10), taken("u3", "", 0, 0)]


def refusal(report: Report) -> str:
    assert not report.ok
    return "; ".join(report.failures)


# Hand-solved: the linear programme of D3 is worth 20.25 at 9/8 a pound, whole packages 19.


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

    assert "upper_bound: 18 is said, and more can be met" in refusal(verify(folder, instance))


def test_a_worse_allocation_with_a_true_bound_is_accepted_and_not_optimal(council: Council) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    forge(folder, WHOLE_WORSE, upper_bound="20")

    assert verify(folder, instance).ok
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


def test_a_core_above_the_limit_is_said_to_be_not_re_proved(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_STEPS", 3)
    instance = council(D3, IN_UNITS + "budget = 12\n")
    report = verify(solved(instance, "met_need_whole"), instance)

    assert report.ok
    assert report.open[0].startswith("bound checked, optimality not re-proved")


def test_the_word_of_a_solver_stays_a_word(council: Council) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    word = "solver's word only"
    forge(folder, WHOLE_BEST, proof=word, claim=word)

    assert verify(folder, instance).open == [f"that none meets more than 19: {word}"]
    forge(folder, WHOLE_BEST, proof=word)
    assert "claim" in refusal(verify(folder, instance))


def test_another_objective_than_met_need_is_left_open(council: Council) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    reseal(folder, lambda record: record["certificate"].update(objective="logarithm"))

    assert verify(folder, instance).open == ["value and bound, which are not of met need"]


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
    feasible = [
        picks for picks in product(*choices) if sum(cost for _, cost, _ in picks) <= budget
    ]
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
    forge(result, rows)
    assert verify(result, instance).ok == (sum(need for *_, need in picks) == best)


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
    reseal(folder, lambda record: None)
    assert "row 2, user 'u1'" in refusal(verify(folder, other))


def test_tables_of_the_result_never_stand_in_for_those_of_the_instance(council: Council) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    menu = (instance / "packages.csv").read_text().replace("u1,a,2,5", "u1,a,2,9")
    (folder / "packages.csv").write_text(menu)
    forge(folder, [taken("u1", "a", 2, 9), *WHOLE_BEST[1:]])
    reseal(folder, lambda record: record["outputs"].update({"packages.csv": ""}))

    assert "row 2, user 'u1'" in refusal(verify(folder, instance))


# Part packages: cost governs, shares and met need follow from it.


@pytest.mark.parametrize(
    ("row", "column", "cell"),
    [(1, 2, "0.999999999"), (3, 2, "0.250000001"), (3, 1, "a"), (3, 1, "z"), (2, 0, "u1")],
)
def test_a_part_that_does_not_follow_from_the_cost_is_refused(
    council: Council, row: int, column: int, cell: str
) -> None:
    instance = council(D3, IN_UNITS + 'budget = 12\npackages = "divisible"\n')
    folder = solved(instance, "met_need_lp")
    parts = rows_of(folder / "parts.csv")
    parts[row][column] = cell
    write_csv(folder / "parts.csv", parts)
    reseal(folder)

    assert not verify(folder, instance).ok


@pytest.mark.parametrize(
    "extra", [["u3", "a", "0.000000000"], ["u3", "b", "0.250000000"], ["u1", "z", "0.000000000"]]
)
def test_a_part_too_many_is_refused(council: Council, extra: list[str]) -> None:
    instance = council(D3, IN_UNITS + 'budget = 12\npackages = "divisible"\n')
    folder = solved(instance, "met_need_lp")
    write_csv(folder / "parts.csv", [*rows_of(folder / "parts.csv"), extra])
    reseal(folder)

    assert not verify(folder, instance).ok


# A thousand changes of one digit each, twice: with the digests left, and with true digests.

SHOWN_BY_TABLES = ("package_share", "award", "cost", "met_need", "share")
ONLY_THE_DIGEST_PROTECTS = ("note", "rule", "options", "versions", "inputs", "outputs", "digest")
RESULTS = {
    "whole": ("met_need_whole", "priority_list", "points_proportional", "current", "greatest_need"),
    "divisible": ("met_need_lp", "points_proportional", "equal_money", "equal_cut"),
}


def another_digit(text: str, place: int, chance: random.Random) -> str:
    digit = chance.choice([d for d in "0123456789" if d != text[place]])
    return text[:place] + digit + text[place + 1 :]


def digits_of(text: str) -> list[int]:
    return [place for place, character in enumerate(text) if character in "0123456789"]


def numbers_in(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where an entry of result.json holds text or numbers with digits."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [found for key, item in items for found in numbers_in(item, (*place, key))]
    return [place] if digits_of(str(value)) and not isinstance(value, bool) else []


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """Results of all kinds of rules on two made-up councils: each a result and its instance."""
    chance = random.Random(20)
    made = []
    for packages, rules in RESULTS.items():
        instance = tmp_path_factory.mktemp(packages) / "council"
        instance.mkdir()
        scenario = 'schema_version = 1\nname = "made up"\nbudget = 3000.00\ntop_slice = 0.05\n'
        scenario += f'seed = 7\npackages = "{packages}"\n'
        (instance / "scenario.toml").write_text(scenario)
        users = [f"u{user:02d}" for user in range(24)]
        money = lambda top: f"{chance.randint(0, top * 100) / 100:.2f}"  # noqa: E731
        write_csv(
            instance / "users.csv",
            [["user_id", "points"], *([user, chance.randint(1, 40)] for user in users)],
        )
        heading = ["user_id", "package_id", "cost", "met_need"]
        offers = [[u, f"p{k}", money(300), money(20)] for u in users for k in range(4)]
        write_csv(instance / "packages.csv", [heading, *offers])
        today = [[user, "p9", money(250), money(20)] for user in users[:20]]
        write_csv(instance / "previous.csv", [heading, *today])
        made += [(solved(instance, name), instance) for name in rules]
    return made


def test_every_result_is_verified_as_it_was_written(results: list[tuple[Path, Path]]) -> None:
    for folder, instance in results:
        assert verify(folder, instance).failures == []


def test_any_digit_changed_in_any_file_is_noticed(results: list[tuple[Path, Path]]) -> None:
    chance = random.Random(1)
    accepted = []
    for _ in range(1000):
        folder, instance = chance.choice(results)
        path = chance.choice(sorted(folder.iterdir()))
        text = path.read_text(encoding="utf-8")
        place = chance.choice(digits_of(text))
        path.write_text(another_digit(text, place, chance), encoding="utf-8")
        if verify(folder, instance).ok:
            accepted.append((folder.name, path.name, place))
        path.write_text(text, encoding="utf-8")

    assert accepted == []


def test_any_number_changed_in_a_table_is_noticed_without_the_digests(
    results: list[tuple[Path, Path]],
) -> None:
    chance = random.Random(2)
    accepted = []
    for _ in range(1000):
        folder, instance = chance.choice(results)
        path = chance.choice(sorted(folder.glob("*.csv")))
        table, whole = path.read_text(encoding="utf-8"), (folder / "result.json").read_text()
        rows = rows_of(path)
        columns = [k for k, name in enumerate(rows[0]) if name in SHOWN_BY_TABLES]
        cells = [(r, c) for r in range(1, len(rows)) for c in columns if rows[r][c]]
        row, column = chance.choice(cells)
        cell = rows[row][column]
        rows[row][column] = another_digit(cell, chance.choice(digits_of(cell)), chance)
        write_csv(path, rows)
        reseal(folder)
        if verify(folder, instance).ok:
            accepted.append((folder.name, path.name, rows[0][column], cell, rows[row][column]))
        path.write_text(table, encoding="utf-8")
        (folder / "result.json").write_text(whole)

    assert accepted == []


def test_any_number_changed_in_the_record_is_noticed_without_the_digests(
    results: list[tuple[Path, Path]],
) -> None:
    chance = random.Random(3)
    accepted = []
    for _ in range(1000):
        folder, instance = chance.choice(results)
        path = folder / "result.json"
        whole = path.read_text(encoding="utf-8")
        record = json.loads(whole)
        open_ = {key: value for key, value in record.items() if key not in ONLY_THE_DIGEST_PROTECTS}
        *keys, last = chance.choice(numbers_in(open_))
        item = record
        for key in keys:
            item = item[key]
        kind, text = type(item[last]), str(item[last])
        item[last] = kind(another_digit(text, chance.choice(digits_of(text)), chance))
        changed = str(item[last]) != text
        path.write_text(json.dumps(record), encoding="utf-8")
        reseal(folder)
        if changed and verify(folder, instance).ok:
            accepted.append((folder.name, keys, last, text, item[last]))
        path.write_text(whole, encoding="utf-8")

    assert accepted == []


def test_what_only_the_digest_protects_is_noticed_by_it(results: list[tuple[Path, Path]]) -> None:
    for folder, instance in results:
        path = folder / "result.json"
        whole = path.read_text(encoding="utf-8")
        record = json.loads(whole)
        record["versions"]["numpy"] += "1"
        path.write_text(json.dumps(record), encoding="utf-8")
        assert "digest" in refusal(verify(folder, instance))
        path.write_text(whole, encoding="utf-8")


# Damage, and running alone.


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        ("result.json", "{", "", "result.json"),
        ("result.json", '"certificate": {', '"certificate": [], "was": {', "result.json"),
        ("result.json", '"inputs": {', '"inputs": 7, "was": {', "inputs"),
        ("result.json", '"multipliers": {', '"multipliers": 7, "was": {', "not what it should be"),
        ("result.json", '"upper_bound": "19"', '"upper_bound": [19]', "not what it should be"),
        ("result.json", '"upper_bound": "19"', f'"upper_bound": {"9" * 5000}', "no plain number"),
        ("result.json", '"users"', "[" * 100_000, "result.json"),
        ("allocation.csv", "met_need", "need", "allocation.csv is not what it should be"),
        ("allocation.csv", "cost", "award", "a heading stands twice"),
        ("allocation.csv", ",2,5", ",2", "allocation.csv is not what it should be"),
        ("allocation.csv", "u1,a", 'u1,"a', "allocation.csv is not what it should be"),
        ("allocation.csv", ",2,5", ",2.5,5", "no plain number with at most 0 decimals"),
        ("allocation.csv", ",2,5", ",٢,5", "no plain number"),
        ("allocation.csv", ",2,5", ",+2,5", "no plain number"),
        ("allocation.csv", ",2,5", ",1_0,5", "no plain number"),
        ("allocation.csv", ",2,5", ",2,\xff", "allocation.csv is not what it should be"),
    ],
)
def test_damage_is_told_in_words(
    council: Council, file: str, before: str, after: str, message: str
) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_bytes(text.replace(before, after, 1).encode("latin-1" if "\xff" in after else "utf-8"))

    assert message in refusal(verify(folder, instance))


@pytest.mark.parametrize("lost", ["result.json", "allocation.csv"])
def test_a_lost_file_is_told_in_words(council: Council, lost: str) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    (folder / lost).unlink()

    assert f"{lost} is not what it should be" in refusal(verify(folder, instance))


def test_bytes_changed_at_random_never_end_in_an_exception(
    results: list[tuple[Path, Path]],
) -> None:
    chance = random.Random(4)
    for _ in range(600):
        folder, instance = chance.choice(results)
        path = chance.choice([*folder.iterdir(), *instance.iterdir()])
        whole, record = path.read_bytes(), (folder / "result.json").read_bytes()
        cut, more = sorted(chance.choices(range(len(whole)), k=2))
        middle = chance.choice([b"", bytes([chance.randrange(256)]), b"]", b"null", whole[:30]])
        path.write_bytes(whole[:cut] + middle + whole[chance.choice([cut + 1, more]) :])

        assert isinstance(verify(folder, instance), Report)
        path.write_bytes(whole)
        (folder / "result.json").write_bytes(record)


def alone(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a copy of the verifier by itself, without site-packages."""
    copy = shutil.copy(Path(module.__file__), folder / "verify.py")
    command = [sys.executable, "-I", "-S", str(copy), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_verifier_runs_alone_and_says_what_it_checked(council: Council, tmp_path: Path) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    run_alone = alone(tmp_path, folder, instance)

    assert (run_alone.returncode, run_alone.stderr) == (0, "")
    assert run_alone.stdout.splitlines()[-1] == "verified"
    forge(folder, WHOLE_WORSE)
    run_alone = alone(tmp_path, folder, instance)
    assert run_alone.returncode == 2
    assert run_alone.stdout.splitlines()[-1] == "NOT VERIFIED (1 failures)"
    assert alone(tmp_path, folder).returncode == 2
    assert "usage" in alone(tmp_path).stderr


def test_the_verifier_imports_the_standard_library_and_nothing_else() -> None:
    code = "import runpy, sys; runpy.run_path(sys.argv[1]); print(*sys.modules)"
    command = [sys.executable, "-I", "-S", "-c", code, str(module.__file__)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    outside = {name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names)

    assert outside <= {"__main__"}


def test_tables_that_are_not_csv_need_the_command(council: Council) -> None:
    pytest.importorskip("pyarrow")
    from metneed.instances.verify_tables import tables  # noqa: PLC0415

    instance = council(D3, IN_UNITS + 'budget = 12\npackages = "divisible"\n')
    folder = solved(instance, "met_need_lp", parquet=True)

    assert verify(folder, instance, tables=tables).ok
    assert "use the command metneed verify" in refusal(verify(folder, instance))
