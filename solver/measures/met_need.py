"""Met need: how much need is met, all users together."""

from collections.abc import Mapping

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.models.sums import exact_sum
from metneed.solver.measure import Context, Measure


def met_need(allocation: Allocation, _context: Context, users: IntArray) -> Mapping[str, Number]:
    """The sum of met need, smallest need units."""
    return {"met_need": exact_sum(allocation.met_need[users])}


MEASURE = Measure(name="met_need", title="met need", units={"met_need": "need"}, compute=met_need)
