"""Building menus from a council's own tables."""

from pathlib import Path

from benchmarks.instances import SEED
from benchmarks.measure import metneed, seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target


def run(size: Size, work: Path) -> Figures:
    """Time of the command with its tests, and without those that run rules."""
    made = work / f"council-tables-{size.users}"
    if not made.exists():
        arguments = ("generate", "council", "--users", size.users, "--seed", SEED, "--out", made)
        metneed(*arguments, "--option", "tables=yes")
    tables, out = made / "tables", work / "built"
    full = seconds(lambda: metneed("build", tables, "--out", out), size.repeats)
    plain = seconds(lambda: metneed("build", tables, "--out", out, "--no-tests"), size.repeats)
    with (out / "packages.csv").open(encoding="utf-8") as file:
        packages = sum(1 for _ in file) - 1
    return {
        "metneed build": Figure(full, "s"),
        "metneed build --no-tests": Figure(plain, "s"),
        "packages": Figure(packages, "packages"),
    }


CASE = Case(
    name="build",
    title="Building menus from a council's tables, from files to files",
    counts=(
        "The tables of a generated council in CSV files: users, needs, points, reckoner, "
        "services, current and swaps. Counted is the command `metneed build` from its start to "
        "its end: starting Python, reading and checking every table, building all menus, the "
        "report with the response, score and cost tests, and writing the instance."
    ),
    sizes={"full": Size(20_000, 3), "small": Size(200)},
    run=run,
    targets=(Target("metneed build", "at most", 10),),
)
