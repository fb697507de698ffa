"""Branch and bound in integers: proving the best whole packages where near ties are too many.

A small linear programme per branch gives prices; what they prove by weak duality, in integers, is
all that ever closes a branch. So a solver that is wrong costs time, never the truth of the answer.
Limits that follow from the given ones for whole choices make the programmes tighter beforehand, and
of several users the one is decided whose branches promise the lowest bounds.
"""

import time
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray, FloatArray, IntArray
from metneed.solver.engines.array_lp import ChoiceProgram
from metneed.solver.engines.splits import Splits
from metneed.solver.engines.tighter import Options, tighter

BITS = 24
ROOM = 2**61
WHOLE = 1e-6
"""Values nearer than this to a whole number count as whole."""

TIGHTENING = 1 / 8
"""Part of the time in which further limits are looked for."""

LIKELY, VAIN = 12, 4
"""Options that are looked at before a user is decided, and how many in a row may be in vain."""

MOST_USERS = 1_500
"""Who have several options in question: with more of them branches lead nowhere."""


@dataclass(frozen=True, eq=False)
class Branched:
    """What the search found: options better than those known, if any, and what it proved.

    Parameters
    ----------
    chosen
        The option of each user, None where nothing better was found.
    value
        Of these, or what was known.
    upper_bound
        Nothing is worth more; the value where the search came to its end.
    nodes
        Branches that were looked at.
    """

    chosen: IntArray | None
    value: int
    upper_bound: int
    nodes: int


def branch(options: Options, known: int, bound: int, deadline: float) -> Branched:
    """Better options than those known, or the proof that there are none.

    Parameters
    ----------
    options
        The problem.
    known
        Value to beat.
    bound
        Nothing is worth more, as is known already.
    deadline
        Of the clock `time.monotonic`.
    """
    now = time.monotonic()
    more = tighter(options, now + TIGHTENING * (deadline - now))
    return _Search(more, known).run(bound, deadline)


def branch_among(
    options: Options, near: BoolArray, known: int, bound: int, deadline: float
) -> Branched:
    """The same where only some options are in question; nothing new where they are too many.

    Parameters
    ----------
    options, known, bound, deadline
        As `branch` has them.
    near
        Whatever is better than what is known has only these; every user has one at least.
    """
    count = np.add.reduceat(near.astype(np.int64), options.offsets[:-1])
    owner = np.repeat(np.arange(len(count)), np.diff(options.offsets))
    free = count > 1
    if int(free.sum()) > MOST_USERS or not free.any():
        return Branched(None, known, bound, 0)
    alone = np.flatnonzero(near & ~free[owner])
    inner = np.flatnonzero(near & free[owner])
    worth = sum(options.value[alone].tolist())
    shrunk = Options(
        np.concatenate([[0], np.cumsum(count[free])]),
        options.value[inner],
        options.amounts[inner],
        options.limits - options.amounts[alone].sum(axis=0),
    )
    found = branch(shrunk, known - worth, bound - worth, deadline)
    chosen = found.chosen
    if chosen is not None:
        chosen = np.sort(np.concatenate([alone, inner[chosen]]))
    return Branched(chosen, found.value + worth, found.upper_bound + worth, found.nodes)


