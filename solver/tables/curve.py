"""Curves from points to money: a straight line, and amounts at knots."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol, TypeAlias

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.errors import OptionError
from metneed.solver.tables.rounding import Rounding, rounded_one, scaled

Between: TypeAlias = Literal["step", "line"]


class Curve(Protocol):
    """What gives an amount of money for points."""

    def amounts(self, points: IntArray, how: Rounding = "nearest", whole: int = 100) -> IntArray:
        """Smallest money units for points in smallest need units."""
        ...


@dataclass(frozen=True)
class Line:
    """A base and a rate for each point, least 0.

    Parameters
    ----------
    base
        Smallest money units at 0 points.
    rate
        Smallest money units for each smallest unit of points.
    """

    base: Fraction
    rate: Fraction

    def amounts(self, points: IntArray, how: Rounding = "nearest", whole: int = 100) -> IntArray:
        """``max(0, base + rate x points)``, rounded once."""
        found = scaled(points, self.rate, how, plus=self.base, whole=whole)
        result: IntArray = np.maximum(found, 0)
        return result


def line_through(first: tuple[int, int], second: tuple[int, int]) -> Line:
    """The straight line through two pairs of points and amount.

    Raises
    ------
    OptionError
        Where both have the same points.

    >>> line_through((16_000, 8291), (22_000, 11221)).amounts(np.array([16_000, 22_000])).tolist()
    [8291, 11221]
    """
    if first[0] == second[0]:
        raise OptionError(
            f"two amounts for the same points ({first[0]} smallest units) give no line: take two "
            "people with different points"
        )
    rate = Fraction(second[1] - first[1], second[0] - first[0])
    return Line(first[1] - rate * first[0], rate)


@dataclass(frozen=True, eq=False)
class Knots:
    """Amounts at some points; below the first and above the last as there.

    Parameters
    ----------
    points
        Smallest need units, rising.
    exact
        Amount at each, smallest money units.
    between
        Between two knots the amount of the lower one, or a straight line.
    """

    points: IntArray
    exact: tuple[Fraction, ...]
    between: Between = "step"

    def amounts(self, points: IntArray, how: Rounding = "nearest", whole: int = 100) -> IntArray:
        """The amounts of the knots or between them, rounded once."""
        if self.between == "line":
            distinct, back = np.unique(points, return_inverse=True)
            values = [rounded_one(self._on_line(int(at)), how, whole) for at in distinct]
            return np.array(values, dtype=np.int64)[back]
        values = [rounded_one(amount, how, whole) for amount in self.exact]
        place = np.searchsorted(self.points, points, side="right") - 1
        return np.array(values, dtype=np.int64)[np.maximum(place, 0)]

    def _on_line(self, at: int) -> Fraction:
        place = int(np.searchsorted(self.points, at, side="right")) - 1
        if place < 0:
            return self.exact[0]
        if place == len(self.points) - 1:
            return self.exact[-1]
        low, high = int(self.points[place]), int(self.points[place + 1])
        rise = self.exact[place + 1] - self.exact[place]
        return self.exact[place] + rise * Fraction(at - low, high - low)
