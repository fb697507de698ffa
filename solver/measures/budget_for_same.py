"""Budget for the same result: the least money for which the optimum meets as much need."""

from collections.abc import Mapping

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.solver.engines.frontier import frontier_of
from metneed.solver.measure import Context, Measure


def budget_for_same(
    allocation: Allocation, context: Context, _users: IntArray
) -> Mapping[str, Number]:
    """That budget, and what it saves against what the allocation spends; smallest money units.

    Part packages: on the frontier. Whole packages: on the path of the priority list, which can
    be attained at every budget, or for what the allocation itself costs where that is less.
    None where no budget meets as much need.
    """
    problem = context.problem
    frontier = frontier_of(problem.menus, problem.choice, problem.settings.engine)
    met_need = allocation.total_met_need
    if problem.packages == "divisible":
        budget = frontier.least_budget(met_need)
    else:
        budget = frontier.least_path_budget(met_need)
        if budget is not None and not allocation.from_previous:
            # What these packages cost buys them, even where the list needs more for as much.
            budget = min(budget, allocation.total_cost)
    saving = None if budget is None else allocation.total_cost - budget
    return {"budget_for_same": budget, "saving_for_same": saving}


MEASURE = Measure(
    name="budget_for_same",
    title="budget needed for the same met need, and the saving",
    units={"budget_for_same": "money", "saving_for_same": "money"},
    compute=budget_for_same,
    by_group=False,
)
