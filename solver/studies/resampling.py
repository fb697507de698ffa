"""Intervals from seeded resampling: what chance alone would do, and how firm a mean is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray, FloatArray, IntArray
from metneed.models.errors import OptionError
from metneed.models.random_stream import RandomStream
from metneed.models.sums import exact_sum

LEAST_SAMPLE = 3
"""Of fewer people nothing is told: any three of six differ by chance once in twenty draws."""

MOST_RESAMPLES = 100_000
BILLION = 10**9
"""Shares are resampled as whole billionths, so that every machine has the same sums."""


@dataclass(frozen=True)
class Interval:
    """Where most of the figures of many draws lie, both ends included."""

    low: float
    high: float


def check_resamples(times: int) -> None:
    """Refuse too few or too many resamples."""
    if not 40 <= times <= MOST_RESAMPLES:
        raise OptionError(
            f"{times} resamples: an interval of 95 in 100 takes 40 at least, and more than "
            f"{MOST_RESAMPLES:,} are not drawn"
        )


def check_sample(people: int, who: str) -> None:
    """Refuse a group of too few people to tell anything of."""
    if people < LEAST_SAMPLE:
        raise OptionError(
            f"{who}: {people} of the users, and a difference can be told from {LEAST_SAMPLE} up; "
            "add people, or leave the option out"
        )


def shuffled(
    compute: Callable[[BoolArray], Mapping[str, float | None]],
    flags: BoolArray,
    stream: RandomStream,
    times: int,
) -> dict[str, Interval | None]:
    """What differences come about where it is drawn by lot who is in which group.

    Parameters
    ----------
    compute
        The differences for one way of putting people into two groups; None where not known.
    flags
        Who is in the first group; as many are in each draw.
    stream, times
        Where draws come from, and how many.
    """
    found: dict[str, list[float]] = {name: [] for name in compute(flags)}
    for _ in range(times):
        drawn = compute(flags[stream.permutation(len(flags))])
        for name, value in drawn.items():
            if value is not None:
                found[name].append(value)
    return {
        name: middle(np.array(values)) if len(values) == times else None
        for name, values in found.items()
    }


def mean_interval(values: FloatArray, stream: RandomStream, times: int) -> Interval | None:
    """Where the mean lies when people are drawn anew from the same people; None of nobody."""
    n = len(values)
    if n == 0:
        return None
    exact: IntArray = np.rint(values * BILLION).astype(np.int64)
    sums = [exact_sum(exact[stream.below(n, n)]) for _ in range(times)]
    return middle(np.array([total / n / BILLION for total in sums]))


def middle(values: FloatArray) -> Interval:
    """The values at the ranks that leave out 25 in 1,000 at each end, rounded down."""
    ranked = np.sort(values)
    out = len(ranked) * 25 // 1000
    return Interval(float(ranked[out]), float(ranked[len(ranked) - 1 - out]))
