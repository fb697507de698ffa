"""A council's tables put together, at one level of evidence, for the people who are counted."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from metneed.instances.council.assessment import Levels, check_served, read_points, read_reckoner
from metneed.instances.council.current import NOT_RECORDED, Current, read_current
from metneed.instances.council.money import read_contributions, read_ledger
from metneed.instances.council.needs import TOTAL, NeedRows, read_needs, total_needs
from metneed.instances.council.offers import read_swaps, read_templates, reserved
from metneed.instances.council.people import read_people
from metneed.instances.council.prices import Prices, read_prices
from metneed.instances.council.settings import FILE, Settings
from metneed.instances.evidence import Evidence
from metneed.instances.faults import Fault, FileFaults
from metneed.instances.met_need import WHOLE, Needs, Reckoner
from metneed.instances.plans import Plan, Services, Swap, Tables
from metneed.instances.reading import Reading
from metneed.instances.reconcile import Accounts
from metneed.instances.users import UserRows
from metneed.models.arrays import IntArray
from metneed.models.findings import Findings

TODAY = "today"
"""The one service where only the cost of today's package is known: its unit is that package."""


_ASSESSMENT = ("points", "reckoner", "response")
_OFFERS = ("templates", "swaps")


@dataclass(frozen=True, eq=False)
class Parts:
    """What was read of each table, None where there is none or it could not be read."""

    people: UserRows | None
    prices: Prices | None
    levels: Levels | None
    reckoner: Reckoner | None
    needs: NeedRows | None
    current: Current | None
    templates: tuple[Plan, ...]
    swaps: tuple[Swap, ...]
    ledger: Accounts | None
    contributions: IntArray | None


def read_parts(readings: Mapping[str, Reading], settings: Settings, period: str) -> Parts:
    """Every table, each held against the others; all faults are findings."""
    people = read_people(readings)
    prices = read_prices(readings["services"], people) if "services" in readings else None
    levels = read_points(readings["points"]) if "points" in readings else None
    reckoner = read_reckoner(readings, levels, prices) if "reckoner" in readings else None
    needs = current = ledger = contributions = None
    templates: tuple[Plan, ...] = ()
    swaps: tuple[Swap, ...] = ()
    if "needs" in readings:
        needs = read_needs(readings["needs"], people, levels, settings)
    if "current" in readings:
        current = read_current(readings["current"], people, prices)
    if "templates" in readings:
        templates = read_templates(readings["templates"], people, prices)
    if "swaps" in readings:
        taken = set() if prices is None else reserved(prices)
        taken |= {plan.package_id for plan in templates}
        swaps = read_swaps(readings["swaps"], prices, taken)
    if "ledger" in readings:
        ledger = read_ledger(readings["ledger"], prices, period)
    if "contributions" in readings:
        contributions = read_contributions(readings["contributions"], people)
    return Parts(
        people,
        prices,
        levels,
        reckoner,
        needs,
        current,
        templates,
        swaps,
        ledger,
        contributions,
    )


def evidence_of(
    readings: Mapping[str, Reading], settings: Settings, findings: Findings
) -> Evidence | None:
    """The level that the tables allow, or the lower one that is asked for; None where none is."""
    assessed = {"points", "reckoner"} <= set(readings)
    has_points = "users" in readings and readings["users"].column("points") is not None
    possible: list[Evidence] = []
    if "needs" in readings:
        possible.append("A")
    if has_points and assessed:
        possible.append("B")
    if has_points and "current" in readings:
        possible.append("C")
    wanted = settings.evidence
    if not possible:
        problem = "there are neither needs nor points of users to build menus from"
        remedy = "Add needs.csv, or users.csv with points and current.csv"
        FileFaults("needs.csv", findings).add(Fault("missing-file", problem, remedy))
        return None
    if wanted is not None and wanted not in possible:
        problem = f"the tables allow {' or '.join(possible)}"
        fault = Fault("no-evidence", problem, "Add the tables for it, or leave the key out")
        FileFaults(FILE, findings).add(fault, "evidence", wanted)
        return None
    return wanted or possible[0]


def needed_tables(level: Evidence) -> tuple[str, ...]:
    """The tables without which a level cannot be built."""
    return {
        "A": ("needs", "points", "reckoner", "services"),
        "B": ("users", "points", "reckoner", "services"),
        "C": ("users", "current", "services"),
    }[level]


def announce_unused(readings: Mapping[str, Reading], level: Evidence, settings: Settings) -> None:
    """Warn of tables that have no part in a build at this level."""
    unused = {"A": (), "B": ("needs",), "C": ("needs", *_ASSESSMENT, *_OFFERS)}[level]
    for name in unused:
        if name in readings:
            asked = "asked for in build.toml" if settings.evidence else "the best there is"
            problem = f"not used: the evidence is {level}, {asked}"
            fault = Fault("not-used", problem, "Nothing needs to be done, if that is meant")
            readings[name].about(fault, severity="warning")


def assembled(
    parts: Parts, level: Evidence, today_cost: IntArray, readings: Mapping[str, Reading]
) -> tuple[Tables, tuple[str, ...]] | None:
    """What menus are built from and the names of its needs; None where a part is missing."""
    people, prices = parts.people, parts.prices
    if people is None or prices is None:
        return None
    points = people.column("points")
    if level == "C":
        return None if points is None else (_by_cost(points, today_cost), (TOTAL,))
    if parts.levels is None or parts.reckoner is None:
        return None
    if level == "A":
        needs = None if parts.needs is None else parts.needs.needs
    else:
        needs = _totals(people, points, parts.levels, readings["points"])
    if needs is None:
        return None
    check_served(parts.levels, parts.reckoner, needs.level)
    made = Tables(needs, parts.reckoner, prices.services, prices.price_list)
    return made, parts.levels.outcomes


def _totals(
    people: UserRows, points: IntArray | None, levels: Levels, reading: Reading
) -> Needs | None:
    if levels.outcomes != (TOTAL,):
        problem = f"without needs, points and reckoner speak of one outcome: {TOTAL}"
        fault = Fault("no-total", problem, f"Write {TOTAL} there, and bands as severities")
        reading.about(fault, "outcome")
        return None
    return None if points is None else total_needs(people, points, levels)


def today_costs(current: Current | None, prices: Prices, *, recorded: bool) -> IntArray:
    """What each person's services of today cost: at list price, or as recorded where known."""
    if current is None:
        return np.zeros(len(prices.price_list), dtype=np.int64)
    units = current.matrix(len(prices.ids))
    listed = prices.services.cost(prices.price_list, units)
    stated = current.recorded_cost()
    return np.where((stated == NOT_RECORDED) | (not recorded), listed, stated)


def _by_cost(points: IntArray, cost: IntArray) -> Tables:
    """One need a person, met by one service: today's package, whose unit is all of it."""
    one = (len(points), 1)
    return Tables(
        needs=Needs(
            level=(points > 0).astype(np.int64).reshape(one),
            informal=np.zeros(one, dtype=np.int64),
            basic=np.zeros(one, dtype=np.bool_),
            points=points.reshape(one),
        ),
        reckoner=Reckoner(
            points=np.zeros(2, dtype=np.int64),
            units=np.array([[0], [WHOLE]]),
            reach=np.array([[0], [WHOLE]]),
            replaces_all=np.zeros(1, dtype=np.bool_),
        ),
        services=Services(
            ids=(TODAY,),
            price=cost.reshape(one),
            step=np.ones(1, dtype=np.int64),
            least_units=np.zeros(1, dtype=np.int64),
            replaces_all=np.zeros(1, dtype=np.bool_),
        ),
        price_list=np.arange(len(points)),
    )
