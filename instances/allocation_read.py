"""Allocations read back from a result, to be checked against the instance they are for."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from metneed.instances.verify_tables import tables
from metneed.models.allocation import WHOLE, Parts
from metneed.models.arrays import IntArray, frozen
from metneed.models.instance import Instance


def parts_of(result: Path, instance: Instance) -> Parts:
    """What each user has by the tables of a result: whole packages, or parts of packages.

    Parameters
    ----------
    result
        A folder as `solve` writes it.
    instance
        What the result is for.

    Raises
    ------
    ValueError
        Where a table is missing or damaged, or names a user or a package that is not there.
    """
    held = [pair for pair in _rows(result) if pair[1]]
    rows = {user: row for row, user in enumerate(instance.users.ids.tolist())}
    wanted = {rows[user] for user, _, _ in held if user in rows}
    positions = _positions(instance, frozen(sorted(wanted)))
    found = []
    for user, package, share in held:
        row = rows.get(user)
        if row is None or (row, package) not in positions:
            raise ValueError(f"user {user!r:.60} has no package {package!r:.60} on the menu")
        found.append((row, positions[row, package], share))
    found.sort()
    columns = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return Parts(*(frozen(column) for column in columns))


def _rows(result: Path) -> Iterator[tuple[str, str, int]]:
    """User, package and share in billionths, from the parts where there are any."""
    for stem in ("parts", "allocation"):
        for path in (result / f"{stem}.csv", result / f"{stem}.parquet"):
            if path.exists():
                for row in _table(path):
                    share = row["share" if stem == "parts" else "package_share"] or "0"
                    yield row["user_id"], row["package_id"], _billionths(share)
                return
    raise ValueError("the result holds no table of packages")


def _table(path: Path) -> Iterator[dict[str, str]]:
    if path.suffix == ".parquet":
        for block in tables(path):
            for cells in zip(*block.values(), strict=True):
                yield dict(zip(block, cells, strict=True))
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _billionths(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * WHOLE + int(part.ljust(9, "0") or 0)


def _positions(instance: Instance, users: IntArray) -> dict[tuple[int, str], int]:
    """The positions of the packages of some users by user and identifier."""
    menus = instance.menus
    positions = menus.positions(users)
    owner = menus.user[positions].tolist()
    names = instance.package_ids.text(positions).tolist()
    return dict(zip(zip(owner, names, strict=True), positions.tolist(), strict=True))
