"""What stated prices prove over all openings of services: no solver, no search, whole numbers."""

from collections.abc import Sequence

import numpy as np

from metneed.models.arrays import BoolArray
from metneed.models.menus import Menus
from metneed.solver.engines.gains import IMPOSSIBLE, ROOM, Gains, Prices, all_kinds, undivided
from metneed.solver.engines.pool import Pool
from metneed.solver.engines.rows import Row

MOST_TABLES = 64
"""Tables of 65,536 openings that are looked at where there are more services than a table lists."""


def bound_over_openings(  # noqa: PLR0913, PLR0917 - the problem, the prices, and what is claimed
    menus: Menus,
    due: BoolArray,
    rows: Sequence[Row],
    pools: Sequence[Pool],
    prices: Sequence[Prices],
    claimed: int,
) -> tuple[int, int]:
    """The least number that prices prove every opening to be worth no more than.

    Parameters
    ----------
    menus, due, rows, pools
        The problem.
    prices
        Each bounds every opening; of each opening the least of these bounds counts.
    claimed
        Where services beyond a table are undecided they are decided only as far as this needs.

    Returns
    -------
    tuple
        The bound, and for how many openings (or tables of them) it is above what is claimed.

    Raises
    ------
    NumbersTooLargeError
        Where exact arithmetic in 64 bits is not sure.
    """
    kinds = all_kinds(menus, due, rows, pools)
    waiting, looked_at, most, above = [undivided(pools)], 0, IMPOSSIBLE, 0
    while waiting:
        gains = Gains(kinds, pools, waiting.pop())
        bounds = np.full(2 ** len(gains.decided.listed), ROOM)
        bounds[gains.impossible] = IMPOSSIBLE
        for each in prices:
            np.minimum(bounds, gains.bounds(each), out=bounds)
        looked_at += 1
        beyond = int((bounds > claimed).sum())
        if beyond and gains.decided.undecided and looked_at + len(waiting) < MOST_TABLES:
            waiting += gains.decided.split()
            continue
        most, above = max(most, int(bounds.max())), above + beyond
    return most, above
