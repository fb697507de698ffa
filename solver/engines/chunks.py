"""Chunks: users a few at a time, so that a pass stays in the processor's own memory."""

from collections.abc import Iterator

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.menus import Menus

CHUNK = 2**15
"""Packages that a pass looks at together: few enough for the processor's own memory."""


def place_bits(menus: Menus) -> int:
    """Bits that hold the place of any package in its chunk, and one value more."""
    longest = int(np.diff(menus.offsets).max(initial=0))
    return max(CHUNK, longest).bit_length()


def key_room(menus: Menus) -> int:
    """Bits that q x value - p x cost may take where a place is packed into the same number."""
    return 62 - place_bits(menus)


def chunks(menus: Menus) -> Iterator[tuple[slice, slice, IntArray, IntArray | None]]:
    """Users and packages of each chunk, where its menus start, and which users have a menu.

    The last is None where all have one. A menu is never cut.
    """
    offsets = menus.offsets
    user, n = 0, menus.n_users
    while user < n:
        last = int(np.searchsorted(offsets, offsets[user] + CHUNK, side="right")) - 1
        last = min(max(last, user + 1), n)
        first, end = int(offsets[user]), int(offsets[last])
        starts = offsets[user:last] - first
        filled = None
        if (offsets[user + 1 : last + 1] == offsets[user:last]).any():
            # reduceat gives an element, not nothing, for an empty slice.
            filled = np.flatnonzero(offsets[user + 1 : last + 1] > offsets[user:last])
            starts = starts[filled]
        yield slice(user, last), slice(first, end), starts, filled
        user = last
