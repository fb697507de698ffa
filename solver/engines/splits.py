"""Splits: how much a bound has fallen where an option was taken or left out, to choose the next."""

import numpy as np

from metneed.models.arrays import FloatArray, IntArray

SURE = 4
"""Looks at either branch of an option after which their mean is believed."""

LITTLE = 1e-6


class Splits:
    """What was seen of each option: how far bounds fell for each share that was decided.

    Parameters
    ----------
    options
        How many there are.
    """

    def __init__(self, options: int) -> None:
        self.fall: FloatArray = np.zeros((2, options))
        self.seen: IntArray = np.zeros((2, options), dtype=np.int64)

    def note(self, option: int, shares: FloatArray, fall: float, *, taken: bool) -> None:
        """Keep how far a bound fell where the option was taken, or left out."""
        part = float(1 - shares[option] if taken else shares[option])
        row = int(taken)
        self.seen[row, option] += 1
        each = max(0.0, fall) / max(part, LITTLE)
        self.fall[row, option] += (each - self.fall[row, option]) / self.seen[row, option]

    def is_sure(self, option: int) -> bool:
        """Whether enough was seen of it."""
        return bool(self.seen[:, option].min() >= SURE)

    def promise(self, option: int, shares: FloatArray) -> float:
        """How far both bounds together may be expected to fall: their product."""
        mean = self.fall.sum(axis=1) / np.maximum(1, (self.seen > 0).sum(axis=1))
        known = np.where(self.seen[:, option] > 0, self.fall[:, option], mean)
        parts = np.array([shares[option], 1 - shares[option]])
        return float(np.maximum(known * parts, LITTLE).prod())

    def ranked(self, options: IntArray, shares: FloatArray) -> list[int]:
        """Options, those first that promise most."""
        return sorted(options.tolist(), key=lambda option: -self.promise(option, shares))