class _Search:
    def __init__(self, options: Options, known: int) -> None:
        self.options, self.value = options, known
        self.chosen: IntArray | None = None
        sizes = np.diff(options.offsets)
        self.sizes = sizes
        self.owner = np.repeat(np.arange(len(sizes)), sizes)
        self.programme = ChoiceProgram(
            options.offsets, options.value, options.amounts, options.limits
        )
        largest = np.abs(options.amounts).max(initial=1).item()
        spread = np.abs(options.value).max(initial=0).item()
        self.most = ROOM // (2 * max(1, largest) * max(1, len(options.limits)))
        self.fits = spread < ROOM >> (BITS + 2 + len(sizes).bit_length())
        self.splits = Splits(len(options.value))
        self.nodes = 0

    def run(self, bound: int, deadline: float) -> Branched:
        """Depth first, the likelier branch first."""
        everything = np.ones(len(self.owner), dtype=np.bool_)
        open_ = [(everything, bound)] if self.fits else []
        given_up = self.value if self.fits else bound
        while open_:
            allowed, above = open_.pop()
            if above <= self.value:
                continue
            if time.monotonic() > deadline:
                given_up = max([given_up, above, *(other for _, other in open_)])
                break
            self.nodes += 1
            branches = self._branches(allowed, above)
            if branches is None:
                given_up = max(given_up, above)
                continue
            open_ += branches
        return Branched(self.chosen, self.value, max(self.value, given_up), self.nodes)

    def _branches(self, allowed: BoolArray, above: int) -> list[tuple[BoolArray, int]] | None:
        """What must still be looked at of a branch; None where that cannot be said."""
        found = self.programme.solve(allowed)
        if found is None:
            return None
        shares, prices = found
        if not (np.isfinite(shares).all() and np.isfinite(prices).all()):
            return None
        total, loss = self._bound(allowed, prices)
        above = min(above, total >> BITS)
        if above <= self.value:
            return []
        shares = np.where(allowed, shares, 0.0)
        # Whoever has one option left has it, whatever the solver says.
        split = np.where(self._several(allowed), np.minimum(shares, 1 - shares), 0.0)
        if split.max() < WHOLE:
            return self._whole(np.flatnonzero(shares > 0.5), allowed, above)
        kept = allowed & (loss <= total - ((self.value + 1) << BITS))
        return self._split(kept, shares, split, total)

    def _split(
        self, kept: BoolArray, shares: FloatArray, split: FloatArray, total: int
    ) -> list[tuple[BoolArray, int]]:
        """Branches at the option that promises most, or what is left where one closes at once."""
        likely = np.argsort(-split, kind="stable")[:LIKELY]
        likely = likely[split[likely] >= WHOLE]
        most, chosen, vain = -1.0, self._two(kept, int(likely[0]), total >> BITS), 0
        for option in self.splits.ranked(likely, shares):
            two = self._two(kept, option, total >> BITS)
            if not self.splits.is_sure(option):
                two = self._looked_at(two, option, shares, total)
                if len(two) < 2:
                    return two
            promised = self.splits.promise(option, shares)
            vain = 0 if promised > most else vain + 1
            if promised > most:
                most, chosen = promised, two
            elif vain >= VAIN:
                break
        return chosen

    def _looked_at(
        self, two: list[tuple[BoolArray, int]], option: int, shares: FloatArray, total: int
    ) -> list[tuple[BoolArray, int]]:
        """Branches with their own bounds, without those that close."""
        left = []
        for allowed, above in two:
            found = self.programme.solve(allowed)
            if found is None or not np.isfinite(found[1]).all():
                left.append((allowed, above))
                continue
            own, loss = self._bound(allowed, found[1])
            own = min(own, total)
            self.splits.note(option, shares, (total - own) / 2**BITS, taken=bool(allowed[option]))
            if own >> BITS > self.value:
                left.append((allowed & (loss <= own - ((self.value + 1) << BITS)), own >> BITS))
        return left

    def _bound(self, allowed: BoolArray, prices: FloatArray) -> tuple[int, IntArray]:
        """The bound of a branch in parts of 2^-24, and what each option stays below the best."""
        options = self.options
        whole = np.minimum(np.round(np.maximum(prices, 0) * 2**BITS), self.most).astype(np.int64)
        surplus = (options.value << BITS) - options.amounts @ whole
        surplus[~allowed] = -(2**62)
        best = np.maximum.reduceat(surplus, options.offsets[:-1])
        limits = zip(whole.tolist(), options.limits.tolist(), strict=True)
        total = sum(best.tolist()) + sum(price * limit for price, limit in limits)
        return total, np.repeat(best, self.sizes) - surplus

    def _several(self, allowed: BoolArray) -> BoolArray:
        """For each option whether its user has others left."""
        count = np.add.reduceat(allowed.astype(np.int64), self.options.offsets[:-1])
        several: BoolArray = count[self.owner] > 1
        return several

    def _whole(
        self, chosen: IntArray, allowed: BoolArray, above: int
    ) -> list[tuple[BoolArray, int]] | None:
        """Take whole packages if they keep the limits; go on with what differs from them."""
        options = self.options
        if len(chosen) != len(self.sizes):
            return None
        if (options.amounts[chosen].sum(axis=0) <= options.limits).all():
            value = sum(options.value[chosen].tolist())
            if value > self.value:
                self.value, self.chosen = value, chosen
            if above <= self.value:
                return []
        # Rounding of the prices, or a limit passed by too little to matter: any user will do.
        free = chosen[self._several(allowed)[chosen]]
        if not len(free):
            return []
        return self._two(allowed, int(free[0]), above)

    def _two(self, allowed: BoolArray, option: int, above: int) -> list[tuple[BoolArray, int]]:
        """Without the option, and, looked at first, with nothing else for its user."""
        offsets, user = self.options.offsets, self.owner[option]
        menu = slice(offsets[user], offsets[user + 1])
        others = allowed[menu].copy()
        others[option - menu.start] = False
        with_, without = allowed.copy(), allowed.copy()
        with_[menu] = False
        with_[option] = True
        without[option] = False
        return [*([(without, above)] if others.any() else []), (with_, above)]
