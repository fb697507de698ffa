"""Worst-off share: what part of the need of the worst-off user is met."""

from collections.abc import Mapping

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.models.shares import shares_of_need
from metneed.solver.measure import Context, Measure


def worst_off_share(
    allocation: Allocation, context: Context, users: IntArray
) -> Mapping[str, Number]:
    """The least met need over need among users with a need; None where there are none."""
    need = context.problem.users.need[users]
    shares = shares_of_need(allocation.met_need[users], need)
    return {"worst_off_share": float(shares.min()) if len(shares) else None}


MEASURE = Measure(
    name="worst_off_share",
    title="share of need met, worst-off user",
    units={"worst_off_share": "share"},
    compute=worst_off_share,
)
