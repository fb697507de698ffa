"""Whole packages against other solvers: care-like menus."""

from pathlib import Path

from benchmarks.registry import Case, Measured, Size
from benchmarks.whole_contest import COUNTS, SMALL, contest_of


def run(size: Size, work: Path) -> Measured:  # noqa: ARG001 - the contract
    """All contestants at three sizes."""
    return contest_of("council", size)


CASE = Case(
    name="whole_council",
    title="Whole packages against other solvers: a made-up council",
    counts=(
        "The generated council: menus of care at published unit costs, money in pence, need in "
        "thousandths of a point. " + COUNTS
    ),
    sizes={"full": Size(10_000, 3), "small": SMALL},
    run=run,
    requires=("pulp", "highspy"),
)
