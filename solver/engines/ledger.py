"""A ledger of whole packages: what everyone has, what each limit has left, and good moves."""

import time
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import IntArray, picked
from metneed.solver.engines.kinds import Kinds

ROOM = 2**61
FEW = 20_000
"""Options, those of least loss, among which moves are looked for first."""

PAIRED = 1_000
EXCHANGES = 40
REPAIRS = 400


def whole_amounts(kinds: Kinds) -> tuple[IntArray, IntArray, bool]:
    """What options count in each row, the limits, and whether that is exact.

    Where sums may leave 64 bits, amounts are divided by a power of two and rounded up, limits
    down: whatever keeps these limits keeps the true ones, but not the other way round.
    """
    columns, limits, exact = [], [], True
    users = int(kinds.count.sum())
    for k, row in enumerate(kinds.rows):
        most = int(np.abs(row.base).max(initial=0)) * max(map(abs, row.weights)) * (users + 1)
        shift = max(0, max(most, abs(row.limit)).bit_length() - ROOM.bit_length() + 1)
        if shift == 0 or most < ROOM:
            shift = 0
            limit = min(row.limit, ROOM)
        else:
            limit, exact = row.limit >> shift, False
        base = picked(row.base, kinds.package).astype(np.int64 if shift == 0 else object)
        weights = np.array(row.weights, dtype=base.dtype)
        amount = base * weights[kinds.klass(k)]
        columns.append((-(-amount >> shift) if shift else amount).astype(np.int64))
        limits.append(max(limit, -ROOM))
    table = np.column_stack(columns) if columns else np.zeros((len(kinds.package), 0), np.int64)
    return table, np.array(limits, dtype=np.int64), exact


@dataclass(eq=False)
class Ledger:
    """One option a user, and what is left of each limit (below 0: passed).

    Parameters
    ----------
    offsets, owner
        Options of each user, and the user of each.
    value, amounts
        Of each option.
    loss
        What each option loses to its user's best at the prices: near ties lose little.
    chosen
        The option of each user.
    left
        Of each limit.
    """

    offsets: IntArray
    owner: IntArray
    value: IntArray
    amounts: IntArray
    loss: IntArray
    chosen: IntArray
    left: IntArray

    @property
    def keeps(self) -> bool:
        """Whether every limit is kept."""
        return bool((self.left >= 0).all())

    @property
    def total(self) -> int:
        """What the options chosen are worth together."""
        return sum(self.value[self.chosen].tolist())

    def move(self, options: IntArray) -> None:
        """Give users other options; at most one each."""
        users = self.owner[options]
        self.left = self.left - (
            self.amounts[options].sum(axis=0) - self.amounts[self.chosen[users]].sum(axis=0)
        )
        self.chosen[users] = options

    def changes(self, options: IntArray) -> tuple[IntArray, IntArray]:
        """What each option would add in value and in each row."""
        now = self.chosen[self.owner[options]]
        return self.value[options] - self.value[now], self.amounts[options] - self.amounts[now]

    def nearest(self, count: int) -> IntArray:
        """Options that lose least, those of all users who have a choice."""
        if len(self.loss) <= count:
            return np.arange(len(self.loss))
        return np.sort(np.argpartition(self.loss, count)[:count])

    def repair(self, scale: IntArray) -> bool:
        """Move to options that pass the limits by less, one at a time; whether all are kept."""
        everything = np.arange(len(self.value))
        for _ in range(REPAIRS):
            if self.keeps:
                return True
            _, use = self.changes(everything)
            passed = (np.maximum(use - self.left, 0) / scale).sum(axis=1)
            now = float((np.maximum(-self.left, 0) / scale).sum())
            least = passed.min()
            if least >= now:
                return False
            nearest = np.flatnonzero(passed <= least)
            self.move(nearest[[int(np.argmin(self.loss[nearest]))]])
        return self.keeps

    def fill(self, deadline: float) -> None:
        """Take the change that adds most and keeps every limit, until there is none."""
        for options in (self.nearest(FEW), np.arange(len(self.value))):
            while time.monotonic() < deadline:
                gain, use = self.changes(options)
                fits = (gain > 0) & (use <= self.left).all(axis=1)
                if not fits.any():
                    break
                self.move(options[[int(np.argmax(np.where(fits, gain, 0)))]])
            if len(options) == len(self.value):
                break

    def exchange(self) -> bool:
        """Take the best two changes at once among near ties; whether any pair adds value."""
        options = self.nearest(PAIRED)
        gain, use = self.changes(options)
        order = np.argsort(-gain, kind="stable")
        options, gain, use = options[order], gain[order], use[order]
        best, pair = 0, (0, 0)
        for first in range(len(options)):
            if gain[first] + gain[0] <= best:
                break
            # Gains fall: only partners up to here can beat the best pair.
            last = int(np.searchsorted(-gain, gain[first] - best, side="left"))
            fits = (use[:last] <= self.left - use[first]).all(axis=1)
            fits &= self.owner[options[:last]] != self.owner[options[first]]
            if fits.any():
                second = int(np.argmax(fits))
                if gain[first] + gain[second] > best:
                    best, pair = int(gain[first] + gain[second]), (first, second)
        if best <= 0:
            return False
        self.move(options[list(pair)])
        return True

    def improve(self, deadline: float) -> None:
        """Fill, and exchange pairs, until neither adds value or the clock passes the deadline."""
        self.fill(deadline)
        for _ in range(EXCHANGES):
            if time.monotonic() > deadline or not self.exchange():
                break
            self.fill(deadline)
