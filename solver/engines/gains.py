"""The table of gains: what every choice of open services is worth at most, all at once.

At any prices of the limits a person's best surplus depends only on which of the services that the
person could use are open. So one pass over everybody fills a table by sets of services, and sums
over subsets of it give a bound for each of the 2^K openings without looking at anybody again. All
in whole numbers: each entry is proved by weak duality, whatever found the prices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from metneed.models.arrays import BoolArray, IntArray
from metneed.models.errors import NumbersTooLargeError
from metneed.models.menus import Menus
from metneed.solver.engines.kinds import Kinds, kinds_of
from metneed.solver.engines.pool import Pool
from metneed.solver.engines.rows import Row
from metneed.solver.engines.weak_duality import surplus_at

MOST_BITS = 16
"""Services whose openings a table lists, 65,536 of them; others are decided one by one."""

CELLS = 2**22
"""Sets of services, over all kinds of users, up to which everybody's gains are exact."""

FINEST = 40
"""Bits of the denominator of prices at most; fewer where sums would leave 64 bits."""

ROOM = 2**62
FAR = -(2**61)
"""Below every surplus."""

IMPOSSIBLE = -(2**62)
"""Stands for the bound of an opening that no packages keep the limits with."""


@dataclass(frozen=True)
class Prices:
    """Prices of all rows over one denominator.

    Parameters
    ----------
    multipliers
        One for each limit, then one for the least members of each service; 0 or more.
    denominator
        1 or more.
    valued
        Whether values count. Where they do not, an opening whose bound is below 0 is shown to be
        impossible.
    """

    multipliers: tuple[int, ...]
    denominator: int
    valued: bool = True


@dataclass(frozen=True)
class Decided:
    """Which services are open or closed for good; the others are listed, or left undecided."""

    listed: tuple[int, ...]
    opened: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    undecided: tuple[int, ...] = ()

    def is_open(self, entry: int) -> tuple[int, ...]:
        """The services that are open in an entry of the table, in order; no undecided ones."""
        listed = [k for bit, k in enumerate(self.listed) if entry >> bit & 1]
        return tuple(sorted([*listed, *self.opened]))

    def split(self) -> tuple["Decided", "Decided"]:
        """The same with the first undecided service open, and with it closed."""
        first, *rest = self.undecided
        left = tuple(rest)
        return (
            Decided(self.listed, (*self.opened, first), self.closed, left),
            Decided(self.listed, self.opened, (*self.closed, first), left),
        )


def all_kinds(menus: Menus, due: BoolArray, rows: Sequence[Row], pools: Sequence[Pool]) -> Kinds:
    """Users merged where they are the same also in what they need; members of services are rows."""
    # Of a mix so little may need a service that no member of it is counted.
    told = all(np.array_equal(pool.needs, pool.members.base != 0) for pool in pools)
    return kinds_of(menus, due, [*rows, *(pool.members for pool in pools)], merge=told)


def undivided(pools: Sequence[Pool]) -> Decided:
    """The dearest services listed, and any that are too many left undecided."""
    order = sorted(range(len(pools)), key=lambda k: (-pools[k].cost + pools[k].worth, k))
    return Decided(tuple(order[:MOST_BITS]), undecided=tuple(order[MOST_BITS:]))


