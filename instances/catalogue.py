"""The catalogue: packages offered to everyone whose columns in users match, expanded."""

from dataclasses import dataclass

import numpy as np

from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids, check_look_alikes
from metneed.instances.matching import matches
from metneed.instances.menu_rows import MenuRows, sorted_names
from metneed.instances.package_notes import read_notes
from metneed.instances.reading import Numbers, Reading
from metneed.instances.schemas import SHARE_DECIMALS
from metneed.instances.users import UserRows
from metneed.models.arrays import BoolArray, IntArray

_WHOLE_SHARE = 10**SHARE_DECIMALS


@dataclass(frozen=True, eq=False)
class _Amounts:
    """An amount that each row states, or gives as a share of a need; which rows are good."""

    units: IntArray
    is_share: BoolArray
    good: BoolArray

    def of(self, row: IntArray, needs: IntArray | None, user: IntArray) -> IntArray:
        """The amount for each pair of a row and a user, shares of the user's need rounded down."""
        units, share = self.units[row], self.is_share[row]
        base = np.zeros(len(user), dtype=np.int64) if needs is None else needs[user]
        # The need times the share passes 2^63: billions and what is below them apart.
        high, low = np.divmod(np.where(share, base, 0), _WHOLE_SHARE)
        return np.where(share, high * units + low * units // _WHOLE_SHARE, units)


def read_catalogue(reading: Reading, users: UserRows | None) -> MenuRows | None:
    """What a catalogue offers to each user, or None where it cannot be told.

    A user is offered every row whose key columns hold the user's own values; a blank or ``*``
    matches everyone. Key columns are those that the table of users has, too.
    """
    in_users = [] if users is None else list(users.reading.table.columns)
    check_headings(reading, exempt=in_users)
    cost = reading.numbers("cost")
    met = _amounts(reading, "met_need", "share_of_need", users, "need")
    if not {"met_need", "share_of_need"} & set(reading.table.columns):
        problem = "the columns met_need and share_of_need are missing, and one is needed"
        reading.about(Fault("missing-column", problem, "Add one of them"), "met_need", row=1)
    basic = _amounts(reading, "basic_met_need", "share_of_basic_need", users, "basic_need")
    notes = read_notes(reading)
    checked = check_ids(reading, "package_id")
    if checked is not None:
        check_look_alikes(reading, "package_id", *checked)
    if users is None or cost is None or met is None or checked is None:
        return None
    pairs = matches(reading, users)
    if pairs is None:
        return None
    row, user = pairs
    package, usable = checked
    place, names = sorted_names(package, usable)
    good = cost.good & met.good & (True if basic is None else basic.good)
    offers = MenuRows(
        reading,
        row,
        user,
        place[row],
        names,
        cost.units[row],
        met.of(row, users.column("need"), user),
        None if basic is None else basic.of(row, users.column("basic_need"), user),
        good[row],
        notes,
    )
    return offers if (place >= 0).all() else offers.taken(np.flatnonzero(place[row] >= 0))


def _amounts(
    reading: Reading, stated: str, share: str, users: UserRows | None, base: str
) -> _Amounts | None:
    """An amount that each row gives in one of two columns; every other row is a finding."""
    both = reading.column(stated) is not None and reading.column(share) is not None
    units, shares = reading.numbers(stated, blank=both), reading.numbers(share, blank=both)
    if shares is not None:
        _check_shares(reading, share, shares, users, base)
    if units is not None and shares is not None:
        _check_one_of_two(reading, stated, share)
        of_need = reading.filled(share)
        good = np.where(of_need, shares.good & ~units.good, units.good)
        return _Amounts(np.where(of_need, shares.units, units.units), of_need, good)
    given = units if shares is None else shares
    if given is None:
        return None
    return _Amounts(given.units, np.full(len(given.units), units is None), given.good)


def _check_shares(
    reading: Reading,
    heading: str,
    shares: Numbers,
    users: UserRows | None,
    base: str,
) -> None:
    if users is not None and users.reading.column(base) is None and shares.good.any():
        problem = f"{users.reading.table.file} has no column {base} to take a share of"
        reading.about(Fault("no-need", problem, f"Add {base} there"), heading)


def _check_one_of_two(reading: Reading, stated: str, share: str) -> None:
    filled = np.array([reading.filled(heading) for heading in (stated, share)])
    fault = Fault("both-amounts", f"gives {stated} as well as {share}", "Give one of them")
    reading.cells(share, np.flatnonzero(filled.all(axis=0)), fault)
    fault = Fault("blank", f"gives neither {stated} nor {share}", "Give one of them")
    reading.cells(stated, np.flatnonzero(~filled.any(axis=0)), fault)
