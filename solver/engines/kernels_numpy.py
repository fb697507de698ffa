"""The kernels in NumPy: chunks of users small enough for the processor's own memory."""

import numpy as np

from metneed.models.arrays import IntArray, picked
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.solver.engines.chunks import chunks, place_bits
from metneed.solver.engines.march import hull_points as hull_points  # noqa: PLC0414 - offered here

_NONE = np.int64(-(2**63))


def _spread(reduced: IntArray, users: slice, filled: IntArray | None, empty: int) -> IntArray:
    """What was reduced for users with a menu, with `empty` for those without."""
    if filled is None:
        return reduced
    result = np.full(users.stop - users.start, empty, dtype=np.int64)
    result[filled] = reduced
    return result


def favourites(
    menus: Menus, choice: Choice, multipliers: tuple[tuple[int, int], ...]
) -> list[IntArray]:
    """See `Kernels`. The surplus and the place in the chunk are packed into one number each."""
    bits = place_bits(menus)
    mask = (1 << bits) - 1
    places = np.arange(mask - 1, -1, -1, dtype=np.int64)  # falling: the first of equals wins
    floor = mask if choice == "at_most_one" else _NONE
    found = [np.empty(menus.n_users, dtype=np.int64) for _ in multipliers]
    key, price = (np.empty(mask, dtype=np.int64) for _ in range(2))
    for users, packages, starts, filled in chunks(menus):
        size = packages.stop - packages.start
        for (p, q), best in zip(multipliers, found, strict=True):
            np.multiply(menus.value[packages], q << bits, out=key[:size])
            np.multiply(menus.cost[packages], p << bits, out=price[:size])
            key[:size] -= price[:size]
            key[:size] += places[:size]
            top = np.maximum.reduceat(key[:size], starts) if len(starts) else starts
            np.maximum(top, floor, out=top)
            # Nothing has the place before the first package.
            place = packages.start + mask - 1 - (top & mask)
            best[users] = _spread(np.where(top & mask == mask, -1, place), users, filled, -1)
    return found


def ends(menus: Menus, choice: Choice, multiplier: tuple[int, int]) -> tuple[IntArray, IntArray]:
    """See `Kernels`."""
    bits = place_bits(menus)
    mask = (1 << bits) - 1
    places = np.arange(mask, dtype=np.int64)
    cheapest, dearest = (np.full(menus.n_users, -1, dtype=np.int64) for _ in range(2))
    p, q = multiplier
    for users, packages, starts, filled in chunks(menus):
        if not len(starts):
            continue
        size = packages.stop - packages.start
        worth = q * menus.value[packages] - p * menus.cost[packages]
        top = np.maximum.reduceat(worth, starts)
        if choice == "at_most_one":
            np.maximum(top, 0, out=top)
        sizes = np.diff(starts, append=size)
        best = worth == np.repeat(top, sizes)
        cost = menus.cost[packages] << bits
        low = np.minimum.reduceat(np.where(best, cost + places[:size], np.int64(2**62)), starts)
        high = np.maximum.reduceat(np.where(best, cost + places[:size][::-1], -1), starts)
        first = packages.start + (low & mask)
        last = packages.start + size - 1 - (high & mask)
        if choice == "at_most_one":
            first = np.where(top == 0, -1, first)
            last = np.where((high >> bits <= 0) & (top == 0), -1, last)
        cheapest[users] = _spread(first, users, filled, -1)
        dearest[users] = _spread(last, users, filled, -1)
    return cheapest, dearest


def totals(menus: Menus, picks: IntArray) -> tuple[int, int]:
    """See `Kernels`."""
    return int(picked(menus.cost, picks).sum()), int(picked(menus.value, picks).sum())


def between(
    menus: Menus, users: IntArray, least: IntArray, most: IntArray
) -> tuple[IntArray, IntArray]:
    """See `Kernels`."""
    sizes = np.diff(menus.offsets)[users]
    rows = menus.positions(users)
    cost, low, high = (
        np.repeat(picked(column, picks), sizes)
        for column, picks in ((menus.cost, least), (menus.value, least), (menus.value, most))
    )
    value = menus.value[rows]
    inside = np.flatnonzero((menus.cost[rows] > cost) & (value > low) & (value <= high))
    owner = np.repeat(np.arange(len(users)), sizes)[inside]
    return np.bincount(owner, minlength=len(users)), rows[inside]


def surplus(menus: Menus, choice: Choice, multiplier: tuple[int, int]) -> IntArray:
    """See `Kernels`."""
    p, q = multiplier
    found = np.zeros(menus.n_users, dtype=np.int64)
    for users, packages, starts, filled in chunks(menus):
        if len(starts):
            worth = menus.value[packages] * q
            worth -= menus.cost[packages] * p
            found[users] = _spread(np.maximum.reduceat(worth, starts), users, filled, 0)
    if choice == "at_most_one":
        np.maximum(found, 0, out=found)
    return found


def near(menus: Menus, picks: IntArray, multiplier: tuple[int, int], slack: int) -> IntArray:
    """See `Kernels`."""
    p, q = multiplier
    least = q * picked(menus.value, picks) - p * picked(menus.cost, picks) - slack
    rows = []
    for users, packages, starts, _ in chunks(menus):
        if len(starts):
            worth = menus.value[packages] * q
            worth -= menus.cost[packages] * p
            sizes = np.diff(menus.offsets[users.start : users.stop + 1])
            close = worth >= np.repeat(least[users], sizes)
            own = picks[users]
            close[own[own >= 0] - packages.start] = False
            rows.append(np.flatnonzero(close) + packages.start)
    return np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)


def sort(key: IntArray, bits: int) -> None:  # noqa: ARG001 - the contract
    """See `Kernels`."""
    key.sort()
