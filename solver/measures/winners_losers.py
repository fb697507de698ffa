"""Winners and losers: whose met need changes against the baseline, by how much, and the money."""

from collections.abc import Mapping

import numpy as np

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number, Unit
from metneed.models.sums import exact_sum
from metneed.solver.measure import Context, Measure

BANDS = ("lost_over_5", "lost", "same", "gained", "gained_over_5")
"""From the greatest loss to the greatest gain, in points (hundredths) of need."""

_SMALL_CHANGES_IN_NEED = 20
"""Five points of need are one twentieth of it."""

_UNITS: dict[str, Unit] = {
    **{f"users_{name}": "users" for name in BANDS},
    **{f"money_{name}": "money" for name in BANDS},
}


def winners_losers(
    allocation: Allocation, context: Context, users: IntArray
) -> Mapping[str, Number]:
    """For each band its users, and the sum of their changes in cost (smallest money units).

    None where there is no baseline.
    """
    baseline = context.baseline
    if baseline is None:
        return dict.fromkeys(_UNITS)
    change = allocation.met_need[users] - baseline.met_need[users]
    band = _band(change, context.problem.users.need[users])
    money = allocation.cost[users] - baseline.cost[users]
    members = [np.flatnonzero(band == position) for position in range(len(BANDS))]
    counts = [len(rows) for rows in members]
    sums = [exact_sum(money[rows]) for rows in members]
    return dict(zip(_UNITS, counts + sums, strict=True))


def _band(change: IntArray, need: IntArray) -> IntArray:
    """The position in BANDS of each change in met need.

    Users without a need have no points of it: for them the direction alone counts.
    """
    # For whole numbers, change > need / 20 and change > floor(need / 20) say the same.
    large = (np.abs(change) > need // _SMALL_CHANGES_IN_NEED) & (need > 0)
    band: IntArray = 2 + np.sign(change) * (1 + large)
    return band


MEASURE = Measure(
    name="winners_losers",
    title="winners and losers against the baseline",
    units=_UNITS,
    compute=winners_losers,
)
