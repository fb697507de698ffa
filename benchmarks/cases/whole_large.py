"""Whole packages, proved, beside our own linear programme, up to a million users."""

import statistics
import time
from pathlib import Path

from benchmarks import own
from benchmarks.instances import problem
from benchmarks.measure import in_child
from benchmarks.registry import Case, Figure, Figures, Size, Target

STEPS = {"a tenth": 10, "largest size": 1}

TIMES = {"uncorrelated": 3, "weak": 3, "strong": 5, "council": 5}
"""How many times the linear programme the proof may take, by family."""


def run(size: Size, work: Path) -> Figures:  # noqa: ARG001 - the contract
    """Times and memory of both, each family in a process of its own."""
    figures: Figures = {}
    unproved = 0
    for family in TIMES:
        users = [size.users // divisor for divisor in STEPS.values()]
        found, peak = in_child(trials, family=family, users=users, repeats=size.repeats)
        for step, each in zip(STEPS, found, strict=True):
            figures |= {
                f"{family}, {step}: whole packages": Figure(each["whole"], "s"),
                f"{family}, {step}: part packages": Figure(each["parts"], "s"),
                f"{family}, {step}: whole to part": Figure(each["whole"] / each["parts"], "times"),
            }
            unproved += not each["proved"]
        figures |= {f"{family}: peak memory": Figure(peak, "GiB")}
    return figures | {"optima not proved": Figure(unproved, "instances")}


def trials(family: str, users: list[int], repeats: int) -> list[dict[str, float | bool]]:
    """A trial at each size."""
    return [_trial(family, each, repeats) for each in users]


def _trial(family: str, users: int, repeats: int) -> dict[str, float | bool]:
    """Median seconds of both by turns, and whether the optimum was proved every time."""
    made = problem(family, users, "whole")
    whole, parts, proved = [], [], []
    for _ in range(repeats + 1):
        menus = made.menus.replace()
        start = time.perf_counter()
        own.one_budget(menus, made.allocable)
        parts.append(time.perf_counter() - start)
        menus = made.menus.replace()
        start = time.perf_counter()
        best = own.whole(menus, made.allocable)
        whole.append(time.perf_counter() - start)
        proved.append(own.is_optimal(best))
    # The first time also loads what both need.
    return {
        "whole": statistics.median(whole[1:]),
        "parts": statistics.median(parts[1:]),
        "proved": all(proved),
    }


CASE = Case(
    name="whole_large",
    title="Whole packages up to a million users",
    counts=(
        "Menus in memory, each family in a process of its own. "
        "Counted is everything from menus without a hull to the packages of every user, the "
        "greatest met need proved; beside it the same problem with part packages, by turns. "
        "No other solver proves any of these. "
        "Memory includes Python, what is loaded, and the making of the instance."
    ),
    sizes={"full": Size(1_000_000, 3), "small": Size(500)},
    run=run,
    targets=(
        *(
            Target(f"{family}, {step}: whole to part", "at most", times)
            for family, times in TIMES.items()
            for step in STEPS
        ),
        Target("optima not proved", "at most", 0),
    ),
)
