"""The tables that a made-up council would have filled in: building them gives the same instance."""

from collections.abc import Mapping

import numpy as np

from metneed.instances.generators.bundled import bundled
from metneed.instances.generators.council_people import People
from metneed.instances.generators.council_profile import CLIENT_GROUPS, profile
from metneed.instances.generators.family import Column, Table
from metneed.instances.plans import Services, Swap
from metneed.models.arrays import BoolArray, IntArray, TextArray

_YES = np.array(["no", "yes"], dtype=object)


def council_tables(
    people: People,
    users: Table,
    services: Services,
    swaps: list[Swap],
    today: tuple[IntArray, BoolArray],
) -> dict[str, Table]:
    """Users, needs, points, reckoner, services, current and swaps, as a council writes them.

    Parameters
    ----------
    people, users
        The people, and their table in the instance, whose columns of text are taken over.
    services, swaps
        The price list, and what may take the place of what.
    today
        Units of today, people by services, and whose cannot go on as it is.
    """
    ids = np.asarray(users["user_id"], dtype=object)
    columns = ("user_id", "client_group", "age_band", "locality", "band", "arrival")
    return {
        "users": {name: users[name] for name in columns},
        "needs": _needs(ids, people),
        "points": _bundled("points", ("outcome", "severity"), ("points",)),
        "reckoner": _bundled("reckoner", ("outcome", "severity", "service_id"), ("units", "reach")),
        "services": _services(services),
        "current": _current(ids, services, *today),
        "swaps": _swaps(services, swaps),
    }


def _needs(ids: TextArray, people: People) -> Table:
    row, outcome = np.nonzero(people.needs.level)
    severity = np.array(["", *(line["severity"] for line in bundled("points"))], dtype=object)
    return {
        "user_id": ids[row],
        "outcome": np.array(profile().outcomes, dtype=object)[outcome],
        "severity": severity[people.needs.level[row, outcome]],
        "informal": people.needs.informal[row, outcome],
        "basic": _YES[people.needs.basic[row, outcome].astype(np.int64)],
    }


def _bundled(table: str, texts: tuple[str, ...], numbers: tuple[str, ...]) -> dict[str, Column]:
    """A table of the profile; its numbers keep the decimals that they are written with."""
    rows = bundled(table)
    return {
        name: np.array([row[name] for row in rows], dtype=object)
        for name in (*texts, *numbers, "source")
    }


def _services(services: Services) -> Table:
    """One row a service where all pay the same, else one row a service and client group."""
    at, group, price = [], [], []
    for place in range(len(services.ids)):
        column = services.price[:, place]
        if (column == column[0]).all():
            at.append(place)
            group.append("")
            price.append(int(column[0]))
            continue
        at += [place] * len(column)
        group += CLIENT_GROUPS
        price += column.tolist()
    rows = np.array(at)
    least = np.zeros(len(services.ids), np.int64)
    if services.least_need is not None:
        least = services.least_need
    unit = {row["service_id"]: row["unit"] for row in bundled("services")}
    ids = np.array(services.ids, dtype=object)[rows]
    return {
        "service_id": ids,
        "unit": np.array([unit[name] for name in ids], dtype=object),
        "unit_cost": np.array(price, dtype=np.int64),
        "step": services.step[rows],
        "least_units": services.least_units[rows],
        "replaces_all": _YES[services.replaces_all[rows].astype(np.int64)],
        "least_need": least[rows],
        "client_group": np.array(group, dtype=object),
    }


def _current(ids: TextArray, services: Services, units: IntArray, ends: BoolArray) -> Table:
    row, service = np.nonzero(units)
    return {
        "user_id": ids[row],
        "service_id": np.array(services.ids, dtype=object)[service],
        "units": units[row, service],
        "offered": _YES[(~ends[row]).astype(np.int64)],
    }


def _swaps(services: Services, swaps: list[Swap]) -> Mapping[str, Column]:
    return {
        "from": np.array([services.ids[swap.old] for swap in swaps], dtype=object),
        "to": np.array([services.ids[swap.new] for swap in swaps], dtype=object),
        "rate": np.array([swap.rate for swap in swaps], dtype=np.int64),
        "package_id": np.array([swap.package_id for swap in swaps], dtype=object),
        "parts": np.array([" ".join(map(str, swap.parts)) for swap in swaps], dtype=object),
    }
