"""The table of packages: the menu of each user, one row a package."""

import numpy as np

from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids, check_look_alikes
from metneed.instances.menu_rows import MenuRows, sorted_names
from metneed.instances.package_notes import read_notes
from metneed.instances.reading import Reading
from metneed.instances.users import UserRows


def read_packages(reading: Reading, users: UserRows | None) -> MenuRows | None:
    """The packages of a table, or None where they cannot be told apart or have no users.

    Every cell is looked at in any case: without users, only what the table itself can show.
    """
    check_headings(reading)
    cost, met_need = reading.numbers("cost"), reading.numbers("met_need")
    basic = reading.numbers("basic_met_need")
    notes = read_notes(reading)
    checked = check_ids(reading, "package_id")
    if checked is None:
        package = None
    else:
        package, usable = checked
        check_look_alikes(reading, "package_id", package, usable)
    if users is None:
        check_ids(reading, "user_id")
        return None
    user = users.positions(reading)
    if user is None or package is None or cost is None or met_need is None:
        return None
    place, names = sorted_names(package, usable)
    kept = (user >= 0) & (place >= 0)
    good = cost.good & met_need.good & (True if basic is None else basic.good)
    rows = MenuRows(
        reading,
        None,
        user,
        place,
        names,
        cost.units,
        met_need.units,
        None if basic is None else basic.units,
        good,
        notes,
    )
    return rows if kept.all() else rows.taken(np.flatnonzero(kept))
