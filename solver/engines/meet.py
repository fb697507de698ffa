"""Meeting in the middle: every whole choice within a gap of the bound, found from near ties.

A choice is everybody's best at the prices, and deviations from it. What it stays below the bound is
what the deviations lose and what is left of the limits at their prices. So a choice within a gap is
a set of deviations that lose no more than the gap and leave next to nothing of each priced limit.
Two halves of the users are listed apart, and halves that fit together are found by sorting.
"""

import itertools
import time
from dataclasses import dataclass
from math import log

import numpy as np

from metneed.models.arrays import BoolArray, IntArray, Positions

CELLS = 4
"""Most rows by which states are sorted into cells."""

AT_ONCE = 2_000_000
"""Pairs that are looked at together."""

BLOCK = 500_000
"""States of one half that are looked up together."""

BANDS = 12
"""Bands of loss by which one half is looked up."""

GROWTH = log(8)
MOST_FOUND = 10_000
ROOM = 2**62


@dataclass(frozen=True, eq=False)
class Deviations:
    """Other options of users than the best at the prices.

    Parameters
    ----------
    user, option, loss
        One a deviation, users in order; what it loses at the prices, in exact multiples.
    use
        What it counts more than the best, a column for each row.
    """

    user: IntArray
    option: IntArray
    loss: IntArray
    use: IntArray

    def within(self, gap: int) -> "Deviations":
        """Those that lose no more than a gap."""
        return self._taken(self.loss <= gap)

    def of_nearest(self, users: int) -> "Deviations":
        """Those of so many users, whose best deviations lose least."""
        least = np.full(int(self.user.max(initial=-1)) + 1, np.iinfo(np.int64).max)
        np.minimum.at(least, self.user, self.loss)
        return self._taken(np.isin(self.user, np.argsort(least, kind="stable")[:users]))

    def _taken(self, these: BoolArray) -> "Deviations":
        return Deviations(self.user[these], self.option[these], self.loss[these], self.use[these])


@dataclass(frozen=True, eq=False)
class Met:
    """What a search found.

    Parameters
    ----------
    options
        Deviations of the best choice found, None where none keeps the limits within the gap.
    gap
        What it stays below the bound.
    complete
        Whether everything within the gap was listed.
    states
        How many states both halves had.
    """

    options: IntArray | None
    gap: int
    complete: bool
    states: int


class _TooManyError(Exception):
    """A half has more states than there is room for, or the time is over."""


@dataclass(frozen=True, eq=False)
class _Half:
    loss: IntArray
    use: IntArray
    parent: Positions
    option: Positions

    def options(self, state: int) -> list[int]:
        found = []
        while state > 0:
            found.append(int(self.option[state]))
            state = int(self.parent[state])
        return found


def meet(  # noqa: PLR0913, PLR0917 - the problem at prices, and its limits
    deviations: Deviations,
    left: IntArray,
    prices: tuple[int, ...],
    gap: int,
    most_states: int,
    deadline: float,
    most_pairs: int = 10**9,
) -> Met:
    """The best choice within a gap: least gap, then most left of the first row, then first.

    Parameters
    ----------
    deviations
        All of them, or some: then only the best of their choices is found.
    left
        What everybody's best leaves of each limit; may be below 0.
    prices
        Of the rows, in the multiples of the losses.
    gap
        Greatest sum of losses and of what is left at the prices.
    most_states
        Of each half.
    deadline
        Of the clock `time.monotonic`.
    most_pairs
        Pairs of states that are looked at.
    """
    near = deviations.within(gap)
    try:
        halves = [_states(part, len(left), gap, most_states, deadline) for part in _dealt(near)]
        best = _Join(halves[0], halves[1], left, prices, gap, deadline, most_pairs).best()
    except _TooManyError:
        return Met(None, gap, complete=False, states=most_states)
    states = len(halves[0].loss) + len(halves[1].loss)
    if best is None:
        return Met(None, gap, complete=True, states=states)
    found, options = best
    return Met(np.array(options, dtype=np.int64), found, complete=True, states=states)


