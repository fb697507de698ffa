"""Further limits for whole choices, so that the bound of part choices is nearer to them."""

import time
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import IntArray
from metneed.solver.engines.array_lp import ChoiceProgram
from metneed.solver.engines.covers import cover

ROUNDS = 30
PRICED = 1e-9
"""A limit with a lower price is dropped again."""

BITS = 16
ROOM = 2**61


@dataclass(frozen=True, eq=False)
class Options:
    """Users who have exactly one of their options each, and the limits that all keep together.

    Parameters
    ----------
    offsets
        Where the options of each user begin, one more than there are users.
    value
        What each option is worth.
    amounts
        What it counts towards each limit, a column for each.
    limits
        What these may add up to.
    """

    offsets: IntArray
    value: IntArray
    amounts: IntArray
    limits: IntArray


def tighter(options: Options, deadline: float) -> Options:
    """The same options with further limits that every whole choice keeps as well.

    Parameters
    ----------
    options
        The problem.
    deadline
        Of the clock `time.monotonic`: what was found till then is what there is.
    """
    given, now = len(options.limits), options
    for _ in range(ROUNDS):
        found = ChoiceProgram(now.offsets, now.value, now.amounts, now.limits).solve(
            np.ones(len(now.value), dtype=np.bool_)
        )
        if found is None or not all(np.isfinite(each).all() for each in found):
            return now
        shares, prices = found
        columns = [(now.amounts[:, k], int(now.limits[k])) for k in range(given)]
        # All limits at their prices are one limit: what it leaves is what limits the value.
        weights = np.round(np.clip(prices, 0, 2.0**BITS) * 2**BITS).astype(np.int64)
        if _size(now) * max(1, sum(weights.tolist())) < ROOM:
            columns.append((now.amounts @ weights, sum((now.limits * weights).tolist())))
        covers = []
        for amounts, limit in columns:
            if time.monotonic() > deadline:
                return now
            covers.append(cover(now.offsets, amounts, limit, shares))
        new = [each for each in covers if each is not None]
        if not new:
            return now
        kept = np.arange(len(now.limits)) < given
        kept |= prices > PRICED
        now = Options(
            now.offsets,
            now.value,
            np.column_stack([now.amounts[:, kept], *(counts for counts, _ in new)]),
            np.append(now.limits[kept], [limit for _, limit in new]),
        )
    return now


def _size(options: Options) -> int:
    """The largest amount or limit."""
    amounts = np.abs(options.amounts).max(initial=1)
    return max(int(amounts), int(np.abs(options.limits).max(initial=1)))
