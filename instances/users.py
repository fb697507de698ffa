"""The table of users: who they are, and what is known of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from metneed.instances.faults import Fault
from metneed.instances.groups import read_groups
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import (
    check_ids,
    check_ids_of,
    check_known_users,
    check_look_alikes,
    one_row_each,
)
from metneed.instances.numbers import read_numbers
from metneed.instances.reading import Numbers, Reading
from metneed.instances.tables import in_order
from metneed.models import columns
from metneed.models.arrays import IntArray, Positions, TextArray
from metneed.models.columns import Labels


@dataclass(frozen=True, eq=False)
class UserRows:
    """Users in code-point order of their identifiers, as far as the table could be read.

    Parameters
    ----------
    reading
        The table.
    ids
        Identifiers.
    rows
        Row of each user in the table.
    numbers
        Standard columns of numbers, smallest units, and which of them are good.
    groups
        Columns to report by.
    further
        Other columns of numbers.
    """

    reading: Reading
    ids: TextArray
    rows: IntArray
    numbers: Mapping[str, Numbers]
    groups: Mapping[str, Labels]
    further: Mapping[str, columns.Numbers] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def column(self, name: str) -> IntArray | None:
        """A standard column of numbers, or None."""
        return self.numbers[name].units if name in self.numbers else None

    def places(self, values: TextArray) -> Positions:
        """Where each identifier stands among the users, -1 for one that no user has."""
        if np.array_equal(values, self.ids):
            return np.arange(len(values), dtype=np.int32)
        places = pd.Index(self.ids, dtype=object).get_indexer(pd.Index(values, dtype=object))
        return places.astype(np.int32)

    def find(self, reading: Reading) -> IntArray | None:
        """The same as `positions`, in 64 bits for arithmetic."""
        user = self.positions(reading)
        return None if user is None else user.astype(np.int64, copy=False)

    def positions(self, reading: Reading) -> Positions | None:
        """The user of each row of another table, -1 for none; None where it has no user_id.

        Rows with no usable identifier, or one that is not among the users, are findings; where
        rows of the users' own table are lost, strangers are not.
        """
        text = reading.text("user_id")
        if text is None:
            return None
        places = self.places(text.distinct)
        strange = np.flatnonzero(places < 0)
        usable = check_ids_of(reading, "user_id", text, strange)
        if self.reading.table.complete and len(self.reading.table):
            strangers = strange[usable[strange]]
            check_known_users(reading, text, strangers, self.ids, self.reading.table.file)
        return text.looked_up(places)


def read_users(reading: Reading, asked: tuple[str, ...] | None) -> UserRows | None:
    """The users of a table, or None where it has no identifiers.

    Parameters
    ----------
    reading
        The table.
    asked
        The columns that the scenario wants reported by, or None.
    """
    check_headings(reading, exempt=asked or ())
    numbers = _numbers(reading)
    checked = check_ids(reading, "user_id")
    if checked is None:
        return None
    text, usable = checked
    check_look_alikes(reading, "user_id", text, usable)
    rows = one_row_each(reading, "user_id", text)
    chosen = np.flatnonzero(usable)
    order = in_order(text.distinct[chosen])
    rows = rows[chosen][order]
    users = UserRows(
        reading=reading,
        ids=text.distinct[chosen][order],
        rows=rows,
        numbers={name: column.taken(rows) for name, column in numbers.items()},
        groups=read_groups(reading, rows, asked),
        further=read_numbers(reading, rows),
    )
    _check_points(users)
    _check_basic(users)
    return users


def _numbers(reading: Reading) -> dict[str, Numbers]:
    names = [field.name for field in reading.schema.fields if field.kind not in {"id", "text"}]
    read = {name: reading.numbers(name) for name in names}
    return {name: column for name, column in read.items() if column is not None}


def _check_points(users: UserRows) -> None:
    if users.reading.column("points") is None:
        problem = "the column is missing: rules that divide money by points do not apply"
        fault = Fault("no-points", problem, "Add the column if points are known")
        users.reading.about(fault, "points", severity="warning")
        return
    points = users.numbers.get("points")
    if points is not None and len(users) and points.good.all() and not points.units.any():
        problem = "everyone has 0 points: money cannot be divided by them"
        fault = Fault("zero-points", problem, "Give points, or leave the column out")
        users.reading.about(fault, "points", severity="warning")


def _check_basic(users: UserRows) -> None:
    if "need" not in users.numbers or "basic_need" not in users.numbers:
        return
    (need, need_good), (basic, basic_good) = users.numbers["need"], users.numbers["basic_need"]
    above = np.sort(users.rows[need_good & basic_good & (basic > need)])

    stated = dict(zip(users.rows.tolist(), need.tolist(), strict=True)) if len(above) else {}

    def fault(row: int) -> Fault:
        problem = f"more than the need of {users.reading.units.need(stated[row])}"
        return Fault("basic-above-need", problem, "Basic need is a part of need")

    users.reading.cells("basic_need", above, fault)
