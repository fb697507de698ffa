"""Shares of need: what part of each user's need is met."""

import math

import numpy as np

from metneed.models.arrays import FloatArray, IntArray


def shares_of_need(met_need: IntArray, need: IntArray) -> FloatArray:
    """Met need over need for each user who has a need; the other users have no share.

    Equal fractions give equal floats and greater ones never smaller floats, because a float
    division is correctly rounded: ranks of shares are ranks of the exact fractions.

    Parameters
    ----------
    met_need, need
        Smallest need units, one row a user, 0 or more.

    >>> shares_of_need(np.array([3, 0, 5]), np.array([12, 0, 10])).tolist()
    [0.25, 0.5]
    """
    has_need = need > 0
    if not has_need.all():
        met_need, need = met_need[has_need], need[has_need]
    return met_need / need


def mean(values: FloatArray) -> float | None:
    """The mean, the same for every order and machine; None where there are no values."""
    return math.fsum(values) / len(values) if len(values) else None


def lowest_share(values: FloatArray, percent: int) -> float | None:
    """The value at rank ceil(n x percent / 100) from below; None where there are no values.

    This is the inverse of the empirical distribution: always somebody's own value, never a
    point between two people.

    Parameters
    ----------
    values
        One value a user, in any order.
    percent
        1 to 100.

    References
    ----------
    R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, The American Statistician
    50 (1996), pages 361-365, definition 1.

    >>> lowest_share(np.arange(1.0, 12.0), 10)
    2.0
    """
    if not len(values):
        return None
    rank = -(-len(values) * percent // 100)
    return float(np.partition(values, rank - 1)[rank - 1])
