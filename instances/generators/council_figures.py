"""What services cost a council and how many people use each: England's figures, or a council's."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TypeAlias

import numpy as np

from metneed.instances.generators.bundled import assumption, bundled
from metneed.instances.generators.council_profile import CLIENT_GROUPS, MAIN_SERVICES, profile
from metneed.models.arrays import IntArray

CostKey: TypeAlias = tuple[str, str, str]
"""Client group, service, and what the cost is for: week, hour, client-week."""

MOST_TIMES = 4
"""A council's figure more than so many times England's, or less than that part, is odd."""

_HOURLY = ("home_care", "direct_payment")


@dataclass(frozen=True)
class Figures:
    """Unit costs, clients and the share of home care by own staff.

    Parameters
    ----------
    area
        Council, or England.
    unit_costs
        Pounds by client group, service and unit.
    clients
        People by client group and main service.
    own_provision
        Home care hours by the council's own staff, per mille.
    notes
        What was missing or odd, and what stands in for it.
    """

    area: str
    unit_costs: Mapping[CostKey, Decimal]
    clients: Mapping[tuple[str, str], int]
    own_provision: int
    notes: tuple[str, ...] = ()

    def clients_table(self) -> IntArray:
        """People, client groups by main services."""
        return np.array(
            [[self.clients.get((g, s), 0) for s in MAIN_SERVICES] for g in CLIENT_GROUPS]
        )

    def prices(self) -> IntArray:
        """Client groups by services of the price list: pence for one unit."""
        return np.array(
            [[_pence(self._price(g, s)) for s in profile().services] for g in CLIENT_GROUPS]
        )

    def today_percent(self) -> IntArray:
        """Client groups by home care, direct payment, day care: today's package of full, per cent.

        England's per cent, times how many more hours a client has here than in England; how much
        more a day care client costs is in the price.
        """
        rows = []
        for row in bundled("today"):
            group = row["client_group"]
            percent = [
                _round(int(row[f"{service}_percent"]) * self._hours(group, service))
                for service in _HOURLY
            ]
            rows.append([*percent, int(row["day_care_percent"])])
        return np.array(rows)

    def _price(self, group: str, service: str) -> Fraction:
        if service in {"residential", "nursing"}:
            return Fraction(self.unit_costs[group, service, "week"])
        if service == "day_care":
            sessions = {row["client_group"]: row["sessions_a_week"] for row in bundled("today")}
            a_week = Fraction(self.unit_costs[group, "day_care", "client-week"])
            return a_week / Fraction(sessions[group])
        if service == "direct_payment":
            hour = Fraction(self.unit_costs["all adults", "home_care", "hour"])
            return hour * Fraction(assumption("direct_payment_rate"), 1000)
        provider = {"home_care": "by_others", "home_care_own": "own_provision"}[service]
        return Fraction(self.unit_costs["all adults", f"home_care_{provider}", "hour"])

    def _hours(self, group: str, service: str) -> Fraction:
        """Hours a client has, over hours a client has in England."""
        return self._weekly_hours(group, service) / england()._weekly_hours(group, service)  # noqa: SLF001

    def _weekly_hours(self, group: str, service: str) -> Fraction:
        a_week = Fraction(self.unit_costs[group, service, "client-week"])
        return a_week / Fraction(self.unit_costs["all adults", "home_care", "hour"])


@cache
def england() -> Figures:
    """England's figures of 2013-14, from the bundled tables."""
    return Figures(
        area="England",
        unit_costs={
            (row["client_group"], row["service"], row["per"]): Decimal(row["unit_cost_gbp"])
            for row in bundled("unit_costs")
        },
        clients={
            (row["client_group"], row["service"]): int(row["clients"]) for row in bundled("clients")
        },
        own_provision=assumption("own_provision"),
    )


def is_odd(value: Decimal, england_value: Decimal) -> bool:
    """Whether a council's figure is too far from England's to be believed."""
    return not england_value <= value * MOST_TIMES <= england_value * MOST_TIMES**2


def _pence(pounds: Fraction) -> int:
    return _round(pounds * 100)


def _round(exact: Fraction) -> int:
    """The nearest whole number, halves up."""
    return int((exact + Fraction(1, 2)) // 1)
