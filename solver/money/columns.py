"""Columns of numbers of users that an option names."""

import re

from metneed.models.arrays import IntArray
from metneed.models.errors import OptionError
from metneed.models.problem import Problem

NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
"""What a cell of a column of numbers looks like: 007 is a code."""


def number_column(problem: Problem, name: str, option: str, decimals: int) -> IntArray:
    """A column of numbers of users in smallest units, 0 where nothing is stated.

    Raises
    ------
    OptionError
        Where there is no such column, or it has more decimals.
    """
    columns = problem.users.numbers
    if name not in columns:
        known = ", ".join(columns) or "none"
        raise OptionError(
            f"{option}: users have no column of numbers {name!r}; there are: {known}"
            f"{_no_number(problem, name)}"
        )
    try:
        return columns[name].units(decimals)
    except ValueError as error:
        raise OptionError(f"{option}: column {name}: {error}; write fewer decimals") from error


def _no_number(problem: Problem, name: str) -> str:
    """What makes a column one of numbers, and who has something else, where that is known."""
    means = "every cell of such a column is a plain number of 0 or more, such as 12.50, or empty"
    labels = problem.users.groups.get(name)
    texts = [] if labels is None else labels.text().tolist()
    for user, text in zip(problem.users.ids.tolist(), texts, strict=False):
        if text and not NUMBER.fullmatch(text):
            return f". In users, column {name}, user {user} has {text!r}: {means}"
    return f" ({means})"
