"""Tenth-percentile share: the share of need that all but the worst-off tenth have at least."""

from collections.abc import Mapping

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.models.shares import lowest_share, shares_of_need
from metneed.solver.measure import Context, Measure


def tenth_percentile_share(
    allocation: Allocation, context: Context, users: IntArray
) -> Mapping[str, Number]:
    """The share at rank ceil(n / 10) from below; None where nobody has a need."""
    need = context.problem.users.need[users]
    shares = shares_of_need(allocation.met_need[users], need)
    return {"tenth_percentile_share": lowest_share(shares, percent=10)}


MEASURE = Measure(
    name="tenth_percentile_share",
    title="share of need met, tenth percentile",
    units={"tenth_percentile_share": "share"},
    compute=tenth_percentile_share,
)
