"""Dates of a return: ISO and day/month/year; a date that could be two days is never guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np

from metneed.instances.tables import Text
from metneed.models.arrays import IntArray

EARLIEST, LATEST = 1880, 2200
"""Years of dates that can be meant."""

_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
_ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}}){_MIDNIGHT}", re.ASCII)
_SLASHED = re.compile(rf"([0-9]{{1,2}})/([0-9]{{1,2}})/([0-9]{{4}}){_MIDNIGHT}", re.ASCII)


class Read(IntEnum):
    """How a date was read."""

    GOOD = 0
    BLANK = 1
    UNREADABLE = 2
    AMBIGUOUS = 3


@dataclass(frozen=True, eq=False)
class Dates:
    """A column of dates.

    Parameters
    ----------
    day
        Days since 1 January of the year 1, 0 where there is no good date.
    read
        For each row a value of `Read`.
    """

    day: IntArray
    read: IntArray


def read_dates(text: Text) -> Dates:
    """The dates of a column.

    A column in which some date can only be month/day/year was written by a program that puts the
    month first, or by two programs: there, 03/04/2025 may be either day and is ambiguous.

    >>> read_dates(Text.of(["2025-04-03", "03/04/2025", "31/02/2025", ""])).read.tolist()
    [0, 0, 2, 1]
    >>> read_dates(Text.of(["03/04/2025", "12/25/2024", "04/04/2025"])).read.tolist()
    [3, 2, 0]
    """
    slashed = [_SLASHED.fullmatch(value.strip()) for value in text.distinct]
    month_first = any(found and int(found[1]) <= 12 < int(found[2]) for found in slashed)
    parsed = [
        _parse(value.strip(), found, month_first)
        for value, found in zip(text.distinct, slashed, strict=True)
    ]
    # The last place answers for code -1, nothing.
    day = np.array([*(one for one, _ in parsed), 0], dtype=np.int64)
    read = np.array([*(int(how) for _, how in parsed), int(Read.BLANK)], dtype=np.int64)
    return Dates(day[text.codes], read[text.codes])


def ages(born: Dates, on: date) -> IntArray:
    """Whole years of age on a day, -1 where the date of birth is not known or lies ahead.

    A person born on 29 February is a year older on 1 March.
    """
    known = (born.read == Read.GOOD) & (born.day <= on.toordinal())
    result = np.full(len(born.day), -1, dtype=np.int64)
    days, place = np.unique(born.day[known], return_inverse=True)
    births = [date.fromordinal(int(day)) for day in days]
    years = [on.year - b.year - ((on.month, on.day) < (b.month, b.day)) for b in births]
    result[known] = np.array(years, dtype=np.int64)[place] if years else 0
    return result


def _parse(value: str, slashed: "re.Match[str] | None", month_first: bool) -> tuple[int, Read]:
    if not value:
        return 0, Read.BLANK
    iso = _ISO.fullmatch(value)
    if iso:
        return _day(iso.groups())
    if not slashed:
        return 0, Read.UNREADABLE
    first, second, year = slashed.groups()
    if month_first and int(first) != int(second) and int(first) <= 12 and int(second) <= 12:
        return 0, Read.AMBIGUOUS
    return _day((year, second, first))


def _day(parts: Sequence[str]) -> tuple[int, Read]:
    year, month, day = map(int, parts)
    if not EARLIEST <= year <= LATEST:
        return 0, Read.UNREADABLE
    try:
        return date(year, month, day).toordinal(), Read.GOOD
    except ValueError:
        return 0, Read.UNREADABLE
