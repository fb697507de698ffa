"""Pooling adjacent violators: the nearest amounts that never fall, in whole numbers."""

from collections.abc import Sequence
from fractions import Fraction


def pooled(sums: Sequence[int], counts: Sequence[int]) -> tuple[Fraction, ...]:
    """For each place the fitted mean: the least squares of all that never fall.

    Neighbours whose means fall are pooled into one, until none do. Means are compared by products
    of whole numbers, so no rounding decides.

    Parameters
    ----------
    sums, counts
        Sum of the costs and number of people at each place, in rising order of points.

    References
    ----------
    R. E. Barlow, D. J. Bartholomew, J. M. Bremner and H. D. Brunk, Statistical inference under
    order restrictions (1972), section 1.2.

    >>> pooled([3, 1, 8], [1, 1, 2])
    (Fraction(2, 1), Fraction(2, 1), Fraction(4, 1))
    """
    blocks: list[tuple[int, int, int]] = []  # sum, people, places
    for total, people in zip(sums, counts, strict=True):
        block = (total, people, 1)
        while blocks and blocks[-1][0] * block[1] >= block[0] * blocks[-1][1]:
            last = blocks.pop()
            block = (last[0] + block[0], last[1] + block[1], last[2] + block[2])
        blocks.append(block)
    return tuple(Fraction(total, people) for total, people, places in blocks for _ in range(places))
