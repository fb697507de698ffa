"""The best whole packages known: whatever is found is judged here, in integers."""

from collections.abc import Sequence

import numpy as np

from metneed.models.arrays import BoolArray, IntArray, picked
from metneed.models.menus import Menus
from metneed.models.sums import exact_sum
from metneed.solver.engines.kinds import Kinds
from metneed.solver.engines.rows import Row


class KnownWhole:
    """The best whole packages known, None at first.

    Parameters
    ----------
    menus, due, rows
        The problem.
    single
        Its users apart, each a kind of one.
    """

    def __init__(self, menus: Menus, due: BoolArray, rows: Sequence[Row], single: Kinds) -> None:
        self.menus, self.due, self.rows, self.single = menus, due, rows, single
        self.picks: IntArray | None = None
        self.value = 0

    def offer(self, picks: IntArray) -> bool:
        """Take packages that keep every row and beat those known; whether they do."""
        menus = self.menus
        real = picks >= 0
        own = (picks >= menus.offsets[:-1]) & (picks < menus.offsets[1:])
        if (self.due & ~real).any() or (real & ~own).any():
            return False
        if not all(row.is_kept(picks) for row in self.rows):
            return False
        value = exact_sum(picked(menus.value, picks))
        if self.picks is not None and (value, -self._counted(picks)) <= (
            self.value,
            -self._counted(self.picks),
        ):
            return False
        self.picks, self.value = picks.copy(), value
        return True

    def options_of(self, picks: IntArray) -> IntArray:
        """The options that are these packages, or nothing; the first where nothing is no choice."""
        first = self.single.offsets[:-1]
        own = picks - self.menus.offsets[:-1] + ~self.due
        return np.where(picks >= 0, first + own, first)

    def _counted(self, picks: IntArray) -> int:
        return self.rows[0].total(picks) if self.rows else 0
