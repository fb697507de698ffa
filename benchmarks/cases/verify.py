"""Checking a large result against its instance, number by number."""

from functools import partial
from pathlib import Path

from benchmarks.instances import folder
from benchmarks.measure import metneed, seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target

FAMILIES = ("council", "uncorrelated")


def run(size: Size, work: Path) -> Figures:
    """Time of the command that checks the proved optimum, beside that of the one that made it."""
    figures: Figures = {}
    for family in FAMILIES:
        instance = folder(work, family, size.users, parquet=True)
        result = work / f"{instance.name}-solved"
        solved = metneed("solve", instance, "--rule", "met_need_whole", "--out", result)
        verified = seconds(partial(metneed, "verify", result, instance), size.repeats)
        figures |= {
            f"{family}: metneed verify": Figure(verified, "s"),
            f"{family}: metneed solve": Figure(solved, "s"),
            f"{family}: verify to solve": Figure(verified / solved, "times"),
        }
    return figures


CASE = Case(
    name="verify",
    title="Checking a result",
    counts=(
        "The same Parquet files as for reading, and the result of `met_need_whole` on them. "
        "Counted is the command `metneed verify` from its start to its end: reading both again, "
        "recomputing every cost, met need, sum, digest and the bound, without the code that made "
        "them. "
        "Beside it stands `metneed solve` from files to files, once."
    ),
    sizes={"full": Size(1_000_000, 3), "small": Size(200)},
    run=run,
    targets=tuple(Target(f"{family}: metneed verify", "at most", 25) for family in FAMILIES),
    requires=("pyarrow",),
)
