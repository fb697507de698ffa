"""The linear programme against other ways to solve it, on the same menus in the same run."""

import statistics
from pathlib import Path

from benchmarks.instances import afresh, problem
from benchmarks.measure import seconds
from benchmarks.registry import Case, Competitor, Figure, Figures, Size, Target, competitors
from metneed.models.allocation import Allocation
from metneed.models.problem import Problem
from metneed.solver.rules import rule
from metneed.solver.solve import run as solved


def run(size: Size, work: Path) -> Figures:  # noqa: ARG001 - the contract
    """Our own time, and for each competitor its times and how many of ours they make."""
    made = problem("uncorrelated", size.users, "divisible")
    best = _solved(made).certificate
    own = seconds(lambda: _solved(afresh(made)), 5 * size.repeats)
    figures = {"metneed, rule and proof": Figure(own, "s")}
    for competitor in competitors().values():
        if competitor.missing:
            figures[f"{competitor.title}: missing"] = Figure(len(competitor.missing), "modules")
            continue
        figures |= _against(competitor, made, own, best.value, size.repeats)
    return figures


def _against(
    competitor: Competitor, problem: Problem, own: float, best: int, repeats: int
) -> Figures:
    attempts = [
        competitor.solve(problem.menus, problem.allocable, divisible=True) for _ in range(repeats)
    ]
    build = statistics.median(attempt.build for attempt in attempts)
    solve = statistics.median(attempt.solve for attempt in attempts)
    name, value = competitor.title, attempts[0].value
    figures = {
        f"{name}: build": Figure(build, "s"),
        f"{name}: solve": Figure(solve, "s"),
        f"{name}: build and solve": Figure((build + solve) / own, "times metneed"),
    }
    if value is None:
        return figures | {f"{name}: no answer": Figure(repeats, "attempts")}
    # Ours is the optimum rounded down, so a right answer is less than one smallest unit above.
    return figures | {
        f"{name}: value less ours, which is rounded down": Figure(value - best, "need")
    }


def _solved(problem: Problem) -> Allocation:
    outcome = solved(rule("met_need_lp"), problem)
    assert isinstance(outcome, Allocation)
    return outcome


CASE = Case(
    name="lp_against_others",
    title="The linear programme against other solvers",
    counts=(
        "Uncorrelated menus in memory, part packages allowed. "
        "Ours is the rule `met_need_lp` from menus without a hull to the allocation with its "
        "certificate. Competitors are counted from the same menus to their answer, stating the "
        "programme and solving it apart; the ratio counts both."
    ),
    sizes={"full": Size(10_000, 3), "small": Size(100)},
    run=run,
    targets=(Target("PuLP with HiGHS: build and solve", "at least", 100),),
    requires=("pulp", "highspy"),
)
