"""A council of twelve people with plans, and the tables that commands write."""

import csv
import shutil
from pathlib import Path

SMALL = Path(__file__).parents[2] / "docs" / "examples" / "small-council"
PLANS = (300, 280, 420, 420, 100, 200, 92, 192, 60, 18, 46, 60)
COMMANDS = ("stages", "noise", "split")


def change(folder: Path, **columns: list[object]) -> None:
    """Add columns to the users of an instance, or replace them."""
    table = folder / "users.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name, values in columns.items():
        for row, value in zip(rows, values, strict=True):
            row[name] = str(value)
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def make_council(folder: Path) -> Path:
    """Twelve people with plans, half of them told, and three assessors."""
    shutil.copytree(SMALL, folder)
    change(
        folder,
        plan_cost=[*PLANS],
        told=["yes", "no"] * 6,
        choice=["yes", "yes", "no", "no"] * 3,
        days_to_plan=[20 + row for row in range(12)],
        assessor=["A", "B", "C"] * 4,
    )
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
