"""Multiple-choice knapsacks with one budget, by hand and with known optima."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from metneed import solve
from metneed.instances.importers import import_problems
from metneed.models.allocation import Allocation
from metneed.models.errors import OptionError
from metneed.models.instance import Instance

SMALL = "class,item,value,weight\n0,0,3,2\n0,1,5.5,4\n1,0,1,1\n1,1,9,6.25\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_a_class_is_a_user_and_a_weight_is_a_cost(
    small: Path, tmp_path: Path, import_one: Callable[..., Instance]
) -> None:
    instance = import_one("mckp", small, tmp_path / "out", budget="10")

    assert instance.users.ids.tolist() == ["0", "1"]
    assert instance.package_ids.text().tolist() == ["0", "1", "0", "1"]
    assert instance.menus.cost.tolist() == [200, 400, 100, 625]
    assert instance.menus.met_need.tolist() == [30, 55, 10, 90]
    assert instance.scenario.total_budget == 1000
    assert instance.scenario.choice == "exactly_one"
    assert instance.scenario.constraints == {}


def test_the_best_of_a_small_problem_is_that_by_hand(
    small: Path, tmp_path: Path, import_one: Callable[..., Instance]
) -> None:
    # 3 + 9 for 8.25; 5.5 + 9 would take 10.25.
    instance = import_one("mckp", small, tmp_path / "out", budget="10")
    outcome = solve(instance, "met_need_whole")

    assert isinstance(outcome, Allocation)
    assert int(outcome.met_need.sum()) == 120


def test_a_budget_must_be_given(small: Path) -> None:
    with pytest.raises(OptionError, match="--option budget=NUMBER"):
        import_problems("mckp", small)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SMALL + "1,1,2,2\n", [(6, "duplicate-item", "1")]),
        (SMALL.replace("6.25", "-6"), [(5, "negative", "-6")]),
        (SMALL.replace("5.5", "lots"), [(3, "not-a-number", "lots")]),
        (SMALL.replace("6.25", "6.00001"), [(5, "too-many-decimals", "6.00001")]),
        (SMALL.replace("0,1,5.5,4", "0,1,5.5"), [(3, "ragged-row", "")]),
        (SMALL.replace("weight", "size"), [(1, "missing-column", "")]),
    ],
)
def test_faults_are_told_with_their_rows(
    text: str, found: list[tuple[int, str, str]], small: Path, refusal: Callable[..., object]
) -> None:
    small.write_text(text, encoding="utf-8")

    assert refusal("mckp", small, budget="10") == found


def test_published_problems_have_their_known_optima(
    published: Path, tmp_path: Path, import_one: Callable[..., Instance]
) -> None:
    folder = published / "mckp-derived"
    with (folder / "expected.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for place, row in enumerate(rows):
        instance = import_one(
            "mckp", folder / row["file"], tmp_path / str(place), budget=row["capacity"]
        )
        outcome = solve(instance, "met_need_whole")
        assert isinstance(outcome, Allocation)
        found[row["file"], row["capacity"]] = int(outcome.met_need.sum())

    assert len(found) == 20
    assert found == {(r["file"], r["capacity"]): int(r["integer_optimum"]) for r in rows}
