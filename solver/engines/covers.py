"""Covers: what no choice can have together, as further limits that make the bound tighter.

Users whose options together use more than a limit leaves cannot all have them. So of these options
at most one fewer than there are users can be chosen, and an option that uses as much as two of them
counts twice. Every whole choice keeps such a limit; part choices often do not.
"""

import numpy as np

from metneed.models.arrays import FloatArray, IntArray

GRID, FINEST = 2_000_000, 5_000
"""Parts of what a limit leaves, by which covers are looked for: for all users, and at most."""

SMALL = 200
"""A limit that leaves less is looked at as it is."""

PASSED = 5e-4
"""A limit that part choices pass by less is not worth having."""

USED = 1e-9
ROOM = 2**61


def cover(
    offsets: IntArray, amounts: IntArray, limit: int, shares: FloatArray
) -> tuple[IntArray, int] | None:
    """A further limit that part choices pass by much, and what options count towards it.

    Parameters
    ----------
    offsets
        Where the options of each user begin, one more than there are users.
    amounts
        What each option counts towards the limit.
    limit
        What these may add up to, each user having one option.
    shares
        The part choices.

    Returns
    -------
    tuple[IntArray, int] | None
        Counts and their limit; None where no cover was found that the part choices pass.

    >>> offsets, uses = np.array([0, 2, 4]), np.array([0, 3, 0, 4])
    >>> counts, limit = cover(offsets, uses, 5, np.array([0.3, 0.7, 0.5, 0.5]))
    >>> counts.tolist(), limit
    ([0, 1, 0, 1], 1)
    """
    sizes = np.diff(offsets)
    least = np.minimum.reduceat(amounts, offsets[:-1])
    excess = amounts - np.repeat(least, sizes)
    left = limit - sum(least.tolist())
    if left < 0 or max(left, int(excess.max(initial=0))) >= ROOM // FINEST:
        return None
    # As fine as a small limit itself nothing is rounded.
    grid = left + 1 if left < SMALL else min(FINEST, GRID // len(sizes))
    own = _cheapest(offsets, excess, left, shares, grid)
    # What was found by parts of a grid is added up exactly.
    if sum(own.tolist()) <= left:
        return None
    most, members = int(own.max()), int((own > 0).sum())
    from_ = np.repeat(own, sizes)
    # Whatever counts more than once uses at least what the users it stands for would use.
    inside = np.where(excess >= from_, 1 + (excess - from_) // most, 0)
    counts: IntArray = np.where(from_ > 0, inside, excess // most)
    if float(counts @ shares) <= members - 1 + PASSED:
        return None
    return counts, members - 1


def _cheapest(
    offsets: IntArray, excess: IntArray, left: int, shares: FloatArray, grid: int
) -> IntArray:
    """For each user the amount from which on options are in the cover; 0 for those outside it.

    Of the covers seen on a grid the one of which the part choices lack least.
    """
    users = len(offsets) - 1
    lack = np.full(grid + 1, np.inf)
    lack[0] = 0.0
    places = np.arange(grid + 1, dtype=np.int32)
    taken = np.zeros((users, grid + 1), dtype=np.int32)
    came = np.tile(places, (users, 1))
    for user in range(users):
        menu = slice(offsets[user], offsets[user + 1])
        before, own, part = lack, excess[menu], shares[menu]
        for option in np.flatnonzero((part > USED) & (own > 0)).tolist():
            amount = int(own[option])
            step = min(amount * grid // (left + 1), grid)
            if step == 0:
                continue
            less = max(0.0, 1.0 - float(part[own >= amount].sum()))
            reached = np.full(grid + 1, np.inf)
            reached[step:] = before[: grid + 1 - step] + less
            origin = places - np.int32(step)
            # More than all that is left is no better than all of it.
            last = grid - step + int(np.argmin(before[grid - step :]))
            reached[grid], origin[grid] = before[last] + less, last
            better = reached < lack
            lack = np.where(better, reached, lack)
            taken[user, better], came[user, better] = option + 1, origin[better]
    own_amount = np.zeros(users, dtype=np.int64)
    if not np.isfinite(lack[grid]):
        return own_amount
    place = grid
    for user in reversed(range(users)):
        if taken[user, place]:
            own_amount[user] = excess[offsets[user] + taken[user, place] - 1]
        place = int(came[user, place])
    return own_amount
