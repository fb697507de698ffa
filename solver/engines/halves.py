"""Half of the users: all sets of deviations that lose no more than a gap, listed or in two parts.

A list is searched from its front, so that it is kept in order of loss. Where one list would be too
long, a few users are kept apart: each of their sets goes with the front of the list of the others,
and what is listed stays short however many sets there are.
"""

import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from metneed.models.arrays import IntArray, Positions
from metneed.solver.engines.deviations import Deviations

LONG = 400_000
"""Sets in a list from which on it is better cut in two parts."""

APART = (0, 4, 8, 12)
"""Users that are kept apart, at first and where the list of the others is still too long."""


class TooManyError(Exception):
    """There are more sets than there is room for, or the time is over."""


class Sets(Protocol):
    """Sets of deviations: what each loses and uses."""

    @property
    def loss(self) -> IntArray:
        """What each set loses."""

    @property
    def use(self) -> IntArray:
        """What it uses more than the best, a column for each row."""

    def options(self, number: int) -> list[int]:
        """The deviations of a set."""


class Ordered(Sets, Protocol):
    """Sets in order of loss."""

    def up_to(self, loss: int) -> "Ordered":
        """Those that lose no more than so much."""


@dataclass(frozen=True, eq=False)
class Listed:
    """Sets of deviations in order of loss, each an earlier one and one deviation more."""

    loss: IntArray
    use: IntArray
    node: IntArray
    parent: Positions
    option: Positions

    def options(self, number: int) -> list[int]:
        """The deviations of a set."""
        found, at = [], int(self.node[number])
        while at > 0:
            found.append(int(self.option[at]))
            at = int(self.parent[at])
        return found

    def up_to(self, loss: int) -> "Listed":
        """Those that lose no more than so much."""
        end = int(np.searchsorted(self.loss, loss, side="right"))
        return Listed(self.loss[:end], self.use[:end], self.node[:end], self.parent, self.option)


@dataclass(frozen=True, eq=False)
class Joined:
    """Sets that are one of some and one of others."""

    loss: IntArray
    use: IntArray
    one: Sets
    other: Sets
    first: IntArray
    second: IntArray

    def options(self, number: int) -> list[int]:
        """The deviations of a set."""
        ones = self.one.options(int(self.first[number]))
        return ones + self.other.options(int(self.second[number]))


def listed(users: list[Deviations], rows: int, gap: int, most: int, deadline: float) -> Listed:
    """All sets of deviations, at most one a user, that lose no more than the gap.

    Raises
    ------
    TooManyError
        Where there are more than `most`, or the time is over.
    """
    loss, use = np.zeros(1, dtype=np.int64), np.zeros((1, rows), dtype=np.int64)
    parent, option = np.full(1, -1, dtype=np.int32), np.full(1, -1, dtype=np.int32)
    # Who loses much at least has few sets, so that the long lists come last.
    for user in reversed(users):
        if time.monotonic() > deadline:
            raise TooManyError
        added = [np.flatnonzero(loss <= gap - int(own)) for own in user.loss]
        if len(loss) + sum(map(len, added)) > most:
            raise TooManyError
        loss = np.concatenate(
            [loss, *(loss[at] + own for at, own in zip(added, user.loss, strict=True))]
        )
        use = np.concatenate(
            [use, *(use[at] + own for at, own in zip(added, user.use, strict=True))]
        )
        parent = np.concatenate([parent, *(at.astype(np.int32) for at in added)])
        own = [np.full(len(at), o, np.int32) for at, o in zip(added, user.option, strict=True)]
        option = np.concatenate([option, *own])
    order = np.argsort(loss, kind="stable")
    return Listed(loss[order], use[order], order, parent, option)


@dataclass(frozen=True, eq=False)
class Half:
    """All sets of half of the users: each of the few apart with one of the others.

    Parameters
    ----------
    apart, others
        The two parts; `apart` has one empty set where one list does.
    gap
        What a set may lose.
    """

    apart: Listed
    others: Ordered
    gap: int

    def ends(self, edges: list[int]) -> IntArray:
        """How many of the others go with each of the few, up to each edge of loss."""
        left = np.array(edges, dtype=np.int64)[None, :] - self.apart.loss[:, None]
        ends: IntArray = np.searchsorted(self.others.loss, left, side="right")
        return ends

    @property
    def sets(self) -> int:
        """How many there are."""
        return int(self.ends([self.gap]).sum())

    def joined(self, first: IntArray, second: IntArray) -> Joined:
        """Some of the sets, by their two parts."""
        loss = self.apart.loss[first] + self.others.loss[second]
        use = self.apart.use[first] + self.others.use[second]
        return Joined(loss, use, self.apart, self.others, first, second)


def half(users: list[Deviations], rows: int, gap: int, most: int, deadline: float) -> Half:
    """All sets of some users, those who lose least first.

    Raises
    ------
    TooManyError
        Where even a part of them is more than `most`, or the time is over.
    """
    for count in APART:
        last = count == APART[-1] or count >= len(users)
        limit = most if last else min(most, LONG)
        try:
            others = listed(users[count:], rows, gap, limit, deadline)
        except TooManyError:
            if last or time.monotonic() > deadline:
                raise
            continue
        return Half(listed(users[:count], rows, gap, most, deadline), others, gap)
    raise TooManyError
