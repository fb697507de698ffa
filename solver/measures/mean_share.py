"""Mean share: what part of a user's need is met on average, every user counting alike."""

from collections.abc import Mapping

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.models.shares import mean, shares_of_need
from metneed.solver.measure import Context, Measure


def mean_share(allocation: Allocation, context: Context, users: IntArray) -> Mapping[str, Number]:
    """The mean of met need over need among users with a need; None where there are none."""
    need = context.problem.users.need[users]
    return {"mean_share": mean(shares_of_need(allocation.met_need[users], need))}


MEASURE = Measure(
    name="mean_share",
    title="share of need met, mean of users",
    units={"mean_share": "share"},
    compute=mean_share,
)
