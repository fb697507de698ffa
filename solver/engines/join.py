"""Joining two halves: sets that together leave at least nothing, and next to nothing, of a limit.

A sieve says at a glance that a set has no partner, which most have not; for the others all
partners are looked up and judged exactly.
"""

import itertools
import time
from collections.abc import Iterator
from math import prod

import numpy as np

from metneed.models.arrays import BoolArray, IntArray
from metneed.solver.engines.halves import Half, Joined, Ordered, Sets, TooManyError

CELLS = 4
"""Most rows by which sets are sorted into cells."""

AT_ONCE = 2_000_000
"""Pairs that are looked at together."""

BLOCK = 65_536
"""Sets that are sifted together: what they need stays near the processor."""

LOOKED_UP = 200_000
"""Sets that are looked up together."""

LARGEST, SPARSE = 2**24, 256
"""Cells of a sieve at most, and for each set in it."""

MOST_FOUND = 10_000
ROOM = 2**62


class Best:
    """The best pairs seen: least gap, then most left of the first row, then first."""

    def __init__(self, left: IntArray, prices: tuple[int, ...], gap: int) -> None:
        self.left, self.gap = left, gap
        self.prices = np.array(prices, dtype=np.int64)
        self.width = [gap // p + 1 if p else 0 for p in prices]
        self.least, self.most_left = gap + 1, -1
        self.found: list[tuple[Sets, int, Sets, int]] = []

    def judge(self, one: Sets, other: Sets, a: IntArray, b: IntArray) -> None:
        """Keep the best of some pairs that keep every limit."""
        near = one.loss[a] + other.loss[b] <= self.gap
        a, b = a[near], b[near]
        for k, left in enumerate(self.left.tolist()):
            kept = one.use[a, k] + other.use[b, k] <= left
            a, b = a[kept], b[kept]
        rest = self.left - one.use[a] - other.use[b]
        gap = one.loss[a] + other.loss[b] + rest @ self.prices
        if not len(gap) or int(gap.min()) > min(self.gap, self.least):
            return
        least = int(gap.min())
        ties = np.flatnonzero(gap == least)
        most = int(rest[ties, 0].max())
        if (least, -most) < (self.least, -self.most_left):
            self.least, self.most_left, self.found = least, most, []
        if (least, most) == (self.least, self.most_left):
            ties = ties[rest[ties, 0] == most][: MOST_FOUND - len(self.found)]
            pairs = zip(a[ties].tolist(), b[ties].tolist(), strict=True)
            self.found += [(one, i, other, j) for i, j in pairs]

    def options(self) -> list[int] | None:
        """The deviations of the best pair, None where no pair keeps the limits."""
        if not self.found:
            return None
        return min(sorted(one.options(i) + other.options(j)) for one, i, other, j in self.found)


class Sieve:
    """Which cells of use have a partner: a set whose cell has none need not be looked up."""

    def __init__(self, partners: Ordered, best: Best) -> None:
        use = partners.use
        self.left = best.left
        low = use.min(axis=0)
        self.low, spread = low.tolist(), (use.max(axis=0) - low).tolist()
        step = {k: width for k, width in enumerate(best.width) if 0 < width <= spread[k]}
        rows = sorted(step, key=lambda k: (-(spread[k] // step[k]), k))[:CELLS]
        most = min(LARGEST, SPARSE * len(use) + 4096)
        # Cells of a partner, the next where rounding may lead, and one for all that is beyond.
        while prod(spread[k] // step[k] + 3 for k in rows) > most:
            widest = max(rows, key=lambda k: (spread[k] // step[k], -k))
            step[widest] *= 2
        self.rows = rows
        self.step = [step[k] for k in rows]
        self.beyond = [spread[k] // step[k] + 2 for k in rows]
        self.table = np.zeros([size + 1 for size in self.beyond], dtype=np.bool_)
        cells = [(use[:, k] - self.low[k]) // step[k] for k in rows]
        for shift in itertools.product((0, 1), repeat=len(rows)):
            self.table[tuple(cell + more for cell, more in zip(cells, shift, strict=True))] = True
        self.flat = self.table.ravel()

    def passed(self, used: list[int], columns: IntArray) -> IntArray:
        """Places of the sets that may have a partner, of those that use so much more."""
        key: IntArray | None = None
        for k, step, beyond in zip(self.rows, self.step, self.beyond, strict=True):
            cell = (int(self.left[k]) - self.low[k] - used[k]) - columns[k]
            cell //= step
            # What is below 0 is very large without a sign.
            cell = np.minimum(cell.view(np.uint64), np.uint64(beyond)).view(np.int64)
            if key is None:
                key = cell
            else:
                key *= beyond + 1
                key += cell
        if key is None:
            return np.arange(columns.shape[1])
        passed: IntArray = np.flatnonzero(self.flat[key])
        return passed


class Partners:
    """Sets sorted into cells of use, to look up those that go with others."""

    def __init__(self, partners: Ordered, best: Best, deadline: float, most_pairs: int) -> None:
        self.partners, self.best, self.deadline, self.pairs = partners, best, deadline, most_pairs
        use = partners.use
        self.low = use.min(axis=0)
        spread = use.max(axis=0) - self.low
        self.width = best.width
        cells = {k: int(spread[k]) // width + 1 for k, width in enumerate(best.width) if width > 0}
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
        key = self._cell(use - self.low)
        key = key * self.span + (use[:, self.last] - self.low[self.last])
        self.order = np.argsort(key, kind="stable")
        self.key = key[self.order]

    def look_up(self, sets: Sets) -> None:
        """Judge all partners of some sets in the cells that they lead to."""
        above = self.best.left - sets.use - self.low
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
            start = np.searchsorted(self.key, at + least[rows], side="left")
            end = np.searchsorted(self.key, at + most[rows], side="right")
            self._look(sets, rows, start, end - start)

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

    def _look(self, sets: Sets, rows: IntArray, start: IntArray, count: IntArray) -> None:
        some = count > 0
        rows, start, count = rows[some], start[some], count[some]
        self.pairs -= int(count.sum())
        if self.pairs < 0:
            raise TooManyError
        ends = np.cumsum(count)
        first = 0
        while first < len(rows):
            if time.monotonic() > self.deadline:
                raise TooManyError
            before = int(ends[first] - count[first])
            last = max(first + 1, int(np.searchsorted(ends, before + AT_ONCE, side="right")))
            part = slice(first, last)
            a = np.repeat(rows[part], count[part])
            shift = start[part] - (ends[part] - count[part] - before)
            b = self.order[np.repeat(shift, count[part]) + np.arange(len(a))]
            self.best.judge(sets, self.partners, a, b)
            first = last


def join(  # noqa: PLR0913, PLR0917 - two halves, and the limits of the search
    sets: Half, partners: Ordered, edges: list[int], best: Best, deadline: float, most_pairs: int
) -> int:
    """Judge all sets with all partners that may go with them; how many pairs may be left to see.

    Parameters
    ----------
    sets
        Of one half.
    partners
        Of the other, in order of loss.
    edges
        Of bands of loss: who has lost much already meets only those who have lost little.
    best
        Where the best is kept.
    deadline, most_pairs
        What the search may take.

    Raises
    ------
    TooManyError
        Where that is not enough.
    """
    ends = sets.ends(edges)
    columns = np.ascontiguousarray(sets.others.use.T)
    for band, low in enumerate(edges[:-1]):
        near = partners.up_to(best.gap - low - 1)
        if not len(near.loss) or not (ends[:, band + 1] > ends[:, band]).any():
            continue
        sieve = Sieve(near, best)
        index = Partners(near, best, deadline, most_pairs)
        for some in _sifted(sets, sieve, columns, ends[:, band : band + 2], deadline):
            index.look_up(some)
        most_pairs = index.pairs
    return most_pairs


def _sifted(
    sets: Half, sieve: Sieve, columns: IntArray, ends: IntArray, deadline: float
) -> Iterator[Joined]:
    """Sets of a band that may have a partner, many at a time."""
    first: list[IntArray] = []
    second: list[IntArray] = []
    waiting = 0
    for i in np.flatnonzero(ends[:, 1] > ends[:, 0]).tolist():
        used = sets.apart.use[i].tolist()
        start, end = ends[i].tolist()
        for at in range(start, end, BLOCK):
            if time.monotonic() > deadline:
                raise TooManyError
            passed = sieve.passed(used, columns[:, at : min(at + BLOCK, end)]) + at
            first.append(np.full(len(passed), i))
            second.append(passed)
            waiting += len(passed)
            if waiting >= LOOKED_UP:
                yield sets.joined(np.concatenate(first), np.concatenate(second))
                first, second, waiting = [], [], 0
    if waiting:
        yield sets.joined(np.concatenate(first), np.concatenate(second))
