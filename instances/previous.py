"""The table of today's packages: what each user has now, one row a user."""

import numpy as np
import pandas as pd

from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids
from metneed.instances.reading import Reading
from metneed.instances.tables import Text
from metneed.instances.users import UserRows
from metneed.models.arrays import BoolArray, IntArray
from metneed.models.instance import Labels, Previous
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
    recorded = {
        name: reading.numbers(name)
        for name in ("cost", "met_need", "basic_met_need")
        if reading.column(name) is not None
    }
    checked = check_ids(reading, "package_id")
    if users is None:
        check_ids(reading, "user_id")
        return None
    user = users.find(reading)
    if user is None or checked is None or None in recorded.values():
        return None
    package, usable = checked
    _check_once(reading, user)
    at = _on_menu(user, package, menu)
    known = np.append(usable, False)[package.codes] & (user >= 0)
    if menu is not None and not {"cost", "met_need"} <= set(recorded):
        _check_on_menu(reading, np.flatnonzero(known & (at < 0)), recorded)
    ...
