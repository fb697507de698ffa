"""A made-up council: people, needs, menus and today's packages, at published unit costs.

Menus come from `metneed.instances.build`, as those of a real council's tables do. What is
published and what is invented stands beside each figure in the bundled tables.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from metneed.instances.build import (
    Built,
    Services,
    Swap,
    Tables,
    build,
    standard_plans,
)
from metneed.instances.generators.bundled import bundled
from metneed.instances.generators.council_assessment import (
    Assessed,
    needs_table,
    small_tables,
    user_numbers,
)
from metneed.instances.generators.council_figures import Figures, england
from metneed.instances.generators.council_people import People, draw_people
from metneed.instances.generators.council_profile import CARE_HOMES, CLIENT_GROUPS, Profile, profile
from metneed.instances.generators.council_tables import council_tables
from metneed.instances.generators.council_today import todays_units
from metneed.instances.generators.family import (
    Column,
    Family,
    Generated,
    Options,
    Table,
    identifiers,
)
from metneed.instances.generators.published import council_figures
from metneed.instances.met_need import met_need
from metneed.models.arrays import BoolArray, IntArray, TextArray
from metneed.models.errors import OptionError
from metneed.models.menus import Menus
from metneed.models.random_stream import RandomStream

DEMO_USERS, DEMO_SEED = 2000, 2014

BANDS = ((15_000, "1 low"), (25_000, "2 moderate"), (35_000, "3 high"), (None, "4 very high"))
"""Bands of need: below so many thousandths of a point."""

CARE_HOME_NEED = 25_000
"""Care homes are offered from so many thousandths of a point on."""

CLOSED = "closed"
"""Today's package of people whose service is not offered any more."""


class CouncilOptions(Options):
    """Money, newcomers, and whose unit costs and clients are used."""

    budget_share: Decimal = Field(
        default=Decimal("0.9"),
        ge=0,
        le=10,
        description="budget as a share of what today's packages cost together",
    )
    top_slice: Decimal = Field(
        default=Decimal(0), ge=0, le=1, description="share of the budget that is held back"
    )
    new_users: Decimal = Field(
        default=Decimal("0.05"),
        ge=0,
        le=1,
        decimal_places=3,
        description="share of the users who have no package yet",
    )
    off_menu: Decimal = Field(
        default=Decimal("0.03"),
        ge=0,
        le=1,
        decimal_places=3,
        description="share of the users whose package of today is not offered any more",
    )
    unit_costs: Path | None = Field(
        default=None, description="CSV file of councils' unit costs; with clients and council"
    )
    clients: Path | None = Field(default=None, description="CSV file of councils' clients")
    council: str | None = Field(
        default=None, description="council of these files whose figures are used; else England's"
    )
    tables: bool = Field(
        default=False, description="yes: also give the tables that metneed build makes it from"
    )
    assessment: bool = Field(
        default=False, description="yes: also give what points systems need to know of people"
    )


def make(users: int | None, seed: int, options: CouncilOptions) -> Generated:
    """A council as tables and scenario."""
    figures = _figures(options)
    if users is None and figures.area == england().area:
        raise OptionError("say how many users the council is to have, or name a real council")
    assessed = profile()
    new = int(options.new_users * 1000)
    people = draw_people(assessed, figures.clients_table(), users, new, seed)
    tables = Tables(
        needs=people.needs,
        reckoner=assessed.reckoner,
        services=Services(
            ids=assessed.services,
            price=figures.prices(),
            step=assessed.step,
            least_units=assessed.least_units,
            replaces_all=assessed.replaces_all,
            least_need=np.where(np.isin(assessed.services, CARE_HOMES), CARE_HOME_NEED, 0),
        ),
        price_list=people.group,
    )
    today = np.where(people.new[:, None], 0, todays_units(people, tables, figures, seed))
    stream = RandomStream.of(seed, "council closed services")
    closed = stream.chance(int(options.off_menu * 1000), len(people))
    offered = np.where(closed[:, None], 0, today)
    swaps = _swaps(assessed)
    built = build(tables, standard_plans(tables, current=offered, swaps=swaps))
    ids = identifiers("C", len(people))
    previous = _previous(ids, tables, today, closed)
    listed = _users(ids, people, built)
    budget = int(int(previous["cost"].sum()) * options.budget_share)
    given = {
        "users": listed,
        "packages": _packages(ids, assessed, built),
        "previous": previous,
    }
    if options.assessment:
        given |= _assessment(people, tables, built, given, seed)
    return Generated(
        family="council",
        seed=seed,
        tables=given,
        offsets=built.offsets,
        scenario=_scenario(figures, len(people), budget, seed, options),
        notes=figures.notes,
        council=council_tables(people, listed, tables.services, swaps, (today, closed))
        if options.tables
        else {},
    )


