"""Spent: what the packages cost, and for all users together also what open services cost."""

from collections.abc import Mapping

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.models.sums import exact_sum
from metneed.solver.measure import Context, Measure


def spent(allocation: Allocation, _context: Context, users: IntArray) -> Mapping[str, Number]:
    """The sum of costs, smallest money units; fixed costs belong to no group but everybody."""
    everybody = len(users) == len(allocation.cost)
    fixed = allocation.fixed_costs if everybody else 0
    return {"spent": exact_sum(allocation.cost[users]) + fixed}


MEASURE = Measure(name="spent", title="spent", units={"spent": "money"}, compute=spent)
