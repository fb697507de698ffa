"""Drawing lots: who comes first by chance."""

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.random_stream import RandomStream
from metneed.models.sums import exact_sum

_LARGEST_SUM = 2**63


def drawn(stream: RandomStream, size: int, weights: IntArray | None = None) -> IntArray:
    """The numbers 0 to `size` - 1 in the order in which they are drawn, none put back.

    Parameters
    ----------
    stream
        What chance is drawn from.
    size
        How many take part.
    weights
        0 or more each: whoever is left is drawn next with a chance in proportion to the weight;
        those of weight 0 come last, in an order that is drawn without weights. None: every order
        is equally likely.

    Raises
    ------
    ValueError
        Where the weights add up to 2^63 or more.
    """
    if weights is None:
        return stream.permutation(size)
    if exact_sum(weights) >= _LARGEST_SUM:
        raise ValueError("weights of lots must add up to less than 2^63")
    parts, left = [], np.flatnonzero(weights > 0)
    first = np.full(size, -1, dtype=np.int64)
    while len(left):
        # Drawn with putting back, the first time that each comes up is a draw without it; who has
        # not come up at all is still to be drawn, with the chances of those who are left.
        draws = left[stream.choices(weights[left], 2 * len(left))]
        times = np.arange(len(draws))
        # Of repeated places the last one written stays: backwards, the first draw.
        first[draws[::-1]] = times[::-1]
        parts.append(draws[first[draws] == times])
        left = left[first[left] < 0]
    last = np.flatnonzero(weights == 0)
    return np.concatenate([*parts, last[stream.permutation(len(last))]])
