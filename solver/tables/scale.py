"""Scales: for each item the points of each of its levels, added up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.errors import OptionError


@dataclass(frozen=True, eq=False)
class Scale:
    """Points by item and level.

    Parameters
    ----------
    items
        Names of the items.
    levels
        Names of the levels of each item, in order.
    points
        Points of each of them, smallest units; they may be negative, as in tariffs of capability.
    """

    items: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    points: tuple[tuple[int, ...], ...]

    def by_item(self, answers: IntArray) -> IntArray:
        """The points of each answer.

        Parameters
        ----------
        answers
            Users by items: the place of the level, from 0.

        Raises
        ------
        OptionError
            Where there is no such level, naming the item and the levels it has.
        """
        if answers.shape[1] != len(self.items):
            raise OptionError(
                f"{answers.shape[1]} answers for {len(self.items)} items: {', '.join(self.items)}"
            )
        found = np.zeros(answers.shape, dtype=np.int64)
        for place, points in enumerate(self.points):
            column = answers[:, place]
            wrong = np.flatnonzero((column < 0) | (column >= len(points)))
            if len(wrong):
                known = ", ".join(self.levels[place])
                raise OptionError(
                    f"item {self.items[place]!r} has no level {int(column[wrong[0]])}; its levels "
                    f"are, from 0: {known}"
                )
            found[:, place] = np.array(points, dtype=np.int64)[column]
        return found

    def total(self, answers: IntArray) -> IntArray:
        """The points of each user, items added up."""
        result: IntArray = self.by_item(answers).sum(axis=1)
        return result


def scale_of(table: Sequence[tuple[str, str, int]]) -> Scale:
    """A scale from rows of item, level and points; items and levels in the order they come.

    Raises
    ------
    OptionError
        Where there is no row, or an item has the same level twice.
    """
    if not table:
        raise OptionError("the table of points is empty: give item, level and points of each level")
    found: dict[str, dict[str, int]] = {}
    for item, level, points in table:
        levels = found.setdefault(item, {})
        if level in levels:
            raise OptionError(f"item {item!r} has level {level!r} twice: keep one of them")
        levels[level] = points
    return Scale(
        tuple(found),
        tuple(tuple(levels) for levels in found.values()),
        tuple(tuple(levels.values()) for levels in found.values()),
    )
