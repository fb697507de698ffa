"""What the people of a made-up council have today: grown over years, not derived from need."""

import numpy as np

from metneed.instances.build import Services, Tables
from metneed.instances.generators.bundled import assumption, bundled
from metneed.instances.generators.council_figures import Figures
from metneed.instances.generators.council_people import People
from metneed.instances.generators.council_profile import CARE_HOMES, MAIN_SERVICES
from metneed.instances.met_need import WHOLE
from metneed.models.arrays import BoolArray, IntArray
from metneed.models.random_stream import RandomStream


def todays_units(people: People, tables: Tables, figures: Figures, seed: int) -> IntArray:
    """Units of each service that each person has today, before new people are told apart.

    The main service takes the units that would meet by itself all that it can, times three per
    cents: what is usual for the client group, how generous the locality is, and a factor of the
    person's own that has nothing to do with need.

    Returns
    -------
    People by services, thousandths of a unit.
    """
    services = tables.services
    size = len(people)
    units = np.zeros((size, len(services.ids)), dtype=np.int64)
    factor = _generosity(people, seed)
    percent = figures.today_percent()[people.group]
    own = _stream(seed, "own provision").chance(figures.own_provision, size)
    both = _stream(seed, "day care with home care").chance(
        assumption("day_care_with_home_care"), size
    )
    for column, name in enumerate(("home_care", "direct_payment", "day_care")):
        has = people.service == MAIN_SERVICES.index(name)
        usual = _asked(tables, name) * percent[:, column] * factor // 10**6
        if name == "home_care":
            # Day care users who also have home care have half of what others have.
            beside = both & (people.service == MAIN_SERVICES.index("day_care"))
            usual = np.where(beside, usual // 2, usual)
            _give(units, services, "home_care_own", has & own, usual)
            _give(units, services, "home_care", (has & ~own) | beside, usual)
        else:
            _give(units, services, name, has, usual)
    for name in CARE_HOMES:
        _give(units, services, name, people.service == MAIN_SERVICES.index(name), None)
    return units


def _generosity(people: People, seed: int) -> IntArray:
    """Per cent of the locality times per cent of the person's own."""
    locality = np.array([int(row["generosity_percent"]) for row in bundled("localities")])
    person = _stream(seed, "generosity").between(
        assumption("least_generosity"), assumption("most_generosity"), len(people)
    )
    return locality[people.locality] * person


def _asked(tables: Tables, service: str) -> IntArray:
    """Units that would meet by this service alone all that it can of each person's needs."""
    needs = tables.needs
    column = tables.reckoner.units[:, tables.services.ids.index(service)]
    asked: IntArray = (column[needs.level] * (WHOLE - needs.informal)).sum(axis=1) // WHOLE
    return asked


def _give(
    units: IntArray, services: Services, name: str, rows: BoolArray, amount: IntArray | None
) -> None:
    column = services.ids.index(name)
    wanted = np.zeros_like(units)
    wanted[rows, column] = 1 if amount is None else np.maximum(amount[rows], 1)
    units[rows, column] = services.to_step(wanted)[rows, column]


def _stream(seed: int, name: str) -> RandomStream:
    return RandomStream.of(seed, f"council today {name}")
