"""The table of today's packages: what each user has now, one row a user."""

from collections.abc import Mapping

import numpy as np

from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids, one_row_each
from metneed.instances.menu_rows import places_on_menu
from metneed.instances.reading import Numbers, Reading
from metneed.instances.tables import Text
from metneed.instances.users import UserRows
from metneed.models.arrays import BoolArray, IntArray, TextArray, frozen
from metneed.models.columns import Labels
from metneed.models.instance import Previous
from metneed.models.menus import Menus


def read_previous(
    reading: Reading, users: UserRows | None, menu: tuple[Menus, Labels] | None
) -> Previous | None:
    """What each user has now, or None where the table cannot be read.

    Cost and met need that the table does not record are those of the same package on the user's
    menu; where a package is on no menu, they must be recorded.

    Parameters
    ----------
    reading
        The table.
    users
        None where they could not be read; then only what the table itself can show is looked at.
    menu
        The menus and their identifiers; None where they could not be read.
    """
    check_headings(reading)
    read = {name: reading.numbers(name) for name in ("cost", "met_need", "basic_met_need")}
    recorded = {name: column for name, column in read.items() if column is not None}
    checked = check_ids(reading, "package_id")
    if users is None:
        check_ids(reading, "user_id")
        return None
    user = users.find(reading)
    text = reading.column("user_id")
    if user is None or not isinstance(text, Text):
        return None
    one_row_each(reading, "user_id", text)
    if checked is None:
        return None
    package, usable = checked
    known = np.append(usable, False)[package.codes] & (user >= 0)
    at = places_on_menu(user, package, menu)
    columns = _amounts(recorded, at, menu)
    if menu is not None and columns.keys() - recorded.keys():
        _check_on_menu(reading, np.flatnonzero(known & (at < 0)), recorded)
    _check_limits(reading, users, user, columns)
    ids = np.append(package.distinct, "")[package.codes]
    return _by_user(len(users), user, known, ids, columns)


def _amounts(
    recorded: Mapping[str, Numbers], at: IntArray, menu: tuple[Menus, Labels] | None
) -> dict[str, Numbers]:
    """Recorded amounts, and for what is not recorded the amounts on the menu."""
    columns = dict(recorded)
    if menu is None:
        return columns
    offered = {name: getattr(menu[0], name) for name in ("cost", "met_need", "basic_met_need")}
    if "met_need" in recorded:
        # Another met need than the menu's says nothing of how much of it is basic.
        offered["basic_met_need"] = None
    for name, column in offered.items():
        if name not in recorded and column is not None:
            found = column[at] if len(column) else np.zeros(len(at), dtype=np.int64)
            columns[name] = Numbers(np.where(at >= 0, found, 0), at >= 0)
    return columns


def _check_on_menu(reading: Reading, rows: IntArray, recorded: Mapping[str, Numbers]) -> None:
    missing = " and ".join(name for name in ("cost", "met_need") if name not in recorded)
    if missing:
        remedy = f"Add a column {missing}, or put the package on the menu"
        fault = Fault(
            "not-on-menu", f"not on the user's menu, so its {missing} is not known", remedy
        )
        reading.cells("package_id", rows, fault)


def _check_limits(
    reading: Reading, users: UserRows, user: IntArray, columns: Mapping[str, Numbers]
) -> None:
    """Findings where more need is met than there is, or more basic need than need."""
    units = reading.units
    if "met_need" not in columns:
        return
    met, met_good = columns["met_need"]
    if "need" in users.numbers:
        need, need_good = users.numbers["need"]
        # Rows of unknown users have been told of already.
        known = np.flatnonzero(user >= 0)
        above = np.zeros(len(user), dtype=np.bool_)
        whose = user[known]
        above[known] = met_good[known] & need_good[whose] & (met[known] > need[whose])

        def too_much(row: int) -> Fault:
            problem = f"meets {units.need(int(met[row]))} of {units.need(int(need[user[row]]))}"
            return Fault("above-need", problem, "Lower met_need, or raise the user's need")

        reading.cells("met_need", np.flatnonzero(above), too_much)
    if "basic_met_need" in columns:
        basic, basic_good = columns["basic_met_need"]

        def not_a_part(row: int) -> Fault:
            problem = f"more than the met need of {units.need(int(met[row]))}"
            return Fault("basic-above-met", problem, "Met basic need is a part of met need")

        wrong = met_good & basic_good & (basic > met)
        reading.cells("basic_met_need", np.flatnonzero(wrong), not_a_part)


def _by_user(
    n_users: int, user: IntArray, known: BoolArray, ids: TextArray, columns: Mapping[str, Numbers]
) -> Previous:
    rows = np.flatnonzero(known)
    held = np.zeros(n_users, dtype=np.bool_)
    held[user[rows]] = True
    package_ids = np.full(n_users, "", dtype=object)
    package_ids[user[rows]] = ids[rows]

    def spread(name: str) -> IntArray:
        column = np.zeros(n_users, dtype=np.int64)
        if name in columns:
            column[user[rows]] = columns[name].units[rows]
        return frozen(column)

    return Previous(
        held=frozen(held, np.bool_),
        package_ids=frozen(package_ids, object),
        cost=spread("cost"),
        met_need=spread("met_need"),
        basic_met_need=spread("basic_met_need") if "basic_met_need" in columns else None,
    )