def wider_gap(gap: int, states: int) -> int:
    """A gap with about eight times the states: their logarithm grows as the root of the gap."""
    factor = (1 + GROWTH / log(max(states, 8))) ** 2
    return int(gap * min(factor, 2))


def _dealt(near: Deviations) -> list[list[Deviations]]:
    """Users by least loss, dealt in turn into two halves, the greatest least loss first."""
    edges = np.flatnonzero(np.diff(near.user, prepend=-1, append=-1))
    users = [
        Deviations(near.user[a:b], near.option[a:b], near.loss[a:b], near.use[a:b])
        for a, b in itertools.pairwise(edges.tolist())
    ]
    users.sort(key=lambda each: int(each.loss.min()))
    return [users[::2][::-1], users[1::2][::-1]]


def _states(users: list[Deviations], rows: int, gap: int, most: int, deadline: float) -> _Half:
    """All sets of deviations, at most one a user, that lose no more than the gap."""
    loss, use = np.zeros(1, dtype=np.int64), np.zeros((1, rows), dtype=np.int64)
    parent, option = np.full(1, -1, dtype=np.int32), np.full(1, -1, dtype=np.int32)
    for user in users:
        if time.monotonic() > deadline:
            raise _TooManyError
        added = [np.flatnonzero(loss <= gap - int(own)) for own in user.loss]
        if len(loss) + sum(map(len, added)) > most:
            raise _TooManyError
        loss = np.concatenate(
            [loss, *(loss[rows] + own for rows, own in zip(added, user.loss, strict=True))]
        )
        use = np.concatenate(
            [use, *(use[rows] + own for rows, own in zip(added, user.use, strict=True))]
        )
        parent = np.concatenate([parent, *(rows.astype(np.int32) for rows in added)])
        option = np.concatenate(
            [
                option,
                *(
                    np.full(len(r), o, dtype=np.int32)
                    for r, o in zip(added, user.option, strict=True)
                ),
            ]
        )
    return _Half(loss, use, parent, option)


