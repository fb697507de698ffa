"""Exact sums of whole numbers, whatever their size."""

from metneed.models.arrays import IntArray

_LARGEST = 2**63 - 1
_LOW_BITS = 32


def exact_sum(values: IntArray) -> int:
    """The sum of int64 numbers as a Python integer, also where it passes 2^63.

    >>> import numpy as np
    >>> exact_sum(np.full(4, 2**62))
    18446744073709551616
    """
    if not len(values):
        return 0
    greatest = max(abs(int(values.max())), abs(int(values.min())))
    if greatest * len(values) <= _LARGEST:
        return int(values.sum())
    # Both halves of every number are below 2^32, so that their sums fit in 64 bits.
    high = int((values >> _LOW_BITS).sum())
    low = int((values & (2**_LOW_BITS - 1)).sum())
    return (high << _LOW_BITS) + low
