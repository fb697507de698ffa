"""Who is there in each year of a path: those of the year before, less leavers, with joiners."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from metneed.models.arrays import BoolArray, IntArray, TextArray, frozen
from metneed.models.budget_path import BudgetPath
from metneed.models.errors import OptionError
from metneed.models.instance import Users
from metneed.models.random_stream import RandomStream
from metneed.models.year_money import PLACE

JOINS, LEAVES = "joins", "leaves"
"""Columns of users: the first year in which someone is there, and the first in which not."""

NEW = -1


@dataclass(frozen=True, eq=False)
class People:
    """The users of one year, in code-point order of their identifiers.

    Parameters
    ----------
    rows
        For each the row in the instance; for those who joined, of whom they are a copy.
    ids
        Their identifiers.
    joined
        For each the number of the year in which a copy joined, -1 for people of the instance.
    before
        For each the position among the users of the year before, -1 for who was not there.
    left
        How many of the year before are gone.
    """

    rows: IntArray
    ids: TextArray
    joined: IntArray
    before: IntArray
    left: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def new(self) -> int:
        """How many were not there the year before."""
        return int((self.before == NEW).sum())

    def of(self, users: Users) -> Users:
        """The users themselves: copies keep everything but identifier and order of arrival."""
        same = len(self) == len(users) and bool((self.rows == np.arange(len(users))).all())
        if same:
            return users
        found = users.subset(self.rows)
        arrival = found.arrival
        if arrival is not None:
            # Who joins comes after everyone who is there, in the order of joining.
            late, copies = arrival.copy(), np.flatnonzero(self.joined != NEW)
            order = copies[np.argsort(self.joined[copies], kind="stable")]
            late[order] = int(arrival.max(initial=0)) + 1 + np.arange(len(order))
            arrival = frozen(late)
        return Users(
            ids=self.ids,
            need=found.need,
            points=found.points,
            basic_need=found.basic_need,
            weight=found.weight,
            arrival=arrival,
            groups=found.groups,
            numbers=found.numbers,
        )


def first_people(users: Users, plan: BudgetPath) -> People:
    """The users of the scenario's own year.

    Raises
    ------
    OptionError
        Where the columns ``joins`` and ``leaves`` hold no years, someone leaves before joining,
        or the path draws leavers or joiners beside them.
    """
    stated = [name for name in (JOINS, LEAVES) if name in users.numbers]
    if stated and plan.changes_people:
        raise OptionError(
            f"{PLACE}: leavers and joiners are drawn, and the users have a column "
            f"{' and a column '.join(stated)}; leave one of the two out"
        )
    joins, leaves = (_years(users, name) for name in (JOINS, LEAVES))
    if joins is not None and leaves is not None:
        wrong = np.flatnonzero((joins >= 0) & (leaves >= 0) & (leaves <= joins))
        if len(wrong):
            who = wrong[0]
            raise OptionError(
                f"users: {users.ids[who]!r} joins in {joins[who]} and leaves in {leaves[who]}; "
                "a user leaves after joining"
            )
    rows = np.flatnonzero(_present(users, plan.base_year))
    return _people(users, rows, np.full(len(rows), NEW))


def next_people(people: People, users: Users, plan: BudgetPath, year: int, seed: int) -> People:
    """The users of a year, from those of the year before."""
    if JOINS in users.numbers or LEAVES in users.numbers:
        rows = np.flatnonzero(_present(users, year))
        place = np.full(len(users), NEW)
        place[people.rows] = np.arange(len(people))
        return _people(users, rows, place[rows], left=int((~np.isin(people.rows, rows)).sum()))
    stay = np.arange(len(people))
    going = _part(plan, year, "leavers", len(people))
    if going:
        order = RandomStream.of(seed, f"path leavers {year}").permutation(len(people))
        stay = np.sort(order[going:])
    coming = _part(plan, year, "joiners", len(people))
    if not coming:
        return People(
            frozen(people.rows[stay]),
            frozen(people.ids[stay], object),
            frozen(people.joined[stay]),
            frozen(stay),
            going,
        )
    copied = RandomStream.of(seed, f"path joiners {year}").below(len(users), coming)
    ids = [*people.ids[stay], *_new_ids(users.ids, users.ids[copied], year)]
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
    columns = (
        np.concatenate([people.rows[stay], copied]),
        np.concatenate([people.joined[stay], np.full(coming, year)]),
        np.concatenate([stay, np.full(coming, NEW)]),
    )
    rows, joined, before = (frozen(column[order]) for column in columns)
    return People(rows, frozen(np.array(ids, dtype=object)[order], object), joined, before, going)


def _people(users: Users, rows: IntArray, before: IntArray, left: int = 0) -> People:
    return People(
        frozen(rows),
        frozen(users.ids[rows], object),
        frozen(np.full(len(rows), NEW)),
        frozen(before),
        left,
    )


def _part(plan: BudgetPath, year: int, key: Literal["leavers", "joiners"], people: int) -> int:
    """So many of the people, rounded down."""
    return int(people * Fraction(plan.of(year, key)))


def _new_ids(taken: Iterable[str], copied: Iterable[str], year: int) -> list[str]:
    """Identifiers of copies: of whom, and the year in which they join."""
    known, made = set(taken), []
    for number, user in enumerate(copied, start=1):
        name = f"{user}+{year}.{number}"
        while name in known:
            name += "+"
        known.add(name)
        made.append(name)
    return made


def _years(users: Users, name: str) -> IntArray | None:
    """The years of a column, -1 where none is stated."""
    column = users.numbers.get(name)
    if column is None:
        return None
    if column.decimals:
        part = np.flatnonzero(column.values % 10**column.decimals)[0]
        raise OptionError(
            f"users, column {name}: user {users.ids[part]!r} has a year with decimals; write whole "
            "years, such as 2027, or nothing"
        )
    years: IntArray = np.where(column.stated, column.values, NEW)
    return years


def _present(users: Users, year: int) -> BoolArray:
    """For each user whether they are there in a year; a blank cell is no bound."""
    there = np.ones(len(users), dtype=np.bool_)
    joins, leaves = (_years(users, name) for name in (JOINS, LEAVES))
    if joins is not None:
        there &= joins <= year
    if leaves is not None:
        there &= (leaves == NEW) | (leaves > year)
    return there
