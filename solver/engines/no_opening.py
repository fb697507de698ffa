"""Whether services can be opened and closed so that the limits can be kept at all: a proof if not.

Prices at which the use of an opening must cost more than the limits are worth show at once, by the
table of gains, that many other openings are impossible as well.
"""

import time
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from metneed.models.arrays import BoolArray
from metneed.models.menus import Menus
from metneed.solver.engines.gains import IMPOSSIBLE, Gains, Prices, Scale, all_kinds, undivided
from metneed.solver.engines.kinds import kinds_of
from metneed.solver.engines.one_opening import spread
from metneed.solver.engines.phase_one import phase_one
from metneed.solver.engines.pool import Pool, opening
from metneed.solver.engines.rows import Row
from metneed.solver.engines.weak_duality import Bound


def no_opening(
    menus: Menus,
    due: BoolArray,
    rows: Sequence[Row],
    pools: Sequence[Pool],
    deadline: float,
) -> bool:
    """Whether it is proved that no opening lets the limits be kept, part packages included."""
    free = [Pool(pool.needs, pool.members) for pool in pools]
    if rows and _shown(menus, due, rows, free, range(len(pools)), (), deadline):
        return True
    kinds = all_kinds(menus, due, rows, pools)
    scale = Scale(kinds, pools)
    decided = [undivided(pools)]
    shown: list[Prices] = []
    while decided:
        gains = Gains(kinds, pools, decided.pop(), scale)
        possible = ~gains.impossible
        for prices in shown:
            possible &= gains.bounds(prices) > IMPOSSIBLE
        if gains.decided.undecided and possible.any():
            decided += gains.decided.split()
            continue
        while possible.any():
            # With little open there are few limits, and it is soon known whether they can be kept.
            entry = int(possible.argmax())
            found = _proof(menus, due, rows, pools, gains.decided.is_open(entry), deadline)
            if found is None:
                return False
            shown.append(scale.prices(found, valued=False))
            possible &= gains.bounds(shown[-1]) > IMPOSSIBLE
            possible[entry] = False
    return True


def _proof(  # noqa: PLR0913, PLR0917 - the problem, an opening of it, and the time
    menus: Menus,
    due: BoolArray,
    rows: Sequence[Row],
    pools: Sequence[Pool],
    is_open: Sequence[int],
    deadline: float,
) -> list[Fraction] | None:
    """Prices that show an opening to be impossible, without its least members if they do."""
    for least in ([], [k for k in is_open if pools[k].least > 0]):
        bound = _shown(menus, due, rows, pools, is_open, least, deadline)
        if bound is not None:
            return spread(len(rows), len(pools), least, bound)
    return None


def _shown(  # noqa: PLR0913, PLR0917 - the problem, an opening of it, and the time
    menus: Menus,
    due: BoolArray,
    rows: Sequence[Row],
    pools: Sequence[Pool],
    is_open: Sequence[int],
    least: Sequence[int],
    deadline: float,
) -> Bound | None:
    """What shows that the limits of an opening cannot be kept; None where nothing does."""
    problem = opening(menus, rows, pools, is_open, least)
    blocked = due & (np.diff(problem.menus.offsets) == 0)
    if time.monotonic() > deadline or not problem.rows or blocked.any():
        return None
    proof = phase_one(kinds_of(problem.menus, due, problem.rows), deadline, measure=False)
    return None if proof is None else proof.certificate
