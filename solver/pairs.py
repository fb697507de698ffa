"""Pairs: packages of two people that exclude or require each other, or add to each other."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from metneed.models.allocation import WHOLE, Parts
from metneed.models.arrays import BoolArray, IntArray, frozen, owners
from metneed.models.problem import Problem
from metneed.solver.engines.rows import Row

EXCLUDES, REQUIRES, ADDS = range(3)

ROUNDED = 2
"""Billionths by which rounding of two shares may pass a limit."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of packages, by their positions in the menus.

    Parameters
    ----------
    first, second
        A package of one user, and one of another.
    kind
        `EXCLUDES`: not both. `REQUIRES`: the first only with the second. `ADDS`: whoever has
        both gains or loses something beside what each of them is worth.
    adds
        What both together add to the value, smallest need units; 0 for the other kinds.
    titles
        What each is called in messages and certificates.
    """

    first: IntArray
    second: IntArray
    kind: IntArray
    adds: IntArray
    titles: tuple[str, ...]

    @classmethod
    def together(cls, several: Iterable["Pairs"]) -> "Pairs":
        """All pairs of several constraints."""
        several = list(several)
        return cls(
            frozen(np.concatenate([pairs.first for pairs in several])),
            frozen(np.concatenate([pairs.second for pairs in several])),
            frozen(np.concatenate([pairs.kind for pairs in several])),
            frozen(np.concatenate([pairs.adds for pairs in several])),
            tuple(title for pairs in several for title in pairs.titles),
        )

    def __len__(self) -> int:
        return len(self.first)

    def only(self, which: BoolArray) -> "Pairs":
        """Those of a mask."""
        return Pairs(
            frozen(self.first[which]),
            frozen(self.second[which]),
            frozen(self.kind[which]),
            frozen(self.adds[which]),
            tuple(self.titles[k] for k in np.flatnonzero(which)),
        )

    def users(self, problem: Problem) -> IntArray:
        """For each pair the rows of its two users, side by side."""
        owner = owners(problem.menus.offsets)
        return np.stack([owner[self.first], owner[self.second]], axis=1)

    def broken(self, parts: Parts, n_packages: int) -> BoolArray:
        """Which pairs are not kept, by more than rounding of shares may; what adds never is."""
        share = np.zeros(n_packages, dtype=np.int64)
        share[parts.package] = parts.share
        one, other = share[self.first], share[self.second]
        too_much = (self.kind == EXCLUDES) & (one + other > WHOLE + ROUNDED)
        result: BoolArray = too_much | ((self.kind == REQUIRES) & (one > other + ROUNDED))
        return result

    def rows(self, n_packages: int) -> tuple[Row, ...]:
        """Each pair as a limit on a sum: for whole packages exactly what it says."""
        return tuple(self._row(place, title, n_packages) for place, title in enumerate(self.titles))

    def _row(self, place: int, title: str, n_packages: int) -> Row:
        requires = bool(self.kind[place] == REQUIRES)
        base = np.zeros(n_packages, dtype=np.int64)
        base[self.first[place]] = 1
        base[self.second[place]] = -1 if requires else 1
        return Row(title, frozen(base), 0 if requires else 1)
