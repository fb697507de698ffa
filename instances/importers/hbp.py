"""A health benefits package: interventions of which a share of the cases is covered.

`interventions.csv` has, for each intervention, what a case averts and costs and how many cases
there are; `constraints.yaml` beside it has the limits. An intervention becomes a user with one
package that may be divided: its full feasible coverage. Its cost is that of the consumables,
its met need the net health (disability-adjusted life years averted, less the full cost at the
threshold), and a share of it the share of that coverage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from pydantic import Field

from metneed.instances.faults import Fault
from metneed.instances.files import defused
from metneed.instances.importers.hbp_limits import Limits, read_limits
from metneed.instances.importers.hbp_table import Intervention, read_interventions
from metneed.instances.importers.published import (
    LIMITS,
    ProblemFormat,
    ProblemOptions,
    Published,
)
from metneed.instances.importers.tokens import refuse
from metneed.instances.write import Columns
from metneed.models.limits import PRODUCT_LIMIT
from metneed.models.units import decimal_text

TABLE, LIMITS_FILE = "interventions.csv", "constraints.yaml"
STAFF = {"med": "clinical", "nurse": "nursing", "pharm": "pharmacy", "lab": "lab"}
"""Staff by their names in the limits, and by the first word of the columns of minutes."""

_QUANTITY = 4
_MOST_NEED = 6
_SHOWN = 400


@dataclass(frozen=True)
class _Scenario:
    """A published scenario: threshold, and which limits bind."""

    title: str
    threshold: str | None
    demand: bool = False
    budget: bool = False
    staff: bool = False


_SCENARIOS = {
    1: _Scenario("no limits but the cases", None),
    2: _Scenario("threshold of 65.8 dollars", "ochalek"),
    3: _Scenario("threshold of 164.7 dollars", "lomas"),
    4: _Scenario("with feasible coverage", "ochalek", demand=True),
    5: _Scenario("with feasible coverage and drug budget", "ochalek", demand=True, budget=True),
    6: _Scenario(
        "with feasible coverage, drug budget and staff",
        "ochalek",
        demand=True,
        budget=True,
        staff=True,
    ),
}


class Options(ProblemOptions):
    """Options of the format."""

    scenario: int = Field(
        default=5, ge=1, le=6, description="published scenario: 1 no limits to 6 all limits"
    )


@dataclass(frozen=True)
class _Package:
    """One way to deliver an intervention, for all its feasible cases."""

    user: str
    package: str
    cases: Fraction
    cost: Fraction
    value: Fraction
    minutes: dict[str, Fraction]


def run(file: Path, options: Options) -> list[Published]:
    """The one problem of a file, under one of its published scenarios.

    Raises
    ------
    InputError
        Where a file is something else, or has faults.
    """
    table = file / TABLE if file.is_dir() else file
    limits_file = table.parent / LIMITS_FILE
    chosen = _SCENARIOS[options.scenario]
    interventions = read_interventions(table)
    limits = read_limits(limits_file)
    threshold = _threshold(limits_file, limits, chosen)
    packages = [p for one in interventions for p in _packages(one, chosen, threshold)]
    dropped = sorted({package.user for package in packages if package.value <= 0})
    kept = [package for package in packages if package.value > 0]
    if not kept:
        fault = Fault("no-package", "no intervention has a net value above 0", "Check the figures")
        refuse(table.name, fault)
    money = 1 if chosen.budget else 0
    need = _need_decimals(table, kept, money)
    cost = [_up(package.cost, money) for package in kept]
    budget = sum(cost)
    if chosen.budget:
        budget = _down(_number(limits_file, limits, "consumables_budget_usd"), money)
    services, uses = _substitutes(limits, interventions, kept, chosen)
    if chosen.staff:
        of_staff = _staff(limits_file, limits, kept)
        services, uses = services + of_staff[0], uses + of_staff[1]
    tables: dict[str, Columns] = {
        "users": _users(interventions, kept),
        "packages": {
            "user_id": [package.user for package in kept],
            "package_id": [package.package for package in kept],
            "cost": np.array(cost, dtype=np.int64),
            "met_need": np.array([_down(p.value, need) for p in kept], dtype=np.int64),
        },
        **_tables(services, uses),
    }
    scenario = {
        "schema_version": 1,
        "name": f"health-benefits-package-{options.scenario}",
        "description": f"{chosen.title}; a user is an intervention",
        "budget": decimal_text(budget, money),
        "currency": "USD",
        "money_decimals": money,
        "need_decimals": need,
        "quantity_decimals": _QUANTITY,
        "packages": "divisible",
        "groups": ["category"],
        "constraints": LIMITS if services else {},
    }
    return [Published("", tables, scenario, _notes(chosen, dropped, money, need))]


FORMAT = ProblemFormat(
    "hbp", "Health benefits package (interventions.csv and constraints.yaml)", run, Options
)


def _threshold(file: Path, limits: Limits, chosen: _Scenario) -> Fraction | None:
    """Dollars that a life year is worth, None where costs do not count."""
    if chosen.threshold is None:
        return None
    found = limits.tables.get("cet_usd_per_daly", {}).get(chosen.threshold)
    if not found:
        problem = f"there is no cet_usd_per_daly called {chosen.threshold} above 0"
        refuse(file.name, Fault("not-this-format", problem, "Add it"))
    return found


def _number(file: Path, limits: Limits, name: str) -> Fraction:
    if name not in limits.numbers:
        refuse(file.name, Fault("not-this-format", f"there is no number {name}", "Add it"))
    return limits.numbers[name]


def _packages(one: Intervention, chosen: _Scenario, threshold: Fraction | None) -> list[_Package]:
    """As it is delivered now and, where pharmacists are needed, with nurses in their place."""
    cases = _covered(one, chosen)
    per_case = one.averted - (one.full_cost / threshold if threshold else 0)
    minutes = {staff: cases * one.minutes[word] for staff, word in STAFF.items()}
    packages = [
        _Package(one.code, "usual", cases, cases * one.consumables, cases * per_case, minutes)
    ]
    if chosen.staff and minutes["pharm"]:
        moved = {**minutes, "nurse": minutes["nurse"] + minutes["pharm"], "pharm": Fraction(0)}
        usual = packages[0]
        packages.append(_Package(one.code, "task shifted", cases, usual.cost, usual.value, moved))
    return packages


def _covered(one: Intervention, chosen: _Scenario) -> Fraction:
    """The cases of full feasible coverage."""
    return one.cases * (one.coverage if chosen.demand else 1)


_Services = list[tuple[str, str, int]]
_Uses = list[tuple[_Package, str, int]]


def _substitutes(
    limits: Limits,
    interventions: Sequence[Intervention],
    kept: Sequence[_Package],
    chosen: _Scenario,
) -> tuple[_Services, _Uses]:
    """A service for each group of substitutes: cases, as many as the largest of them has."""
    services, uses = _Services(), _Uses()
    cases = {one.code: _covered(one, chosen) for one in interventions}
    for group in limits.lists.get("substitute_groups", []):
        known = [code for code in group if code in cases]
        members = [package for package in kept if package.user in known]
        if len({package.user for package in members}) < 2:
            # One alone never has more cases than its own.
            continue
        name = f"substitutes {' '.join(known)}"
        services.append((name, "cases", max(_up(cases[code], _QUANTITY) for code in known)))
        uses += [(package, name, _up(package.cases, _QUANTITY)) for package in members]
    return services, uses


def _staff(file: Path, limits: Limits, kept: Sequence[_Package]) -> tuple[_Services, _Uses]:
    """A service for each group of staff: minutes in a year."""
    available = limits.tables.get("staff_minutes_per_year", {})
    missing = [staff for staff in STAFF if staff not in available]
    if missing:
        problem = f"there are no staff_minutes_per_year of {missing[0]}"
        refuse(file.name, Fault("not-this-format", problem, "Add them"))
    services = [(staff, "minutes", _down(available[staff], _QUANTITY)) for staff in STAFF]
    uses = [
        (package, staff, _up(package.minutes[staff], _QUANTITY))
        for package in kept
        for staff in STAFF
        if package.minutes[staff]
    ]
    return services, uses


def _tables(services: _Services, uses: _Uses) -> dict[str, Columns]:
    if not services:
        return {}
    return {
        "services": {
            "service_id": [name for name, _, _ in services],
            "unit": [unit for _, unit, _ in services],
            "capacity": np.array([amount for _, _, amount in services], dtype=np.int64),
        },
        "uses": {
            "user_id": [package.user for package, _, _ in uses],
            "package_id": [package.package for package, _, _ in uses],
            "service_id": [name for _, name, _ in uses],
            "amount": np.array([amount for _, _, amount in uses], dtype=np.int64),
        },
    }


def _users(interventions: Sequence[Intervention], kept: Sequence[_Package]) -> Columns:
    there = {package.user for package in kept}
    listed = [one for one in interventions if one.code in there]
    return {
        "user_id": [one.code for one in listed],
        "category": defused(np.array([one.category for one in listed], dtype=object)),
        "intervention": defused(np.array([one.title for one in listed], dtype=object)),
    }


def _need_decimals(table: Path, kept: Sequence[_Package], money: int) -> int:
    """The most decimals of values that exact arithmetic leaves."""
    cost = max(_up(package.cost, money) for package in kept)
    value = max(package.value for package in kept)
    fitting = [k for k in range(1 + _MOST_NEED) if max(cost, 1) * _up(value, k) < PRODUCT_LIMIT]
    if not fitting:
        fault = Fault("numbers-too-large", "costs and values are too large", "Use larger units")
        refuse(table.name, fault)
    return fitting[-1]


def _notes(chosen: _Scenario, dropped: Sequence[str], money: int, need: int) -> list[str]:
    notes = [
        f"interventions dropped, because their net value is not above 0: {len(dropped)}"
        + (f" ({', '.join(dropped)})" if dropped else "")
    ]
    notes.append(
        "costs and uses are rounded up, values down; decimals kept: "
        f"dollars {money}, life years {need}, cases and minutes {_QUANTITY}"
    )
    if not chosen.budget:
        notes.append("the budget pays for everything: in this scenario money is no limit")
    return notes


def _down(amount: Fraction, decimals: int) -> int:
    return int(amount * 10**decimals // 1)


def _up(amount: Fraction, decimals: int) -> int:
    return -_down(-amount, decimals)
