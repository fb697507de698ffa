"""A comparison of all rules on a council, from files to files."""

from pathlib import Path

from benchmarks.instances import folder
from benchmarks.measure import metneed, seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target


def run(size: Size, work: Path) -> Figures:
    """Time of the commands that a council's analyst types."""
    council = folder(work, "council", size.users, parquet=False)
    out = work / "comparison"
    checked = seconds(lambda: metneed("check", council), size.repeats)
    compared = seconds(lambda: metneed("compare", council, "--out", out), size.repeats)
    rules = sum(path.is_dir() for path in (out / "rules").iterdir())
    return {
        "metneed compare": Figure(compared, "s"),
        "rules compared": Figure(rules, "rules"),
        "metneed check": Figure(checked, "s"),
    }


CASE = Case(
    name="compare",
    title="A comparison of all rules, from files to files",
    counts=(
        "A generated council in CSV files. Counted is the command `metneed compare` from its "
        "start to its end: starting Python, reading, running every rule, all measures overall "
        "and by every group, and writing each rule's result. "
        "`metneed check` reads and checks the same files."
    ),
    sizes={"full": Size(20_000, 3), "small": Size(200)},
    run=run,
    targets=(Target("metneed compare", "at most", 10),),
)
