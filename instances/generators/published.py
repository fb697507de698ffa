"""A council's figures from tables in the format of the published unit costs and clients.

Unit costs: area, client_group, service, per, denominator_units, unit_cost_gbp. Clients: area,
client_group, service, clients_or_units, measure. Further columns are not looked at. A figure that
is missing or odd is replaced by England's, and a note says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from metneed.instances.generators.council_figures import (
    CostKey,
    Figures,
    england,
    is_odd,
)
from metneed.instances.generators.council_profile import CARE_HOMES, CLIENT_GROUPS
from metneed.instances.generators.published_table import Numbers, PublishedTable
from metneed.models.errors import InputError, OptionError, UnknownNameError
from metneed.models.findings import Finding, Findings

WEEKS_A_YEAR = 52
"""As the published unit costs count resident weeks."""

_COST_COLUMNS = ("area", "client_group", "service", "per", "denominator_units", "unit_cost_gbp")
_CLIENT_COLUMNS = ("area", "client_group", "service", "clients_or_units", "measure")
_COUNTED = "clients at 31 March"
_HOURS = ("home_care_hours_own_provision", "home_care_hours_by_others")


@dataclass(frozen=True)
class _Published:
    """One council's rows: unit costs, resident weeks, people and units."""

    unit_costs: Numbers
    weeks: Numbers
    people: Numbers
    hours: Numbers


def council_figures(unit_costs: Path, clients: Path, council: str) -> Figures:
    """The figures of one council.

    Parameters
    ----------
    unit_costs, clients
        CSV files.
    council
        Name of the area, as in the files.

    Raises
    ------
    InputError
        Where a file cannot be read, lacks columns, or has rows of the council that are no
        numbers or stand there twice.
    UnknownNameError
        Where the files have no such council.
    OptionError
        Where the council has no clients at all.
    """
    published = _read(unit_costs, clients, council)
    notes: list[str] = []
    people = _clients(published, notes)
    if not sum(people.values()):
        raise OptionError(f"{clients.name} has no clients of {council}: name another council")
    own = _own_provision(published, notes)
    return Figures(
        area=council,
        unit_costs=_unit_costs(published, _needed(people, own), notes),
        clients=people,
        own_provision=own,
        notes=(_how_counted(council), *notes),
    )


def _read(unit_costs: Path, clients: Path, council: str) -> _Published:
    findings = Findings()
    costs = PublishedTable.read(unit_costs, _COST_COLUMNS, findings)
    counts = PublishedTable.read(clients, _CLIENT_COLUMNS, findings)
    if findings.errors:
        raise InputError(findings)
    known = costs.values("area") | counts.values("area")
    if council not in known:
        raise UnknownNameError("council", council, known)
    for table in (costs, counts):
        if council not in table.values("area"):
            problem = f"there is no row of {council}"
            remedy = "Use unit costs and clients of the same councils and year."
            findings.add(Finding(table.name, 0, "area", "", problem, remedy, "missing-council"))
    key = ("client_group", "service", "per")
    published = _Published(
        unit_costs=costs.numbers({"area": council}, key, "unit_cost_gbp", findings),
        weeks=costs.numbers({"area": council, "per": "week"}, key, "denominator_units", findings),
        people=counts.numbers(
            {"area": council, "measure": _COUNTED}, key[:2], "clients_or_units", findings
        ),
        hours=counts.numbers(
            {"area": council, "measure": "units during year"},
            key[:2],
            "clients_or_units",
            findings,
        ),
    )
    if findings.errors:
        raise InputError(findings)
    return published


def _how_counted(council: str) -> str:
    return (
        f"people of {council} are counted under each service they use, so that some stand for "
        "one person twice; their needs and packages are made up"
    )


def _clients(published: _Published, notes: list[str]) -> dict[tuple[str, str], int]:
    """People by client group and main service."""
    people: dict[tuple[str, str], int] = {}
    for group in CLIENT_GROUPS:
        for service in ("home_care", "direct_payment", "day_care"):
            count = published.people.get((group, service))
            if count is None:
                notes.append(f"{group}: no number of {service} clients; none are made")
            people[group, service] = int(count or 0)
        residents, nursing = _residents(published, group, notes)
        people[group, "residential"] = residents - nursing
        people[group, "nursing"] = nursing
    return people


def _residents(published: _Published, group: str, notes: list[str]) -> tuple[int, int]:
    """Residents of care homes, and how many of them are in nursing care."""
    residential, nursing = (
        published.weeks.get((group, service, "week"), Decimal(0)) for service in CARE_HOMES
    )
    weeks = residential + nursing
    count = int(published.people.get((group, "residential_or_nursing"), Decimal(0)))
    paid_for = round(weeks / WEEKS_A_YEAR)
    if paid_for and is_odd(Decimal(count), Decimal(paid_for)):
        notes.append(
            f"{group}: {count:,} residents do not agree with {int(weeks):,} resident weeks; "
            f"made are the weeks over {WEEKS_A_YEAR}, {paid_for:,}"
        )
        count = paid_for
    if not weeks:
        residential, nursing = (Decimal(england().clients[group, name]) for name in CARE_HOMES)
        if count:
            notes.append(f"{group}: no resident weeks; nursing care has England's share")
    return count, round(count * nursing / (residential + nursing))


def _own_provision(published: _Published, notes: list[str]) -> int:
    """Home care hours by own staff, per mille."""
    own, others = (published.hours.get(("all adults", name)) for name in _HOURS)
    if own is None or others is None or not own + others:
        share = england().own_provision
        notes.append(f"no home care hours; own staff give England's {share / 10:g} % of them")
        return share
    return round(1000 * own / (own + others))


def _needed(people: Mapping[tuple[str, str], int], own: int) -> list[CostKey]:
    """The unit costs that this council's instance depends on."""
    groups = {group for (group, _), count in people.items() if count} | {"all adults"}
    return [
        key
        for key in england().unit_costs
        if key[0] in groups and (own or key[1] != "home_care_own_provision")
    ]


def _unit_costs(
    published: _Published, needed: list[CostKey], notes: list[str]
) -> dict[CostKey, Decimal]:
    costs = dict(england().unit_costs)
    for key in needed:
        value, standard = published.unit_costs.get(key), costs[key]
        if value is not None and not is_odd(value, standard):
            costs[key] = value
            continue
        reason = "no unit cost" if value is None else f"{value:.2f} is odd beside England's"
        notes.append(f"{', '.join(key)}: {reason}; England's {standard:.2f} is used")
    return costs
