"""Most met need per pound first, and stop at the first step that no longer fits.

In words: every step from a smaller to a larger package is put on one list, the steps that meet
most additional need per additional pound first. The list is followed from the top and ends at the
first step that the money does not cover. With more money the list only goes on: nobody loses
anything when the budget grows, which cannot be promised of the best whole packages.

Formula: steps of the upper hull of each menu in falling order of met need per pound, equal ones by
user; the longest run from the start that fits the allocable money.

Source: the greedy method for the multiple-choice knapsack problem (Sinha and Zoltners 1979,
Operations Research 27), stopped rather than skipping, which keeps it resource-monotone.

Ignores: packages below the hull, and what the money left at the end could still buy.
"""

from metneed.models.allocation import Allocation, Outcome
from metneed.models.certificate import Certificate
from metneed.models.problem import Problem
from metneed.solver.engines.frontier import frontier_of
from metneed.solver.purchase import no_base
from metneed.solver.rule import Options, Rule


def choose(problem: Problem, options: Options) -> Outcome:  # noqa: ARG001 - the contract
    """The longest run of steps, best first, that the money covers."""
    frontier = frontier_of(problem.menus, problem.choice, problem.settings.engine)
    if frontier.base_cost > problem.allocable:
        return no_base(problem, frontier.base_cost)
    end = frontier.break_at(problem.allocable)
    certificate = Certificate(
        value=end.value,
        upper_bound=end.bound,
        scale=10**problem.units.need_decimals,
        multipliers={"budget": end.multiplier},
        proof="proved",
    )
    return Allocation.of_picks(problem, frontier.picks(end.count), certificate)


RULE = Rule(
    name="priority_list",
    title="most met need per pound first",
    family="package",
    run=choose,
    monotone=True,
)
