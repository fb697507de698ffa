"""What numba compiles: plain loops over the packages of a range of users.

Every function does the users from `first` to `last` - 1 and writes nothing that belongs to others.
"""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

from metneed.models.arrays import IntArray

Int32Array: TypeAlias = npt.NDArray[np.int32]

F = TypeVar("F", bound=Callable[..., Any])

_SORTED_BY_HAND = 64
"""Menus up to this long are sorted by insertion."""


def _compiled(function: F) -> F:
    """Compiled at the first call, kept in numba's cache, and letting other threads run."""
    return cast("F", njit(cache=True, nogil=True)(function))


@_compiled
def favourites(
    offsets: IntArray,
    cost: IntArray,
    value: IntArray,
    first: int,
    last: int,
    p: IntArray,
    q: IntArray,
    floor: int,
    found: IntArray,
) -> None:
    """Put the first package of greatest q x value - p x cost, above the floor, into `found`."""
    for user in range(first, last):
        for k in range(len(p)):
            best, at = floor, -1
            for j in range(offsets[user], offsets[user + 1]):
                worth = q[k] * value[j] - p[k] * cost[j]
                if worth > best:
                    best, at = worth, j
            found[k, user] = at


@_compiled
def ends(
    offsets: IntArray,
    cost: IntArray,
    value: IntArray,
    first: int,
    last: int,
    p: int,
    q: int,
    floor: int,
    cheapest: IntArray,
    dearest: IntArray,
) -> None:
    """Put the cheapest and the dearest package of greatest q x value - p x cost in their places."""
    for user in range(first, last):
        best, low, high = floor, -1, -1
        low_cost, high_cost = 0, 0
        for j in range(offsets[user], offsets[user + 1]):
            worth = q * value[j] - p * cost[j]
            if worth > best:
                best, low, high = worth, j, j
                low_cost, high_cost = cost[j], cost[j]
            elif worth == best:
                if cost[j] < low_cost:
                    low, low_cost = j, cost[j]
                if cost[j] > high_cost:
                    high, high_cost = j, cost[j]
        cheapest[user], dearest[user] = low, high


@_compiled
def totals(
    cost: IntArray, value: IntArray, first: int, last: int, picks: IntArray
) -> tuple[int, int]:
    """What the picks cost and are worth together."""
    spent, worth = 0, 0
    for user in range(first, last):
        if picks[user] >= 0:
            spent += cost[picks[user]]
            worth += value[picks[user]]
    return spent, worth


@_compiled
def between(
    offsets: IntArray,
    cost: IntArray,
    value: IntArray,
    first: int,
    last: int,
    users: IntArray,
    least: IntArray,
    most: IntArray,
    counts: IntArray,
) -> IntArray:
    """Packages dearer and worth more than `least`, worth no more than `most`; and how many."""
    size = 0
    for k in range(first, last):
        size += offsets[users[k] + 1] - offsets[users[k]]
    rows = np.empty(size, dtype=np.int64)
    n = 0
    for k in range(first, last):
        before, low, high = n, 0, value[most[k]]
        spent = 0
        if least[k] >= 0:
            spent, low = cost[least[k]], value[least[k]]
        for j in range(offsets[users[k]], offsets[users[k] + 1]):
            if cost[j] > spent and low < value[j] <= high:
                rows[n] = j
                n += 1
        counts[k] = n - before
    return rows[:n]


@_compiled
def surplus(
    offsets: IntArray,
    cost: IntArray,
    value: IntArray,
    first: int,
    last: int,
    p: int,
    q: int,
    floor: int,
    found: IntArray,
) -> None:
    """Put the greatest q x value - p x cost, at least the floor, into `found`; 0 without a menu."""
    for user in range(first, last):
        best = floor
        for j in range(offsets[user], offsets[user + 1]):
            best = max(best, q * value[j] - p * cost[j])
        found[user] = best if offsets[user] < offsets[user + 1] else 0


