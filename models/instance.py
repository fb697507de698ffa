"""Instance: users, their packages and the scenario, validated and columnar."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from metneed.models.arrays import BoolArray, IntArray, TextArray
from metneed.models.assessment import Assessment
from metneed.models.columns import Labels, Numbers
from metneed.models.findings import Findings
from metneed.models.menus import Menus
from metneed.models.scenario import Scenario
from metneed.models.services import Services, Uses

Rows: TypeAlias = tuple[Mapping[str, str], ...]
"""The rows of a small table, each a mapping from heading to cell."""


@dataclass(frozen=True, eq=False)
class Users:
    """People who draw on care, in code-point order of their identifiers; one row a user.

    Parameters
    ----------
    ids
        Identifiers, exactly as the input had them.
    need
        Base of every share, smallest need units: as stated, or the greatest met need on the menu.
    points
        Assessed points, smallest need units; None where the input has none.
    basic_need
        Need that counts as basic, smallest need units; None where the input has none.
    weight, arrival
        Optional whole numbers: priority weight (smallest need units) and order of arrival.
    groups
        Columns that figures are reported by: client group, locality, band.
    numbers
        Other columns of numbers, which rules can name: age, hours of unpaid care.
    """

    ids: TextArray
    need: IntArray
    points: IntArray | None = None
    basic_need: IntArray | None = None
    weight: IntArray | None = None
    arrival: IntArray | None = None
    groups: Mapping[str, Labels] = field(default_factory=dict)
    numbers: Mapping[str, Numbers] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def subset(self, rows: IntArray) -> "Users":
        """The users in these rows, in the order given."""

        def pick(column: IntArray | None) -> IntArray | None:
            return None if column is None else column[rows]

        return Users(
            ids=self.ids[rows],
            need=self.need[rows],
            points=pick(self.points),
            basic_need=pick(self.basic_need),
            weight=pick(self.weight),
            arrival=pick(self.arrival),
            groups={name: labels.subset(rows) for name, labels in self.groups.items()},
            numbers={name: column.subset(rows) for name, column in self.numbers.items()},
        )


@dataclass(frozen=True, eq=False)
class Previous:
    """What each user has now, one row a user (of all users, in their order).

    Parameters
    ----------
    held
        Whether the user has a package now; where False the other columns are 0 or empty.
    package_ids
        Identifier of today's package; it need not be on the menu.
    cost, met_need
        Recorded cost and met need of today's package, smallest units.
    basic_met_need
        Met basic need of today's package, or None where it is not known apart.
    """

    held: BoolArray
    package_ids: TextArray
    cost: IntArray
    met_need: IntArray
    basic_met_need: IntArray | None = None

    def subset(self, rows: IntArray) -> "Previous":
        """The same for the users in these rows."""
        basic = self.basic_met_need
        return Previous(
            self.held[rows],
            self.package_ids[rows],
            self.cost[rows],
            self.met_need[rows],
            None if basic is None else basic[rows],
        )


@dataclass(frozen=True, eq=False)
class Instance:
    """A scenario with its users and menus, free of errors.

    Parameters
    ----------
    scenario
        Budget, choices and options.
    users
        One row a user.
    menus
        All packages, sorted by user and by package identifier in code-point order.
    package_ids
        Identifier of each package, in the order of the menus.
    previous
        What each user has now, or None where the input does not say.
    inputs
        sha256 of each file read, by file name: what a result names as its source.
    warnings
        Findings that stopped nothing.
    evidence
        The weakest level of evidence of any package: ``A`` needs by outcome, ``B`` total points,
        ``C`` today's package only; None where the input does not say.
    services, uses
        What packages are made of, and how much each uses; None where the input does not say.
    forms
        Form of care of each package, empty where it is not stated; None without the column.
    paid
        What each other payer adds to each package, smallest money units, by payer (``nhs`` for
        the column ``paid_nhs``); None where there is no such column.
    assessment
        Assessed needs, or None where the input has none.
    tables
        Small tables that options of rules can be read from, by name: each row its cells as text.
    """

    scenario: Scenario
    users: Users
    menus: Menus
    package_ids: Labels
    previous: Previous | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    warnings: Findings = field(default_factory=Findings)
    evidence: str | None = None
    services: Services | None = None
    uses: Uses | None = None
    forms: Labels | None = None
    paid: Mapping[str, IntArray] | None = None
    assessment: Assessment | None = None
    tables: Mapping[str, Rows] = field(default_factory=dict)

    def place_of(self, table: str) -> str:
        """The file or the sheet that a table stands in, by its name."""
        for name in self.inputs:
            stem, _, ending = name.rpartition(".")
            if stem == table:
                return name
            if ending.lower() in {"xlsx", "ods"}:
                return f"sheet {table} of {name}"
        return f"table {table}"
