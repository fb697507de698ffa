import csv
import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed import compare
from metneed.instances import results
from metneed.instances.publish import publish, sealed
from metneed.instances.results import write_comparison, write_solution
from metneed.instances.scenario_text import scenario_text
from metneed.models.allocation import WHOLE, Allocation, Infeasible, NotApplicable, Parts
from metneed.models.arrays import frozen
from metneed.models.certificate import Certificate
from metneed.models.columns import Labels
from metneed.models.comparison import Comparison, Figure, Footing
from metneed.models.errors import OutputError
from metneed.models.instance import Instance, Previous, Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.scenario import Scenario

Written = Callable[..., dict[str, Any]]


@pytest.fixture
def instance() -> Instance:
    """Two users whose names a spreadsheet would run; the first has something today."""
    users = Users(
        ids=np.array(["-1", "u2"], dtype=object),
        need=frozen([10_000, 9_000]),
        groups={"area": Labels(frozen([0, 1]), ("=east", "west"))},
    )
    return Instance(
        scenario=Scenario(
            schema_version=1, name="two", budget="1000.00", top_slice="0.2", packages="divisible"
        ),
        users=users,
        menus=Menus.of([0, 2, 3], [20_000, 40_000, 45_050], [5_000, 10_000, 9_000]),
        package_ids=Labels(frozen([0, 1, 0]), ("+a", "b")),
        previous=Previous(
            held=np.array([True, False]),
            package_ids=np.array(["'old", ""], dtype=object),
            cost=frozen([90_000, 0]),
            met_need=frozen([9_500, 0]),
        ),
        inputs={"users.csv": "1f", "scenario.toml": "2e"},
    )


@pytest.fixture
def written(instance: Instance, tmp_path: Path) -> Written:
    """Writes an outcome to the folder `out`, and gives its record."""

    def write(outcome: Any, options: Mapping[str, object] | None = None, **how: Any) -> Any:
        problem = Problem.of(instance)
        write_solution(tmp_path / "out", instance, problem, "trial", options or {}, outcome, **how)
        return json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))

    return write


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))


def names_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def picks(instance: Instance, *package: int, award: list[int] | None = None) -> Allocation:
    problem = Problem.of(instance)
    awards = None if award is None else frozen(award)
    return Allocation.of_picks(problem, np.array(package), award=awards)


def mixed() -> Allocation:
    """A quarter on the way from the first package to the second, and a third of the other."""
    return Allocation(
        package=frozen([0, 2]),
        share=frozen([750_000_000, 333_333_333]),
        cost=frozen([25_000, 15_016]),
        met_need=frozen([6_250, 2_999]),
        certificate=Certificate(
            value=9_249,
            upper_bound=9_250,
            multipliers={"budget": (1, 4)},
            proof="proved",
            stopped="time limit",
        ),
        parts=Parts(
            frozen([0, 0, 1]),
            frozen([0, 1, 2]),
            frozen([750_000_000, 250_000_000, 333_333_333]),
        ),
    )


def test_an_allocation_has_one_row_a_user_with_exact_decimals(
    instance: Instance, written: Written, tmp_path: Path
) -> None:
    written(picks(instance, 1, -1, award=[40_005, 3]))

    assert rows_of(tmp_path / "out" / "allocation.csv") == [
        ["user_id", "package_id", "package_share", "award", "cost", "met_need"],
        ["'-1", "b", "1.000000000", "400.05", "400.00", "10.000"],
        ["u2", "", "0.000000000", "0.03", "0.00", "0.000"],
    ]


def test_part_packages_are_written_in_full_beside_the_largest_part(
    written: Written, tmp_path: Path
) -> None:
    written(mixed())

    assert rows_of(tmp_path / "out" / "parts.csv") == [
        ["user_id", "package_id", "share"],
        ["'-1", "'+a", "0.750000000"],
        ["'-1", "b", "0.250000000"],
        ["u2", "'+a", "0.333333333"],
    ]
    allocation = rows_of(tmp_path / "out" / "allocation.csv")
    assert allocation[2] == ["u2", "'+a", "0.333333333", "", "150.16", "2.999"]


