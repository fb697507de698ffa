"""The points export of an assessment system: needs by outcome, or total points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from metneed.instances.csv_file import read_csv
from metneed.instances.headings import check_headings
from metneed.instances.importers.cld_rows import usable_ids
from metneed.instances.importers.reasons import POINTS_REASONS
from metneed.instances.importers.sieve import Sieve
from metneed.instances.reading import Reading
from metneed.instances.schemas import Field, Schema
from metneed.instances.tables import Opaque, Table, Text
from metneed.models.arrays import BoolArray, IntArray, TextArray
from metneed.models.findings import Findings
from metneed.models.units import Units

NEEDS = ("user_id", "outcome", "severity", "informal", "basic", "eligible", "order")
"""Columns of needs that are taken over as they stand; what they hold is checked by `build`."""

_NEEDS = Schema(
    "needs",
    "Points export, needs by outcome",
    (
        Field("user_id", "id", "The person, as in the return", required=True),
        Field("outcome", "text", "Outcome that is needed", required=True),
        Field("severity", "text", "How severe the need is", required=True),
        *(Field(name, "text", name) for name in NEEDS[3:]),
    ),
)
_TOTALS = Schema(
    "points",
    "Points export, total points",
    (
        Field("user_id", "id", "The person, as in the return", required=True),
        Field("points", "need", "Total points", required=True),
    ),
)


@dataclass(frozen=True, eq=False)
class Points:
    """A points export.

    Parameters
    ----------
    table
        As it stands in the file.
    by_outcome
        Whether it holds needs by outcome; else it holds total points.
    person
        Identifiers.
    sieve
        Fates of its rows so far.
    points
        Total points of each row, thousandths; all 0 where needs are by outcome.
    """

    table: Table
    by_outcome: bool
    person: Text
    sieve: Sieve
    points: IntArray

    def cells(self, name: str) -> TextArray:
        """A column as text, row by row; blank where there is none."""
        column = self.table.columns.get(name)
        if column is None or isinstance(column, Opaque):
            return np.full(len(self.table), "", dtype=object)
        text = column.labels()
        cells: TextArray = np.append(text.distinct, "")[text.codes]
        return cells


def read_points(path: Path, findings: Findings, encoding: str = "utf-8") -> Points | None:
    """The points export in a file, None where it cannot be read; faults of form are findings.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    table = read_csv(path, _NEEDS, findings, encoding)
    if table is None:
        return None
    by_outcome = "outcome" in table.columns or "points" not in table.columns
    before = len(findings.errors)
    schema = _NEEDS if by_outcome else _TOTALS
    reading = Reading(table, schema, Units(), findings)
    check_headings(reading)
    person = table.columns.get("user_id")
    if len(findings.errors) > before or not isinstance(person, Text):
        return None
    sieve = Sieve(len(table), POINTS_REASONS)
    sieve.set_aside(~usable_ids(person), "no-person")
    points = np.zeros(len(table), dtype=np.int64)
    if not by_outcome:
        column = table.columns["points"]
        if not isinstance(column, Opaque):
            points, good = column.units(Units().need_decimals)
            sieve.set_aside(~good, "bad-points")
    return Points(table, by_outcome, person, sieve, points)


def settle(points: Points, known: TextArray, in_service: TextArray) -> None:
    """Set aside what cannot be joined to people with a service, and what stands there twice.

    Of rows that say the same the first is used; of rows that contradict each other none is.

    Parameters
    ----------
    points
        The points export.
    known
        Everyone of the return.
    in_service
        Those with a long-term service on the day.
    """
    sieve = points.sieve
    keys = [points.cells("user_id")]
    if points.by_outcome:
        keys.append(points.cells("outcome"))
        said = [points.cells(name) for name in NEEDS[2:]]
    else:
        said = [points.points]
    sieve.set_aside(~_among(points.person, known), "no-such-person")
    sieve.set_aside(~_among(points.person, in_service), "no-service")
    kept = np.flatnonzero(sieve.kept)
    key, everything = _codes(keys, kept), _codes([*keys, *said], kept)
    _, first = np.unique(everything, return_index=True)
    again = np.ones(len(kept), dtype=np.bool_)
    again[first] = False
    kinds = np.bincount(key[~again], minlength=int(key.max(initial=-1)) + 1)
    twice = np.zeros(len(points.table), dtype=np.bool_)
    twice[kept[kinds[key] > 1]] = True
    sieve.set_aside(twice, "contradiction")
    repeated = np.zeros(len(points.table), dtype=np.bool_)
    repeated[kept[again]] = True
    sieve.set_aside(repeated, "same-row")


def _among(person: Text, known: TextArray) -> BoolArray:
    found = pd.Index(person.distinct, dtype=object).isin(known)
    among: BoolArray = np.append(found, False)[person.codes]
    return among


def _codes(columns: Sequence[TextArray | IntArray], rows: IntArray) -> IntArray:
    """One number for each distinct combination of these rows."""
    joint = np.zeros(len(rows), dtype=np.int64)
    for column in columns:
        codes, distinct = pd.factorize(column[rows])
        joint = joint * (len(distinct) + 1) + codes
        _, joint = np.unique(joint, return_inverse=True)
    return joint


def needs_columns(points: Points) -> Mapping[str, TextArray]:
    """The columns of `needs`: the rows used, as they stand."""
    rows = points.sieve.kept
    wanted = [name for name in NEEDS if name in points.table.columns]
    return {name: points.cells(name)[rows] for name in wanted}
