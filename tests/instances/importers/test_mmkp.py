"""Multiple-choice multidimensional knapsacks in their three layouts."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from metneed.instances.importers import import_problems
from metneed.models.errors import OptionError
from metneed.models.instance import Instance

KHAN = """
 2  2 3
 7  8.5  9
 1
 7.00  1  3  1
 10.50  1  4  0
 2
 9.00  0  0  4
 3.25  2  1  2
 Upper bound
 17.71
"""
HIREMATH_HILL = (
    "1\t1\t2\t2\t\n\t5\t6\n1\t\n7\t3\t4\n9\t5\t5\n2\t1\t2\t2\n4\t4\n1\n1\t1\t1\n2\t2\t2\n"
)
INST = "2 2\n5 6\n1\n7 3 4\n2\n1 1 1\n2 2 0\n"


def test_resources_are_services_and_values_keep_their_decimals(
    tmp_path: Path,
    import_one: Callable[..., Instance],
    used: Callable[[Instance], list[tuple[str, str, str, int]]],
) -> None:
    path = tmp_path / "I99"
    path.write_text(KHAN, encoding="utf-8")
    instance = import_one("mmkp", path, tmp_path / "out")
    services = instance.services

    assert instance.users.ids.tolist() == ["c1", "c2"]
    assert instance.scenario.need_decimals == 2
    assert instance.menus.met_need.tolist() == [700, 1050, 900, 325]
    assert instance.menus.cost.tolist() == [0, 0, 0, 0]
    assert instance.scenario.total_budget == 0
    assert instance.scenario.choice == "exactly_one"
    assert instance.scenario.constraints == {"capacity": {"kind": "capacity"}}
    assert services is not None
    assert services.ids.tolist() == ["r1", "r2", "r3"]
    assert instance.scenario.quantity_decimals == 1
    assert services.capacity.tolist() == [70, 85, 90]
    assert used(instance) == [
        ("c1", "i1", "r1", 10),
        ("c1", "i1", "r2", 30),
        ("c1", "i1", "r3", 10),
        ("c1", "i2", "r1", 10),
        ("c1", "i2", "r2", 40),
        ("c2", "i1", "r3", 40),
        ("c2", "i2", "r1", 20),
        ("c2", "i2", "r2", 10),
        ("c2", "i2", "r3", 20),
    ]


def test_a_resource_can_be_the_money(tmp_path: Path, import_one: Callable[..., Instance]) -> None:
    path = tmp_path / "I99"
    path.write_text(KHAN, encoding="utf-8")
    instance = import_one("mmkp", path, tmp_path / "out", budget=2)

    assert instance.services is not None
    assert instance.services.ids.tolist() == ["r1", "r3"]
    assert instance.scenario.total_budget == 85
    assert instance.menus.cost.tolist() == [30, 40, 0, 10]
    with pytest.raises(OptionError, match="resources 1 to 3"):
        import_problems("mmkp", path, budget=4)


def test_several_problems_become_folders_with_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "two.txt"
    path.write_text(HIREMATH_HILL, encoding="utf-8")
    instances = import_problems("mmkp", path).write(tmp_path / "out")

    assert list(instances) == ["1", "2"]
    assert instances["1"].menus.met_need.tolist() == [7, 9]
    assert instances["2"].menus.met_need.tolist() == [1, 2]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["1", "2"]


def test_classes_may_have_different_sizes(
    tmp_path: Path, import_one: Callable[..., Instance]
) -> None:
    path = tmp_path / "c.txt"
    path.write_text(INST, encoding="utf-8")

    assert import_one("mmkp", path, tmp_path / "out").menus.offsets.tolist() == [0, 1, 3]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "not-this-format", "")]),
        ("1 2 3 4 5\n", [(1, "not-this-format", "")]),
        (KHAN.replace("9.00", "9,00"), [(8, "comma", "9,00")]),
        (KHAN.replace("10.50", "-10.50"), [(6, "negative", "-10.50")]),
        (KHAN.replace("\n 2\n 9", "\n 3\n 9"), [(7, "not-this-format", "3")]),
        (KHAN.split(" 2  1", maxsplit=1)[0] + " 2  1", [(9, "not-this-format", "")]),
        (KHAN.split(" 3.25", maxsplit=1)[0], [(8, "not-this-format", "")]),
        ("2 0 3\n", [(1, "not-this-format", "0")]),
        (HIREMATH_HILL.replace("2\t1\t2\t2\n", "3\t1\t2\t2\n"), [(6, "not-this-format", "3")]),
        (KHAN.replace("10.50", "10.5000001"), [(0, "too-many-decimals", "")]),
        (KHAN.replace("10.50", "10500000000000"), [(0, "too-large", "10500000000000")]),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_line(
    text: str, found: list[tuple[int, str, str]], tmp_path: Path, refusal: Callable[..., object]
) -> None:
    path = tmp_path / "bad"
    path.write_text(text, encoding="utf-8")

    assert refusal("mmkp", path) == found


@pytest.mark.parametrize(
    ("file", "column"), [("mmkp-khan", "best_known"), ("mmkp-inst", "best_known_in_source")]
)
def test_published_problems_have_their_sizes(
    file: str,
    column: str,
    published: Path,
    tmp_path: Path,
    import_one: Callable[..., Instance],
) -> None:
    with (published / file / "expected.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    for row in rows:
        instance = import_one("mmkp", published / file / row["file"], tmp_path / row["file"])
        best = instance.menus.best_met_need.sum() / 10**instance.scenario.need_decimals

        assert len(instance.users) == int(row["classes"])
        assert instance.services is not None
        assert len(instance.services) == int(row["resources"])
        assert best >= float(row[column])
    assert len(rows) >= 8


def test_decimals_of_a_published_problem_are_kept(
    published: Path, tmp_path: Path, import_one: Callable[..., Instance]
) -> None:
    """The published choice of I05: the tenth item of every class but the last, worth 3905.7."""
    instance = import_one("mmkp", published / "mmkp-khan" / "I05", tmp_path / "out")
    picks = instance.menus.offsets[:-1] + np.array([9] * 24 + [8])
    assert instance.uses is not None
    assert instance.services is not None
    taken = instance.uses.subset(picks)
    totals = np.bincount(taken.service, weights=taken.amount, minlength=10)

    assert instance.scenario.need_decimals == 1
    assert int(instance.menus.met_need[picks].sum()) == 39057
    assert (totals <= instance.services.capacity).all()


def test_each_published_file_of_several_problems_gives_all_of_them(
    published: Path, tmp_path: Path
) -> None:
    with (published / "mmkp-hiremath-hill" / "expected.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    wanted = {(row["file"], int(row["problem"])) for row in rows}
    found = set()
    for file in sorted({row["file"] for row in rows}):
        made = import_problems("mmkp", published / "mmkp-hiremath-hill" / file)
        found |= {(file, int(problem.number)) for problem in made.problems}

    assert len(wanted) == 150
    assert found == wanted