def test_things_as_they_are_name_the_packages_of_today(
    instance: Instance, written: Written, tmp_path: Path
) -> None:
    assert instance.previous is not None
    today = Allocation(
        package=frozen([0, -1]),
        share=frozen([WHOLE, 0]),
        cost=instance.previous.cost,
        met_need=instance.previous.met_need,
        certificate=Certificate(value=9_500),
        from_previous=True,
    )
    record = written(today)

    assert rows_of(tmp_path / "out" / "allocation.csv")[1][:2] == ["'-1", "''old"]
    assert record["chosen_from"] == "previous"
    assert record["unspent"] == "-100.00"


def test_the_record_says_what_was_asked_and_what_came_of_it(
    instance: Instance, written: Written, tmp_path: Path
) -> None:
    record = written(picks(instance, 0, 2, award=[20_000, 45_050]), {"power": 0.5})

    assert {key: record[key] for key in ("rule", "options", "scenario", "users", "seed")} == {
        "rule": "trial",
        "options": {"power": 0.5},
        "scenario": "two",
        "users": 2,
        "seed": 0,
    }
    money = ("budget", "held_back", "allocable", "spent", "unspent", "awarded", "met_need")
    assert [record[key] for key in money] == [
        *("1000.00", "200.00", "800.00", "650.50", "149.50", "650.50", "14.000")
    ]
    assert record["note"] == "This tests a scenario. It is not a decision about any person."
    assert record["inputs"] == {"users.csv": "1f", "scenario.toml": "2e"}
    table = (tmp_path / "out" / "allocation.csv").read_bytes()
    assert record["outputs"] == {"allocation.csv": hashlib.sha256(table).hexdigest()}
    assert set(record["versions"]) == {"metneed", "numpy", "python"}


def test_the_certificate_is_written_in_whole_numbers_and_claims_no_more_than_is_proved(
    written: Written,
) -> None:
    record = written(mixed())

    assert record["certificate"] == {
        "claim": "within 0.001 of the best possible (bound proved), stopped by time limit",
        "proof": "proved",
        "stopped": "time limit",
        "least_cost": None,
        "objective": "met need",
        "scale": 1000,
        "value": "9249",
        "upper_bound": "9250",
        "gap": "1",
        "multipliers": {"budget": ["1", "4"]},
    }


def test_the_word_optimal_stands_beside_proved_and_no_gap_alone(
    instance: Instance, written: Written
) -> None:
    def claim(**certificate: Any) -> str:
        given = Certificate(value=14_000, **certificate)
        outcome = Allocation.of_picks(Problem.of(instance), np.array([0, 2]), given)
        return str(written(outcome)["certificate"]["claim"])

    assert claim(upper_bound=14_000, proof="proved") == "optimal (proved)"
    near = "within 0.001 of the best possible (bound proved)"
    assert claim(upper_bound=14_001, proof="proved") == near
    limit = f"{near}, stopped by time limit"
    assert claim(upper_bound=14_001, proof="proved", stopped="time limit") == limit
    assert claim(upper_bound=14_000, proof="solver's word only") == "solver's word only"
    assert claim() == "arithmetic"


def test_solvers_are_named_where_the_result_rests_on_their_word(
    instance: Instance, written: Written
) -> None:
    word = Certificate(value=14_000, upper_bound=14_000, proof="solver's word only")
    record = written(Allocation.of_picks(Problem.of(instance), np.array([0, 2]), word))

    assert {"pulp", "highspy"} < set(record["versions"])


def test_options_that_json_has_no_number_for_stand_as_text(
    instance: Instance, written: Written
) -> None:
    options = {"cap": float("inf"), "share": Decimal("0.10"), "deep": {"list": (1, None, True)}}

    assert written(picks(instance, 0, 2), options)["options"] == {
        "cap": "inf",
        "share": "0.10",
        "deep": {"list": [1, None, True]},
    }


def test_infeasible_is_an_answer_and_has_no_tables(written: Written, tmp_path: Path) -> None:
    record = written(Infeasible("11,200.00 short", 1_120_000, 37))

    assert names_in(tmp_path / "out") == ["result.json"]
    assert record["outcome"] == "infeasible"
    assert record["reason"] == "11,200.00 short"
    assert (record["shortfall"], record["users_concerned"]) == ("11200.00", 37)


