"""The table of uses: how much of each service a package uses, one row a package and service."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metneed.instances.council.columns import check_twice, joined
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings, nearest
from metneed.instances.identifiers import check_ids
from metneed.instances.menu_rows import places_on_menu
from metneed.instances.reading import Numbers, Reading
from metneed.instances.tables import Text
from metneed.instances.users import UserRows
from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.columns import Labels
from metneed.models.limits import AMOUNT_LIMIT, SUM_LIMIT
from metneed.models.menus import Menus
from metneed.models.services import Services, Uses
from metneed.models.sums import exact_sum


@dataclass(frozen=True, eq=False)
class _Context:
    """What rows of the table can speak of; None where that could not be read."""

    users: UserRows | None
    menu: tuple[Menus, Labels] | None
    services: Services | None


def read_uses(
    reading: Reading,
    users: UserRows | None,
    menu: tuple[Menus, Labels] | None,
    services: Services | None,
) -> Uses | None:
    """What the packages on the menus use, or None where the table cannot be read.

    A table without the column ``user_id`` says what a package uses for everyone who has it on
    the menu. An amount of 0 says the same as no row.

    Parameters
    ----------
    reading
        The table.
    users, menu, services
        None where they could not be read; then only what the table itself can show is looked at.
    """
    check_headings(reading)
    about = _Context(users, menu, services)
    amount = reading.numbers("amount")
    service = _services(reading, about)
    package = check_ids(reading, "package_id")
    by_user = reading.column("user_id") is not None
    if not by_user:
        place = None if package is None else _names(reading, about, *package)
    elif users is None:
        check_ids(reading, "user_id")
        return None
    else:
        user = users.find(reading)
        if user is None or package is None:
            return None
        place = _positions(reading, about, user, *package)
    if place is None or service is None or services is None or menu is None:
        return None
    twice = Fault("duplicate-use", "the same package and service", "Keep one of the rows")
    again = check_twice(reading, "service_id", joined(place, service, len(services)), twice)
    if amount is None:
        return None
    kept = np.flatnonzero((place >= 0) & (service >= 0) & ~again & (amount.units > 0))
    place, service, amount = place[kept], service[kept], amount.taken(kept)
    uses = _sorted(place, service, amount) if by_user else _of_all(place, service, amount, menu[1])
    _check_magnitude(reading, uses)
    return uses


def _services(reading: Reading, about: _Context) -> IntArray | None:
    """The service of each row, -1 for none; services that do not exist are findings."""
    checked = check_ids(reading, "service_id")
    if checked is None or about.services is None:
        return None
    text, usable = checked
    known = about.services.ids.tolist()
    place = pd.Index(known, dtype=object).get_indexer(pd.Index(text.distinct, dtype=object))
    strange = np.flatnonzero((place < 0) & usable)

    def fault(row: int) -> Fault:
        near = nearest(text.shown(row), known)
        remedy = f"Did you mean {near!r}?" if near else "Add it there, or delete the row"
        return Fault("unknown-service", "the table services has no such service_id", remedy)

    reading.cells("service_id", text.rows_of(strange), fault)
    return np.append(place, -1)[text.codes]


def _positions(
    reading: Reading, about: _Context, user: IntArray, package: Text, usable: BoolArray
) -> IntArray | None:
    """The position of each row's package, -1 for none; packages not on the menu are findings."""
    if about.menu is None or about.users is None:
        return None
    at = places_on_menu(user, package, about.menu)
    ids = about.users.ids

    def fault(row: int) -> Fault:
        problem = f"not on the menu of user {ids[user[row]]!r}"
        return Fault("unknown-package", problem, "Put it on the menu, or delete the row")

    known = np.append(usable, False)[package.codes] & (user >= 0)
    reading.cells("package_id", np.flatnonzero(known & (at < 0)), fault)
    return at


def _names(reading: Reading, about: _Context, package: Text, usable: BoolArray) -> IntArray | None:
    """Where the identifier of each row's package stands among all, -1 for none: findings."""
    if about.menu is None:
        return None
    known = list(about.menu[1].names)
    place = pd.Index(known, dtype=object).get_indexer(pd.Index(package.distinct, dtype=object))
    strange = np.flatnonzero((place < 0) & usable)

    def fault(row: int) -> Fault:
        near = nearest(package.shown(row), known)
        remedy = f"Did you mean {near!r}?" if near else "Put it on a menu, or delete the row"
        return Fault("unknown-package", "on nobody's menu", remedy)

    reading.cells("package_id", package.rows_of(strange), fault)
    return np.append(place, -1)[package.codes]


def _of_all(name: IntArray, service: IntArray, amount: Numbers, labels: Labels) -> Uses:
    """Rows that name a package, for everyone who has it on the menu."""
    order = np.argsort(labels.codes, kind="stable")
    codes = labels.codes[order]
    first = np.searchsorted(codes, name, side="left")
    sizes = np.searchsorted(codes, name, side="right") - first
    row = np.repeat(np.arange(len(name)), sizes)
    ends = np.cumsum(sizes)
    place = order[np.arange(len(row)) + np.repeat(first - ends + sizes, sizes)]
    return _sorted(place, service[row], amount.taken(row))


def _sorted(place: IntArray, service: IntArray, amount: Numbers) -> Uses:
    order = np.lexsort((service, place))
    return Uses(frozen(place[order]), frozen(service[order]), frozen(amount.units[order]))


def _check_magnitude(reading: Reading, uses: Uses) -> None:
    if int(uses.amount.max(initial=0)) >= AMOUNT_LIMIT or exact_sum(uses.amount) >= SUM_LIMIT:
        problem = "amounts are too large for exact arithmetic"
        remedy = "Write them in larger units, or with fewer quantity_decimals in scenario.toml"
        reading.about(Fault("numbers-too-large", problem, remedy))
