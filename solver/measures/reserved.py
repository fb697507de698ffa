"""Reserved: the money that a rule keeps back from awards for contingencies."""

from collections.abc import Mapping

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.solver.measure import Context, Measure


def reserved(allocation: Allocation, _context: Context, _users: IntArray) -> Mapping[str, Number]:
    """What the account of the awards says is kept in reserve, smallest money units; else 0."""
    return {"reserved": allocation.reserved}


MEASURE = Measure(
    name="reserved",
    title="reserved (kept back from awards for contingencies)",
    units={"reserved": "money"},
    compute=reserved,
    by_group=False,
)
