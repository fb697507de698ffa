"""Whether the awards that a result explains are those that it gives."""

import csv
import json
from pathlib import Path

from metneed.instances.verify_tables import tables


def check_awards(result: Path) -> tuple[list[str], list[str]]:
    """What was shown of the table of awards in a result, and what is wrong; nothing without one.

    Parameters
    ----------
    result
        Folder of the result, whose digests have been checked.
    """
    for suffix in (".csv", ".parquet"):
        path = result / f"awards{suffix}"
        if path.exists():
            found, wrong = _differences(path, result / f"allocation{suffix}")
            return ([] if wrong else [found]), wrong
    return [], []


def _differences(awards: Path, allocation: Path) -> tuple[str, list[str]]:
    record = json.loads((awards.parent / "result.json").read_text(encoding="utf-8"))
    wrong = []
    for heading in ("user_id", "award"):
        explained, given = (_column(path, heading) for path in (awards, allocation))
        rows = [
            row
            for row, pair in enumerate(zip(explained, given, strict=False), 2)
            if pair[0] != pair[1]
        ]
        if rows or len(explained) != len(given):
            at = f"row {rows[0]}" if rows else "the number of rows"
            wrong.append(f"{awards.name}, {at}: {heading} is not that of {allocation.name}")
    reserve = (record.get("account") or {}).get("reserve")
    if reserve != record.get("reserved"):
        wrong.append(f"account: a reserve of {reserve}, reserved: {record.get('reserved')}")
    return f"{awards.name} explains the awards of {allocation.name}", wrong


def _column(path: Path, heading: str) -> list[str]:
    """One column of a table, empty where it is missing."""
    if path.suffix == ".parquet":
        return [cell for block in tables(path) for cell in block.get(heading, [])]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row.get(heading, "") for row in csv.DictReader(file)]
