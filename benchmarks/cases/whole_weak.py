"""Whole packages against other solvers: met need close to cost."""

from pathlib import Path

from benchmarks.registry import Case, Measured, Size, Target
from benchmarks.whole_contest import COUNTS, SMALL, contest_of, ratio


def run(size: Size, work: Path) -> Measured:  # noqa: ARG001 - the contract
    """All contestants at three sizes."""
    return contest_of("weak", size)


CASE = Case(
    name="whole_weak",
    title="Whole packages against other solvers: met need close to cost",
    counts="Ten packages a user, costs up to 1,000 and met needs at most ten away from them. "
    + COUNTS,
    sizes={"full": Size(10_000, 3), "small": SMALL},
    run=run,
    targets=(
        Target(ratio("a tenth"), "at least", 300),
        Target(ratio("largest size"), "at least", 1000),
    ),
    requires=("pulp", "highspy"),
)
