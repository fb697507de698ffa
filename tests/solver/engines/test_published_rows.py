"""Published multiple-choice problems with five and ten resources, with their proven optima."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.solver.engines.rows import Row
from metneed.solver.engines.rows_whole import RowsWhole, rows_whole_optimum

SETS = [
    ("TestSet1.5GP10IT5KP.txt", 30),
    ("TestSet2.10GP10IT5KP.txt", 30),
    ("TestSet4.5GP10IT10KP.txt", 30),
    ("TestSet5.10GP10IT10KP.txt", 30),
    ("TestSet.30GP10IT10KP.txt", 10),
]


def problems(path: Path) -> Iterator[tuple[str, Menus, list[Row]]]:
    """Number, menus and limits: number, classes, items, resources, capacities, then the items."""
    words = iter(map(int, path.read_text().split()))
    for number in words:
        classes, items, resources = (next(words) for _ in range(3))
        limits = [next(words) for _ in range(resources)]
        table = []
        for _ in range(classes):
            next(words)  # the number of the class
            table += [[next(words) for _ in range(1 + resources)] for _ in range(items)]
        columns = np.array(table).T.copy()
        menus = Menus.of(np.arange(0, classes * items + 1, items), columns[1], columns[0])
        rows = [Row(f"resource {k}", columns[1 + k], limit) for k, limit in enumerate(limits)]
        yield str(number), menus, rows


@pytest.mark.parametrize(("name", "count"), SETS)
def test_the_optimum_is_the_published_one_and_proved_by_our_own_arithmetic(
    data: Path, name: str, count: int
) -> None:
    folder = data / "mmkp-hiremath-hill"
    with (folder / "expected.csv").open(encoding="utf-8") as file:
        rows_of = [row for row in csv.DictReader(file) if row["file"] == name]
    expected = {row["problem"]: int(row["proved_optimal_here"]) for row in rows_of}
    proved = {}
    for number, menus, rows in problems(folder / name):
        due = np.ones(menus.n_users, dtype=np.bool_)
        found = rows_whole_optimum(menus, due, rows, Settings(time_limit=60))
        assert isinstance(found, RowsWhole)
        assert (found.proof, found.gap) == ("proved", 0)
        proved[number] = found.value

    assert len(proved) == count
    assert proved == expected
