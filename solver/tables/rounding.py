"""Rounding of exact amounts to whole money units, once and in a stated way."""

from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.errors import NumbersTooLargeError
from metneed.models.limits import AMOUNT_LIMIT

Rounding: TypeAlias = Literal["nearest", "down", "up", "whole_nearest", "whole_down", "whole_up"]
"""To the penny, or ``whole_`` to the pound; nearest takes halves up."""

_EXACT = 2**61


def scaled(
    values: IntArray,
    factor: Fraction,
    how: Rounding = "nearest",
    *,
    plus: Fraction | int = 0,
    whole: int = 100,
) -> IntArray:
    """Amounts ``plus + factor x value``, worked out exactly and rounded once.

    Parameters
    ----------
    values
        Whole numbers: points, hours, amounts in smallest units.
    factor, plus
        Smallest money units for each value, and for all of them.
    how
        How the amount is rounded.
    whole
        Smallest units of one pound.

    Raises
    ------
    NumbersTooLargeError
        Where an amount passes what is held exactly.

    >>> scaled(np.array([1416]), Fraction(104, 100), "down").tolist()
    [1472]
    """
    base = Fraction(plus)
    bottom = factor.denominator * base.denominator
    each, first = factor.numerator * base.denominator, base.numerator * factor.denominator
    most = max(abs(int(values.max(initial=0))), abs(int(values.min(initial=0))))
    step = whole if how.startswith("whole_") else 1
    exact = 2 * (most * abs(each) + abs(first)) + bottom * step < _EXACT
    top = (values if exact else values.astype(object)) * each + first
    amounts = rounded(top, bottom, how, whole)
    greatest = max(abs(int(amounts.max(initial=0))), abs(int(amounts.min(initial=0))))
    if greatest >= AMOUNT_LIMIT:
        raise NumbersTooLargeError(
            f"an amount of {greatest} smallest money units is more than can be held exactly "
            f"({AMOUNT_LIMIT}): check the rate of {factor}, or use fewer decimals of money"
        )
    return amounts.astype(np.int64, copy=False)


def rounded(top: IntArray, bottom: int, how: Rounding, whole: int = 100) -> IntArray:
    """The quotients ``top / bottom`` in whole money units; halves go up.

    >>> rounded(np.array([5, 15, 25]), 10, "nearest").tolist()
    [1, 2, 3]
    """
    step = whole if how.startswith("whole_") else 1
    unit = bottom * step
    way = how.removeprefix("whole_")
    if way == "down":
        parts = top // unit
    elif way == "up":
        parts = -(-top // unit)
    else:
        parts = (2 * top + unit) // (2 * unit)
    result: IntArray = parts * step
    return result


def rounded_one(amount: Fraction | int, how: Rounding = "nearest", whole: int = 100) -> int:
    """One exact amount in whole money units.

    >>> rounded_one(Fraction(41184), "whole_nearest")
    41200
    """
    exact = Fraction(amount)
    return int(rounded(np.array([exact.numerator], dtype=object), exact.denominator, how, whole)[0])
