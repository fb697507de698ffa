"""How a council assesses: points, ready reckoner and response curves as one reckoner."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from metneed.instances.council.columns import Names, check_twice, joined, not_among
from metneed.instances.council.prices import Prices
from metneed.instances.council.response import EVERY_OUTCOME, read_response
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.met_need import Reckoner
from metneed.instances.reading import Numbers, Reading
from metneed.models.arrays import BoolArray, IntArray

MOST_POINTS = 1_000_000
"""Points that one need counts at most."""


@dataclass(frozen=True, eq=False)
class Levels:
    """Outcomes and severities, and which pairs of them the table of points has.

    Parameters
    ----------
    reading
        The table of points.
    outcomes, severities
        In the order in which they first stand there.
    level
        Outcomes by severities: row of the reckoner, 0 for none.
    row
        For each level from 1 its row in the table of points.
    points
        For each level, 0 first; smallest need units.
    """

    reading: Reading
    outcomes: tuple[str, ...]
    severities: tuple[str, ...]
    level: IntArray
    row: IntArray
    points: IntArray

    def __len__(self) -> int:
        return len(self.points)

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Outcome and severity of each level from 1."""
        pairs = np.argwhere(self.level > 0)
        order = np.argsort(self.level[self.level > 0])
        return tuple(
            (self.outcomes[outcome], self.severities[severity])
            for outcome, severity in pairs[order].tolist()
        )

    def find(self, reading: Reading, code: str) -> tuple[IntArray, IntArray] | None:
        """Outcome and level of each row of another table, -1 and 0 for none; None without them."""
        outcome, severity = Names.of(reading, "outcome"), Names.of(reading, "severity")
        if outcome is None or severity is None:
            return None
        file = self.reading.table.file
        of_outcome = outcome.places(
            self.outcomes, not_among("outcome", file, self.outcomes, "unknown-outcome")
        )
        of_severity = severity.places(
            self.severities, not_among("severity", file, self.severities, code)
        )
        known = (of_outcome >= 0) & (of_severity >= 0)
        level = np.where(known, self.level[of_outcome, of_severity], 0)

        def fault(row: int) -> Fault:
            what = f"{outcome.text.shown(row)} of severity {severity.text.shown(row)}"
            return Fault(code, f"{file} has no points for {what}", "Add the row there")

        reading.cells("severity", np.flatnonzero(known & (level == 0)), fault)
        return of_outcome, level


def read_points(reading: Reading) -> Levels | None:
    """Outcomes, severities and their points, None where the table has not these columns."""
    check_headings(reading)
    points = reading.numbers("points")
    outcome, severity = Names.of(reading, "outcome"), Names.of(reading, "severity")
    if points is None or outcome is None or severity is None:
        return None
    most = MOST_POINTS * 10**reading.units.need_decimals
    fault = Fault("too-large", f"more than {MOST_POINTS:,} points", "Check the points")
    reading.cells("points", np.flatnonzero(points.units > most), fault)
    outcomes, severities = outcome.distinct(), severity.distinct()
    if not outcomes or not severities:
        # The reader of the file has said that there are no rows.
        return None
    fault = Fault("taken-name", "stands for every outcome in response", "Give it another name")
    everything = np.flatnonzero(outcome.text.distinct == EVERY_OUTCOME)
    reading.cells("outcome", outcome.text.rows_of(everything), fault)
    nothing = not_among("", "", (), "blank")
    pair = joined(
        outcome.places(outcomes, nothing), severity.places(severities, nothing), len(severities)
    )
    fault = Fault("duplicate-level", "the same outcome and severity", "Keep one of them")
    twice = check_twice(reading, "severity", pair, fault)
    rows = np.flatnonzero((pair >= 0) & ~twice)
    level = np.zeros(len(outcomes) * len(severities), dtype=np.int64)
    level[pair[rows]] = np.arange(1, len(rows) + 1)
    return Levels(
        reading,
        tuple(outcomes),
        tuple(severities),
        level.reshape(len(outcomes), len(severities)),
        rows,
        np.append(0, np.minimum(points.units[rows], most)),
    )


def read_reckoner(
    readings: Mapping[str, Reading], levels: Levels | None, prices: Prices | None
) -> Reckoner | None:
    """The reckoner of a council's tables; what it does not say for a level is nothing."""
    reading = readings["reckoner"]
    check_headings(reading)
    units, reach = reading.numbers("units"), reading.numbers("reach")
    service = Names.of(reading, "service_id")
    found = None if levels is None else levels.find(reading, "unknown-severity")
    if prices is None or service is None:
        return None
    at = service.places(
        prices.ids, not_among("service_id", "the price list", prices.ids, "unknown-service")
    )
    if levels is None or found is None or units is None or reach is None:
        return None
    level = found[1]
    keys = joined(np.where(level > 0, level, -1), at, len(prices.ids))
    fault = Fault("duplicate-row", "the same need and service", "Keep one of them")
    twice = check_twice(reading, "service_id", keys, fault)
    _check_units(reading, units, reach)
    rows = np.flatnonzero((keys >= 0) & ~twice)
    shape = (len(levels), len(prices.ids))
    in_full, most = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    in_full[level[rows], at[rows]] = units.units[rows]
    most[level[rows], at[rows]] = np.where(units.units[rows] > 0, reach.units[rows], 0)
    response = read_response(readings.get("response"), levels.outcomes, levels.level, len(levels))
    return Reckoner(levels.points, in_full, most, prices.services.replaces_all, response)


def check_served(levels: Levels, reckoner: Reckoner, used: IntArray) -> None:
    """Findings for levels that people have and for which no service has any units."""
    idle: BoolArray = (reckoner.units == 0).all(axis=1)
    wanted = np.unique(used)
    rows = levels.row[wanted[(wanted > 0) & idle[wanted]] - 1]
    problem = "people need it, and no service of the reckoner does anything for it"
    fault = Fault("no-reckoner", problem, "Add a row to reckoner for what can meet it")
    levels.reading.cells("severity", np.sort(rows), fault)


def _check_units(reading: Reading, units: Numbers, reach: Numbers) -> None:
    wrong = units.good & reach.good & (units.units == 0) & (reach.units > 0)
    fault = Fault("no-units", "meets a need with no units at all", "Give the units it takes")
    reading.cells("units", np.flatnonzero(wrong), fault)
