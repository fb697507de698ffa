"""Checking a large result against its instance, number by number."""

import json
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
        ask = ("solve", instance, "--rule", "met_need_whole", "--out", result)
        solved = metneed(*ask, may_stop=True)
        verified = seconds(partial(metneed, "verify", result, instance), size.repeats)
        figures |= {
            f"{family}: metneed verify": Figure(verified, "s"),
            f"{family}: metneed solve": Figure(solved, "s"),
            f"{family}: verify to solve": Figure(verified / solved, "times"),
            f"{family}: gap of the result": Figure(_gap(result), "smallest units of need"),
        }
    return figures


def _gap(result: Path) -> int:
    record = json.loads((result / "result.json").read_text(encoding="utf-8"))
    return int(record["certificate"]["gap"])


CASE = Case(
    name="verify",
    title="Checking a result",
    counts=(
        "The same Parquet files as for reading, and the result of `met_need_whole` on them. "
        "Counted is the command `metneed verify` from its start to its end: reading both again, "
        "recomputing every cost, met need, sum, digest and the bound, without the code that made "
        "them. "
        "Beside it stands `metneed solve` from files to files, once; "
        "where it ended at a limit the result has a gap, and is checked all the same."
    ),
    sizes={"full": Size(1_000_000, 3), "small": Size(200)},
    run=run,
    targets=tuple(Target(f"{family}: metneed verify", "at most", 25) for family in FAMILIES),
    requires=("pyarrow",),
)