def test_a_new_result_leaves_nothing_of_the_old_one_and_all_that_is_not_ours(
    instance: Instance, written: Written, tmp_path: Path
) -> None:
    written(mixed())
    (tmp_path / "out" / "notes.txt").write_text("mine")
    written(picks(instance, 0, 2))
    assert names_in(tmp_path / "out") == ["allocation.csv", "notes.txt", "result.json"]

    record = written(NotApplicable("no points"))
    assert names_in(tmp_path / "out") == ["notes.txt", "result.json"]
    assert (record["outcome"], record["reason"]) == ("not applicable", "no points")


def test_a_result_that_cannot_be_written_leaves_the_old_one(
    instance: Instance, written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(mixed())
    before = {name: (tmp_path / "out" / name).read_bytes() for name in names_in(tmp_path / "out")}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(results, "write_text", full)
    with pytest.raises(OutputError, match="No space left on device"):
        written(picks(instance, 0, 2))

    assert names_in(tmp_path / "out") == sorted(before)
    assert all((tmp_path / "out" / name).read_bytes() == text for name, text in before.items())


def test_a_folder_that_is_a_file_is_told_in_words(
    instance: Instance, written: Written, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file")

    with pytest.raises(OutputError, match="cannot write to"):
        written(picks(instance, 0, 2))


def test_the_record_is_gone_while_tables_change(tmp_path: Path) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "result.json").write_text(folder)
    (tmp_path / "new" / "parts.csv").write_text("new")
    (tmp_path / "old" / "parts.csv").mkdir()  # no file can take the place of a folder

    with pytest.raises(OSError, match=r"parts\.csv"):
        publish(tmp_path / "new", tmp_path / "old")

    assert not (tmp_path / "old" / "result.json").exists()


def test_the_same_result_is_the_same_bytes(
    instance: Instance, written: Written, tmp_path: Path
) -> None:
    written(mixed())
    first = [path.read_bytes() for path in sorted((tmp_path / "out").iterdir())]
    written(picks(instance, 0, 2))
    written(mixed())

    assert [path.read_bytes() for path in sorted((tmp_path / "out").iterdir())] == first


def test_every_digit_of_a_float_is_under_the_seal() -> None:
    seal = json.loads(sealed({"x": 0.1}))["digest"]

    assert seal == hashlib.sha256(b'{"x":"0.1"}').hexdigest()
    assert seal != json.loads(sealed({"x": 0.10000000000000002}))["digest"]


def test_parquet_holds_the_same_text_as_csv_unquoted(written: Written, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    written(mixed())
    record = written(mixed(), parquet=True)

    assert names_in(tmp_path / "out") == ["allocation.parquet", "parts.parquet", "result.json"]
    assert set(record["outputs"]) == {"allocation.parquet", "parts.parquet"}
    table = parquet.read_table(tmp_path / "out" / "allocation.parquet").to_pydict()
    assert table["user_id"] == ["-1", "u2"]
    assert table["package_id"] == ["+a", "+a"]
    assert table["package_share"] == ["0.750000000", "0.333333333"]


# Comparisons.


@pytest.fixture
def comparison(instance: Instance) -> Comparison:
    figures = [
        Figure("a", "", "", "spent", 65_050, "money"),
        Figure("a", "", "", "met_need", 14_000, "need"),
        Figure("a", "area", "=east", "users", 1, "users"),
        Figure("a", "area", "west", "gini", np.float64(0.1), "index"),  # type: ignore[arg-type]
        Figure("a", "", "", "below", None, "users"),
    ]
    return Comparison(
        instance=instance,
        baseline="a",
        outcomes={"a": picks(instance, 0, 2), "b": Infeasible("5.00 short", 500, 2)},
        figures=figures,
        footing=Footing(
            (5_000, 20_000),
            (9_000, 45_050),
            14_000,
            10_000,
            14_500,
            Certificate(value=14_000, upper_bound=14_000, proof="proved"),
            Certificate(value=10_000, upper_bound=10_250, proof="proved", stopped="time limit"),
        ),
    )


def test_a_comparison_is_written_with_figures_scenario_and_results(
    comparison: Comparison, tmp_path: Path
) -> None:
    options = {"a": {"by": "need"}}
    write_comparison(tmp_path, comparison, Problem.of(comparison.instance), solve_options=options)

    assert names_in(tmp_path) == [
        "comparison.csv",
        "comparison.json",
        "rules",
        "rules/a",
        "rules/a/allocation.csv",
        "rules/a/result.json",
        "rules/b",
        "rules/b/result.json",
        "scenario.toml",
    ]
    assert rows_of(tmp_path / "comparison.csv") == [
        ["rule", "group_by", "group", "measure", "value", "unit"],
        ["a", "", "", "spent", "650.50", "money"],
        ["a", "", "", "met_need", "14.000", "need"],
        ["a", "area", "'=east", "users", "1", "users"],
        ["a", "area", "west", "gini", "0.1", "index"],
        ["a", "", "", "below", "", "users"],
    ]
    record = json.loads((tmp_path / "comparison.json").read_text(encoding="utf-8"))
    assert record["baseline"] == "a"
    assert record["same_footing"]["points_kept"] == {"met_need": "5.000", "spent": "200.00"}
    assert record["same_footing"]["not_spent"] == "4.000"
    assert record["outcomes"]["b"] == {"outcome": "infeasible", "reason": "5.00 short"}
    for name, digest in record["outputs"].items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    result = json.loads((tmp_path / "rules" / "a" / "result.json").read_text(encoding="utf-8"))
    assert result["options"] == {"by": "need"}


def test_the_scenario_beside_a_comparison_is_the_one_compared_on(
    comparison: Comparison, tmp_path: Path
) -> None:
    write_comparison(tmp_path, comparison, Problem.of(comparison.instance))
    text = (tmp_path / "scenario.toml").read_text(encoding="utf-8")

    assert Scenario(**tomllib.loads(text, parse_float=Decimal)) == comparison.instance.scenario


def test_a_second_comparison_takes_the_place_of_the_first(
    instance: Instance, comparison: Comparison, tmp_path: Path
) -> None:
    problem = Problem.of(instance)
    write_comparison(tmp_path, comparison, problem)
    (tmp_path / "rules" / "b" / "mine.txt").write_text("mine")
    only = Comparison(instance, None, {"c": NotApplicable("no points")}, [])
    write_comparison(tmp_path, only, problem)

    assert names_in(tmp_path / "rules") == ["b", "b/mine.txt", "c", "c/result.json"]
    assert json.loads((tmp_path / "comparison.json").read_text())["same_footing"] is None
    write_solution(tmp_path, instance, problem, "c", {}, NotApplicable("no points"))
    left = ["result.json", "rules", "rules/b", "rules/b/mine.txt", "scenario.toml"]
    assert names_in(tmp_path) == left


def test_a_comparison_never_overwrites_the_scenario_of_an_instance(
    comparison: Comparison, tmp_path: Path
) -> None:
    (tmp_path / "users.csv").write_text("user_id\n1\n")

    with pytest.raises(OutputError, match="holds an instance"):
        write_comparison(tmp_path, comparison, Problem.of(comparison.instance))
    assert names_in(tmp_path) == ["users.csv"]


def test_a_real_comparison_is_written_in_parquet(instance: Instance, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    real = compare(instance, rules=["current", "met_need_lp", "equal_money"])
    write_comparison(tmp_path, real, Problem.of(instance), parquet=True)

    assert {name for name in names_in(tmp_path) if name.endswith(".parquet")} == {
        "comparison.parquet",
        "rules/current/allocation.parquet",
        "rules/equal_money/allocation.parquet",
        "rules/equal_money/parts.parquet",
        "rules/met_need_lp/allocation.parquet",
        "rules/met_need_lp/parts.parquet",
    }


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.decimals(allow_nan=False, places=3, min_value=-(10**9), max_value=10**9)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(description=TEXT, rules=st.dictionaries(TEXT, st.dictionaries(TEXT, VALUES, max_size=3)))
def test_a_scenario_is_read_back_from_its_text_as_it_was(
    description: str, rules: dict[str, dict[str, Any]]
) -> None:
    scenario = Scenario(
        schema_version=1, name="t", budget="12.50", description=description, rules=rules
    )
    again = tomllib.loads(scenario_text(scenario), parse_float=Decimal)

    assert Scenario(**again) == scenario
