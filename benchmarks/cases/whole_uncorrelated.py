"""Whole packages against other solvers: met need that has nothing to do with cost."""

from pathlib import Path

from benchmarks.registry import Case, Measured, Size, Target
from benchmarks.whole_contest import COUNTS, SMALL, contest_of, ratio


def run(size: Size, work: Path) -> Measured:  # noqa: ARG001 - the contract
    """All contestants at three sizes."""
    return contest_of("uncorrelated", size)


CASE = Case(
    name="whole_uncorrelated",
    title="Whole packages against other solvers: uncorrelated menus",
    counts=(
        "Ten packages a user, costs and met needs up to 1,000 and nothing to do with each other. "
        + COUNTS
    ),
    sizes={"full": Size(10_000, 3), "small": SMALL},
    run=run,
    targets=(
        Target(ratio("a tenth"), "at least", 300),
        Target(ratio("largest size"), "at least", 1000),
    ),
    requires=("pulp", "highspy"),
)