@_compiled
def near(
    offsets: IntArray,
    cost: IntArray,
    value: IntArray,
    first: int,
    last: int,
    p: int,
    q: int,
    picks: IntArray,
    slack: int,
) -> IntArray:
    """Packages that fall short of the pick by at most the slack, the pick left out."""
    rows = np.empty(1024, dtype=np.int64)
    n = 0
    for user in range(first, last):
        pick = picks[user]
        least = -slack
        if pick >= 0:
            least += q * value[pick] - p * cost[pick]
        for j in range(offsets[user], offsets[user + 1]):
            if q * value[j] - p * cost[j] >= least and j != pick:
                if n == len(rows):
                    more = np.empty(2 * n, dtype=np.int64)
                    more[:n] = rows
                    rows = more
                rows[n] = j
                n += 1
    return rows[:n]


@_compiled
def hulls(
    offsets: IntArray,
    cost: IntArray,
    value: IntArray,
    first: int,
    last: int,
    optional: bool,
    counts: IntArray,
    places: Int32Array,
) -> None:
    """Put how many points each hull has into `counts`, and which into `places`.

    The place of a package in its menu is counted from 1, and 0 is nothing.
    """
    longest = 1
    for user in range(first, last):
        longest = max(longest, offsets[user + 1] - offsets[user] + 1)
    order, chain = np.empty(longest, dtype=np.int32), np.empty(longest, dtype=np.int32)
    run, rise = np.empty(longest, dtype=np.int64), np.empty(longest, dtype=np.int64)
    for user in range(first, last):
        start, end = offsets[user], offsets[user + 1]
        _sort(cost[start:end], order)
        n = 0
        if optional or start == end:
            chain[0], run[0], rise[0] = 0, 0, 0
            n = 1
        for k in range(end - start):
            j = order[k]
            n = _extend(chain, run, rise, n, j + 1, cost[start + j], value[start + j])
        counts[user] = n
        for k in range(n):
            places[start + user + k] = chain[k]


@_compiled
def _sort(cost: IntArray, order: Int32Array) -> None:
    """Put the places of a menu in order of cost into `order`; equal costs keep theirs."""
    if len(cost) > _SORTED_BY_HAND:
        order[: len(cost)] = np.argsort(cost, kind="mergesort")
        return
    for j in range(len(cost)):
        k = j
        while k > 0 and cost[order[k - 1]] > cost[j]:
            order[k] = order[k - 1]
            k -= 1
        order[k] = j


@_compiled
def _extend(
    chain: Int32Array, run: IntArray, rise: IntArray, n: int, place: int, cost: int, value: int
) -> int:
    """Go on to a package that costs no less than the last of the chain; how long that is then."""
    if n > 0 and value <= rise[n - 1]:
        return n
    if n > 0 and cost == run[n - 1]:
        n -= 1
    # The last point stays only where the slope falls at it.
    while n > 1 and (rise[n - 1] - rise[n - 2]) * (cost - run[n - 1]) <= (value - rise[n - 1]) * (
        run[n - 1] - run[n - 2]
    ):
        n -= 1
    chain[n], run[n], rise[n] = place, cost, value
    return n + 1


@_compiled
def gather(
    offsets: IntArray,
    first: int,
    last: int,
    counts: IntArray,
    starts: IntArray,
    places: Int32Array,
    package: IntArray,
) -> None:
    """Put the packages of the points, without gaps, into `package`."""
    for user in range(first, last):
        for k in range(counts[user]):
            place = places[offsets[user] + user + k]
            package[starts[user] + k] = offsets[user] + place - 1 if place > 0 else -1


@_compiled
def sort(key: IntArray, bits: int) -> None:
    """Sort numbers of 0 or more whose lowest bits rise already, in place: eleven bits a turn."""
    top = np.int64(0)
    for i in range(len(key)):
        top = max(top, key[i])
    source, target = key, np.empty_like(key)
    shift, turns = bits, 0
    while shift < 63 and top >> shift:
        counts = np.zeros(2049, dtype=np.int64)
        for i in range(len(source)):
            counts[((source[i] >> shift) & 2047) + 1] += 1
        for digit in range(2048):
            counts[digit + 1] += counts[digit]
        for i in range(len(source)):
            digit = (source[i] >> shift) & 2047
            target[counts[digit]] = source[i]
            counts[digit] += 1
        source, target = target, source
        shift += 11
        turns += 1
    if turns % 2:
        key[:] = source
