"""Array types, and maxima and minima over the packages of each user."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

IntArray: TypeAlias = npt.NDArray[np.int64]
FloatArray: TypeAlias = npt.NDArray[np.float64]
Positions: TypeAlias = npt.NDArray[np.integer[Any]]
"""Positions and codes: as narrow whole numbers as they came."""

BoolArray: TypeAlias = npt.NDArray[np.bool_]
TextArray: TypeAlias = npt.NDArray[Any]
"""Python strings in an object array: identifiers are kept exactly, whatever their length."""


def frozen(array: npt.ArrayLike, dtype: npt.DTypeLike = np.int64) -> npt.NDArray[Any]:
    """A read-only array of the given type, without a copy where none is needed."""
    result = np.ascontiguousarray(array, dtype=dtype).view()
    result.flags.writeable = False
    return result


def owners(offsets: IntArray) -> IntArray:
    """For each package the row of its user, from the offsets of the menus."""
    return np.repeat(np.arange(len(offsets) - 1, dtype=np.int64), np.diff(offsets))


def picked(values: IntArray, picks: IntArray, nothing: int = 0) -> IntArray:
    """The values at the picked positions, `nothing` where the pick is -1."""
    if len(values) == 0:
        return np.full(len(picks), nothing, dtype=np.int64)
    found = values.take(picks)
    found[picks < 0] = nothing
    return found


def greatest(values: IntArray, offsets: IntArray, empty: int) -> IntArray:
    """The greatest value in each menu, `empty` where a menu has no package."""
    return _reduce(np.maximum, values, offsets, empty)


def least(values: IntArray, offsets: IntArray, empty: int) -> IntArray:
    """The least value in each menu, `empty` where a menu has no package."""
    return _reduce(np.minimum, values, offsets, empty)


def _reduce(ufunc: np.ufunc, values: IntArray, offsets: IntArray, empty: int) -> IntArray:
    result = np.full(len(offsets) - 1, empty, dtype=np.int64)
    filled = np.diff(offsets) > 0
    if filled.any():
        # reduceat gives an element, not nothing, for an empty slice: only filled menus start one.
        result[filled] = ufunc.reduceat(values, offsets[:-1][filled])
    return result
