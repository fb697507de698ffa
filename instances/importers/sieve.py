"""Every row gets one fate: used, or set aside for one reason."""

from collections.abc import Sequence

import numpy as np

from metneed.instances.importers.reasons import USED, Reason
from metneed.models.arrays import BoolArray, IntArray


class Sieve:
    """The fates of the rows of a table.

    Parameters
    ----------
    rows
        How many there are.
    reasons
        All reasons that there can be.
    """

    def __init__(self, rows: int, reasons: Sequence[Reason]) -> None:
        self.reasons = tuple(reasons)
        self.fate: IntArray = np.full(rows, USED, dtype=np.int64)
        self._place = {reason.code: i for i, reason in enumerate(reasons)}

    @property
    def kept(self) -> BoolArray:
        """Which rows have not been set aside."""
        kept: BoolArray = self.fate == USED
        return kept

    @property
    def odd(self) -> BoolArray:
        """Which rows are set aside because something is wrong with them."""
        # The last place answers for rows that are used.
        return np.array([*(reason.is_odd for reason in self.reasons), False])[self.fate]

    def set_aside(self, rows: BoolArray, code: str) -> None:
        """Set these rows aside, unless they are already."""
        self.fate[rows & self.kept] = self._place[code]

    def has(self, code: str) -> BoolArray:
        """Which rows are set aside for this reason."""
        found: BoolArray = self.fate == self._place[code]
        return found
