"""Band tables: points from one number to another are worth a fixed sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from metneed.models.arrays import IntArray, frozen
from metneed.models.errors import OptionError
from metneed.models.units import Units

BELOW = -1
"""Stands for the band of people who are below the first one."""


@dataclass(frozen=True, eq=False)
class Bands:
    """Bands in rising order, without a gap and without an overlap; both ends belong to the band.

    A score between two bands counts in the lower one, and one less than a whole point above the
    last still in that: 115.5 is not yet 116.

    Parameters
    ----------
    start
        First points of each band, smallest need units.
    end
        Last points of the last band, smallest need units; None where it has no end.
    amount
        What each band is worth, smallest money units.
    units
        Decimals.
    """

    start: IntArray
    end: int | None
    amount: IntArray
    units: Units

    def place(self, points: IntArray) -> IntArray:
        """The band of each, `BELOW` the first one, and the number of bands above the last."""
        found = np.searchsorted(self.start, points, side="right") - 1
        if self.end is None:
            return found.astype(np.int64)
        beyond = points >= self.end + 10**self.units.need_decimals
        return np.where(beyond, len(self.start), found).astype(np.int64)

    def amounts(self, points: IntArray) -> IntArray:
        """What the points are worth: 0 below the first band, as the last band above that."""
        place = np.minimum(self.place(points), len(self.start) - 1)
        result: IntArray = np.where(place < 0, 0, self.amount[place])
        return result

    def beyond(self, points: int) -> str:
        """What is to be said of points above the last band."""
        return (
            f"points of {self.units.short_need(points)} are above the last band, which ends at "
            f"{self.units.short_need(self.end or 0)}: add a band for them, or say above = last"
        )


Row: TypeAlias = tuple[int, int | None, int]
"""From, to (None for no end) and amount of a band, smallest units."""


def bands_of(rows: Sequence[Row], units: Units) -> Bands:
    """A band table from its rows, in any order.

    A band begins at most one whole point after the end of the one before: 70 to 115, then 116 to
    130, as councils print it, or 70 to 115.9, then 116 to 129.9.

    Raises
    ------
    OptionError
        Where there is no band, a band ends before it begins, something is negative, a band that is
        not the last has no end, or two bands are the same, overlap or leave a gap; bands are
        named by their place among the rows, from 1.
    """
    if not rows:
        raise OptionError("the table of bands is empty: give from, to and amount of each band")
    for number, (start, end, amount) in enumerate(rows, 1):
        name = _named(number, start, end, units)
        if start < 0 or amount < 0:
            raise OptionError(f"{name} has a negative number: points and amounts are 0 or more")
        if end is not None and start > end:
            raise OptionError(f"{name} ends before it begins: exchange its from and to")
    order = sorted(range(len(rows)), key=lambda row: rows[row][0])
    for first, second in pairwise(order):
        _check_pair(rows, first, second, units)
    sorted_rows = [rows[row] for row in order]
    return Bands(
        frozen([row[0] for row in sorted_rows]),
        sorted_rows[-1][1],
        frozen([row[2] for row in sorted_rows]),
        units,
    )


def _check_pair(rows: Sequence[Row], first: int, second: int, units: Units) -> None:
    start, end, _ = rows[first]
    following = rows[second][0]
    one = _named(first + 1, start, end, units)
    both = f"{one} and {_named(second + 1, following, rows[second][1], units)}"
    if rows[first][:2] == rows[second][:2]:
        raise OptionError(f"{both} are the same: keep one of them")
    if end is None:
        raise OptionError(f"{one} has no end, and another begins above it: give its to")
    if following <= end:
        raise OptionError(
            f"{both} overlap: both hold {units.short_need(following)}; end one before the other "
            "begins"
        )
    whole: int = 10**units.need_decimals
    if following > end + whole:
        between = f"{units.short_need(end)} and {units.short_need(following)}"
        raise OptionError(
            f"{both} leave a gap: points between {between} are in no band; extend one or add a band"
        )


def _named(number: int, start: int, end: int | None, units: Units) -> str:
    to = "and above" if end is None else f"to {units.short_need(end)}"
    return f"band {number} ({units.short_need(start)} {to})"
