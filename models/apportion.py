"""Dividing money so that the parts add up to the penny."""

import numpy as np

from metneed.models.arrays import IntArray

_INT64 = 2**63


def largest_remainder(total: int, weights: IntArray) -> IntArray:
    """Whole parts of `total` in proportion to the weights, adding up to `total`.

    Each gets the quotient rounded down; the units that are left go one each to the greatest
    remainders, among equal ones to the earlier. (Hamilton's method of apportionment.)

    Parameters
    ----------
    total
        What is divided, 0 or more.
    weights
        One a user, 0 or more, at least one above 0.

    Raises
    ------
    ValueError
        Where no weight is above 0, a weight is negative, or the total is.

    >>> largest_remainder(10, np.array([1, 1, 1])).tolist()
    [4, 3, 3]
    """
    whole = int(weights.sum(dtype=object)) if len(weights) else 0
    if whole <= 0 or int(weights.min()) < 0 or total < 0:
        raise ValueError("weights and total must be 0 or more, and some weight above 0")
    each, rest = divmod(int(total), whole)
    # total = each * whole + rest, so only rest * weight can pass 63 bits.
    exact = weights if rest * int(weights.max()) < _INT64 else weights.astype(object)
    more, remainder = exact * rest // whole, exact * rest % whole
    parts: IntArray = weights * each + more.astype(np.int64)
    missing = int(total) - int(parts.sum())
    if missing:
        parts[np.argsort(-remainder, kind="stable")[:missing]] += 1
    return parts
