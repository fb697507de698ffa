"""Columns of tables: text as codes and names, and numbers with their decimals."""

from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray, IntArray, Positions, TextArray

AWARD_BEFORE = "award_before"
"""The column of users that says what money each was given the year before."""


@dataclass(frozen=True, eq=False)
class Labels:
    """A column of text: for each row a code, and the text that each code stands for.

    Parameters
    ----------
    codes
        One code a row, 0 up to the number of names less 1.
    names
        The distinct texts, in code-point order.
    """

    codes: Positions
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def text(self, rows: IntArray | None = None) -> TextArray:
        """The text of the given rows (default: of all)."""
        codes = self.codes if rows is None else self.codes[rows]
        return np.array(self.names, dtype=object)[codes]

    def subset(self, rows: IntArray) -> "Labels":
        """The same column for the given rows only."""
        return Labels(self.codes[rows], self.names)


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column of numbers of users: age, hours of unpaid care, the cost of a support plan.

    Parameters
    ----------
    values
        The numbers times ten to the `decimals`, 0 or more; 0 where nothing is stated.
    decimals
        How many decimals they have.
    stated
        For which users there is a number.
    """

    values: IntArray
    decimals: int
    stated: BoolArray

    def units(self, decimals: int) -> IntArray:
        """The numbers in smallest units of so many decimals, at least as many as they have.

        Raises
        ------
        ValueError
            Where they have more decimals.
        """
        if decimals < self.decimals:
            raise ValueError(f"numbers with {self.decimals} decimals do not fit into {decimals}")
        units: IntArray = self.values * 10 ** (decimals - self.decimals)
        return units

    def subset(self, rows: IntArray) -> "Numbers":
        """The same column for the given rows only."""
        return Numbers(self.values[rows], self.decimals, self.stated[rows])
