"""Packages of users, row by row, and what makes menus of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from metneed.instances.faults import Fault
from metneed.instances.package_notes import Notes
from metneed.instances.reading import Reading
from metneed.instances.tables import Text, in_order
from metneed.instances.users import UserRows
from metneed.models.arrays import BoolArray, IntArray, Positions, TextArray, frozen
from metneed.models.columns import Labels
from metneed.models.menus import Menus


@dataclass(frozen=True, eq=False)
class MenuRows:
    """Packages of users in the order of the table, one row an offer.

    Parameters
    ----------
    reading
        The table that they stand in.
    row
        Row of the table; a row of a catalogue stands for many users. None where every row of the
        table is one offer, in its order.
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
    notes
        Form and other payers, one row a row of the table.
    """

    reading: Reading
    row: IntArray | None
    user: Positions
    package: Positions
    names: TextArray
    cost: IntArray
    met_need: IntArray
    basic_met_need: IntArray | None
    good: BoolArray
    notes: Notes

    def __len__(self) -> int:
        return len(self.user)

    def rows(self, places: IntArray) -> IntArray:
        """The rows of the table that these offers stand in."""
        return places if self.row is None else self.row[places]

    def taken(self, places: IntArray) -> "MenuRows":
        """These offers, in the order given."""
        basic = self.basic_met_need
        return replace(
            self,
            row=self.rows(places),
            user=self.user[places],
            package=self.package[places],
            cost=self.cost[places],
            met_need=self.met_need[places],
            basic_met_need=None if basic is None else basic[places],
            good=self.good[places],
        )


def in_order_of_menus(offers: MenuRows, users: UserRows) -> MenuRows:
    """The same offers, sorted by user and package; those that are made twice are findings."""
    if _is_sorted(offers):
        return offers
    # One number for each user and package, in the order of both.
    keys = offers.user.astype(np.int64) * max(1, len(offers.names)) + offers.package
    order = np.argsort(keys, kind="stable")
    del keys
    offers = offers.taken(order)
    _check_twice(offers, users)
    return offers


def build_menus(offers: MenuRows, users: UserRows) -> tuple[Menus, Labels]:
    """The menus of all users, from offers in their order; contradictions are findings."""
    offsets = np.searchsorted(offers.user, np.arange(len(users) + 1, dtype=offers.user.dtype))
    menus = Menus.of(offsets, offers.cost, offers.met_need, basic_met_need=offers.basic_met_need)
    _check_need(offers, users, menus)
    _check_basic(offers, users)
    return menus, Labels(frozen(offers.package, offers.package.dtype), tuple(offers.names))


def _is_sorted(offers: MenuRows) -> bool:
    """Whether users follow upon users and packages upon packages, none of them twice."""
    user, package = offers.user, offers.package
    same = user[1:] == user[:-1]
    return bool(((user[1:] > user[:-1]) | (same & (package[1:] > package[:-1]))).all())


def places_on_menu(user: IntArray, package: Text, menu: tuple[Menus, Labels] | None) -> IntArray:
    """For each row the position of its package on the user's menu, -1 where it is not there."""
    if menu is None or not menu[0].n_packages:
        return np.full(len(user), -1, dtype=np.int64)
    menus, labels = menu
    names = pd.Index(np.array(labels.names, dtype=object), dtype=object)
    name = names.get_indexer(pd.Index(package.distinct, dtype=object))
    name = np.append(name, -1)[package.codes]
    offered = menus.user * len(labels.names) + labels.codes
    wanted = user * len(labels.names) + name
    at = np.minimum(np.searchsorted(offered, wanted), menus.n_packages - 1)
    return np.where((user >= 0) & (name >= 0) & (offered[at] == wanted), at, -1)


def sorted_names(text: Text, used: BoolArray) -> tuple[Positions, TextArray]:
    """Names in code-point order, and for each row its place among them, -1 for names not used."""
    chosen = np.flatnonzero(used)
    order = in_order(text.distinct[chosen])
    place = np.full(len(text.distinct), -1, dtype=np.int32)
    place[chosen[order]] = np.arange(len(order))
    return text.looked_up(place), text.distinct[chosen][order]


def _check_twice(offers: MenuRows, users: UserRows) -> None:
    """Findings where a user is offered the same package twice, one for each later row."""
    user, package = offers.user, offers.package
    again = np.zeros(len(offers), dtype=np.bool_)
    again[1:] = (user[1:] == user[:-1]) & (package[1:] == package[:-1])

    def fault(place: int) -> Fault:
        earlier = offers.reading.table.rows[int(offers.rows(np.array(place - 1)))]
        problem = f"user {users.ids[user[place]]!r} is offered it in row {earlier} too"
        return Fault("duplicate-package", problem, "Delete one, or give it another package_id")

    _report(offers, again, "package_id", fault)


def _check_need(offers: MenuRows, users: UserRows, menus: Menus) -> None:
    if "need" not in users.numbers:
        return
    need, good = users.numbers["need"]
    if (menus.best_met_need <= need).all():
        return
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
    rows, first = np.unique(offers.rows(places), return_index=True)
    place_of = dict(zip(rows.tolist(), places[first].tolist(), strict=True))
    offers.reading.cells(heading, rows, lambda row: fault(place_of[row]))
