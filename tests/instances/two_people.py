"""Two people whose results are written, and what reads the files back."""

import csv
from pathlib import Path

import numpy as np

from metneed.models.allocation import Allocation
from metneed.models.arrays import frozen
from metneed.models.columns import Labels
from metneed.models.instance import Instance, Previous, Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.scenario import Scenario


def two_people() -> Instance:
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


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))


def names_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def picks(instance: Instance, *package: int, award: list[int] | None = None) -> Allocation:
    problem = Problem.of(instance)
    awards = None if award is None else frozen(award)
    return Allocation.of_picks(problem, np.array(package), award=awards)
