"""Generalised assignment problems of OR-Library."""

import csv
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from metneed.instances.importers import import_problems
from metneed.models.instance import Instance

ONE = "1\n2 3\n4 1 7\n2 6 3\n2 2 2\n1 0 3\n4 3\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "gap.txt"
    path.write_text(ONE, encoding="utf-8")
    return path


def test_jobs_are_users_and_agents_are_services(
    file: Path,
    tmp_path: Path,
    import_one: Callable[..., Instance],
    used: Callable[[Instance], list[tuple[str, str, str, int]]],
) -> None:
    instance = import_one("gap", file, tmp_path / "out")

    assert instance.users.ids.tolist() == ["job 1", "job 2", "job 3"]
    assert instance.menus.cost.tolist() == [4, 2, 1, 6, 7, 3]
    assert instance.menus.met_need.tolist() == [3, 5, 6, 1, 0, 4]
    assert instance.scenario.total_budget == 4 + 6 + 7
    assert instance.services is not None
    assert instance.services.capacity.tolist() == [4, 3]
    assert used(instance) == [
        ("job 1", "agent 1", "agent 1", 2),
        ("job 1", "agent 2", "agent 2", 1),
        ("job 2", "agent 1", "agent 1", 2),
        ("job 3", "agent 1", "agent 1", 2),
        ("job 3", "agent 2", "agent 2", 3),
    ]


def test_the_most_met_need_is_the_least_cost(
    file: Path, tmp_path: Path, import_one: Callable[..., Instance]
) -> None:
    instance = import_one("gap", file, tmp_path / "out")
    menus = instance.menus
    answers = [menus.offsets[:-1] + np.array(picks) for picks in product([0, 1], repeat=3)]

    assert all(menus.met_need[a].sum() == 3 * 7 - menus.cost[a].sum() for a in answers)


def test_profits_are_met_need_as_they_are(
    file: Path, tmp_path: Path, import_one: Callable[..., Instance]
) -> None:
    instance = import_one("gap", file, tmp_path / "out", objective="maximise")

    assert instance.menus.met_need.tolist() == [4, 2, 1, 6, 7, 3]
    assert not instance.menus.cost.any()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ONE.replace("7\n", "x\n"), [(3, "not-a-number", "x")]),
        (ONE.rsplit("4 3", 1)[0], [(6, "not-this-format", "")]),
        (ONE + "5\n", [(0, "not-this-format", "")]),
        (ONE.replace("2 3", "2 three", 1), [(2, "not-this-format", "three")]),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_line(
    text: str, found: list[tuple[int, str, str]], file: Path, refusal: Callable[..., object]
) -> None:
    file.write_text(text, encoding="utf-8")

    assert refusal("gap", file) == found


def test_published_problems_are_numbered_from_1_and_have_their_sizes(
    published: Path, tmp_path: Path
) -> None:
    with (published / "gap-orlib" / "expected.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    for name in ("gapa.txt", "gapb.txt"):
        instances = import_problems("gap", published / "gap-orlib" / name).write(tmp_path / name)
        sizes = [
            (len(one.users), len(one.services) if one.services is not None else 0)
            for one in instances.values()
        ]

        assert list(instances) == ["1", "2", "3", "4", "5", "6"]
        assert sizes == [(int(r["jobs"]), int(r["agents"])) for r in rows if r["file"] == name]
