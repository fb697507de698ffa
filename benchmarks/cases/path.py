"""Several years of cuts on a council, from files to files."""

import shutil
from pathlib import Path

from benchmarks.instances import folder
from benchmarks.measure import metneed, seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target

YEARS = 5
RULES = (
    "current",
    "equal_cut",
    "equal_money",
    "greatest_need",
    "met_need_whole",
    "points_proportional",
    "priority_list",
    "proportional_cost",
)
CHANGES = """
[path]
years = 5
cut = 0.2
price_inflation = 0.03
carry_over = 0.5
leavers = 0.1
joiners = 0.1
"""


def run(size: Size, work: Path) -> Figures:
    """Time of the command, with the same people and prices each year, and with new ones."""
    council = folder(work, "council", size.users, parquet=False)
    changing = council.with_name(f"{council.name}-path")
    if not changing.exists():
        shutil.copytree(council, changing)
        with (changing / "scenario.toml").open("a", encoding="utf-8") as file:
            file.write(CHANGES)
    rules = ("--rules", ",".join(RULES))
    cut = ("--years", YEARS, "--cut", "0.2")
    same = seconds(
        lambda: metneed("path", council, *rules, *cut, "--out", work / "path-same"), size.repeats
    )
    new = seconds(
        lambda: metneed("path", changing, *rules, "--out", work / "path-new"), size.repeats
    )
    return {
        "metneed path, same people and prices": Figure(same, "s"),
        "metneed path, new people and prices": Figure(new, "s"),
        "rules": Figure(len(RULES), "rules"),
        "years after the first": Figure(YEARS, "years"),
    }


CASE = Case(
    name="path",
    title="Several years of cuts, from files to files",
    counts=(
        "A generated council in CSV files, a cut of a fifth each year. "
        "Counted is the command `metneed path` from its start to its end: starting Python, "
        "reading, running every rule in the first year and in each that follows, all figures, and "
        "writing them. "
        "Once people and prices stay, so that hulls are used again; once a tenth of the people "
        "leave and join and prices rise by 3 % each year."
    ),
    sizes={"full": Size(20_000, 3), "small": Size(200)},
    run=run,
    targets=(
        Target("metneed path, same people and prices", "at most", 20),
        Target("metneed path, new people and prices", "at most", 20),
    ),
)
