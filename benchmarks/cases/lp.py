"""The linear programme up to a million users: time, memory, and how they grow."""

from pathlib import Path

from benchmarks import own
from benchmarks.instances import afresh, problem
from benchmarks.measure import in_child, seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target
from metneed.models.problem import Problem
from metneed.solver.rules import rule
from metneed.solver.solve import run as solved

LARGEST = "largest size"
STEPS = {"a hundredth": 100, "a tenth": 10, LARGEST: 1}


def run(size: Size, work: Path) -> Figures:  # noqa: ARG001 - the contract
    """Time and memory at three sizes, each in a process of its own."""
    figures: Figures = {}
    of_each_user: dict[str, float] = {}
    for step, divisor in STEPS.items():
        users = size.users // divisor
        found, peak = in_child(times, users=users, repeats=size.repeats)
        of_each_user[step] = found["rule"] / users
        figures |= {
            f"{step}: users": Figure(users, "users"),
            f"{step}: packages to optimum": Figure(found["engine"], "s"),
            f"{step}: the same with its proof": Figure(found["rule"], "s"),
            f"{step}: time for each user": Figure(of_each_user[step] * 1e6, "microseconds"),
            f"{step}: peak memory": Figure(peak, "GiB"),
        }
    growth = of_each_user[LARGEST] / of_each_user["a hundredth"]
    return figures | {"growth of the time for each user": Figure(growth, "times")}


def times(users: int, repeats: int) -> dict[str, float]:
    """Seconds of the engine alone, and of the rule with its allocation and certificate."""
    made, lp = problem("uncorrelated", users, "divisible"), rule("met_need_lp")
    return {
        "engine": seconds(lambda: _engine(afresh(made)), repeats),
        "rule": seconds(lambda: solved(lp, afresh(made)), repeats),
    }


def _engine(problem: Problem) -> None:
    own.one_budget(problem.menus, problem.allocable)


CASE = Case(
    name="lp",
    title="The linear programme up to a million users",
    counts=(
        "Uncorrelated menus of ten packages in memory, part packages allowed, with the engine that "
        "is chosen where none is asked for. "
        "The engine is counted from menus without a hull to what every user gets. "
        "The rule `met_need_lp` adds the allocation and the certificate with its proved bound. "
        "Memory includes Python, all that is loaded, and the making of the instance."
    ),
    sizes={"full": Size(1_000_000, 5), "small": Size(1000)},
    run=run,
    targets=(
        Target(f"{LARGEST}: the same with its proof", "at most", 5),
        Target(f"{LARGEST}: peak memory", "at most", 3),
        Target("growth of the time for each user", "at most", 2),
    ),
)
