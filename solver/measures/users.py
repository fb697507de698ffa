"""Users: how many people the figures are about, and how many of them no share counts."""

from collections.abc import Mapping

import numpy as np

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.solver.measure import Context, Measure


def users(_allocation: Allocation, context: Context, users: IntArray) -> Mapping[str, Number]:
    """The number of users, and of those whose need is 0."""
    without_need = np.count_nonzero(context.problem.users.need[users] == 0)
    return {"users": len(users), "users_without_need": int(without_need)}


MEASURE = Measure(
    name="users",
    title="users, and those without a need",
    units={"users": "users", "users_without_need": "users"},
    compute=users,
)