def demo_council(*, assessment: bool = False) -> Generated:
    """The council that `metneed demo` compares rules on.

    Parameters
    ----------
    assessment
        Whether it also has what points systems need to know of people.
    """
    made = FAMILY.generate(DEMO_USERS, DEMO_SEED, {"assessment": assessment})
    return replace(made, scenario={**made.scenario, "name": "Made-up council"})


def _assessment(
    people: People, tables: Tables, built: Built, given: Mapping[str, Table], seed: int
) -> dict[str, Table]:
    """Users with further columns of numbers, their assessed needs, and small tables."""
    ids, previous = np.asarray(given["users"]["user_id"]), given["previous"]
    today = np.zeros(len(ids), dtype=np.int64)
    today[np.searchsorted(ids, previous["user_id"])] = previous["cost"]
    menus = Menus.of(built.offsets, built.cost, built.met_need)
    known = Assessed(people, tables, built.need, menus.full_cost, today, seed)
    users = {**given["users"], **user_numbers(known)}
    return {"users": users, "needs": needs_table(known, ids), **small_tables(known, users)}


def _figures(options: CouncilOptions) -> Figures:
    if options.council is None:
        if options.unit_costs or options.clients:
            raise OptionError("name the council whose figures are to be used: option council")
        return england()
    if options.unit_costs is None or options.clients is None:
        raise OptionError(
            f"the figures of {options.council} are read from two files: give both options "
            "unit_costs and clients"
        )
    return council_figures(options.unit_costs, options.clients, options.council)


def _swaps(assessed: Profile) -> list[Swap]:
    """Direct payments may take the place of home care."""
    old, new = (assessed.services.index(name) for name in ("home_care", "direct_payment"))
    return [Swap("direct_payment", old, new, parts=(75, 50))]


def _users(ids: TextArray, people: People, built: Built) -> Table:
    ages = np.array([row["age_band"] for row in bundled("age_bands")], dtype=object)
    places = np.array([row["locality"] for row in bundled("localities")], dtype=object)
    limits = [limit for limit, _ in BANDS if limit is not None]
    names = np.array([name for _, name in BANDS], dtype=object)
    return {
        "user_id": ids,
        "points": built.need,
        "need": built.need,
        "basic_need": built.basic_need,
        "band": names[np.searchsorted(limits, built.need, side="right")],
        "client_group": np.array(CLIENT_GROUPS, dtype=object)[people.group],
        "age_band": ages[people.age_band],
        "locality": places[people.locality],
        "arrival": people.arrival,
    }


def _packages(ids: TextArray, assessed: Profile, built: Built) -> Table:
    names = np.array([plan.package_id for plan in built.plans], dtype=object)
    return {
        "user_id": ids[built.user],
        "package_id": names[built.plan],
        "cost": built.cost,
        "met_need": built.met_need,
        "basic_met_need": built.basic_met_need,
        "form": _forms(assessed, built.units),
    }


def _forms(assessed: Profile, units: IntArray) -> TextArray:
    """How each package is delivered."""
    has = units > 0
    direct = has[:, assessed.services.index("direct_payment")]
    others = has.sum(axis=1) > direct
    names = np.array(["managed", "direct payment", "managed and direct payment", "care home"])
    kind = np.where(direct, np.where(others, 2, 1), 0)
    kind[has[:, assessed.replaces_all].any(axis=1)] = 3
    return names.astype(object)[kind]


def _previous(
    ids: TextArray, tables: Tables, today: IntArray, closed: BoolArray
) -> dict[str, Column]:
    rows = np.flatnonzero(today.any(axis=1))
    met, basic = met_need(tables.needs, tables.reckoner, rows, today[rows])
    return {
        "user_id": ids[rows],
        "package_id": np.where(closed[rows], CLOSED, "current").astype(object),
        "cost": tables.services.cost(tables.price_list[rows], today[rows]),
        "met_need": met,
        "basic_met_need": basic,
    }


def _scenario(
    figures: Figures, users: int, budget: int, seed: int, options: CouncilOptions
) -> dict[str, Any]:
    plain = "".join(c for c in figures.area if c.isascii() and (c.isalnum() or c in " -"))
    return {
        "schema_version": 1,
        "name": f"{plain[:30]} {users} seed {seed}",
        "description": f"Made-up council of {users:,} people at unit costs of {figures.area}, "
        "2013-14; not a real person among them",
        "budget": Decimal(budget).scaleb(-2),
        "period": "week",
        "top_slice": options.top_slice,
        "seed": seed,
    }


FAMILY = Family(
    "council",
    "a made-up council at published unit costs",
    CouncilOptions,
    make,
    counts_users=True,
)
