"""Gini: how unequally the shares of need met are spread over users."""

from collections.abc import Mapping

from metneed.models import inequality
from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.models.shares import shares_of_need
from metneed.solver.measure import Context, Measure


def gini(allocation: Allocation, context: Context, users: IntArray) -> Mapping[str, Number]:
    """The Gini index of met need over need; None where nobody has a need."""
    need = context.problem.users.need[users]
    return {"gini": inequality.gini(shares_of_need(allocation.met_need[users], need))}


MEASURE = Measure(
    name="gini",
    title="inequality of shares of need met (Gini)",
    units={"gini": "index"},
    compute=gini,
)
