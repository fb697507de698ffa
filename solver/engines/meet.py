"""Meeting in the middle: every whole choice within a gap of the bound, found from near ties.

A choice is everybody's best at the prices, and deviations from it. What it stays below the bound is
what the deviations lose and what is left of the limits at their prices. So a choice within a gap is
a set of deviations that lose no more than the gap and leave next to nothing of each priced limit.
The users are dealt into two halves; of one of them the deviations lose no more than half the gap,
and those sets are few. So all sets of either half meet the few of the other.
"""

import time
from dataclasses import dataclass
from math import log

import numpy as np

from metneed.models.arrays import IntArray
from metneed.solver.engines.deviations import Deviations
from metneed.solver.engines.halves import TooManyError, half, listed
from metneed.solver.engines.join import Best, join

BANDS = 10
"""Bands of loss by which one half is looked up."""

PACE = 2e7
"""Sets a second that are looked at, or a little less: more are not begun with."""

GROWTH = log(8)


@dataclass(frozen=True, eq=False)
class Met:
    """What a search found.

    Parameters
    ----------
    options
        Deviations of the best choice found, None where none keeps the limits within the gap.
    gap
        What it stays below the bound.
    complete
        Whether everything within the gap was looked at.
    states
        How many sets both halves had.
    """

    options: IntArray | None
    gap: int
    complete: bool
    states: int


def meet(  # noqa: PLR0913, PLR0917 - the problem at prices, and its limits
    deviations: Deviations,
    left: IntArray,
    prices: tuple[int, ...],
    gap: int,
    most_states: int,
    deadline: float,
    most_sets: int = 10**11,
    most_pairs: int = 10**10,
) -> Met:
    """The best choice within a gap: least gap, then most left of the first row, then first.

    Parameters
    ----------
    deviations
        All of them, or some: then only the best of their choices is found.
    left
        What everybody's best leaves of each limit; may be below 0.
    prices
        Of the rows, in the multiples of the losses.
    gap
        Greatest sum of losses and of what is left at the prices.
    most_states
        Sets in memory of each half.
    deadline
        Of the clock `time.monotonic`.
    most_sets, most_pairs
        Sets, and pairs of them, that are looked at.
    """
    near, rows = deviations.within(gap), len(left)
    best = Best(left, prices, gap)
    # Who has lost much already meets only those who have lost little, and they are few.
    edges = [-1, *(gap * band // BANDS for band in range(2, BANDS)), gap]
    above = [edge for edge in edges if edge > gap // 2]
    try:
        users = near.dealt()
        one, other = (half(part, rows, gap, most_states, deadline) for part in users)
        sets = one.sets + other.sets
        if sets > min(most_sets, PACE * (deadline - time.monotonic())):
            return Met(None, gap, complete=False, states=most_states)
        few_one, few_other = (listed(part, rows, gap // 2, most_states, deadline) for part in users)
        most_pairs = join(one, few_other, edges, best, deadline, most_pairs)
        join(other, few_one, [gap // 2, *above], best, deadline, most_pairs)
    except TooManyError:
        return Met(None, gap, complete=False, states=most_states)
    options = best.options()
    if options is None:
        return Met(None, gap, complete=True, states=sets)
    return Met(np.array(options, dtype=np.int64), best.least, complete=True, states=sets)


def wider_gap(gap: int, states: int) -> int:
    """A gap with about eight times the states: their logarithm grows as the root of the gap."""
    factor = (1 + GROWTH / log(max(states, 8))) ** 2
    return int(gap * min(factor, 2))
