"""How far amounts are from costs, and how smooth a curve is."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from metneed.models.arrays import IntArray, Positions
from metneed.models.sums import exact_sum
from metneed.solver.tables.curve import Curve
from metneed.solver.tables.rounding import Rounding

MOST_STEPS = 1_000_000
"""Steps of a score that are tried, one by one, for the greatest jump."""


@dataclass(frozen=True)
class Accuracy:
    """Errors of amounts against costs, smallest money units.

    Parameters
    ----------
    people
        How many people.
    median_error, mean_error
        Of the absolute errors; of an even number the median is the mean of the middle two.
    bias
        Mean of amount less cost: above 0 where the amounts give too much.
    within_10, within_20
        Shares of the people whose amount is off by at most 10 and 20 per cent of the cost; a cost
        of 0 is met by an amount of 0 only.
    """

    people: int
    median_error: Fraction
    mean_error: Fraction
    bias: Fraction
    within_10: Fraction
    within_20: Fraction


@dataclass(frozen=True)
class Shape:
    """How a curve runs.

    Parameters
    ----------
    monotone
        Whether more points never give less.
    jump
        The greatest difference between neighbouring points, smallest money units.
    at
        The lower of these two points, smallest units.
    """

    monotone: bool
    jump: int
    at: int


def accuracy(amount: IntArray, cost: IntArray) -> Accuracy | None:
    """The errors of amounts against costs; None where there is nobody."""
    people = len(cost)
    if not people:
        return None
    difference = amount - cost
    error = np.abs(difference)
    ranked = np.sort(error)
    middle = int(ranked[(people - 1) // 2]) + int(ranked[people // 2])
    return Accuracy(
        people,
        Fraction(middle, 2),
        Fraction(exact_sum(error), people),
        Fraction(exact_sum(difference), people),
        Fraction(int((error * 10 <= cost).sum()), people),
        Fraction(int((error * 5 <= cost).sum()), people),
    )


def accuracy_by_group(
    amount: IntArray, cost: IntArray, group: Positions, groups: int
) -> list[Accuracy | None]:
    """The errors in each group, None where nobody is in it."""
    return [accuracy(amount[group == each], cost[group == each]) for each in range(groups)]


def shape(
    curve: Curve,
    points: IntArray,
    step: int,
    how: Rounding = "nearest",
    whole: int = 100,
) -> Shape:
    """How a curve runs from the least to the most points, step by step.

    Parameters
    ----------
    points
        Points that occur, smallest units; they are tried as well as every whole step, of which
        there may be a million.
    step
        Smallest difference of two scores, smallest units.
    """
    low, high = int(points.min()), int(points.max())
    steps = np.arange(0, dtype=np.int64)
    if (high - low) // step <= MOST_STEPS:
        steps = np.arange(-(-low // step) * step, high + 1, step, dtype=np.int64)
    tried = np.union1d(points, steps)
    rises = np.diff(curve.amounts(tried, how, whole))
    if not len(rises):
        return Shape(monotone=True, jump=0, at=low)
    place = int(np.argmax(np.abs(rises)))
    return Shape(bool((rises >= 0).all()), int(abs(rises[place])), int(tried[place]))
