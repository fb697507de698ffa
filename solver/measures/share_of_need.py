"""Share of need: what part of all need is met, every unit of need counting alike."""

from collections.abc import Mapping

import numpy as np

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.models.sums import exact_sum
from metneed.solver.measure import Context, Measure


def share_of_need(
    allocation: Allocation, context: Context, users: IntArray
) -> Mapping[str, Number]:
    """Sum of met need over sum of need; None where nobody has a need.

    Users without a need are left out of both sums.
    """
    need = context.problem.users.need[users]
    met = np.where(need > 0, allocation.met_need[users], 0)
    total = exact_sum(need)
    return {"share_of_need": exact_sum(met) / total if total else None}


MEASURE = Measure(
    name="share_of_need",
    title="share of all need that is met",
    units={"share_of_need": "share"},
    compute=share_of_need,
)
