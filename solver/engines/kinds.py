"""Kinds: users who are the same in every respect, merged and counted.

Banded menus are real, and they are what confuses a search among many users: whole bands tie. With
the bands merged the ties are gone, and nothing about the problem has changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from metneed.models.arrays import BoolArray, FloatArray, IntArray, frozen, owners, picked
from metneed.models.menus import Menus
from metneed.solver.engines.rows import Row

_Hash: TypeAlias = npt.NDArray[np.uint64]

_ODD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


@dataclass(frozen=True, eq=False)
class Kinds:
    """What each kind of users may be given: exactly one of its options, nothing among them.

    Parameters
    ----------
    offsets
        Where the options of each kind begin, one more than there are kinds.
    package
        For each option the position in the menus of the first user of the kind, -1 for nothing.
    value
        What each option is worth; nothing is worth 0.
    rows
        The limits that the options count towards.
    count
        How many users each kind has.
    kind
        For each user the kind.
    first
        For each kind the row of its first user.
    """

    offsets: IntArray
    package: IntArray
    value: IntArray
    rows: tuple[Row, ...]
    count: IntArray
    kind: IntArray
    first: IntArray

    @property
    def n_kinds(self) -> int:
        """How many kinds there are."""
        return len(self.count)

    @cached_property
    def owner(self) -> IntArray:
        """For each option its kind."""
        return frozen(owners(self.offsets))

    @cached_property
    def amounts(self) -> FloatArray:
        """What each option counts in each row, as floats: to search with, not to prove with."""
        columns = [
            picked(row.base, self.package) * np.array(row.weights, dtype=np.float64)[self.klass(k)]
            for k, row in enumerate(self.rows)
        ]
        return np.column_stack(columns) if columns else np.zeros((len(self.package), 0))

    def klass(self, k: int) -> IntArray:
        """The class of each option in a row; nothing is of class 0."""
        row = self.rows[k]
        return np.zeros_like(self.package) if row.klass is None else picked(row.klass, self.package)


def kinds_of(menus: Menus, due: BoolArray, rows: Sequence[Row], *, merge: bool = True) -> Kinds:
    """The users of menus as kinds, in the order of their first users.

    Parameters
    ----------
    menus, due
        The packages, and for each user whether nothing is no choice; whoever is due has a menu.
    rows
        Two users are the same only if their packages also count the same in all of them.
    merge
        Whether to merge at all: each user is a kind of one otherwise.
    """
    n = menus.n_users
    first = np.arange(n, dtype=np.int64)
    kind, count = first, np.ones(n, dtype=np.int64)
    if merge and n:
        first, kind, count = _merged(menus, due, rows)
    sizes, optional = np.diff(menus.offsets)[first], ~due[first]
    offsets = np.concatenate([[0], np.cumsum(sizes + optional)])
    package = np.full(offsets[-1], -1, dtype=np.int64)
    real = np.ones(offsets[-1], dtype=np.bool_)
    real[offsets[:-1][optional]] = False
    package[real] = menus.positions(first)
    return Kinds(
        frozen(offsets),
        frozen(package),
        frozen(picked(menus.value, package)),
        tuple(rows),
        frozen(count),
        frozen(kind),
        frozen(first),
    )


def _merged(
    menus: Menus, due: BoolArray, rows: Sequence[Row]
) -> tuple[IntArray, IntArray, IntArray]:
    """First users of the kinds, the kind of each user, and how many each kind has."""
    columns = [menus.value, *(row.base for row in rows)]
    columns += [row.klass for row in rows if row.klass is not None]
    _, first, group = np.unique(
        _hashes(menus, due, columns), return_index=True, return_inverse=True
    )
    n = menus.n_users
    if len(first) < n:
        # A hash alone proves nothing: whoever differs from the first of the group stays apart.
        leader = first[group]
        differs = _differ(menus, due, columns, leader)
        leader[differs] = np.flatnonzero(differs)
    else:
        leader = np.arange(n)
    firsts, kind, count = np.unique(leader, return_inverse=True, return_counts=True)
    return firsts, kind, count


def _hashes(menus: Menus, due: BoolArray, columns: list[IntArray]) -> _Hash:
    """One number for each user, the same for users who are the same."""
    place = np.arange(menus.n_packages) - np.repeat(menus.offsets[:-1], np.diff(menus.offsets))
    mixed = (place + 1).astype(np.uint64) * _ODD
    for column in columns:
        mixed ^= column.view(np.uint64) if column.dtype == np.int64 else column.astype(np.uint64)
        mixed *= _ODD
        mixed ^= mixed >> _SHIFT
    hashes = (2 * np.diff(menus.offsets) + due).astype(np.uint64) * _ODD
    filled = np.diff(menus.offsets) > 0
    if filled.any():
        hashes[filled] += np.add.reduceat(mixed, menus.offsets[:-1][filled])
    return hashes


def _differ(menus: Menus, due: BoolArray, columns: list[IntArray], leader: IntArray) -> BoolArray:
    """For each user whether anything is not the same as for the leader."""
    sizes = np.diff(menus.offsets)
    differs: BoolArray = (sizes != sizes[leader]) | (due != due[leader])
    users = np.flatnonzero(~differs & (leader != np.arange(len(leader))))
    own, other = menus.positions(users), menus.positions(leader[users])
    unlike = np.zeros(len(own), dtype=np.bool_)
    for column in columns:
        unlike |= column[own] != column[other]
    differs[np.repeat(users, sizes[users])[unlike]] = True
    return differs
