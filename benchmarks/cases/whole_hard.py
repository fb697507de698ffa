"""Whole packages where they are hard: met need that follows cost, and wide ranges of cost."""

import statistics
import time
from pathlib import Path

from benchmarks import own
from benchmarks.instances import problem
from benchmarks.registry import Case, Figure, Figures, Size, Target
from metneed.instances.generators.pisinger import PisingerOptions
from metneed.models.problem import Problem

RANGE = 10_000_000

SLOW = 3.0
"""Nothing is repeated that has taken so many seconds."""

STRONG, WIDE = "strong", f"weak, costs up to {RANGE:,}"


def run(size: Size, work: Path) -> Figures:  # noqa: ARG001 - the contract
    """Median and slowest of several seeds, for each of the two."""
    figures: Figures = {}
    unproved = 0
    seeds = range(1, size.repeats + 1)
    wide = PisingerOptions(range=RANGE)
    made = {
        STRONG: [problem("strong", size.users, "whole", seed) for seed in seeds],
        WIDE: [problem("weak", size.users // 10, "whole", seed, wide) for seed in seeds],
    }
    for label, problems in made.items():
        trials = [_trial(each, size.limit) for each in problems]
        times = [seconds for seconds, _ in trials]
        figures |= {
            f"{label}: users": Figure(problems[0].menus.n_users, "users"),
            f"{label}: median": Figure(statistics.median(times), "s"),
            f"{label}: slowest seed": Figure(max(times), "s"),
        }
        unproved += sum(not proved for _, proved in trials)
    return figures | {"optima not proved": Figure(unproved, "instances")}


def _trial(problem: Problem, limit: float) -> tuple[float, bool]:
    """Median seconds of three, or those of the first if it is slow; whether it was proved."""
    times: list[float] = []
    while len(times) < 3 and sum(times) < SLOW:
        menus = problem.menus.replace()
        start = time.perf_counter()
        best = own.whole(menus, problem.allocable, limit)
        times.append(time.perf_counter() - start)
    return statistics.median(times), own.is_optimal(best)


CASE = Case(
    name="whole_hard",
    title="Whole packages where they are hard",
    counts=(
        "Menus in memory, ten packages a user; one seed a repeat, each the median of three. "
        "Counted is everything from menus without a hull to the packages of every user, the "
        "greatest met need proved. "
        f"The second family has a tenth of the users, costs up to {RANGE:,} pence, and met needs "
        "at most ten away from them."
    ),
    sizes={"full": Size(10_000, 5), "small": Size(100, limit=2)},
    run=run,
    targets=(
        Target(f"{STRONG}: median", "at most", 0.05),
        Target(f"{WIDE}: slowest seed", "at most", 5),
        Target("optima not proved", "at most", 0),
    ),
)
