"""The most met need that whole packages can reach, proved.

In words: of all ways to give each person one whole package within the money, one that meets the
most need in total, and among those one that costs least.

Formula: maximise the sum of met need over users, one package a user, costs within the allocable
money (the multiple-choice knapsack problem); then minimise cost at that met need.

Source: Sinha and Zoltners 1979, Operations Research 27; Pisinger 1995, European Journal of
Operational Research 83.

With constraints in the scenario the choice keeps all of them as well.

Ignores: who the met need belongs to; and a larger budget may take something from someone.
"""

from metneed.models.allocation import Allocation, Outcome
from metneed.models.certificate import Certificate
from metneed.models.problem import Problem
from metneed.solver.engines.exact import Whole, whole_optimum
from metneed.solver.limited import best_within_limits
from metneed.solver.purchase import no_base
from metneed.solver.rule import Options, Rule


def choose(problem: Problem, options: Options) -> Outcome:  # noqa: ARG001 - the contract
    """The best whole packages for the allocable money."""
    if problem.constraints:
        return best_within_limits(problem)
    best = whole_optimum(problem.menus, problem.choice, problem.allocable, problem.settings)
    if not isinstance(best, Whole):
        return no_base(problem, problem.allocable + best.shortfall)
    certificate = Certificate(
        value=best.value,
        upper_bound=best.upper_bound,
        scale=10**problem.units.need_decimals,
        multipliers={"budget": best.multiplier},
        proof=best.proof,
        stopped=best.stopped,
        least_cost=best.least_cost,
    )
    return Allocation.of_picks(problem, best.picks, certificate)


RULE = Rule(
    name="met_need_whole",
    title="most met need, whole packages",
    family="package",
    run=choose,
    readings=("whole",),
)
