"""The points rule from files to results, beside the linear programme on the same files."""

from pathlib import Path

from benchmarks.instances import divisible, folder
from benchmarks.measure import metneed, seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target


def run(size: Size, work: Path) -> Figures:
    """Time of both commands, one after the other."""
    instance = divisible(folder(work, "uncorrelated", size.users, parquet=True))
    times = {
        rule: seconds(
            lambda rule=rule: metneed(  # type: ignore[misc]
                "solve", instance, "--rule", rule, "--out", work / f"{instance.name}-{rule}"
            ),
            size.repeats,
        )
        for rule in ("points_proportional", "met_need_lp")
    }
    return {
        "points rule": Figure(times["points_proportional"], "s"),
        "linear programme": Figure(times["met_need_lp"], "s"),
        "points rule to linear programme": Figure(
            times["points_proportional"] / times["met_need_lp"], "times"
        ),
    }


CASE = Case(
    name="points_rule",
    title="The points rule, from files to results",
    counts=(
        "Parquet files of uncorrelated menus, ten packages each, part packages allowed. "
        "Counted is the command `metneed solve` from its start to its end, with the rule "
        "`points_proportional` and with the rule `met_need_lp` on the same files: both read, "
        "check, solve and write every user's allocation."
    ),
    sizes={"full": Size(1_000_000, 3), "small": Size(200)},
    run=run,
    targets=(Target("points rule to linear programme", "at most", 3),),
    requires=("pyarrow",),
)
