"""Rounding: good whole packages, by the best change of one user or of two."""

import numpy as np

from metneed.models.arrays import IntArray
from metneed.solver.engines.changes import Changes


def best_change(changes: Changes, room: int) -> IntArray:
    """The change of most value that the room allows, then the cheapest, then the first.

    Returns
    -------
    IntArray
        The row of the change, or none where none fits.
    """
    rows = np.flatnonzero(changes.cost <= room)
    if not len(rows):
        return rows
    best = np.lexsort((changes.cost[rows], -changes.value[rows]))[:1]
    return rows[best]


def best_pair(changes: Changes, room: int) -> IntArray:
    """Two changes of different users that are good together and that the room allows.

    For each change the partner is the most valuable one that still fits, of all that cost no more;
    the pair is left out where that is the same user. So a better pair may exist; what is found is
    a start for the search, and no more.

    Returns
    -------
    IntArray
        Rows of the two changes, or none where none fit.
    """
    rows = np.argsort(changes.cost, kind="stable")
    cost, value = changes.cost[rows], changes.value[rows]
    owner = np.repeat(np.arange(len(changes.user)), np.diff(changes.offsets))[rows]
    before = np.maximum.accumulate(np.append(np.iinfo(np.int64).min, value))[:-1]
    # The place of the best value among all that cost no more.
    best_at = np.maximum.accumulate(np.where(value > before, np.arange(len(rows)), 0))
    last = np.searchsorted(cost, room - cost, side="right") - 1
    first = np.flatnonzero(last >= 0)
    partner = best_at[last[first]]
    apart = owner[first] != owner[partner]
    first, partner = first[apart], partner[apart]
    if not len(first):
        return np.zeros(0, dtype=np.int64)
    pair = np.lexsort((cost[first] + cost[partner], -(value[first] + value[partner])))[0]
    both: IntArray = rows[np.array([first[pair], partner[pair]])]
    return both
