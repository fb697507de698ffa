"""The hulls of many menus at once, in NumPy: all users take their steepest step together."""

import itertools
from collections.abc import Iterator

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.solver.engines.slopes import EXACT_QUOTIENTS, slope_order

_CHUNK = 2**16
"""Packages at a time: few enough for the processor's own memory, enough to keep NumPy busy."""

_WIDE = 256
"""Menus longer than this are sorted and scanned one by one: a step must not look at all of one."""

_NEVER = np.int64(2**63 - 1)


def hull_points(menus: Menus, choice: Choice) -> tuple[IntArray, IntArray]:
    """How many points the hull of each menu has, and their packages, user after user.

    The first point of a user is the base; its package is -1 where that is nothing.
    """
    sizes = np.diff(menus.offsets)
    exact = _quotients_are_exact(menus)
    counts = np.ones(menus.n_users, dtype=np.int64)
    base = np.full(menus.n_users, -1, dtype=np.int64)
    steps: list[tuple[IntArray | int, IntArray | int, IntArray]] = []
    wide = np.flatnonzero(sizes > _WIDE)
    for user in wide.tolist():
        chain = _scan(menus, user, choice)
        base[user], counts[user] = chain[0], len(chain)
        steps.append((user, np.arange(1, len(chain)), np.array(chain[1:], dtype=np.int64)))
    for users in _groups(menus.offsets, wide):
        march = _March(menus, users, choice)
        base[users] = march.base
        for rank, (moved, reached) in enumerate(march.steps(exact), start=1):
            counts[moved] += 1
            steps.append((moved, rank, reached))
    starts = np.cumsum(counts) - counts
    package = np.empty(int(counts.sum()), dtype=np.int64)
    package[starts] = base
    for moved_users, ranks, reached in steps:
        package[starts[moved_users] + ranks] = reached
    return counts, package


def _quotients_are_exact(menus: Menus) -> bool:
    """Whether float64 quotients of all differences of these menus differ where they should."""
    spread = int(menus.value.max(initial=0)) - int(menus.value.min(initial=0))
    return int(menus.cost.max(initial=0)) * spread < EXACT_QUOTIENTS


def _groups(offsets: IntArray, wide: IntArray) -> Iterator[slice]:
    """Neighbouring users, none of them with a wide menu, of about a chunk of packages."""
    for before, end in itertools.pairwise([-1, *wide.tolist(), len(offsets) - 1]):
        user = before + 1
        while user < end:
            last = int(np.searchsorted(offsets, offsets[user] + _CHUNK, side="right")) - 1
            last = min(max(last, user + 1), end)
            yield slice(user, last)
            user = last


class _March:
    """Some users on their way along their hulls, and the packages still ahead of each."""

    def __init__(self, menus: Menus, users: slice, choice: Choice) -> None:
        offsets = menus.offsets[users.start : users.stop + 1]
        first = int(offsets[0])
        cost = menus.cost[first : offsets[-1]]
        value = menus.value[first : offsets[-1]]
        sizes = np.diff(offsets)
        self.base, base_cost, base_value = _bases(cost, value, offsets - first, choice)
        self.base[self.base >= 0] += first
        if choice == "exactly_one" or base_value.any():
            cost, value = cost - np.repeat(base_cost, sizes), value - np.repeat(base_value, sizes)
        # Whatever is worth no more than the base is never on the hull.
        self.row = np.arange(first, first + len(cost))
        self.user = np.repeat(np.arange(users.start, users.stop), sizes)
        self.run, self.rise = cost, value
        if not (ahead := value > 0).all():
            self.row, self.user = self.row[ahead], self.user[ahead]
            self.run, self.rise = cost[ahead], value[ahead]

    def steps(self, exact: bool) -> Iterator[tuple[IntArray, IntArray]]:
        """Step after step: the rows of the users that move on, and the packages they reach."""
        user, row, run, rise = self.user, self.row, self.run, self.rise
        while len(user):
            starts = _firsts(user)
            sizes = np.diff(np.append(starts, len(user)))
            best = _steepest(starts, sizes, run, rise, exact)
            yield user[starts], row[best]
            risen = np.repeat(rise[best], sizes)
            ahead = np.flatnonzero(rise > risen)
            gone = np.repeat(run[best], sizes)[ahead]
            user, row = user[ahead], row[ahead]
            run, rise = run[ahead] - gone, rise[ahead] - risen[ahead]


