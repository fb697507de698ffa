"""Fitting a curve from points to money on a sample of people whose costs are known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np

from metneed.models.arrays import IntArray, frozen
from metneed.models.errors import OptionError
from metneed.solver.tables.curve import Between, Curve, Knots, Line
from metneed.solver.tables.isotonic import pooled

Ties: TypeAlias = Literal["highest", "mean", "lowest"]
Method: TypeAlias = Literal["percentile", "linear", "isotonic", "per_point", "bands"]

LEAST: dict[Method, int] = {
    "percentile": 3,
    "linear": 3,
    "isotonic": 3,
    "per_point": 2,
    "bands": 2,
}
"""People a fit needs at least: with fewer it would only repeat them."""


@dataclass(frozen=True)
class Fit:
    """Which curve is fitted, and how.

    Parameters
    ----------
    method
        Which curve.
    edges, ties, between
        Of methods that have bands, ties and knots.
    show
        How points are written in messages.
    """

    method: Method
    edges: Sequence[int] = ()
    ties: Ties = "highest"
    between: Between = "step"
    show: Callable[[int], str] = str


def percentile(
    points: IntArray, cost: IntArray, ties: Ties = "highest", between: Between = "step"
) -> Knots:
    """The person at some percentile of points gets the cost at the same percentile of costs.

    ``T(p) = Q(F(p))`` with ``F(p)`` the share of the sample with at most p points, and ``Q(q)`` the
    least cost that is not exceeded by a share q of the sample. Points and costs are ranked each for
    itself, so T never falls, and the costs it gives to the sample are the sample's costs again:
    exactly where no two people have the same points.

    Parameters
    ----------
    points, cost
        The sample, smallest units.
    ties
        People with the same points hold several ranks of cost together: they get the highest of
        these costs (the formula above, which gives too much in all), their mean (which keeps the
        total), or the lowest.
    between
        What holds between the points of the sample.
    """
    distinct, counts = np.unique(points, return_counts=True)
    ranked = [int(each) for each in np.sort(cost)]
    last = [int(each) for each in np.cumsum(counts)]
    first = [end - int(count) for end, count in zip(last, counts, strict=True)]

    def amount(low: int, high: int) -> Fraction:
        if ties == "mean":
            return Fraction(sum(ranked[low:high]), high - low)
        return Fraction(ranked[high - 1] if ties == "highest" else ranked[low])

    exact = tuple(amount(*pair) for pair in zip(first, last, strict=True))
    return Knots(frozen(distinct), exact, between)


def linear(points: IntArray, cost: IntArray) -> Line:
    """The straight line of least squares, from the normal equations in whole numbers."""
    x, y, n = points.tolist(), cost.tolist(), len(points)
    sum_x, sum_y = sum(x), sum(y)
    across = n * sum(a * b for a, b in zip(x, y, strict=True)) - sum_x * sum_y
    spread = n * sum(a * a for a in x) - sum_x * sum_x
    rate = Fraction(across, spread)
    return Line((sum_y - rate * sum_x) / n, rate)


def isotonic(points: IntArray, cost: IntArray, between: Between = "step") -> Knots:
    """The amounts nearest to the costs, in squares, of all that never fall with points."""
    distinct, back = np.unique(points, return_inverse=True)
    sums, counts = [0] * len(distinct), [0] * len(distinct)
    for place, each in zip(back.tolist(), cost.tolist(), strict=True):
        sums[place] += each
        counts[place] += 1
    return Knots(frozen(distinct), pooled(sums, counts), between)


def per_point(points: IntArray, cost: IntArray) -> Line:
    """All costs over all points: one price per point."""
    return Line(Fraction(0), Fraction(sum(cost.tolist()), sum(points.tolist())))


def band_means(
    points: IntArray, cost: IntArray, edges: Sequence[int], show: Callable[[int], str] = str
) -> Knots:
    """The mean cost of the people in each band.

    Parameters
    ----------
    edges
        First points of each band, rising, smallest units; the last band has no end, and people
        below the first band belong to it.
    show
        How points are written in messages.

    Raises
    ------
    OptionError
        Where there are no edges, they do not rise, or nobody of the sample is in a band.
    """
    if not edges:
        raise OptionError("there are no edges of bands: say edges = [first points of each band]")
    for low, high in pairwise(edges):
        if low >= high:
            raise OptionError(f"edges of bands must rise: {show(low)} comes before {show(high)}")
    place = np.maximum(np.searchsorted(frozen(list(edges)), points, side="right") - 1, 0)
    sums, counts = [0] * len(edges), [0] * len(edges)
    for band, each in zip(place.tolist(), cost.tolist(), strict=True):
        sums[band] += each
        counts[band] += 1
    if 0 in counts:
        empty = counts.index(0)
        raise OptionError(
            f"nobody in the part of the sample that is fitted on is in the band from "
            f"{show(edges[empty])} points: join it to a neighbour, or take a larger sample"
        )
    means = tuple(Fraction(total, count) for total, count in zip(sums, counts, strict=True))
    return Knots(frozen(list(edges)), means)


def check_signs(points: IntArray, cost: IntArray, show: Callable[[int], str]) -> None:
    """Refuse negative points and costs.

    Parameters
    ----------
    show
        How the person in a row of the sample is called in messages.

    Raises
    ------
    OptionError
        Where there is one, naming the first person.
    """
    for values, what in ((points, "number of points"), (cost, "cost")):
        below = np.flatnonzero(values < 0)
        if len(below):
            raise OptionError(
                f"{show(int(below[0]))} has a negative {what}: correct it, or leave the person out"
            )


def check_enough(points: IntArray, method: Method) -> None:
    """Refuse people on whom nothing can be fitted.

    Raises
    ------
    OptionError
        Where there are too few of them, or all have the same points.
    """
    if len(points) < LEAST[method]:
        raise OptionError(
            f"the sample leaves {len(points)} people to fit on, and method = {method} needs at "
            f"least {LEAST[method]}: add people whose points and cost are known, or hold fewer back"
        )
    if int(points.min()) == int(points.max()):
        raise OptionError(
            f"all {len(points)} people to fit on have the same points, which says nothing about "
            "others: add people with other points"
        )


def fitted(points: IntArray, cost: IntArray, fit: Fit) -> Curve:
    """The curve of a method on a sample that has been checked."""
    if fit.method == "percentile":
        return percentile(points, cost, fit.ties, fit.between)
    if fit.method == "linear":
        return linear(points, cost)
    if fit.method == "isotonic":
        return isotonic(points, cost, fit.between)
    if fit.method == "per_point":
        return per_point(points, cost)
    return band_means(points, cost, fit.edges, fit.show)
