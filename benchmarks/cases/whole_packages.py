"""Whole packages, proved: time, and how many users were still open after rounding."""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import own
from benchmarks.instances import afresh, problem
from benchmarks.registry import Case, Figure, Figures, Size, Target

FAMILIES = ("council", "strong", "uncorrelated")


@dataclass(frozen=True)
class _Trial:
    whole: float
    part: float
    core: int
    proved: bool


def run(size: Size, work: Path) -> Figures:  # noqa: ARG001 - the contract
    """For each family the time of the proved optimum beside that with part packages."""
    figures: Figures = {}
    unproved = 0
    for family in FAMILIES:
        trials = [_trial(family, size.users, seed) for seed in range(1, size.repeats + 1)]
        whole = statistics.median(trial.whole for trial in trials)
        part = statistics.median(trial.part for trial in trials)
        figures |= {
            f"{family}: whole packages": Figure(whole, "s"),
            f"{family}: slowest seed": Figure(max(trial.whole for trial in trials), "s"),
            f"{family}: part packages": Figure(part, "s"),
            f"{family}: whole to part": Figure(whole / part, "times"),
            f"{family}: largest core": Figure(max(trial.core for trial in trials), "users"),
        }
        unproved += sum(not trial.proved for trial in trials)
    return figures | {"optima not proved": Figure(unproved, "instances")}


def _trial(family: str, users: int, seed: int) -> _Trial:
    made = problem(family, users, "whole", seed)
    menus, budget = afresh(made).menus, made.allocable
    start = time.perf_counter()
    own.one_budget(menus, budget)
    part = time.perf_counter() - start
    menus = afresh(made).menus
    start = time.perf_counter()
    best = own.whole(menus, budget)
    whole = time.perf_counter() - start
    return _Trial(whole, part, best.core, own.is_optimal(best) and best.least_cost)


CASE = Case(
    name="whole_packages",
    title="Whole packages, proved",
    counts=(
        "Menus in memory; one seed a repeat. Counted is everything from the menus to the packages "
        "of every user, the greatest met need and its least cost both proved; beside it the same "
        "problem with part packages, hulls and frontier included in both. "
        "The core is the number of users who were still open after rounding."
    ),
    sizes={"full": Size(20_000, 5), "small": Size(200)},
    run=run,
    targets=(
        *(Target(f"{family}: slowest seed", "at most", 1) for family in FAMILIES),
        Target("optima not proved", "at most", 0),
    ),
)
