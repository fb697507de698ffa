"""Unspent: the money that a rule could spend and did not."""

from collections.abc import Mapping

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.solver.measure import Context, Measure


def unspent(allocation: Allocation, context: Context, _users: IntArray) -> Mapping[str, Number]:
    """Allocable money less what is spent and reserved; below 0 where that is more."""
    left = context.problem.allocable - allocation.total_cost
    return {"unspent": left - allocation.reserved}


MEASURE = Measure(
    name="unspent",
    title="unspent (below zero: overspent)",
    units={"unspent": "money"},
    compute=unspent,
    by_group=False,
)
