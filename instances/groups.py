"""Groups: the columns of users that figures are reported by."""

import re

import numpy as np

from metneed.instances.faults import Fault, FileFaults
from metneed.instances.headings import nearest
from metneed.instances.identifiers import check_look_alikes, check_texts
from metneed.instances.reading import Reading
from metneed.instances.scenario_file import FILE
from metneed.instances.tables import Column, Opaque, Text
from metneed.models.arrays import IntArray
from metneed.models.columns import Labels

MOST_GROUPS = 50
"""A column with more different values is no group, unless the scenario says so."""

NOT_STATED = "(not stated)"
"""The group of users whose cell is blank."""

_FEW_USERS = 10
_LONGEST = 100
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)


def read_groups(
    reading: Reading, rows: IntArray, asked: tuple[str, ...] | None
) -> dict[str, Labels]:
    """The group of each user, for each column that is a group.

    Parameters
    ----------
    reading
        The table of users.
    rows
        Row of each user in it.
    asked
        The columns that the scenario wants; None for every column of text with few values.
    """
    if asked is not None:
        names = [name for name in asked if _is_available(reading, name)]
    else:
        names = [
            name
            for name, column in reading.table.columns.items()
            if _is_group(reading, name, column)
        ]
    return {name: _labels(reading, name, rows) for name in dict.fromkeys(names)}


def _is_available(reading: Reading, name: str) -> bool:
    column = reading.column(name)
    if column is not None and not isinstance(column, Opaque):
        return True
    file = reading.table.file
    if column is None:
        near = nearest(name, reading.table.columns)
        remedy = f"Did you mean {near}?" if near else f"Name a column of {file}"
        fault = Fault("unknown-group", f"{file} has no such column", remedy)
    else:
        problem = f"{file} holds values of type {column.kind} there"
        fault = Fault("wrong-type", problem, "Name a column of text")
    FileFaults(FILE, reading.findings).add(fault, "groups", name)
    return False


def _is_group(reading: Reading, name: str, column: Column) -> bool:
    if name == "band":
        return not isinstance(column, Opaque)
    if reading.schema.field(name) is not None or not isinstance(column, Text):
        return False
    values = [value for value in column.distinct[: MOST_GROUPS + 2] if value]
    # Every user another value: a name or a number, not a group.
    single = len(values) == len(column) > _FEW_USERS
    numeric = all(map(_NUMBER.fullmatch, values))
    prose = any(len(value) > _LONGEST or "\n" in value or "\r" in value for value in values)
    return len(values) <= MOST_GROUPS and not single and not numeric and not prose


def _labels(reading: Reading, name: str, rows: IntArray) -> Labels:
    column = reading.table.columns[name]
    assert not isinstance(column, Opaque)
    text = column.labels()
    check_look_alikes(reading, name, text, check_texts(reading, name, text))
    values = [value or NOT_STATED for value in text.distinct]
    codes = text.codes[rows]
    blank = (codes < 0) | (np.array([*text.distinct, ""], dtype=object) == "")[codes]
    if blank.any():
        problem = f"{int(blank.sum()):,} users have none, and are shown as {NOT_STATED!r}"
        fault = Fault("no-group", problem, "Fill it in, if it is known")
        reading.about(fault, name, severity="warning")
    names = sorted({*values, NOT_STATED} if blank.any() else set(values))
    rank = {value: place for place, value in enumerate(names)}
    place = np.array([*(rank[value] for value in values), rank.get(NOT_STATED, -1)])
    return Labels(place[codes], tuple(names))
