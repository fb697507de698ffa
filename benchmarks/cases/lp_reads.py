"""The linear programme beside the physical limit: one read of its data from memory."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import own
from benchmarks.instances import problem
from benchmarks.measure import GIB, in_child, seconds
from benchmarks.peak import held_now, peak_memory
from benchmarks.registry import Case, Figure, Figures, Size, Target
from metneed.models.menus import Menus
from metneed.models.settings import Engine

READS = 15
"""How often at least the data are read: they take milliseconds."""

LABELS = ("one budget", "whole frontier")

ONE = {"numba": 15, "numpy": 40}
WHOLE = {"numba": 60, "numpy": 100}
"""How many reads one budget and the whole frontier may take, by engine."""


def run(size: Size, work: Path) -> Figures:
    """Times in reads, and memory beside that of the input, each engine in a process of its own."""
    file = work / f"uncorrelated-{size.users}.npz"
    if not file.exists():
        made = problem("uncorrelated", size.users, "divisible")
        with file.open("wb") as out:
            columns = (made.menus.offsets, made.menus.cost, made.menus.met_need)
            np.savez(out, *columns, np.int64(made.allocable))
    figures: Figures = {}
    for engine in own.ENGINES:
        figures |= _engine(engine, file, size.repeats)
    return figures


def _engine(engine: Engine, file: Path, repeats: int) -> Figures:
    """Figures of one engine."""
    found, _ = in_child(trial, engine=engine, file=str(file), repeats=repeats)
    read, before, given = (found[name] for name in ("read", "before", "given"))
    figures: Figures = {f"{engine}: one read of the data": Figure(read * 1000, "ms")}
    for label in LABELS:
        first, taken, peak = found[label]
        figures |= {
            f"{engine}: {label}": Figure(taken, "s"),
            f"{engine}: {label}, first time in a process": Figure(first, "s"),
            f"{engine}: {label} to one read": Figure(taken / read, "reads"),
            f"{engine}: {label}, memory to input": Figure((peak - before) / given, "times"),
            f"{engine}: {label}, peak memory": Figure(peak / GIB, "GiB"),
        }
    return figures


def trial(engine: Engine, file: str, repeats: int) -> dict[str, Any]:
    """Seconds of one read; bytes before and of the input; both tasks, the lighter first.

    Of each task the seconds of the first time in the process and of the median later, and the
    most bytes that were held so far.
    """
    small = problem("uncorrelated", 100, "divisible")
    first = {
        label: seconds(partial(_solve, small.menus.replace(), small.allocable, engine, label))
        for label in LABELS
    }
    before = held_now()
    with np.load(file) as kept:
        offsets, cost, met_need, budget = (kept[name] for name in kept.files)
    menus = Menus.of(offsets, cost, met_need)
    read = seconds(lambda: (np.sum(cost), np.sum(met_need)), max(READS, repeats))
    given = offsets.nbytes + cost.nbytes + met_need.nbytes
    found: dict[str, Any] = {"read": read, "before": before, "given": given}
    for label in LABELS:

        def once(label: str = label) -> None:
            _solve(menus.replace(), int(budget), engine, label)

        taken = seconds(once, repeats)
        found[label] = (first[label], taken, peak_memory())
    return found


def _solve(menus: Menus, budget: int, engine: Engine, label: str) -> None:
    if label == LABELS[0]:
        own.one_budget(menus, budget, engine)
    else:
        own.frontier(menus, engine)


CASE = Case(
    name="lp_reads",
    title="The linear programme beside one read of its data from memory",
    counts=(
        "Uncorrelated menus of ten packages, part packages allowed, loaded into a process of "
        "their own for each engine. "
        "One read is `np.sum` of the costs and of the met needs, the least that anything must do. "
        "One budget is counted from menus without a hull to what every user gets, the frontier "
        "from the same menus to the best met need for every budget. "
        "The first time in a process, at 100 users, loads what is needed and is not in the others. "
        "Memory to input is what the process holds at most beyond what it held before the arrays "
        "were loaded, to the size of the arrays; peak memory is all it holds."
    ),
    sizes={"full": Size(1_000_000, 7), "small": Size(500)},
    run=run,
    targets=(
        *(Target(f"{name}: one budget to one read", "at most", most) for name, most in ONE.items()),
        *(
            Target(f"{name}: whole frontier to one read", "at most", most)
            for name, most in WHOLE.items()
        ),
        Target("numba: one budget, memory to input", "at most", 3),
        Target("numba: whole frontier, memory to input", "at most", 3),
        Target("numpy: one budget, peak memory", "at most", 3),
        Target("numpy: whole frontier, peak memory", "at most", 3),
    ),
    requires=("numba",),
)
