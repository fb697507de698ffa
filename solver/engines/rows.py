"""Rows: limits on sums over everybody's packages, next to the budget."""

from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import IntArray, picked


@dataclass(frozen=True, eq=False)
class Row:
    """The amounts of all chosen packages together are at most a limit.

    A "no less than" is written negated, so that every row says "at most". A package of class k
    counts its base times the k-th weight: so a limit on shares of groups stays a small number for
    each group instead of a large one for each package.

    Parameters
    ----------
    name
        What the row is called in messages and certificates; unique.
    base
        For each package, smallest units of what is counted.
    limit
        Smallest units times whatever the weights carry.
    klass
        For each package its class; None where all are of class 0.
    weights
        Whole numbers, one a class.
    """

    name: str
    base: IntArray
    limit: int
    klass: IntArray | None = None
    weights: tuple[int, ...] = (1,)

    def total(self, packages: IntArray) -> int:
        """The amount of chosen packages (positions in the menus, -1 for nothing), exactly."""
        chosen = packages[packages >= 0]
        klass = np.zeros(len(chosen), dtype=np.int64) if self.klass is None else self.klass[chosen]
        sums = np.zeros(len(self.weights), dtype=np.int64)
        np.add.at(sums, klass, picked(self.base, chosen))
        return sum(w * s for w, s in zip(self.weights, sums.tolist(), strict=True))

    def is_kept(self, packages: IntArray) -> bool:
        """Whether whole packages keep the limit."""
        return self.total(packages) <= self.limit
