"""The kernels compiled by numba (the extra `speed`): one range of users for each processor.

Every range writes its own part of the result, so that the number of threads changes nothing.
"""

import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.solver.engines import compiled

_AT_ONCE = 20_000
"""Fewest users that are worth a thread of their own."""


def _in_ranges(n: int, kernel: Callable[[int, int], Any]) -> list[Any]:
    """What a kernel gives for each range of users, in order; ranges run side by side."""
    threads = max(1, min(_processors(), n // _AT_ONCE))
    edges = [n * i // threads for i in range(threads + 1)]
    ranges = list(itertools.pairwise(edges))
    if threads == 1:
        return [kernel(*ranges[0])]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda ends: kernel(*ends), ranges))


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def hull_points(menus: Menus, choice: Choice) -> tuple[IntArray, IntArray]:
    """See `Kernels`."""
    n = menus.n_users
    counts = np.empty(n, dtype=np.int64)
    # A hull has at most a point more than its menu; places are counted from 1, 0 is nothing.
    places = np.empty(menus.n_packages + n, dtype=np.int32)
    arrays = menus.offsets, menus.cost, menus.value
    optional = choice == "at_most_one"
    _in_ranges(
        n, lambda first, last: compiled.hulls(*arrays, first, last, optional, counts, places)
    )
    starts = np.cumsum(counts) - counts
    package = np.empty(int(counts.sum()), dtype=np.int64)
    _in_ranges(
        n,
        lambda first, last: compiled.gather(
            menus.offsets, first, last, counts, starts, places, package
        ),
    )
    return counts, package


def favourites(
    menus: Menus, choice: Choice, multipliers: tuple[tuple[int, int], ...]
) -> list[IntArray]:
    """See `Kernels`."""
    p, q = (np.array(column, dtype=np.int64) for column in zip(*multipliers, strict=True))
    found = np.empty((len(multipliers), menus.n_users), dtype=np.int64)
    arrays = menus.offsets, menus.cost, menus.value
    floor = _floor(choice)
    _in_ranges(menus.n_users, lambda a, b: compiled.favourites(*arrays, a, b, p, q, floor, found))
    return list(found)


def ends(menus: Menus, choice: Choice, multiplier: tuple[int, int]) -> tuple[IntArray, IntArray]:
    """See `Kernels`."""
    cheapest, dearest = (np.empty(menus.n_users, dtype=np.int64) for _ in range(2))
    arrays = menus.offsets, menus.cost, menus.value
    p, q = multiplier
    floor = _floor(choice)
    _in_ranges(
        menus.n_users, lambda a, b: compiled.ends(*arrays, a, b, p, q, floor, cheapest, dearest)
    )
    return cheapest, dearest


def totals(menus: Menus, picks: IntArray) -> tuple[int, int]:
    """See `Kernels`."""
    parts = _in_ranges(
        menus.n_users, lambda a, b: compiled.totals(menus.cost, menus.value, a, b, picks)
    )
    return sum(cost for cost, _ in parts), sum(value for _, value in parts)


def between(
    menus: Menus, users: IntArray, least: IntArray, most: IntArray
) -> tuple[IntArray, IntArray]:
    """See `Kernels`."""
    arrays = menus.offsets, menus.cost, menus.value
    counts = np.empty(len(users), dtype=np.int64)
    parts = _in_ranges(
        len(users), lambda a, b: compiled.between(*arrays, a, b, users, least, most, counts)
    )
    return counts, np.concatenate(parts)


def surplus(menus: Menus, choice: Choice, multiplier: tuple[int, int]) -> IntArray:
    """See `Kernels`."""
    found = np.empty(menus.n_users, dtype=np.int64)
    arrays = menus.offsets, menus.cost, menus.value
    p, q = multiplier
    floor = _floor(choice)
    _in_ranges(menus.n_users, lambda a, b: compiled.surplus(*arrays, a, b, p, q, floor, found))
    return found


def near(menus: Menus, picks: IntArray, multiplier: tuple[int, int], slack: int) -> IntArray:
    """See `Kernels`."""
    arrays = menus.offsets, menus.cost, menus.value
    p, q = multiplier
    parts = _in_ranges(menus.n_users, lambda a, b: compiled.near(*arrays, a, b, p, q, picks, slack))
    return np.concatenate(parts)


def _floor(choice: Choice) -> int:
    """What a package must be worth more than to be chosen: nothing, where that is allowed."""
    return 0 if choice == "at_most_one" else -(2**63)


def sort(key: IntArray, bits: int) -> None:
    """See `Kernels`."""
    compiled.sort(key, bits)
