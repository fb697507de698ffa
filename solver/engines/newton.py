"""Newton's method on the smoothed dual: good prices of several limits in a few passes."""

import time
from dataclasses import dataclass, replace

import numpy as np

from metneed.models.arrays import FloatArray
from metneed.solver.engines.dual import Dual, Smooth, dot, smooth

SAMPLED = 8_000
"""Kinds beyond which a sample finds where to start."""

SAMPLE = 2_000

STEPS = 12
"""Most steps at one smoothing."""

FIRST, NEXT, LAST = 0.1, 1e-3, 1e-4
"""Smoothing in largest values: at first, after a sample, and at the end."""

MOST = 3.0
"""A few very large values, in means, must not make everybody else's differences look like none."""

CLOSE = 1e-6
"""What a step may promise at the end, in smoothings, where choices that keep limits are sought."""

COOLER = 5.0
RIDGE = 1e-11
SHORTER = 0.3
FAR = 1e9


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices of the rows of a dual, and the bound they give without smoothing.

    Parameters
    ----------
    prices, bound
        The prices and their bound.
    kept
        Whether part choices were seen that keep every limit.
    """

    prices: FloatArray
    bound: float
    kept: bool = False


@dataclass(frozen=True)
class Enough:
    """What ends the search before it has come to its end.

    Parameters
    ----------
    deadline
        Of the clock `time.monotonic`.
    floor
        A bound below it is good enough: nothing can be worth so little, or enough is proved.
    kept
        Part choices that pass no limit by more than this are; None where none are.
    """

    deadline: float = np.inf
    floor: float = -np.inf
    kept: float | None = None


def newton(dual: Dual, enough: Enough | None = None) -> Prices:
    """Prices near the best; those of the least bound seen.

    Parameters
    ----------
    dual
        The problem.
    enough
        What ends the search early; default: nothing does.
    """
    enough = enough or Enough()
    start, first = _beginning(dual), FIRST
    n = len(dual.count)
    if n > SAMPLED:
        some = np.unique(np.linspace(0, n - 1, SAMPLE).astype(np.int64))
        # What part of the users can keep says nothing of all.
        part = Enough(enough.deadline)
        start, first = _descend(dual.part(some), start, FIRST, part).prices, NEXT
    return _descend(dual, start, first, enough)


def _beginning(dual: Dual) -> FloatArray:
    """Prices at which the limits together are worth half of what everybody's best is worth."""
    best = np.maximum.reduceat(dual.value, dual.starts)
    each = abs(dot(dual.count, best)) / 2 / max(1, dual.n_rows)
    return np.minimum(np.where(dual.limits > 0, each, 0.0), dual.ceiling)


def _descend(dual: Dual, start: FloatArray, first: float, enough: Enough) -> Prices:
    largest = min(float(np.abs(dual.value).max(initial=0)), MOST) or 1.0
    prices, best = start, Prices(start, np.inf)
    mu = first * largest
    steps = STEPS if enough.kept is None else 2 * STEPS
    tolerance = max(1.0, dual.n_rows / 50) / 2
    while mu >= LAST * largest / COOLER:
        here = smooth(dual, prices, mu)
        for _ in range(steps):
            if here.sharp < best.bound:
                best = Prices(prices, here.sharp)
            if enough.kept is not None and (here.slope >= -enough.kept).all():
                # The weights of the options are such choices.
                return replace(best, kept=True)
            if best.bound < enough.floor or np.abs(prices).sum() > FAR:
                return best
            if time.monotonic() > enough.deadline:
                return best
            step, promised = _step(dual, prices, here)
            if promised < mu * (tolerance if enough.kept is None else CLOSE):
                break
            moved = _search(dual, prices, step, here, mu)
            if moved is None:
                break
            prices, here = moved
        mu /= COOLER
    return best


def _step(dual: Dual, prices: FloatArray, here: Smooth) -> tuple[FloatArray, float]:
    """Newton's step among the prices that may move, and what it promises."""
    free = ~((prices <= 0) & (here.slope > 0)) & ~((prices >= dual.ceiling) & (here.slope < 0))
    step = np.zeros(dual.n_rows)
    if not free.any():
        return step, 0.0
    bend, slope = here.curvature[np.ix_(free, free)], here.slope[free]
    # Where nobody is undecided the bound is flat or straight: the ridge then decides the length.
    ridge = RIDGE * float(np.trace(bend)) / len(slope) or RIDGE
    move = np.linalg.lstsq(bend + ridge * np.eye(len(slope)), -slope, rcond=None)[0]
    if -slope @ move <= 0:
        move = -slope
    step[free] = move
    return step, float(-slope @ move)


def _search(
    dual: Dual, prices: FloatArray, step: FloatArray, here: Smooth, mu: float
) -> tuple[FloatArray, Smooth] | None:
    """Prices along a step where the smoothed bound is clearly lower; None where nowhere."""
    size = float(np.abs(step).sum())
    most = 2 * float(np.abs(prices).sum()) or 1.0
    length = min(1.0, most / size) if size > 0 else 0.0
    for _ in range(25):
        moved = np.clip(prices + length * step, 0, dual.ceiling)
        there = smooth(dual, moved, mu)
        promised = float(here.slope @ (moved - prices))
        if there.value <= here.value + 1e-4 * promised and promised < 0:
            return moved, there
        length *= SHORTER
    return None
