"""Tariff by condition, severity and age, less what care for several conditions overlaps."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.errors import OptionError
from metneed.solver.tables.rounding import Rounding, scaled

Overlap: TypeAlias = Literal["compound", "flat"]


@dataclass(frozen=True, eq=False)
class Conditions:
    """Conditions of people, one row a condition.

    Parameters
    ----------
    user
        Row of the user.
    tariff
        Smallest money units of the condition at its severity.
    users
        How many users there are.
    """

    user: IntArray
    tariff: IntArray
    users: int


@dataclass(frozen=True, eq=False)
class Ages:
    """Age factors: what a tariff is multiplied by.

    Parameters
    ----------
    factors
        The factors that occur.
    factor
        For each user which of them holds; the first one for everyone if left out.
    """

    factors: tuple[Fraction, ...] = (Fraction(1),)
    factor: IntArray | None = None


@dataclass(frozen=True, eq=False)
class Priced:
    """What conditions are worth, smallest money units.

    Parameters
    ----------
    full
        For each condition the tariff times the age factor, before overlaps.
    line
        The same after the discount for overlaps.
    rank
        For each condition its place among those of its user, the dearest 0.
    amount
        For each user the lines added up.
    overlap
        For each user what the discount takes off.
    """

    full: IntArray
    line: IntArray
    rank: IntArray
    amount: IntArray
    overlap: IntArray


@dataclass(frozen=True)
class Discount:
    """How conditions of one person overlap.

    The dearest condition counts in full. ``flat``: every further one counts 1 - share of its
    tariff; ``compound``: the second 1 - share, the third (1 - share)^2, and so on.

    Parameters
    ----------
    share
        0 to 1.
    overlap
        Which of the two.
    """

    share: Fraction = Fraction(0)
    overlap: Overlap = "compound"

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise OptionError(f"a discount of {self.share} for overlaps is not between 0 and 1")

    def weight(self, rank: int) -> Fraction:
        """What part of its tariff the condition of that rank counts, the dearest being 0."""
        if rank == 0:
            return Fraction(1)
        return (1 - self.share) ** (rank if self.overlap == "compound" else 1)


def priced(
    conditions: Conditions,
    ages: Ages,
    discount: Discount,
    how: Rounding = "nearest",
    whole: int = 100,
) -> Priced:
    """``age factor x (sum of tariffs - overlap)`` for each user, line by line.

    Every line is rounded once, so that the lines add up to the amount.

    Raises
    ------
    OptionError
        Where a tariff or an age factor is negative.
    """
    user, tariff = conditions.user, conditions.tariff
    if len(tariff) and int(tariff.min()) < 0:
        raise OptionError(f"a tariff of {int(tariff.min())} is negative: tariffs are 0 or more")
    below = [each for each in ages.factors if each < 0]
    if below:
        raise OptionError(f"an age factor of {below[0]} is negative: factors are 0 or more")
    rank = _ranks(user, tariff)
    which = np.zeros(len(user), dtype=np.int64) if ages.factor is None else ages.factor[user]
    full, line = np.zeros_like(tariff), np.zeros_like(tariff)
    for code, age in enumerate(ages.factors):
        here = which == code
        full[here] = scaled(tariff[here], age, how, whole=whole)
        for place in np.unique(rank[here]).tolist():
            rows = here & (rank == place)
            line[rows] = scaled(tariff[rows], age * discount.weight(place), how, whole=whole)
    amount = np.zeros(conditions.users, dtype=np.int64)
    before = np.zeros(conditions.users, dtype=np.int64)
    np.add.at(amount, user, line)
    np.add.at(before, user, full)
    return Priced(full, line, rank, amount, before - amount)


def _ranks(user: IntArray, tariff: IntArray) -> IntArray:
    """The place of each condition among those of its user: the dearest 0, equal ones in order."""
    order = np.lexsort((np.arange(len(user)), -tariff, user))
    sorted_users = user[order]
    first = np.searchsorted(sorted_users, sorted_users, side="left")
    rank = np.empty(len(user), dtype=np.int64)
    rank[order] = np.arange(len(user)) - first
    return rank
