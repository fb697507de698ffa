"""Indices of inequality."""

import math

import numpy as np

from metneed.models.arrays import FloatArray


def gini(values: FloatArray) -> float | None:
    r"""The Gini index: 0 where all have the same, (n - 1) / n where one of n has everything.

    .. math:: G = \frac{\sum_{k=1}^{n} (2k - n - 1)\, u_{(k)}}{n \sum_k u_k}

    with :math:`u_{(1)} \le \dots \le u_{(n)}`. It is half the mean difference between two users
    drawn at random, over the mean.

    Parameters
    ----------
    values
        One value a user, 0 or more, in any order.

    Returns
    -------
    float | None
        The index; 0 by convention where all values are 0; None where there are no values.

    References
    ----------
    A. Sen, On Economic Inequality, Oxford 1997, section 2.5.

    >>> gini(np.array([12.0, 8.0, 4.0]))
    0.2222222222222222
    """
    n = len(values)
    if not n:
        return None
    ranked = np.sort(values)
    total = math.fsum(ranked)
    if not total:
        return 0.0
    weights = np.arange(1 - n, n, 2)
    # Correctly rounded sums: the same figure for every order of users and every machine.
    return math.fsum(weights * ranked) / (n * total)
