"""The small tables of defaults that the package brings along."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def bundled(table: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a table of the council's defaults, by heading; all cells are text."""
    path = files("metneed.instances") / "data" / "council" / f"{table}.csv"
    return tuple(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def thousandths(cell: str) -> int:
    """A decimal cell as integer thousandths: ``"0.25"`` is 250."""
    whole, _, part = cell.partition(".")
    return int(whole) * 1000 + int(part.ljust(3, "0"))


def assumption(name: str) -> int:
    """One of the generator's numbers, from the table ``assumptions``."""
    return {row["name"]: int(row["value"]) for row in bundled("assumptions")}[name]
