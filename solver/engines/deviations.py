"""Deviations: other options than everybody's best at the prices, and what they lose and use."""

import itertools
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray, IntArray


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

    def dealt(self) -> tuple[list["Deviations"], list["Deviations"]]:
        """Users by least loss, dealt in turn into two halves."""
        edges = np.flatnonzero(np.diff(self.user, prepend=-1, append=-1))
        users = [
            Deviations(self.user[a:b], self.option[a:b], self.loss[a:b], self.use[a:b])
            for a, b in itertools.pairwise(edges.tolist())
        ]
        users.sort(key=lambda each: int(each.loss.min()))
        return users[::2], users[1::2]

    def _taken(self, these: BoolArray) -> "Deviations":
        return Deviations(self.user[these], self.option[these], self.loss[these], self.use[these])
