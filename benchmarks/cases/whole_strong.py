"""Whole packages against other solvers: met need that follows cost."""

from pathlib import Path

from benchmarks.registry import Case, Measured, Size
from benchmarks.whole_contest import COUNTS, SMALL, contest_of


def run(size: Size, work: Path) -> Measured:  # noqa: ARG001 - the contract
    """All contestants at three sizes."""
    return contest_of("strong", size)


CASE = Case(
    name="whole_strong",
    title="Whole packages against other solvers: met need follows cost",
    counts="Ten packages a user, each dearer one worth a little more than what it costs more. "
    + COUNTS,
    sizes={"full": Size(10_000, 3), "small": SMALL},
    run=run,
    requires=("pulp", "highspy"),
)
