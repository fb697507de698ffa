"""Upper hulls: the steps by which each user's met need can grow, best value for money first."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray, IntArray, frozen, greatest, picked
from metneed.models.errors import NumbersTooLargeError
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.sums import exact_sum

PRODUCT_LIMIT = 2**61
"""Greatest cost x greatest value must be below this: differences of two products fit in int64."""

AMOUNT_LIMIT = 2**53
"""Costs and values must be below this: their float64 quotients then order slopes."""

SUM_LIMIT = 2**63

_BLOCK = 2**17
"""Packages handled at a time: few enough for the memory, enough to keep NumPy busy."""

_WIDE = 256
"""Menus longer than this are sorted and scanned one by one."""


@dataclass(frozen=True, eq=False)
class Hulls:
    """The strict upper hull of each menu, as flat arrays with the base of each user first.

    Parameters
    ----------
    offsets
        Where each user's points begin, one more than there are users; every user has a point.
    package
        Position of the package in the menus, -1 for nothing.
    cost, value
        Smallest units; within a user both rise strictly and their slopes fall strictly.
    """

    offsets: IntArray
    package: IntArray
    cost: IntArray
    value: IntArray

    @property
    def n_users(self) -> int:
        """How many users there are."""
        return len(self.offsets) - 1


def upper_hulls(menus: Menus, choice: Choice) -> Hulls:
    """The upper hull of every menu, from the base of its user on.

    The base is what a user has when no money can be saved any more. Under ``at_most_one`` it is
    nothing, or the best package that costs nothing; under ``exactly_one`` it is the cheapest
    package, of most value where several are. An empty menu has nothing. Among identical packages
    the first is taken.

    Parameters
    ----------
    menus
        Costs 0 or more.
    choice
        Whether a user may go without.

    Raises
    ------
    NumbersTooLargeError
        Where exact arithmetic in 64 bits is not sure.

    Notes
    -----
    From each point the hull goes on to the package with the steepest slope, the farthest of
    several; many menus take such a step together. Slopes are compared by integer cross products,
    so that nothing is rounded.
    """
    check_magnitudes(menus)
    sizes = np.diff(menus.offsets)
    counts = np.ones(menus.n_users, dtype=np.int64)
    steps: list[tuple[IntArray | int, IntArray | int, IntArray]] = []
    base = np.full(menus.n_users, -1, dtype=np.int64)
    for user in np.flatnonzero(sizes > _WIDE).tolist():
        chain = _scan(menus, user, choice)
        base[user], counts[user] = chain[0], len(chain)
        steps.append((user, np.arange(1, len(chain)), np.array(chain[1:], dtype=np.int64)))
    for together in _blocks(np.flatnonzero(sizes <= _WIDE), sizes):
        block = _Block(menus, together, choice)
        base[together] = block.base
        for rank, (moved, reached) in enumerate(block.march(), start=1):
            counts[moved] += 1
            steps.append((moved, rank, reached))
    offsets = np.concatenate([[0], np.cumsum(counts)])
    package = np.empty(offsets[-1], dtype=np.int64)
    package[offsets[:-1]] = base
    for users, ranks, reached in steps:
        package[offsets[users] + ranks] = reached
    cost, value = (picked(column, package) for column in (menus.cost, menus.value))
    return Hulls(frozen(offsets), frozen(package), frozen(cost), frozen(value))


def check_magnitudes(menus: Menus) -> None:
    """Refuse costs and values whose products or sums may leave 64 bits.

    Raises
    ------
    NumbersTooLargeError
        The message says how many decimals must go for the numbers to fit.
    """
    cost = int(menus.cost.max(initial=1))
    value = int(menus.value.max(initial=1)) - int(menus.value.min(initial=0))
    per_user = (greatest(np.abs(column), menus.offsets, 0) for column in (menus.cost, menus.value))
    total = max(exact_sum(column) for column in per_user)
    drop = 0
    while (
        cost * value >= PRODUCT_LIMIT * 10**drop
        or max(cost, value) >= AMOUNT_LIMIT * 10**drop
        or total >= SUM_LIMIT * 10**drop
    ):
        drop += 1
    if drop:
        decimals = "1 decimal" if drop == 1 else f"{drop} decimals"
        raise NumbersTooLargeError(
            f"the greatest cost is {cost} and the greatest value {value} in smallest units, too "
            f"large for exact 64-bit arithmetic; with {decimals} fewer in money_decimals and "
            "need_decimals together, or amounts in larger units, they fit"
        )


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


def _blocks(users: IntArray, sizes: IntArray) -> Iterator[IntArray]:
    """Rows of users with menus of similar size, few enough to be worked on at a time."""
    sizes = sizes[users]
    # Sizes are rounded up to three significant bits: at most a quarter of a block is padding.
    shift = np.maximum(np.int64(0), np.frexp(sizes.astype(np.float64))[1] - 3)
    width = -(-sizes // (1 << shift)) << shift
    order = np.argsort(width, kind="stable")
    ends = np.flatnonzero(np.diff(width[order], append=-1)) + 1
    start = 0
    for end in ends.tolist():
        at_once = max(1, _BLOCK // max(1, int(width[order[end - 1]])))
        for first in range(start, end, at_once):
            yield users[order[first : min(first + at_once, end)]]
        start = end


class _Block:
    """Menus of some users side by side: one column a user, padded to the longest menu."""

    def __init__(self, menus: Menus, users: IntArray, choice: Choice) -> None:
        first, sizes = menus.offsets[:-1][users], np.diff(menus.offsets)[users]
        ranks = np.arange(int(sizes.max(initial=0)))[:, None]
        present = ranks < sizes
        self.users = users
        self.rows = np.where(present, first + ranks, -1)
        cost = np.where(present, menus.cost[self.rows], 0) if menus.n_packages else self.rows
        value = np.where(present, menus.value[self.rows], 0) if menus.n_packages else self.rows
        self.base, base_cost, base_value = _bases(self.rows, cost, value, choice)
        # Whatever is worth no more than the base is never on the hull: it becomes (0, 0).
        better = present & (value > base_value)
        self.rise = np.where(better, value - base_value, 0)
        self.run = np.where(better, cost - base_cost, 0)

    def march(self) -> Iterator[tuple[IntArray, IntArray]]:
        """Step after step: the rows of the users that move on, and the packages they reach."""
        users, rows, rise, run = self.users, self.rows, self.rise, self.run
        while rise.size:
            best, step_run, step_rise = _steepest(rows, run, rise)
            moved = step_rise > 0
            if not moved.any():
                return
            yield users[moved], best[moved]
            if not moved.all():
                users, rows, rise, run = users[moved], rows[:, moved], rise[:, moved], run[:, moved]
                step_rise, step_run = step_rise[moved], step_run[moved]
            ahead = rise > step_rise
            rise = np.where(ahead, rise - step_rise, 0)
            run = np.where(ahead, run - step_run, 0)


def _bases(
    rows: IntArray, cost: IntArray, value: IntArray, choice: Choice
) -> tuple[IntArray, IntArray, IntArray]:
    """For each column the package at the base (-1 for nothing), its cost and its value."""
    width = rows.shape[1]
    nothing = np.zeros(width, dtype=np.int64)
    if len(rows) == 0:
        return nothing - 1, nothing, nothing
    present = rows >= 0
    cheapest = (
        np.where(present, cost, np.iinfo(np.int64).max).min(axis=0)
        if choice == "exactly_one"
        else nothing
    )
    worst = np.iinfo(np.int64).min if choice == "exactly_one" else 0
    worth = np.where(present & (cost == cheapest), value, worst)
    best = worth.argmax(axis=0)
    columns = np.arange(width)
    taken: BoolArray = worth[best, columns] > worst
    return (
        np.where(taken, rows[best, columns], -1),
        np.where(taken, cheapest, 0),
        np.where(taken, worth[best, columns], 0),
    )


def _steepest(rows: IntArray, run: IntArray, rise: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """The steepest entry of each column, then the farthest, then the first: row, run and rise.

    Neighbours are compared in rounds of a knock-out; (0, 0) loses to everything.
    """
    while len(rows) > 1:
        even = len(rows) // 2 * 2
        left, right = slice(0, even, 2), slice(1, even, 2)
        ahead, behind = rise[right] * run[left], rise[left] * run[right]
        wins = (ahead > behind) | ((ahead == behind) & (run[right] > run[left]))
        odd = slice(even, None)
        rows, run, rise = (
            np.concatenate([np.where(wins, column[right], column[left]), column[odd]])
            for column in (rows, run, rise)
        )
    return rows[0], run[0], rise[0]
