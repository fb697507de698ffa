"""The linear programme against other ways to solve it."""

from pathlib import Path

from benchmarks.registry import Case, Measured, Size, Target
from benchmarks.rounds import contest, times_ours, users_of

NAMED = {
    "HiGHS interior point": "highs_interior_point",
    "PuLP with CBC": "pulp_cbc",
    "PuLP with HiGHS": "pulp_highs",
}


def run(size: Size, work: Path) -> Measured:  # noqa: ARG001 - the contract
    """All contestants at three sizes, and how many of our times some of them need."""
    measured = contest("uncorrelated", "lp", size)
    for title, name in NAMED.items():
        measured.figures[f"a tenth: {title}"] = times_ours(
            measured, users_of(size)["a tenth"], (name,)
        )
    return measured


CASE = Case(
    name="lp_against_others",
    title="The linear programme against other solvers",
    counts=(
        "Uncorrelated menus of ten packages, part packages allowed. "
        "Everyone is given the same menus as arrays, in a process of its own. "
        "Ours is counted from menus without a hull to what every user gets; competitors from the "
        "same arrays to their answer, stating the programme and solving it apart. "
        "Ratios are of building and solving to ours; who reached the limit counts as the limit, "
        "although it needs more."
    ),
    sizes={
        "full": Size(100_000, 3),
        "small": Size(30, limit=20, only=tuple(NAMED.values())),
    },
    run=run,
    targets=(
        Target("a tenth: HiGHS interior point", "at least", 200),
        Target("a tenth: PuLP with CBC", "at least", 1000),
        Target("a tenth: PuLP with HiGHS", "at least", 100),
    ),
    requires=("pulp", "highspy"),
)
