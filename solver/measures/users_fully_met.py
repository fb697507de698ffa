"""Users fully met: how many people have all of their need met."""

from collections.abc import Mapping

import numpy as np

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.solver.measure import Context, Measure


def users_fully_met(
    allocation: Allocation, context: Context, users: IntArray
) -> Mapping[str, Number]:
    """The number of users with a need whose met need is at least that need."""
    need = context.problem.users.need[users]
    full = (need > 0) & (allocation.met_need[users] >= need)
    return {"users_fully_met": int(np.count_nonzero(full))}


MEASURE = Measure(
    name="users_fully_met",
    title="users whose need is fully met",
    units={"users_fully_met": "users"},
    compute=users_fully_met,
)