class Gains:
    """The gains of everybody, as a table over the openings of the listed services."""

    def __init__(
        self,
        kinds: Kinds,
        pools: Sequence[Pool],
        decided: Decided,
        scale: "Scale | None" = None,
    ) -> None:
        self.kinds, self.pools, self.decided = kinds, pools, decided
        self.n_rows = len(kinds.rows) - len(pools)
        self.scale = scale or Scale(kinds, pools)
        needs = [np.append(pool.needs, False)[kinds.package] for pool in pools]
        allowed = np.ones(len(kinds.package), dtype=np.bool_)
        for k in decided.closed:
            allowed &= ~needs[k]
        self.allowed = allowed
        self.undecided = [(k, needs[k]) for k in decided.undecided]
        mask = np.zeros(len(kinds.package), dtype=np.int64)
        for bit, k in enumerate(decided.listed):
            mask |= needs[k].astype(np.int64) << bit
        self._lay_out(np.flatnonzero(allowed), mask)
        served = self._summed(np.ones(len(kinds.package), dtype=np.int64), nobody=0)
        self.impossible: BoolArray = served < int(kinds.count.sum())
        self.cost = self._sum_of([pool.cost for pool in pools])
        self.worth = self._sum_of([pool.worth for pool in pools])

    def bounds(self, prices: Prices) -> IntArray:
        """For each opening what nothing that keeps the limits is worth more than, rounded down.

        `IMPOSSIBLE` where that shows that nothing keeps them. Undecided services count as open, and
        those who gain by them share what they take.
        """
        kinds, q = self.kinds, prices.denominator
        value = kinds.value if prices.valued else np.zeros_like(kinds.value)
        surplus = surplus_at(kinds, prices.multipliers, q, value)
        if surplus.dtype != np.int64 or not self.scale.fits(prices):
            raise NumbersTooLargeError(
                "the multipliers of the shared services are too large for exact 64-bit arithmetic; "
                "set money_decimals or need_decimals lower in scenario.toml"
            )
        for k, needs in self.undecided:
            surplus -= np.where(needs, self._share(surplus, needs, self._due(k, prices)), 0)
        total = self._summed(surplus, nobody=IMPOSSIBLE)
        pairs = zip(prices.multipliers, kinds.rows[: self.n_rows], strict=False)
        total += sum(p * row.limit for p, row in pairs)
        total -= self._sum_of([self._due(k, prices) for k in range(len(self.pools))])
        bounds: IntArray = total // q
        if not prices.valued:
            bounds = np.where(total < 0, IMPOSSIBLE, ROOM)
        bounds[self.impossible] = IMPOSSIBLE
        return bounds

    def _due(self, k: int, prices: Prices) -> int:
        """What opening a service takes, at prices, times their denominator."""
        pool, p = self.pools[k], prices.multipliers
        worth = prices.denominator * pool.worth if prices.valued else 0
        return p[0] * pool.cost - worth + p[self.n_rows + k] * pool.least

    def _share(self, surplus: IntArray, needs: BoolArray, due: int) -> IntArray:
        """What each option's users pay for a service: up to their gain, together what is due."""
        kinds, starts = self.kinds, self.kinds.offsets[:-1]
        best = np.maximum.reduceat(np.where(self.allowed, surplus, FAR), starts)
        without = np.maximum.reduceat(np.where(self.allowed & ~needs, surplus, FAR), starts)
        gain = best - without
        low, high = 0, min(due, ROOM // max(1, self.scale.users))
        while low < high:
            most = (low + high + 1) // 2
            enough = int((kinds.count * np.minimum(gain, most)).sum()) <= due
            low, high = (most, high) if enough else (low, most - 1)
        share: IntArray = np.minimum(gain, low)[kinds.owner]
        return share

    def _sum_of(self, amounts: Sequence[int]) -> IntArray:
        """For each opening the sum of the amounts of what is open."""
        total = np.array([sum(amounts[k] for k in self.decided.opened)], dtype=np.int64)
        for k in self.decided.listed:
            total = np.concatenate([total, total + amounts[k]])
        return total

    def _lay_out(self, options: IntArray, mask: IntArray) -> None:
        """Give each kind a cell for each set of the services that it could use."""
        kinds, owner = self.kinds, self.kinds.owner
        union = np.zeros(kinds.n_kinds, dtype=np.int64)
        np.bitwise_or.at(union, owner[options], mask[options])
        bits = len(self.decided.listed)
        rank = np.cumsum([union >> bit & 1 for bit in range(bits)], axis=0) if bits else union[None]
        # Who could use too many has the cheapest of them open in any case: the bound stays one.
        size = np.bitwise_count(union).astype(np.int64)
        most = next(m for m in range(MOST_BITS, -1, -1) if (2 ** np.minimum(size, m)).sum() < CELLS)
        size = np.minimum(size, most)
        order = np.argsort(size, kind="stable")
        start = np.empty(kinds.n_kinds, dtype=np.int64)
        start[order] = np.cumsum(2 ** size[order]) - 2 ** size[order]
        local, place = np.zeros(len(options), dtype=np.int64), np.zeros((most, kinds.n_kinds), int)
        for bit in range(bits):
            own = (union >> bit & 1).astype(np.bool_) & (rank[bit] <= most)
            place[rank[bit][own] - 1, np.flatnonzero(own)] = bit
            rows = owner[options]
            here = own[rows] & (mask[options] >> bit & 1).astype(np.bool_)
            local[here] |= 1 << (rank[bit][rows[here]] - 1)
        cell = start[owner[options]] + local
        by_cell = np.argsort(cell, kind="stable")
        self.options = options[by_cell]
        self.cell, self.first = np.unique(cell[by_cell], return_index=True)
        self.sizes = [(s, int((size == s).sum())) for s in range(most + 1) if (size == s).any()]
        self.count = kinds.count[order]
        self._entries(order, size[order], place)

    def _entries(self, order: IntArray, size: IntArray, place: IntArray) -> None:
        """For each cell the entry of the table that it counts from."""
        entries = []
        for s, _ in self.sizes:
            kinds = order[size == s]
            sets = np.arange(2**s)
            entry = np.zeros((len(kinds), 2**s), dtype=np.int64)
            for r in range(s):
                entry |= (sets >> r & 1) << place[r, kinds][:, None]
            entries.append(entry.ravel())
        entry = np.concatenate(entries) if entries else np.zeros(0, dtype=np.int64)
        self.by_entry = np.argsort(entry, kind="stable")
        self.entry, self.entry_first = np.unique(entry[self.by_entry], return_index=True)

    def _summed(self, surplus: IntArray, nobody: int) -> IntArray:
        """For each opening the sum over users of the best surplus among what is open to them.

        Sums are modulo 2^64: where a user has nothing to choose they are meaningless, and such
        openings are impossible anyway; all others come out exactly.
        """
        cells = np.full(len(self.by_entry), nobody, dtype=np.int64)
        if len(self.cell):
            cells[self.cell] = np.maximum.reduceat(surplus[self.options], self.first)
        at = kind = 0
        for s, n in self.sizes:
            table = cells[at : at + n * 2**s].reshape(n, 2**s)
            for bit in range(s):
                halves = table.reshape(-1, 2, 2**bit)
                np.maximum(halves[:, 1], halves[:, 0], out=halves[:, 1])
            for bit in range(s):
                halves = table.reshape(-1, 2, 2**bit)
                halves[:, 1] -= halves[:, 0]
            table *= self.count[kind : kind + n, None]
            at, kind = at + n * 2**s, kind + n
        total = np.zeros(2 ** len(self.decided.listed), dtype=np.int64)
        if len(cells):
            total[self.entry] = np.add.reduceat(cells[self.by_entry], self.entry_first)
        for bit in range(len(self.decided.listed)):
            halves = total.reshape(-1, 2, 2**bit)
            halves[:, 1] += halves[:, 0]
        return total


class Scale:
    """How large sums over everybody can become, and so how fine prices may be."""

    def __init__(self, kinds: Kinds, pools: Sequence[Pool]) -> None:
        rows = kinds.rows
        self.users, self.value = int(kinds.count.sum()), _size(kinds.value)
        self.uses = [_size(row.base) * max(map(abs, row.weights), default=0) for row in rows]
        self.limits = [abs(row.limit) for row in rows]
        self.cost = sum(pool.cost for pool in pools)
        self.worth = sum(abs(pool.worth) for pool in pools)

    def fits(self, prices: Prices) -> bool:
        """Whether no sum over everybody can leave 64 bits at these prices."""
        q, multipliers = prices.denominator, prices.multipliers
        most = q * self.value if prices.valued else 0
        most += sum(p * use for p, use in zip(multipliers, self.uses, strict=True))
        fixed = q * self.worth + (multipliers[0] * self.cost if multipliers else 0)
        fixed += sum(p * limit for p, limit in zip(multipliers, self.limits, strict=True))
        return 2 * self.users * most + fixed < ROOM

    def prices(self, prices: Sequence[Fraction], *, valued: bool = True) -> Prices:
        """Prices as whole numbers over a power of two, as fine as sums in 64 bits allow.

        Raises
        ------
        NumbersTooLargeError
            Where none are.
        """
        for bits in range(FINEST, -1, -1):
            found = Prices(tuple(round(price * 2**bits) for price in prices), 2**bits, valued)
            if self.fits(found):
                return found
        raise NumbersTooLargeError(
            "values, costs or users are too many for exact 64-bit arithmetic with shared services; "
            "set money_decimals or need_decimals lower in scenario.toml"
        )


def _size(values: IntArray) -> int:
    return max(abs(int(values.max(initial=0))), abs(int(values.min(initial=0))))
