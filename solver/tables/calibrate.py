"""Calibrating a table: fitted on one part of a sample, its errors measured on the other."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.columns import Labels
from metneed.models.errors import OptionError
from metneed.models.random_stream import RandomStream
from metneed.solver.tables.accuracy import Accuracy, Shape, accuracy, accuracy_by_group, shape
from metneed.solver.tables.curve import Curve
from metneed.solver.tables.fits import Fit, check_enough, check_signs, fitted
from metneed.solver.tables.rounding import Rounding

HELD_BACK = "calibration: held back"
"""Name of the random stream that says who is held back."""


@dataclass(frozen=True, eq=False)
class Sample:
    """People whose points and cost are both known.

    Parameters
    ----------
    points, cost
        Smallest units, one row a person.
    group
        The group of each, where errors are wanted by group.
    """

    points: IntArray
    cost: IntArray
    group: Labels | None = None

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True)
class Trial:
    """How a fit is tried out.

    Parameters
    ----------
    per_cent_held_back
        Part of the sample on which the errors are measured, 0 to 90 per cent, rounded down but
        at least one person; 0 fits on everyone, and leaves nobody to measure errors on.
    seed
        Which people these are.
    rounding, whole
        How amounts are rounded, and the smallest units of one pound.
    step
        Smallest difference of two scores, smallest units.
    """

    per_cent_held_back: int = 30
    seed: int = 0
    rounding: Rounding = "nearest"
    whole: int = 100
    step: int = 1000


@dataclass(frozen=True, eq=False)
class Calibrated:
    """A fitted table and what it is worth.

    Parameters
    ----------
    curve
        From points to money.
    fitted_on, held_back
        Rows of the sample, rising.
    fit_error, error
        Errors on the people it was fitted on, and on those held back; None where there are none.
    by_group
        Errors of those held back by group.
    shape
        How the curve runs over the points of the whole sample.
    """

    curve: Curve
    fitted_on: IntArray
    held_back: IntArray
    fit_error: Accuracy | None
    error: Accuracy | None
    by_group: dict[str, Accuracy]
    shape: Shape


def calibrate(
    sample: Sample,
    fit: Fit,
    trial: Trial,
    show: Callable[[int], str] = lambda row: f"row {row + 1}",
) -> Calibrated:
    """A table fitted on one part of a sample, with its errors on the other.

    Parameters
    ----------
    show
        How the person in a row of the sample is called in messages.

    Raises
    ------
    OptionError
        Where nothing can be fitted on the sample.
    """
    points, cost = sample.points, sample.cost
    check_signs(points, cost, show)
    used, held = _split(len(sample), trial)
    check_enough(points[used], fit.method)
    curve = fitted(points[used], cost[used], fit)
    amount = curve.amounts(points, trial.rounding, trial.whole)
    return Calibrated(
        curve,
        used,
        held,
        accuracy(amount[used], cost[used]),
        accuracy(amount[held], cost[held]),
        _by_group(sample.group, amount, cost, held),
        shape(curve, points, trial.step, trial.rounding, trial.whole),
    )


def _split(size: int, trial: Trial) -> tuple[IntArray, IntArray]:
    """Rows that are fitted on, and rows that are held back."""
    part = trial.per_cent_held_back
    if not 0 <= part <= 90:
        raise OptionError(f"{part} per cent of a sample cannot be held back: say 0 to 90")
    check = min(max(size * part // 100, 1), size) if part else 0
    order = RandomStream.of(trial.seed, HELD_BACK).permutation(size)
    return np.sort(order[check:]), np.sort(order[:check])


def _by_group(
    group: Labels | None, amount: IntArray, cost: IntArray, held: IntArray
) -> dict[str, Accuracy]:
    if group is None:
        return {}
    found = accuracy_by_group(amount[held], cost[held], group.codes[held], len(group.names))
    return {
        name: errors for name, errors in zip(group.names, found, strict=True) if errors is not None
    }
