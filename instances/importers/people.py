"""Who the people of a return are: client group, age band, locality, unpaid carer."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from metneed.instances.importers.codes import meant
from metneed.instances.importers.dates import ages, read_dates
from metneed.instances.importers.fields import Columns
from metneed.instances.tables import Text
from metneed.models.arrays import BoolArray, IntArray, TextArray

NOT_KNOWN = "not known"
AGE_BANDS = ("under 18", "18-24", "25-44", "45-64", "65-74", "75-84", "85 and over", NOT_KNOWN)
_FROM = (18, 25, 45, 65, 75, 85)
OLD = 65
"""From this age on people are one client group, whatever the reason for their support."""


@dataclass(frozen=True, eq=False)
class People:
    """The people with a long-term service on the day, in code-point order.

    Parameters
    ----------
    ids
        Identifiers, exactly as in the return.
    row_person
        For each row of the return the place of its person, -1 for nobody of these.
    client_group, age_band, locality, unpaid_carer
        Text, one a person.
    contradictions
        By column, how many people have more than one value; the first that is known holds.
    """

    ids: TextArray
    row_person: IntArray
    client_group: TextArray
    age_band: TextArray
    locality: TextArray | None
    unpaid_carer: TextArray | None
    contradictions: dict[str, int]

    def __len__(self) -> int:
        return len(self.ids)


def find_people(columns: Columns, in_force: BoolArray, on: date) -> People:
    """The people of these rows of a return, described by the same rows.

    The date of birth gives the age on the day and goes no further.
    """
    text = columns.text("LA Person Unique Identifier")
    held = np.unique(text.codes[in_force])
    held = held[held >= 0]
    names = text.distinct[held].tolist()
    order = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)
    place = np.full(len(text.distinct) + 1, -1, dtype=np.int64)
    place[held[order]] = np.arange(len(order))
    row_person = np.where(text.codes >= 0, place[text.codes], -1)
    pick = _Picker(np.where(in_force, row_person, -1), len(order))

    born = read_dates(columns.text("Date of Birth"))
    age = pick.of("Date of Birth", ages(born, on), born.day)
    reason, reasons = meant(columns.text("Primary Support Reason"), "primary_support_reason")
    band = np.searchsorted(_FROM, age, side="right")
    bands = np.array(AGE_BANDS, dtype=object)[np.where(age < 0, len(AGE_BANDS) - 1, band)]
    locality = carer = None
    if "Locality" in columns.used:
        locality = pick.text("Locality", columns.text("Locality"))
    if "Has Unpaid Carer" in columns.used:
        code, kinds = meant(columns.text("Has Unpaid Carer"), "has_unpaid_carer")
        carer = _named(pick.of("Has Unpaid Carer", code), kinds)
    return People(
        ids=text.distinct[held][order],
        row_person=row_person,
        client_group=_groups(age, pick.of("Primary Support Reason", reason), reasons),
        age_band=bands,
        locality=locality,
        unpaid_carer=carer,
        contradictions=pick.contradictions,
    )


class _Picker:
    """The first known value of each person, and how many people have several."""

    def __init__(self, row_person: IntArray, size: int) -> None:
        self._rows = np.flatnonzero(row_person >= 0)
        self._person = row_person[self._rows]
        self._size = size
        self.contradictions: dict[str, int] = {}

    def of(self, name: str, value: IntArray, identity: IntArray | None = None) -> IntArray:
        """For each person the value of the first row that has one (0 or more); -1 for none.

        Parameters
        ----------
        name
            Column, for the count of contradictions.
        value
            One a row.
        identity
            What must agree within a person, where that is more than the value itself.
        """
        known = value[self._rows] >= 0
        rows, person = self._rows[known], self._person[known]
        result = np.full(self._size, -1, dtype=np.int64)
        result[person[::-1]] = value[rows[::-1]]
        told = value if identity is None else identity
        pairs = np.unique(np.stack([person, told[rows]], axis=1), axis=0)
        several = np.bincount(pairs[:, 0], minlength=self._size) > 1
        if several.any():
            self.contradictions[name] = int(several.sum())
        return result

    def text(self, name: str, column: Text) -> TextArray:
        """The same for text, `NOT_KNOWN` for none."""
        filled = np.array([*(bool(v.strip()) for v in column.distinct), False])[column.codes]
        place = self.of(name, np.where(filled, column.codes, -1).astype(np.int64))
        trimmed = [value.strip() for value in column.distinct]
        return np.array([*trimmed, NOT_KNOWN], dtype=object)[place]


def _groups(age: IntArray, reason: IntArray, reasons: tuple[str, ...]) -> TextArray:
    """65+, else the reason for support; not known where the age is not."""
    names = [f"18-64 {name}" for name in (*reasons, "reason not known")]
    place = np.where(reason < 0, len(names) - 1, reason)
    young = np.array(names, dtype=object)[place]
    group = np.where(age >= OLD, f"{OLD}+", young)
    group = np.where((age >= 0) & (age < _FROM[0]), AGE_BANDS[0], group)
    return np.where(age < 0, f"age {NOT_KNOWN}", group).astype(object)


def _named(place: IntArray, names: tuple[str, ...]) -> TextArray:
    return np.array([*names, NOT_KNOWN], dtype=object)[place]
