"""Users with nothing: how many people get no support at all."""

from collections.abc import Mapping

import numpy as np

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.solver.measure import Context, Measure


def users_with_nothing(
    allocation: Allocation, _context: Context, users: IntArray
) -> Mapping[str, Number]:
    """The number of users whose package costs nothing and meets nothing.

    Having no package and having one that is called "no service" are the same thing; free help
    that meets need is something, and so is a package that costs money and meets no need.
    """
    nothing = (allocation.cost[users] == 0) & (allocation.met_need[users] == 0)
    return {"users_with_nothing": int(np.count_nonzero(nothing))}


MEASURE = Measure(
    name="users_with_nothing",
    title="users with nothing",
    units={"users_with_nothing": "users"},
    compute=users_with_nothing,
)
