"""Packages of users, row by row, and what makes menus of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from metneed.instances.faults import Fault
from metneed.instances.reading import Reading
from metneed.instances.tables import Text
from metneed.instances.users import UserRows
from metneed.models.arrays import BoolArray, IntArray, TextArray
from metneed.models.instance import Labels
from metneed.models.menus import Menus


@dataclass(frozen=True, eq=False)
class MenuRows:
    """Packages of users in the order of the table, one row an offer.

    Parameters
    ----------
    reading
        The table that they stand in.
    row
        Row of the table; a row of a catalogue stands for many users.
    user
        Position of the user.
    package, names
        Position of the package's identifier among the names, in code-point order.
    cost, met_need
        Smallest units.
    basic_met_need
        Smallest units, or None where it is not known apart.
    good
        Whether the amounts of the row could be read.
    """

    reading: Reading
    row: IntArray
    user: IntArray
    package: IntArray
    names: TextArray
    cost: IntArray
    met_need: IntArray
    basic_met_need: IntArray | None
    good: BoolArray

    def keys(self) -> IntArray:
        """One number for each user and package, in the order of users and packages."""
        return self.user * max(1, len(self.names)) + self.package

    def taken(self, rows: IntArray) -> "MenuRows":
        """These rows, in the order given."""
        basic = self.basic_met_need
        return replace(
            self,
            row=self.row[rows],
            user=self.user[rows],
            package=self.package[rows],
            cost=self.cost[rows],
            met_need=self.met_need[rows],
            basic_met_need=None if basic is None else basic[rows],
            good=self.good[rows],
        )


def build_menus(offers: MenuRows, users: UserRows) -> tuple[Menus, Labels]:
    """The menus of all users, sorted by user and package; contradictions are findings."""
    keys = offers.keys()
    if not (keys[1:] > keys[:-1]).all():
        order = np.argsort(keys, kind="stable")
        offers = offers.taken(order)
        keys = keys[order]
    _check_twice(offers, users, keys)
    _check_need(offers, users)
    _check_basic(offers, users)
    offsets = np.searchsorted(offers.user, np.arange(len(users) + 1))
    menus = Menus.of(offsets, offers.cost, offers.met_need, basic_met_need=offers.basic_met_need)
    return menus, Labels(offers.package, tuple(offers.names))


def sorted_names(text: Text, used: BoolArray) -> tuple[IntArray, TextArray]:
    """Names in code-point order, and for each row its place among them, -1 for names not used."""
    chosen = np.flatnonzero(used)
    texts = text.distinct[chosen].tolist()
    order = np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.int64)
    place = np.full(len(text.distinct) + 1, -1, dtype=np.int64)
    place[chosen[order]] = np.arange(len(order))
    return place[text.codes], text.distinct[chosen][order]


def _check_twice(offers: MenuRows, users: UserRows, keys: IntArray) -> None:
    """Findings where a user is offered the same package twice, one for each later row."""
    again = np.zeros(len(keys), dtype=np.bool_)
    again[1:] = keys[1:] == keys[:-1]

    def fault(place: int) -> Fault:
        user = users.ids[offers.user[place]]
        earlier = offers.reading.table.rows[offers.row[place - 1]]
        problem = f"user {user!r} is offered it in row {earlier} too"
        return Fault("duplicate-package", problem, "Delete one, or give it another package_id")

    _report(offers, again, "package_id", fault)


def _check_need(offers: MenuRows, users: UserRows) -> None:
    if "need" not in users.numbers:
        return
    need, good = users.numbers["need"]
    units = offers.reading.units

    def fault(place: int) -> Fault:
        user = offers.user[place]
        met = units.need(int(offers.met_need[place]))
        problem = f"meets {met}, and user {users.ids[user]!r} needs {units.need(int(need[user]))}"
        return Fault("above-need", problem, "Lower met_need, or raise the user's need")

    above = offers.good & good[offers.user] & (offers.met_need > need[offers.user])
    _report(offers, above, "met_need", fault)


def _check_basic(offers: MenuRows, users: UserRows) -> None:
    basic = offers.basic_met_need
    if basic is None:
        return
    units = offers.reading.units

    def fault(place: int) -> Fault:
        part, whole = units.need(int(basic[place])), units.need(int(offers.met_need[place]))
        user = users.ids[offers.user[place]]
        problem = f"meets {part} of basic need, and only {whole} of need, for user {user!r}"
        return Fault("basic-above-met", problem, "Met basic need is a part of met need")

    column = offers.reading.column("basic_met_need")
    heading = "share_of_basic_need" if column is None else "basic_met_need"
    _report(offers, offers.good & (basic > offers.met_need), heading, fault)


def _report(
    offers: MenuRows, wrong: BoolArray, heading: str, fault: Callable[[int], Fault]
) -> None:
    """Add a finding for each row of the table with a wrong offer, described by its first one."""
    places = np.flatnonzero(wrong)
    rows, first = np.unique(offers.row[places], return_index=True)
    place_of = dict(zip(rows.tolist(), places[first].tolist(), strict=True))
    offers.reading.cells(heading, rows, lambda row: fault(place_of[row]))
