"""A council as it was read: people, needs, prices, what they have today, and the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from metneed.instances.council.current import Current
from metneed.instances.council.prices import Prices
from metneed.instances.council.settings import Settings
from metneed.instances.evidence import Evidence
from metneed.instances.plans import Plan, Swap, Tables
from metneed.instances.reconcile import Accounts
from metneed.models.arrays import IntArray, TextArray
from metneed.models.findings import Findings
from metneed.models.scenario import Scenario


@dataclass(frozen=True, eq=False)
class LeftOut:
    """People without any need who were left out, as the settings ask.

    Parameters
    ----------
    ids
        Who they are.
    cost
        What their services of today cost, smallest money units.
    """

    ids: tuple[str, ...]
    cost: int


@dataclass(frozen=True)
class TableNote:
    """What a table says of itself.

    Parameters
    ----------
    rows, assumed
        How many rows it has, and how many of them somebody assumed.
    sources
        Where its rows come from, in the words of the table.
    """

    rows: int
    assumed: int
    sources: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Council:
    """A council's tables, free of errors; one row a person wherever a column has no other rows.

    Parameters
    ----------
    scenario
        Money, choices and options, with the budget resolved.
    settings
        How menus are built.
    evidence
        What met need can be derived from.
    ids, columns
        Identifiers in code-point order, and the further columns of users.
    points, arrival
        As stated, or None where the tables do not say.
    tables
        Needs, reckoner and price list that menus are built from.
    outcomes
        What the columns of the needs are called.
    prices
        The council's price list; that of `tables` is another where only costs are known.
    current
        What people have today, or None.
    today_cost
        What each person's services of today cost by the settings, smallest money units.
    templates, swaps
        Packages beside those that follow from needs.
    ledger, contributions
        What the accounts say, and what people pay; None where the tables do not say.
    ineligible
        Needs that do not count because they are not eligible.
    left_out
        People without any need, where the settings leave them out.
    budget_stated
        Whether the scenario states a budget; otherwise it is what today's services cost.
    levels
        Outcome and severity of each row of the reckoner but the first, where needs are known.
    notes
        For each table what it says of itself.
    inputs
        sha256 of each file read, by file name.
    warnings
        Findings that stopped nothing.
    """

    scenario: Scenario
    settings: Settings
    evidence: Evidence
    ids: TextArray
    columns: Mapping[str, TextArray]
    points: IntArray | None
    arrival: IntArray | None
    tables: Tables
    outcomes: tuple[str, ...]
    prices: Prices
    current: Current | None
    today_cost: IntArray
    templates: tuple[Plan, ...]
    swaps: tuple[Swap, ...]
    ledger: Accounts | None
    contributions: IntArray | None
    ineligible: int
    left_out: LeftOut
    budget_stated: bool
    levels: tuple[tuple[str, str], ...] = ()
    notes: Mapping[str, TableNote] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    warnings: Findings = field(default_factory=Findings)

    def __len__(self) -> int:
        return len(self.ids)

    def kept(self, chosen: IntArray) -> "Council":
        """The same council with the people in these rows only, in the order given."""
        tables, current = self.tables, self.current

        def pick(column: IntArray | None) -> IntArray | None:
            return None if column is None else column[chosen]

        return replace(
            self,
            ids=self.ids[chosen],
            columns={name: column[chosen] for name, column in self.columns.items()},
            points=pick(self.points),
            arrival=pick(self.arrival),
            tables=replace(
                tables,
                needs=tables.needs.subset(chosen),
                price_list=tables.price_list[chosen],
                contribution=pick(tables.contribution),
            ),
            prices=replace(self.prices, price_list=self.prices.price_list[chosen]),
            current=None if current is None else current.kept(chosen),
            today_cost=self.today_cost[chosen],
            templates=tuple(_kept(plan, chosen, len(self)) for plan in self.templates),
            contributions=pick(self.contributions),
        )


def _kept(plan: Plan, chosen: IntArray, people: int) -> Plan:
    """A template for the chosen people only."""
    place = np.full(people, -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    rows = np.arange(people) if plan.rows is None else plan.rows
    mine = np.flatnonzero(place[rows] >= 0)
    return replace(plan, units=plan.units[mine], rows=place[rows[mine]])