class _Join:
    """Two halves that together leave at least nothing, and next to nothing, of each limit."""

    def __init__(  # noqa: PLR0913, PLR0917 - as `meet`
        self,
        a: _Half,
        b: _Half,
        left: IntArray,
        prices: tuple[int, ...],
        gap: int,
        deadline: float,
        most_pairs: int,
    ) -> None:
        self.a, self.b, self.gap, self.deadline = a, b, gap, deadline
        self.left, self.pairs = left, most_pairs
        self.prices = np.array(prices, dtype=np.int64)
        self.low = b.use.min(axis=0)
        self.width = [gap // p + 1 if p else 0 for p in prices]
        spread = b.use.max(axis=0) - self.low
        cells = {k: int(spread[k]) // width + 1 for k, width in enumerate(self.width) if width > 0}
        ranked = sorted(cells, key=lambda k: (-cells[k], k))
        self.last = ranked[0] if ranked else 0
        self.span = int(spread[self.last]) + 1
        self.celled: list[int] = []
        size = self.span
        for k in ranked[1 : CELLS + 1]:
            if cells[k] > 1 and size * (cells[k] + 1) < ROOM:
                self.celled.append(k)
                size *= cells[k] + 1
        self.cells = cells
        self.best_gap, self.best_rest = gap + 1, -1
        self.found: list[tuple[int, int]] = []

    def best(self) -> tuple[int, list[int]] | None:
        b = self.b
        key = self._cell(b.use - self.low)
        key = key * self.span + (b.use[:, self.last] - self.low[self.last])
        order = np.argsort(key, kind="stable")
        key = key[order]
        loss = b.loss[order]
        # Who has lost much already meets only those who have lost little, and they are few.
        edges = [self.gap * band // BANDS for band in range(BANDS)]
        for low, high in itertools.pairwise([*edges, self.gap + 1]):
            states = np.flatnonzero((self.a.loss >= low) & (self.a.loss < high))
            met = loss <= self.gap - low
            for first in range(0, len(states), BLOCK):
                self._look_up(states[first : first + BLOCK], key[met], order[met])
        if not self.found:
            return None
        chosen = min(sorted(self.a.options(i) + self.b.options(j)) for i, j in self.found)
        return self.best_gap, chosen

    def _look_up(self, states: IntArray, key: IntArray, order: IntArray) -> None:
        """Look at all states of the other half in the cells that some states lead to."""
        above = self.left - self.a.use[states] - self.low
        width = self.width[self.last]
        most = above[:, self.last]
        least = np.maximum(most - (width - 1), 0) if width else np.zeros_like(most)
        most = np.minimum(most, self.span - 1)
        for shift in itertools.product((0, 1), repeat=len(self.celled)):
            cell, inside = self._cell_at(above, shift)
            rows = np.flatnonzero(inside & (most >= least))
            # In order, so that neighbours are looked up one after another.
            rows = rows[np.argsort(cell[rows] * self.span + least[rows])]
            at = cell[rows] * self.span
            start = np.searchsorted(key, at + least[rows], side="left")
            end = np.searchsorted(key, at + most[rows], side="right")
            self._look(states[rows], start, end - start, order)

    def _cell(self, use: IntArray) -> IntArray:
        cell = np.zeros(len(use), dtype=np.int64)
        for k in self.celled:
            cell = cell * (self.cells[k] + 1) + use[:, k] // self.width[k]
        return cell

    def _cell_at(self, above: IntArray, shift: tuple[int, ...]) -> tuple[IntArray, BoolArray]:
        cell = np.zeros(len(above), dtype=np.int64)
        inside = np.ones(len(above), dtype=np.bool_)
        for k, back in zip(self.celled, shift, strict=True):
            own = above[:, k] // self.width[k] - back
            inside &= (own >= 0) & (own < self.cells[k])
            cell = cell * (self.cells[k] + 1) + own
        return cell, inside

    def _look(self, rows: IntArray, start: IntArray, count: IntArray, order: IntArray) -> None:
        some = count > 0
        rows, start, count = rows[some], start[some], count[some]
        self.pairs -= int(count.sum())
        if self.pairs < 0:
            raise _TooManyError
        ends = np.cumsum(count)
        first = 0
        while first < len(rows):
            if time.monotonic() > self.deadline:
                raise _TooManyError
            before = int(ends[first] - count[first])
            last = max(first + 1, int(np.searchsorted(ends, before + AT_ONCE, side="right")))
            part = slice(first, last)
            a = np.repeat(rows[part], count[part])
            shift = start[part] - (ends[part] - count[part] - before)
            b = order[np.repeat(shift, count[part]) + np.arange(len(a))]
            self._judge(a, b)
            first = last

    def _judge(self, a: IntArray, b: IntArray) -> None:
        near = self.a.loss[a] + self.b.loss[b] <= self.gap
        a, b = a[near], b[near]
        for k, left in enumerate(self.left.tolist()):
            kept = self.a.use[a, k] + self.b.use[b, k] <= left
            a, b = a[kept], b[kept]
        rest = self.left - self.a.use[a] - self.b.use[b]
        gap = self.a.loss[a] + self.b.loss[b] + rest @ self.prices
        if not len(gap) or int(gap.min()) > min(self.gap, self.best_gap):
            return
        least = int(gap.min())
        ties = np.flatnonzero(gap == least)
        most = int(rest[ties, 0].max())
        if (least, -most) < (self.best_gap, -self.best_rest):
            self.best_gap, self.best_rest, self.found = least, most, []
        if (least, most) == (self.best_gap, self.best_rest):
            ties = ties[rest[ties, 0] == most][: MOST_FOUND - len(self.found)]
            self.found += list(zip(a[ties].tolist(), b[ties].tolist(), strict=True))
