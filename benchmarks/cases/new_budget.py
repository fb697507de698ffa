"""Another budget after the first answer: what a slider asks for."""

from functools import partial
from pathlib import Path

from benchmarks.instances import afresh, budgets, problem
from benchmarks.measure import seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target
from metneed.models.allocation import Allocation
from metneed.models.problem import Problem
from metneed.solver.rules import rule
from metneed.solver.solve import run as solved

OTHERS = 40


def run(size: Size, work: Path) -> Figures:  # noqa: ARG001 - the contract
    """Time of the first answer, and of each of the other budgets."""
    first = problem("uncorrelated", size.users, "divisible")
    full = seconds(lambda: _allocation(afresh(first)), size.repeats)
    _allocation(first)
    others = [first.replace(allocable=budget, budget=budget) for budget in budgets(first, OTHERS)]
    times = sorted(seconds(partial(_allocation, other), size.repeats) for other in others)
    return {
        "first answer": Figure(full * 1000, "ms"),
        "new budget, median": Figure(times[OTHERS // 2] * 1000, "ms"),
        "new budget, slowest": Figure(times[-1] * 1000, "ms"),
    }


def _allocation(problem: Problem) -> Allocation:
    outcome = solved(rule("met_need_lp"), problem)
    assert isinstance(outcome, Allocation)
    return outcome


CASE = Case(
    name="new_budget",
    title="Another budget after the first answer",
    counts=(
        "Uncorrelated menus, part packages allowed, rule `met_need_lp` in memory. "
        "Counted is everything from a budget to the allocation of every user with its "
        f"certificate; {OTHERS} budgets from 60 to 140 % of the first. "
        "The first answer also makes the hulls and the frontier, which the others share."
    ),
    sizes={"full": Size(20_000, 7), "small": Size(300)},
    run=run,
    targets=(
        Target("new budget, median", "at most", 10),
        Target("new budget, slowest", "at most", 10),
    ),
)