def _steepest(
    starts: IntArray, sizes: IntArray, run: IntArray, rise: IntArray, exact: bool
) -> IntArray:
    """For each user the place of the steepest package, then the farthest, then the first."""
    slope = rise / run
    steepest = np.flatnonzero(slope == np.repeat(np.maximum.reduceat(slope, starts), sizes))
    if len(steepest) == len(starts):
        return steepest
    owner = np.repeat(np.arange(len(starts)), sizes)[steepest]
    if not exact:
        steepest, owner = _exactly_steepest(steepest, owner, run, rise)
    farthest = run[steepest] == np.maximum.reduceat(run[steepest], _firsts(owner))[owner]
    best: IntArray = steepest[farthest][_firsts(owner[farthest])]
    return best


def _exactly_steepest(
    places: IntArray, owner: IntArray, run: IntArray, rise: IntArray
) -> tuple[IntArray, IntArray]:
    """Of packages with equal quotients those with exactly the steepest slope of their user."""
    order = slope_order(rise[places], run[places])
    order = order[np.argsort(owner[order], kind="stable")]
    best = places[order[_firsts(owner[order])]][owner]
    same = rise[places] * run[best] == rise[best] * run[places]
    return places[same], owner[same]


def _firsts(owner: IntArray) -> IntArray:
    """Where each run of equal numbers begins."""
    new = np.ones(len(owner), dtype=np.bool_)
    np.not_equal(owner[1:], owner[:-1], out=new[1:])
    return np.flatnonzero(new)


def _bases(
    cost: IntArray, value: IntArray, offsets: IntArray, choice: Choice
) -> tuple[IntArray, IntArray, IntArray]:
    """For each user the place of the package at the base (-1 for nothing), its cost and value."""
    n = len(offsets) - 1
    base, base_cost, base_value = (np.zeros(n, dtype=np.int64) for _ in range(3))
    base -= 1
    filled = np.flatnonzero(np.diff(offsets))
    if choice == "exactly_one":
        starts, sizes = offsets[filled], np.diff(offsets)[filled]
        if not len(filled):
            return base, base_cost, base_value
        least = np.minimum.reduceat(cost, starts)
        candidates = np.flatnonzero(cost == np.repeat(least, sizes))
        owner = np.repeat(filled, sizes)[candidates]
    else:
        candidates = np.flatnonzero((cost == 0) & (value > 0))
        owner = np.searchsorted(offsets, candidates, side="right") - 1
    order = np.lexsort((-value[candidates], owner))
    first = order[_firsts(owner[order])]
    users, places = owner[first], candidates[first]
    base[users], base_cost[users], base_value[users] = places, cost[places], value[places]
    return base, base_cost, base_value


def _scan(menus: Menus, user: int, choice: Choice) -> list[int]:
    """The packages on the hull of one menu, -1 for nothing, by a scan in order of cost."""
    rows = np.arange(menus.offsets[user], menus.offsets[user + 1])
    rows = rows[np.lexsort((-menus.value[rows], menus.cost[rows]))]
    value = menus.value[rows]
    floor = np.iinfo(np.int64).min if choice == "exactly_one" else 0
    best_before = np.maximum.accumulate(np.append(floor, value))[:-1]
    rows = rows[value > best_before]
    columns = (rows, menus.cost[rows], menus.value[rows])
    points = list(zip(*(column.tolist() for column in columns), strict=True))
    chain = [(-1, 0, 0)] if choice == "at_most_one" and not (points and points[0][1] == 0) else []
    for row, cost, value in points:
        while len(chain) > 1:
            (_, left_cost, left_value), (_, mid_cost, mid_value) = chain[-2:]
            # The middle point stays only where the slope falls at it.
            if (mid_value - left_value) * (cost - mid_cost) > (value - mid_value) * (
                mid_cost - left_cost
            ):
                break
            chain.pop()
        chain.append((row, cost, value))
    return [row for row, _, _ in chain]
