"""Columns of numbers of users that are no standard ones: age, hours of unpaid care, plan costs."""

import re
from collections.abc import Mapping

import numpy as np

from metneed.instances.faults import Fault
from metneed.instances.reading import Reading
from metneed.instances.schemas import NUMBER_DECIMALS
from metneed.instances.tables import Column, Opaque, Readable, Text, Whole
from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.columns import Numbers

_NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
"""007 is a code: a number would lose its zeros."""

SLIPS = 9
"""With so many plain numbers for each other cell, the others are taken for slips."""


def read_numbers(reading: Reading, rows: IntArray) -> dict[str, Numbers]:
    """The further columns of numbers of a table of users, for these rows of it.

    Parameters
    ----------
    reading
        The table.
    rows
        Row of each user in it.
    """
    further: Mapping[str, Column] = {
        heading: column
        for heading, column in reading.table.columns.items()
        if reading.schema.field(heading) is None
    }
    found = {heading: as_numbers(column) for heading, column in further.items()}
    for heading, column in further.items():
        if found[heading] is None and isinstance(column, Text):
            _note_slips(reading, heading, column)
    return {
        heading: Numbers(
            frozen(numbers.values[rows]), numbers.decimals, frozen(numbers.stated[rows], np.bool_)
        )
        for heading, numbers in found.items()
        if numbers is not None
    }


def _note_slips(reading: Reading, heading: str, column: Text) -> None:
    """Add a note on cells that keep a column from being numbers, where nearly all others are."""
    numbers = [bool(_NUMBER.fullmatch(str(text))) for text in column.distinct]
    other = [
        text != "" and not number for text, number in zip(column.distinct, numbers, strict=True)
    ]
    slips, right = column.rows_of(np.flatnonzero(other)), column.rows_of(np.flatnonzero(numbers))
    if not 0 < len(slips) * SLIPS <= len(right):
        return
    problem = "all but a few cells of the column are plain numbers, so that it is read as text"
    fault = Fault("no-number", problem, "Write a number of 0 or more here if a rule is to use it")
    reading.cells(heading, np.sort(slips), fault, "warning")


def as_numbers(column: Column) -> Numbers | None:
    """A column as numbers; None unless every stated cell is a plain number, and one is stated.

    Codes that begin with a nought are none, nor are numbers with more decimals, or greater ones,
    than can be kept.
    """
    if isinstance(column, Opaque):
        return None
    stated = _stated(column)
    if not stated.any() or (isinstance(column, Text) and not _could_be_numbers(column)):
        return None
    units, good = column.units(NUMBER_DECIMALS)
    if not good[stated].all():
        return None
    values, decimals = np.where(stated, units, 0), NUMBER_DECIMALS
    while decimals and not (values % 10).any():
        values, decimals = values // 10, decimals - 1
    return Numbers(frozen(values), decimals, frozen(stated, np.bool_))


def _could_be_numbers(column: Text) -> bool:
    # Of a million names the first shows that they are none.
    return all(_NUMBER.fullmatch(str(text)) for text in column.distinct if text)


def _stated(column: Readable) -> BoolArray:
    if isinstance(column, Text):
        stated: BoolArray = np.append(column.distinct != "", False)[column.codes]
        return stated
    return ~(column.missing if isinstance(column, Whole) else np.isnan(column.values))
