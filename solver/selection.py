"""Whom a constraint is about, and the amounts of its options in smallest units."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

import numpy as np
from pydantic import Field, model_validator

from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.columns import Labels
from metneed.models.errors import OptionError, UnknownNameError
from metneed.models.limits import SUM_LIMIT
from metneed.models.problem import Problem
from metneed.models.units import read_decimal
from metneed.solver.rule import Options

T = TypeVar("T")


class Whom(Options):
    """Users whom a constraint is about: all, or those of a group, less named exceptions."""

    group: str | None = Field(
        default=None, description="column of users, where the limit is for some of them only"
    )
    values: tuple[str, ...] = Field(
        default=(), description="values of that column whose users the limit is for"
    )
    exceptions: tuple[str, ...] = Field(
        default=(), description="user_ids whom the limit does not bind"
    )

    @model_validator(mode="after")
    def _both_or_none(self) -> "Whom":
        if (self.group is None) != (not self.values):
            msg = 'group and values go together: group = "area", values = ["north"]'
            raise ValueError(msg)
        return self


def place(name: str, option: str = "") -> str:
    """Where a constraint, or one option of it, stands."""
    return f"scenario.toml, [constraints.{name}]{f' {option}' if option else ''}"


def selected(problem: Problem, name: str, whom: Whom) -> BoolArray:
    """For each user whether a constraint is about them.

    Raises
    ------
    OptionError
        Where the column, one of its values or an exception is not known.
    """
    chosen = np.ones(len(problem.users), dtype=np.bool_)
    if whom.group is not None:
        labels = group_column(problem, whom.group, place(name, "group"))
        chosen = np.isin(labels.codes, codes(labels, name, whom.values))
    if whom.exceptions:
        row = {user: number for number, user in enumerate(problem.users.ids)}
        for user in whom.exceptions:
            known(user, row, "user", place(name, "exceptions"))
        chosen[[row[user] for user in whom.exceptions]] = False
    return chosen


def group_column(problem: Problem, group: str, where: str) -> Labels:
    """The column of groups that an option names; OptionError with its place where there is none."""
    groups = problem.users.groups
    known(group, groups, "column of groups of users", where)
    return groups[group]


def codes(labels: Labels, name: str, values: Iterable[str], option: str = "values") -> list[int]:
    """The codes of the named values of a column; OptionError where one does not occur."""
    for value in values:
        known(value, labels.names, "value of that column", place(name, option))
    return [labels.names.index(value) for value in values]


def known(given: str, names: Iterable[str], kind: str, where: str) -> None:
    """Do nothing where a name is known; OptionError with the nearest ones where it is not."""
    names = list(names)
    if given not in names:
        raise OptionError(f"{where}: {UnknownNameError(kind, given, names)}")


def exact(amount: Decimal, decimals: int, where: str) -> int:
    """An amount in smallest units; OptionError with its place where it has more decimals."""
    try:
        return read_decimal(amount, decimals)
    except OptionError as error:
        raise OptionError(f"{where}: {error}; write fewer decimals") from error


def part_of(share: Decimal, whole: int) -> int:
    """A share of a whole number, rounded up: the least that is no less than the share."""
    numerator, denominator = Fraction(share).as_integer_ratio()
    return -(-whole * numerator // denominator)


def at_most_part_of(share: Decimal, whole: int) -> int:
    """A share of a whole number, rounded down: the most that is no more than the share."""
    numerator, denominator = Fraction(share).as_integer_ratio()
    return whole * numerator // denominator


def needed(item: T | None, name: str, what: str) -> T:
    """The table or column, where there is one; OptionError that says what is missing."""
    if item is None:
        raise OptionError(f"{place(name)}: this limit needs {what}, and the instance has none")
    return item


def shares_of(share: Decimal, amounts: IntArray, *, up: bool = True) -> IntArray:
    """A share of each amount in whole numbers, rounded up, or down where said."""
    numerator, denominator = Fraction(share).as_integer_ratio()
    if numerator * denominator >= SUM_LIMIT:
        # A share of so many digits takes more than 64 bits on the way.
        rule = part_of if up else at_most_part_of
        return frozen([rule(share, amount) for amount in amounts.tolist()])
    whole, rest = np.divmod(amounts, denominator)
    part = -(-rest * numerator // denominator) if up else rest * numerator // denominator
    return frozen(whole * numerator + part)
