"""The table of response curves: knots by outcome, one curve for all others."""

from itertools import pairwise

import numpy as np

from metneed.instances.council.columns import Names, not_among
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.reading import Numbers, Reading
from metneed.instances.response import STRAIGHT_LINE, WHOLE, Knots, Response
from metneed.models.arrays import IntArray

EVERY_OUTCOME = "*"


def read_response(
    reading: Reading | None, outcomes: tuple[str, ...], level: IntArray, size: int
) -> Response:
    """The curve of each level; straight where the table has none or there is no table.

    Parameters
    ----------
    reading
        The table; the ends (0, 0) and (1, 1) need not be stated.
    outcomes, level
        Outcomes, and the level of each outcome and severity.
    size
        How many levels there are.
    """
    if reading is None:
        return Response()
    check_headings(reading)
    support, met = reading.numbers("support"), reading.numbers("met")
    named = Names.of(reading, "outcome")
    if support is None or met is None or named is None:
        return Response()
    known = (*outcomes, EVERY_OUTCOME)
    place = named.places(known, not_among("outcome", "points", outcomes, "unknown-outcome"))
    good = support.good & met.good
    curves = [STRAIGHT_LINE]
    of_outcome = np.zeros(len(known), dtype=np.int64)
    for position in np.unique(place[good & (place >= 0)]):
        rows = np.flatnonzero(good & (place == position))
        knots = _knots(reading, rows, support, met)
        if knots is not None:
            of_outcome[position] = len(curves)
            curves.append(knots)
    of_outcome = np.where(of_outcome == 0, of_outcome[-1], of_outcome)
    curve = np.zeros(size, dtype=np.int64)
    for position in range(len(outcomes)):
        curve[level[position]] = of_outcome[position]
    return Response(tuple(curves), curve)


def _knots(reading: Reading, rows: IntArray, support: Numbers, met: Numbers) -> Knots | None:
    """The knots of one curve with its ends, None where it is no curve; faults are findings."""
    before = len(reading.findings)
    rows = rows[np.argsort(support.units[rows], kind="stable")]
    knots = [(int(support.units[row]), int(met.units[row])) for row in rows]
    for row, (one, other) in zip(rows[1:], pairwise(knots), strict=True):
        if other[0] == one[0]:
            fault = Fault("duplicate-knot", "the same support twice", "Keep one knot")
            reading.cells("support", np.array([row]), fault)
        elif other[1] < one[1]:
            problem = "the curve falls: more support meets less"
            fault = Fault("falling-response", problem, "Let met rise with support")
            reading.cells("met", np.array([row]), fault)
    for row, knot in zip(rows, knots, strict=True):
        if knot[0] in (0, WHOLE) and knot[0] != knot[1]:
            problem = "no support meets nothing, and full support meets all"
            fault = Fault("bad-end", problem, "A curve runs from 0, 0 to 1, 1")
            reading.cells("met", np.array([row]), fault)
    if len(reading.findings) > before:
        return None
    return tuple(sorted({*knots, (0, 0), (WHOLE, WHOLE)}))
