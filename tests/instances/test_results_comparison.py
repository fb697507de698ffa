import hashlib
import json
import tomllib
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from metneed import compare
from metneed.instances.results import write_comparison, write_solution
from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.certificate import Certificate
from metneed.models.comparison import Comparison, Figure, Footing
from metneed.models.errors import OutputError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.scenario import Scenario

from .two_people import names_in, picks, rows_of, two_people


@pytest.fixture
def instance() -> Instance:
    return two_people()


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
