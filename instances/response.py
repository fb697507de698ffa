"""Response curves: what share of a need counts as met, for the share of it that is supported."""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import lcm
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from metneed.models.arrays import IntArray

WHOLE = 1000
"""Support and met share of a knot are integer thousandths."""

Numbers: TypeAlias = npt.NDArray[Any]
"""int64, or Python integers where int64 is too small."""

Knots: TypeAlias = tuple[tuple[int, int], ...]
"""Support and met share of each knot, thousandths, from (0, 0) to (1000, 1000)."""

STRAIGHT_LINE: Knots = ((0, 0), (WHOLE, WHOLE))


@dataclass(frozen=True, eq=False)
class Response:
    """The curve of each need, straight between its knots; without any, every curve is straight.

    Parameters
    ----------
    knots
        The curves.
    curve
        For each level of the reckoner the position of its curve; empty without curves.

    Raises
    ------
    ValueError
        Where a curve does not run from (0, 0) to (1, 1), falls, or jumps.
    """

    knots: tuple[Knots, ...] = ()
    curve: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __post_init__(self) -> None:
        for knots in self.knots:
            if knots[0] != (0, 0) or knots[-1] != (WHOLE, WHOLE):
                raise ValueError("a response curve does not run from (0, 0) to (1, 1)")
            if any(after[0] <= before[0] for before, after in pairwise(knots)):
                raise ValueError("the support of a response curve does not rise")
            if any(after[1] < before[1] for before, after in pairwise(knots)):
                raise ValueError("a response curve falls")

    @property
    def is_straight(self) -> bool:
        """Whether every share of support meets the same share of need."""
        return all(knots == STRAIGHT_LINE for knots in self.knots)

    @cached_property
    def scale(self) -> int:
        """The common denominator of all slopes and heights."""
        return lcm(*(part.denominator for line in self._lines for part in line))

    @cached_property
    def greatest(self) -> int:
        """No slope and no height, times the scale, is greater together."""
        return max([self.scale, *(int(sum(map(abs, line)) * self.scale) for line in self._lines)])

    def met(self, level: IntArray, still: Numbers, scale: Numbers) -> Numbers:
        """What is met of each need, over `self.scale` times the row's scale.

        Parameters
        ----------
        level
            Rows by needs: level of the reckoner.
        still
            Rows by needs: the share that is still open, over the row's scale.
        scale
            Of each row.
        """
        supported: Numbers = scale[:, None] - still
        if self.is_straight:
            return supported
        curve = self.curve[level]
        line = np.array(self._starts)[curve]
        for position, knots in enumerate(self.knots):
            mine = curve == position
            for support, _ in knots[1:-1]:
                line += mine & (supported * WHOLE >= (scale * support)[:, None])
        kind = supported.dtype
        slope, height = (
            np.array([int(part * self.scale) for part in column], dtype=object).astype(kind)
            for column in zip(*self._lines, strict=True)
        )
        met: Numbers = slope[line] * supported + height[line] * scale[:, None]
        return met

    @cached_property
    def _lines(self) -> list[tuple[Fraction, Fraction]]:
        """Slope and height at no support of each piece of each curve."""
        lines = []
        for knots in self.knots or (STRAIGHT_LINE,):
            for (left, low), (right, high) in pairwise(knots):
                slope = Fraction(high - low, right - left)
                lines.append((slope, (low - slope * left) / WHOLE))
        return lines

    @cached_property
    def _starts(self) -> list[int]:
        """Where the pieces of each curve begin among the lines."""
        sizes = [len(knots) - 1 for knots in self.knots]
        return [sum(sizes[:position]) for position in range(len(sizes))]
