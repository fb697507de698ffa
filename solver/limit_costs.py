"""What each limit beside the budget costs: in met need, in money, and at the margin."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from metneed.models.allocation import Allocation, Outcome
from metneed.models.arrays import greatest
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.bound import bind_constraints
from metneed.solver.constraint import Reading
from metneed.solver.limited import best_within_limits
from metneed.solver.named_parts import BUDGET

ROUNDS = 40
"""Budgets tried for the money that would make up for a limit."""


PRECISION = 1000
"""Part of that money to which it is found where services open as a whole."""


@dataclass(frozen=True)
class LimitCost:
    """What one limit costs beside all others.

    Parameters
    ----------
    name, kind
        The constraint's name and kind.
    lost
        Met need that would be gained without it, smallest units; None where there is no
        allocation with all limits, or none that is better known without it.
    money
        Least money on top of the budget, all limits kept, that would meet as much as is met
        without this one, part packages allowed, smallest units, rounded up; None where no money
        would.
    prices
        For each row of the limit that binds what one more smallest unit of it is worth, in smallest
        units of need.
    readings
        How the amounts of these rows are said.
    """

    name: str
    kind: str
    lost: int | None
    money: int | None
    prices: Mapping[str, Fraction]
    readings: Mapping[str, Reading]


@dataclass(frozen=True)
class Step:
    """One step of the ladder: the limits so far, and what is met with them.

    Parameters
    ----------
    name
        The constraint added; empty for the first step, with the budget alone.
    met_need
        Smallest units; None where there is no allocation any more.
    reason
        Why not.
    """

    name: str
    met_need: int | None
    reason: str = ""


def limit_costs(
    problem: Problem, progress: Callable[[str], None] = lambda _: None
) -> tuple[list[LimitCost], list[Step]]:
    """What each constraint of a problem costs, and a ladder that adds them one at a time.

    Both are worked out with part packages allowed, whatever the scenario says: whole packages are
    lumpy, and would tell more of what happens to fit than of the limits.

    Parameters
    ----------
    problem
        A problem with constraints.
    progress
        Called with what is worked out next.
    """
    divisible = problem.replace(packages="divisible")
    tables = dict(problem.constraints)
    bound = {item.name: item for item in bind_constraints(tables)}
    progress("all limits together")
    best = _solved(divisible, tables)
    costs = []
    for name, item in bound.items():
        progress(f"without {name}")
        without = _solved(divisible, {other: t for other, t in tables.items() if other != name})
        prices, readings = _prices(best, item.effect(divisible).readings)
        costs.append(
            LimitCost(
                name,
                item.constraint.kind,
                _difference(without, best),
                _making_up(divisible, tables, best, without),
                prices,
                readings,
            )
        )
    return costs, _ladder(divisible, tables, progress)


def _ladder(
    problem: Problem, tables: Mapping[str, Mapping[str, Any]], progress: Callable[[str], None]
) -> list[Step]:
    steps, kept = [], dict[str, Mapping[str, Any]]()
    for name in ["", *tables]:
        if name:
            progress(f"with {name} as well")
            kept[name] = tables[name]
        outcome = _solved(problem, kept)
        if isinstance(outcome, Allocation):
            steps.append(Step(name, outcome.total_met_need))
        else:
            steps.append(Step(name, None, outcome.reason))
    return steps


def _solved(problem: Problem, tables: Mapping[str, Mapping[str, Any]]) -> Outcome:
    return best_within_limits(problem.replace(constraints=tables))


def _difference(without: Outcome, best: Outcome) -> int | None:
    if not isinstance(best, Allocation) or not isinstance(without, Allocation):
        return None
    return max(0, without.total_met_need - best.total_met_need)


def _prices(
    best: Outcome, readings: Mapping[str, Reading]
) -> tuple[dict[str, Fraction], dict[str, Reading]]:
    """The multipliers of a limit's rows that are not 0, and how the rows are said."""
    if not isinstance(best, Allocation):
        return {}, {}
    pairs = best.certificate.multipliers
    prices = {name: Fraction(*pairs[name]) for name in readings if name in pairs and pairs[name][0]}
    return prices, {name: readings[name] for name in prices}


def _making_up(
    problem: Problem, tables: Mapping[str, Mapping[str, Any]], best: Outcome, without: Outcome
) -> int | None:
    """The money on top that makes up for a limit.

    What can be met is concave in the budget, so that from below each step along the slope of the
    budget stays below the answer and comes closer to it.
    """
    if not isinstance(best, Allocation) or not isinstance(without, Allocation):
        return None
    # Rounding down of shares may cost a few smallest units for each limit.
    target = without.total_met_need - 2 * (len(best.certificate.multipliers) + 1)
    if best.pooled is not None:
        return _by_halving(problem, tables, best, target)
    return None if _no_money_helps(best, without) else _by_slopes(problem, tables, best, target)


def _by_slopes(
    problem: Problem, tables: Mapping[str, Mapping[str, Any]], best: Allocation, target: int
) -> int | None:
    """The least money on top, up the slope of the budget from below.

    What can be met is concave in the budget, so that each step stays below the answer and comes
    closer to it.
    """
    budget, reached = problem.allocable, best
    for _ in range(ROUNDS):
        short = target - reached.total_met_need
        p, q = reached.certificate.multipliers.get(BUDGET, (0, 1))
        if short <= 0:
            return budget - problem.allocable
        if p == 0:
            return None
        budget += max(1, -(-short * q // p))
        again = _solved(problem.replace(allocable=budget), tables)
        if not isinstance(again, Allocation):
            return None
        reached = again
    return None


def _by_halving(
    problem: Problem, tables: Mapping[str, Mapping[str, Any]], best: Allocation, target: int
) -> int | None:
    """The same where services open as a whole: then what can be met is not concave.

    Found to a thousandth, and rounded up so that it is enough.
    """
    if best.total_met_need >= target:
        return 0
    services = problem.services
    fixed = 0 if services is None else exact_sum(services.fixed_cost)
    dearest = greatest(problem.menus.cost, problem.menus.offsets, 0)
    low, high = problem.allocable, exact_sum(dearest) + fixed

    def is_enough(budget: int) -> bool:
        again = _solved(problem.replace(allocable=budget), tables)
        return isinstance(again, Allocation) and again.total_met_need >= target

    if high <= low or not is_enough(high):
        return None
    while high - low > max(1, (high - problem.allocable) // PRECISION):
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high - problem.allocable


def _no_money_helps(best: Allocation, without: Allocation) -> bool:
    """Whether more money is worth nothing, and the bound below what is met without a limit."""
    p, _ = best.certificate.multipliers.get(BUDGET, (0, 1))
    bound = best.certificate.upper_bound
    return p == 0 and bound is not None and bound < without.total_met_need
