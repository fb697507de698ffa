"""Cutting planes: prices by a small linear programme of all bounds seen, where Newton stalls."""

import time

import numpy as np

from metneed.models.arrays import FloatArray
from metneed.solver.engines.array_lp import ArrayProgram, solve_arrays
from metneed.solver.engines.dual import Dual
from metneed.solver.engines.newton import Prices

PASSES = 300
NEAR = 1e-10
FAR = 1e7


def cutting_planes(dual: Dual, start: FloatArray, deadline: float) -> Prices:
    """The prices of the least bound, from a start on.

    Each pass adds the plane that touches the dual at the prices tried; the lowest point above all
    planes is tried next, until it is no lower than the best bound seen.
    """
    best = Prices(start, np.inf)
    heights: list[float] = []
    slopes: list[FloatArray] = []
    prices = start
    for _ in range(PASSES):
        bound, slope = dual.gradient(prices)
        if bound < best.bound:
            best = Prices(prices, bound)
        heights.append(bound - float(slope @ prices))
        slopes.append(slope)
        lowest = _lowest(dual, np.array(heights), np.array(slopes))
        if lowest is None:
            break
        prices, height = lowest
        if best.bound - height <= NEAR * max(1.0, abs(best.bound)) or time.monotonic() > deadline:
            break
    return best


def _lowest(dual: Dual, heights: FloatArray, slopes: FloatArray) -> tuple[FloatArray, float] | None:
    """The lowest point above all planes, and its height."""
    planes, r = slopes.shape
    # The height is at least height + slope x prices of each plane.
    matrix = np.hstack([slopes, -np.ones((planes, 1))])
    row, column = np.nonzero(matrix)
    found = solve_arrays(
        ArrayProgram(
            objective=np.append(np.zeros(r), -1.0),
            lower=np.append(np.zeros(r), -np.inf),
            upper=np.append(np.minimum(dual.ceiling, FAR), np.inf),
            row_lower=np.full(planes, -np.inf),
            row_upper=-heights,
            starts=np.concatenate([[0], np.cumsum(np.bincount(row, minlength=planes))]),
            columns=column,
            factors=matrix[row, column],
        )
    )
    if found is None or not np.isfinite(found.values).all():
        return None
    return np.maximum(found.values[:r], 0), float(found.values[r])
