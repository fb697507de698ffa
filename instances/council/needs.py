"""The needs of people: outcome by outcome, or one total in a band of points."""

from dataclasses import dataclass

import numpy as np

from metneed.instances.council.assessment import Levels
from metneed.instances.council.columns import check_twice, flags, joined, numbers_or
from metneed.instances.council.settings import Settings
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids
from metneed.instances.met_need import Needs
from metneed.instances.reading import Reading
from metneed.instances.users import UserRows
from metneed.models.arrays import BoolArray, IntArray

TOTAL = "total"
"""The outcome that stands for all needs together where only total points are known."""

MOST_ORDER = 1000


@dataclass(frozen=True, eq=False)
class NeedRows:
    """Needs of people, and what the table said beyond them.

    Parameters
    ----------
    needs
        One row a person, one column an outcome.
    ineligible
        Needs that do not count because they are not eligible.
    assessed
        Whether each person has any row at all.
    """

    needs: Needs
    ineligible: int
    assessed: BoolArray


def read_needs(
    reading: Reading, people: UserRows | None, levels: Levels | None, settings: Settings
) -> NeedRows | None:
    """The needs in a table, None where people or levels could not be read."""
    check_headings(reading)
    informal = numbers_or(reading, "informal", 0)
    order = numbers_or(reading, "order", MOST_ORDER)
    fault = Fault("too-large", f"more than {MOST_ORDER:,}", "Number the needs of a person from 1")
    reading.cells("order", np.flatnonzero(order.units > MOST_ORDER), fault)
    eligible = flags(reading, "eligible", default=True)
    usual = flags(reading, "basic", default=True) & reading.filled("basic")
    stated = reading.filled("basic")
    if people is None:
        check_ids(reading, "user_id")
        return None
    user = people.find(reading)
    if levels is None:
        return None
    found = levels.find(reading, "no-points-for-severity")
    if user is None or found is None:
        return None
    outcome, level = found
    size = len(levels.outcomes)
    fault = Fault("duplicate-need", "the same outcome of the same person", "Keep one of them")
    twice = check_twice(reading, "outcome", joined(user, outcome, size), fault)
    basic_by_outcome = np.isin(np.array(levels.outcomes, dtype=object), settings.basic_outcomes)
    basic = np.where(stated, usual, basic_by_outcome[outcome])
    rows = np.flatnonzero((user >= 0) & (level > 0) & ~twice)
    counted = rows[eligible[rows]]
    at = user[counted], outcome[counted]
    shape = (len(people), size)
    matrix = Needs(
        level=_spread(shape, at, level[counted]),
        informal=_spread(shape, at, informal.units[counted]),
        basic=_spread(shape, at, basic[counted].astype(np.int64)) > 0,
        order=_spread(shape, at, np.minimum(order.units, MOST_ORDER)[counted])
        if reading.filled("order").any()
        else None,
    )
    _announce_outcomes(levels, settings)
    assessed = np.zeros(len(people), dtype=np.bool_)
    assessed[user[user >= 0]] = True
    return NeedRows(matrix, int(len(rows) - len(counted)), assessed)


def total_needs(people: UserRows, points: IntArray, levels: Levels) -> Needs:
    """One need a person: the total points, at the level of the band that they fall in.

    Bands begin at their points in the table of points; points below the first are findings.
    """
    bands = levels.row[levels.level[0][levels.level[0] > 0] - 1]
    level_of = np.array(sorted(levels.level[0][levels.level[0] > 0]), dtype=np.int64)
    least = levels.points[level_of]
    order = np.argsort(least, kind="stable")
    _check_bands(levels, least[order], bands[order])
    place = np.searchsorted(least[order], points, side="right") - 1
    below = np.flatnonzero((points > 0) & (place < 0))
    file = levels.reading.table.file
    fault = Fault("below-bands", f"fewer points than any band of {file}", "Add a band from 0 on")
    people.reading.cells("points", np.sort(people.rows[below]), fault)
    level = np.where((points > 0) & (place >= 0), level_of[order][place], 0)
    one = (len(people), 1)
    return Needs(
        level=level.reshape(one),
        informal=np.zeros(one, dtype=np.int64),
        basic=np.zeros(one, dtype=np.bool_),
        points=np.where(level > 0, points, 0).reshape(one),
    )


def _check_bands(levels: Levels, least: IntArray, rows: IntArray) -> None:
    fault = Fault("same-band", "two bands begin at the same points", "Keep one of them")
    levels.reading.cells("points", np.sort(rows[1:][np.diff(least) == 0]), fault)


def _spread(shape: tuple[int, int], at: tuple[IntArray, IntArray], values: IntArray) -> IntArray:
    matrix = np.zeros(shape, dtype=np.int64)
    matrix[at] = values
    return matrix


def _announce_outcomes(levels: Levels, settings: Settings) -> None:
    """Warn of outcomes that nobody expected: they may be slips, and are not basic by default."""
    for name in levels.outcomes:
        if name not in settings.outcomes and name not in settings.basic_outcomes:
            problem = f"{name!r} is not among the expected outcomes, and counts as not basic"
            remedy = "Check its name, or list it under outcomes in build.toml"
            fault = Fault("unexpected-outcome", problem, remedy)
            levels.reading.about(fault, "outcome", severity="warning")
