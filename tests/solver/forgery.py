"""Instances on disk, real results on them, and results as a forger would leave them."""

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from metneed.instances.read import read
from metneed.instances.results import write_solution
from metneed.models.problem import Problem
from metneed.solver.rules import rule
from metneed.solver.solve import bind, run
from metneed.solver.verify import Report

IN_UNITS = "money_decimals = 0\nneed_decimals = 0\n"
D3 = {
    "u1": [("a", 2, 5), ("b", 4, 8), ("c", 7, 10)],
    "u2": [("a", 3, 6), ("b", 5, 7), ("c", 6, 10)],
    "u3": [("a", 4, 4), ("b", 8, 9)],
}
"""Three users, budget 12: the linear programme gives 20.25 at 9/8 a pound, whole packages 19."""


def write_csv(path: Path, rows: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))


def solved(instance: Path, name: str, *, parquet: bool = False) -> Path:
    """The folder of a result of a rule on an instance."""
    folder, chosen = instance.parent / name, rule(name)
    held = read(instance)
    problem, options = Problem.of(held), bind(chosen, {})
    outcome = run(chosen, problem, options)
    dumped = options.model_dump(mode="json")
    write_solution(folder, held, problem, name, dumped, outcome, parquet=parquet)
    return folder


def reseal(folder: Path, change: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
    """Change result.json, and make all its digests true again, as a forger would."""
    path = folder / "result.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    change(record)
    del record["digest"]
    for name in record["outputs"]:
        record["outputs"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    parsed = json.loads(json.dumps(record), parse_float=str, parse_int=str)
    canonical = json.dumps(parsed, sort_keys=True, separators=(",", ":"))
    record["digest"] = hashlib.sha256(canonical.encode()).hexdigest()
    path.write_text(json.dumps(record, indent=2), encoding="utf-8")


def forge(folder: Path, rows: list[list[Any]], **certificate: Any) -> None:
    """Another allocation with true sums, and whatever is claimed of it."""
    heading = ["user_id", "package_id", "package_share", "award", "cost", "met_need"]
    write_csv(folder / "allocation.csv", [heading, *rows])
    spent, value = (sum(int(row[column]) for row in rows) for column in (4, 5))

    def change(record: dict[str, Any]) -> None:
        record |= {"spent": str(spent), "met_need": str(value)}
        record["unspent"] = str(int(record["allocable"]) - spent)
        bound = int(certificate.get("upper_bound") or value)
        near = f"within {bound - value} of the best possible (bound proved)"
        claim = "optimal (proved)" if bound == value else near
        record["certificate"] |= {"value": str(value), "gap": str(bound - value), "claim": claim}
        record["certificate"] |= {"upper_bound": str(bound), **certificate}

    reseal(folder, change)


def taken(user: str, package: str, cost: int, met_need: int) -> list[Any]:
    return [user, package, "1.000000000" if package else "0.000000000", "", cost, met_need]


def refusal(report: Report) -> str:
    assert not report.ok
    return "; ".join(report.failures)


WHOLE_BEST = [taken("u1", "a", 2, 5), taken("u2", "c", 6, 10), taken("u3", "a", 4, 4)]
WHOLE_WORSE = [taken("u1", "b", 4, 8), taken("u2", "c", 6, 10), taken("u3", "", 0, 0)]


def write_council(
    folder: Path,
    menus: dict[str, list[tuple[str, Any, Any]]],
    scenario: str,
    users: list[list[Any]] | None = None,
    **tables: list[list[Any]],
) -> Path:
    """An instance: menus by user, lines of the scenario, then other tables."""
    folder.mkdir(exist_ok=True)
    lines = 'schema_version = 1\nname = "trial"\n' + scenario
    (folder / "scenario.toml").write_text(lines, encoding="utf-8")
    write_csv(folder / "users.csv", users or [["user_id"], *([user] for user in menus)])
    if menus:
        offers = [[user, *offer] for user, menu in menus.items() for offer in menu]
        write_csv(folder / "packages.csv", [["user_id", "package_id", "cost", "met_need"], *offers])
    for name, rows in tables.items():
        write_csv(folder / f"{name}.csv", rows)
    return folder
