"""Pounds and people by service: what the records say against what the accounts say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.sums import exact_sum

PERCENT = 1
"""A difference of more than so many per cent of the ledger is listed."""

NOT_KNOWN = -1
"""In a column of people: the ledger does not say how many."""


@dataclass(frozen=True)
class Line:
    """One service, or one total.

    Parameters
    ----------
    name
        The service, or what the total is of.
    cost, ledger_cost
        Smallest money units; None where the ledger has no such line.
    people, ledger_people
        How many people; None where nothing says it.
    """

    name: str
    cost: int
    ledger_cost: int | None
    people: int | None = None
    ledger_people: int | None = None

    @property
    def cost_differs(self) -> bool:
        """Whether the costs differ by more than one per cent, or only one side has any."""
        return _differs(self.cost, self.ledger_cost)

    @property
    def people_differ(self) -> bool:
        """Whether people are counted on both sides and differ by more than one per cent."""
        if self.people is None or self.ledger_people is None:
            return False
        return _differs(self.people, self.ledger_people)

    @property
    def cost_share(self) -> float | None:
        """The difference of costs as a share of the ledger, None where that has nothing."""
        if not self.ledger_cost:
            return None
        return (self.cost - self.ledger_cost) / self.ledger_cost


@dataclass(frozen=True)
class Reconciliation:
    """The records held against the ledger.

    Parameters
    ----------
    lines
        One a service: those of the ledger in its order, then the others by name.
    gross
        All services together.
    contributions
        What people pay themselves; None where neither side says.
    net
        Gross less contributions; None where there are none.
    """

    lines: tuple[Line, ...]
    gross: Line
    contributions: Line | None
    net: Line | None

    @property
    def differences(self) -> tuple[Line, ...]:
        """The lines in which pounds or people differ by more than one per cent, totals last."""
        totals = [line for line in (self.gross, self.contributions, self.net) if line is not None]
        return tuple(x for x in (*self.lines, *totals) if x.cost_differs or x.people_differ)


CONTRIBUTIONS = "contributions"
"""The line of a ledger that holds what people paid themselves."""


@dataclass(frozen=True, eq=False)
class Records:
    """Today's services, one row a person and service.

    Parameters
    ----------
    user
        A number for each row's person.
    service
        Names of services.
    cost
        Smallest money units.
    """

    user: IntArray
    service: Sequence[str]
    cost: IntArray


@dataclass(frozen=True, eq=False)
class Accounts:
    """The ledger, one row a service.

    Parameters
    ----------
    service
        Names of services; `CONTRIBUTIONS` for what people paid themselves.
    cost
        Smallest money units, for the same period as the records.
    people
        How many; `NOT_KNOWN` where the ledger does not say.
    """

    service: Sequence[str]
    cost: IntArray
    people: IntArray


def reconcile(
    records: Records, accounts: Accounts, contributions: int | None = None
) -> Reconciliation:
    """Pounds and people by service of today's services against a ledger of the same period.

    Costs are gross. A line `CONTRIBUTIONS` of the ledger is held against what people pay; only
    the totals are also shown net, for a contribution belongs to a person and to no service.

    Parameters
    ----------
    records
        Today's services.
    accounts
        The ledger.
    contributions
        What all people together pay in the period; None where it is not known.

    Raises
    ------
    ValueError
        Where the ledger has a service twice.

    >>> records = Records(np.array([0, 1]), ["day", "day"], np.array([50, 50]))
    >>> found = reconcile(records, Accounts(["day"], np.array([102]), np.array([2])))
    >>> [(line.name, line.cost, line.ledger_cost) for line in found.differences]
    [('day', 100, 102), ('all services', 100, 102)]
    """
    stated = _stated(accounts)
    paid = stated.pop(CONTRIBUTIONS, (None, None))[0]
    names = np.array([*records.service, None], dtype=object)[:-1]
    lines = []
    for name in [*stated, *sorted(set(names) - set(stated))]:
        rows = np.flatnonzero(names == name)
        amount, people = stated.get(name, (None, None))
        lines.append(
            Line(
                name,
                exact_sum(records.cost[rows]),
                amount,
                len(np.unique(records.user[rows])),
                people,
            )
        )
    total = exact_sum(accounts.cost) - (paid or 0)
    gross = Line("all services", exact_sum(records.cost), total, len(np.unique(records.user)))
    if contributions is None and paid is None:
        return Reconciliation(tuple(lines), gross, None, None)
    mine = contributions or 0
    return Reconciliation(
        tuple(lines),
        gross,
        Line(CONTRIBUTIONS, mine, paid),
        Line("net of contributions", gross.cost - mine, None if paid is None else total - paid),
    )


def _stated(accounts: Accounts) -> dict[str, tuple[int | None, int | None]]:
    """By service what the ledger says: the cost, and the people where it tells."""
    if len(set(accounts.service)) < len(accounts.service):
        raise ValueError("the ledger has a service twice")
    rows = zip(accounts.service, accounts.cost, accounts.people, strict=True)
    return {
        name: (int(amount), None if people == NOT_KNOWN else int(people))
        for name, amount, people in rows
    }


def _differs(value: int, ledger: int | None) -> bool:
    if ledger is None:
        return value != 0
    return abs(value - ledger) * 100 > PERCENT * abs(ledger)
