"""What the contests in whole packages share, one case for each family."""

from benchmarks.registry import Measured, Size
from benchmarks.rounds import contest, times_ours, users_of

PROVING = ("highs_gap_0", "pulp_cbc")
"""Competitors whose answer is meant to be the optimum, and that are the fastest at it."""

SMALL = Size(30, limit=20, only=("highs_gap_0",))

COUNTS = (
    "Everyone is given the same menus as arrays, in a process of its own. "
    "Ours is counted from menus without a hull to the packages of every user, proved; "
    "competitors from the same arrays to their answer, stating the programme and solving it apart. "
    "The ratio is that of the faster of CBC and HiGHS without a gap, building and solving, to "
    "ours; who reached the limit counts as the limit, although it needs more."
)


def ratio(step: str) -> str:
    """Name of the figure that says how many times faster ours is."""
    return f"{step}: fastest of CBC and HiGHS, gap 0"


def contest_of(family: str, size: Size) -> Measured:
    """All contestants at a hundredth, a tenth and all of the users."""
    measured = contest(family, "whole", size)
    for step, users in users_of(size).items():
        measured.figures[ratio(step)] = times_ours(measured, users, PROVING)
    return measured
