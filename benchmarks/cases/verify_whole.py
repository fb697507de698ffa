"""Proving whole packages again, without a solver, at the size of a large council."""

from functools import partial
from pathlib import Path

from benchmarks.instances import folder
from benchmarks.measure import metneed, seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target

FAMILIES = ("council", "uncorrelated")


def run(size: Size, work: Path) -> Figures:
    """Time of the command that checks the proved optimum."""
    figures: Figures = {}
    for family in FAMILIES:
        instance = folder(work, family, size.users, parquet=True)
        result = work / f"{instance.name}-solved"
        metneed("solve", instance, "--rule", "met_need_whole", "--out", result)
        taken = seconds(partial(metneed, "verify", result, instance), size.repeats)
        figures[f"{family}: metneed verify"] = Figure(taken, "s")
    return figures


CASE = Case(
    name="verify_whole",
    title="Proving whole packages again",
    counts=(
        "Parquet files, and the result of `met_need_whole` on them, whose optimum is proved. "
        "Counted is the command `metneed verify` from its start to its end: starting Python, "
        "reading both again, recomputing every cost, met need, sum, digest and the bound; no "
        "solver runs."
    ),
    sizes={"full": Size(10_000, 5), "small": Size(200)},
    run=run,
    targets=tuple(Target(f"{family}: metneed verify", "at most", 1) for family in FAMILIES),
    requires=("pyarrow",),
)
