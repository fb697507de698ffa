"""Held back: the part of the budget that no rule may spend."""

from collections.abc import Mapping

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.solver.measure import Context, Measure


def held_back(_allocation: Allocation, context: Context, _users: IntArray) -> Mapping[str, Number]:
    """Budget less allocable money: top slice and overheads, smallest money units."""
    return {"held_back": context.problem.budget - context.problem.allocable}


MEASURE = Measure(
    name="held_back",
    title="held back (top slice and overheads)",
    units={"held_back": "money"},
    compute=held_back,
    by_group=False,
)
