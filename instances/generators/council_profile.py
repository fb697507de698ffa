"""How a made-up council assesses: outcomes, points, ready reckoner, and how needs are spread."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from metneed.instances.generators.bundled import bundled, thousandths
from metneed.instances.met_need import Reckoner
from metneed.models.arrays import BoolArray, IntArray

CLIENT_GROUPS = (
    "65+",
    "18-64 learning disability",
    "18-64 mental health",
    "18-64 physical disability",
)

MAIN_SERVICES = ("home_care", "direct_payment", "day_care", "residential", "nursing")
"""The service that a person is counted under, as the published tables count them."""

CARE_HOMES = ("residential", "nursing")

SEVERITIES = ("1", "2", "3", "3 two carers")

UNPAID_SHARES = (0, 250, 500, 750)
"""Thousandths of a need that an unpaid carer can meet."""


@dataclass(frozen=True, eq=False)
class Profile:
    """What every made-up council has in common.

    Parameters
    ----------
    outcomes
        The ten outcomes of the Care Act.
    basic
        For each outcome whether it is basic.
    level
        Outcomes by severities (0 for none, then `SEVERITIES`): row of the reckoner.
    reckoner
        Points, units and reach of each level.
    services
        Identifiers of the services, in the order of the price list.
    step, least_units, replaces_all
        Of each service; thousandths of a unit.
    """

    outcomes: tuple[str, ...]
    basic: BoolArray
    level: IntArray
    reckoner: Reckoner
    services: tuple[str, ...]
    step: IntArray
    least_units: IntArray
    replaces_all: BoolArray


@cache
def profile() -> Profile:
    """The profile, from the bundled tables."""
    outcomes = tuple(row["outcome"] for row in bundled("outcomes"))
    listed = bundled("services")
    services = tuple(row["service_id"] for row in listed)
    replaces_all = np.array([row["replaces_all"] == "yes" for row in listed])
    rows = {(row["outcome"], row["severity"]): i + 1 for i, row in enumerate(bundled("points"))}
    shape = (len(rows) + 1, len(services))
    points = np.zeros(shape[0], dtype=np.int64)
    for row in bundled("points"):
        points[rows[row["outcome"], row["severity"]]] = thousandths(row["points"])
    units, reach = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row in bundled("reckoner"):
        place = rows[row["outcome"], row["severity"]], services.index(row["service_id"])
        units[place], reach[place] = thousandths(row["units"]), thousandths(row["reach"])
    return Profile(
        outcomes=outcomes,
        basic=np.array([row["basic"] == "yes" for row in bundled("outcomes")]),
        level=np.array([[0, *(_level(rows, o, s) for s in SEVERITIES)] for o in outcomes]),
        reckoner=Reckoner(points, units, reach, replaces_all),
        services=services,
        step=np.array([thousandths(row["step"]) for row in listed]),
        least_units=np.array([thousandths(row["least_units"]) for row in listed]),
        replaces_all=replaces_all,
    )


def _level(rows: dict[tuple[str, str], int], outcome: str, severity: str) -> int:
    # Only personal care is ever given by two carers; elsewhere that severity is severity 3.
    return rows.get((outcome, severity), rows[outcome, severity[:1]])
