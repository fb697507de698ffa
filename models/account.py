"""How the awards of a money rule came about: each step in figures, for everyone and in all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from metneed.models.arrays import IntArray
from metneed.models.columns import Labels

Quantity: TypeAlias = Literal["money", "points", "users", "share", "number", "text"]
"""Money and points in smallest units, users counted, shares as fractions of 1, other numbers,
and words."""


@dataclass(frozen=True)
class Line:
    """One figure of the account as a whole.

    Parameters
    ----------
    name
        What it is, in words for a screen: ``price per point``.
    value
        Smallest units of money and points, a count, a share, a number, or words.
    unit
        Which of these.
    note
        What it is for, in a few words that a screen shows beside it.
    """

    name: str
    value: int | float | str
    unit: Quantity
    note: str = field(default="", compare=False)


@dataclass(frozen=True, eq=False)
class Account:
    """How awards came about.

    Parameters
    ----------
    lines
        Figures of the whole in the order in which they were worked out: price per point, what
        each adjustment did in pounds, the funding gap.
    columns
        For each step its figure for each user, and its unit, in order: points, the amount of the
        table, the amount after each adjustment.
    reasons
        For each user why the award is what it is, empty where nothing need be said; None where
        nothing need be said of anyone.
    reserve
        Money that the rule keeps back from the awards, smallest units: a contingency.
    by_purchase
        Whether the awards were settled by what they buy, so that together they may exceed the
        money to allocate while what is spent does not.
    """

    lines: tuple[Line, ...] = ()
    columns: Mapping[str, tuple[IntArray, Quantity]] = field(default_factory=dict)
    reasons: Labels | None = None
    reserve: int = 0
    by_purchase: bool = False


@dataclass(frozen=True, eq=False)
class Awards:
    """What a money rule gives: one award a user, and how it came about.

    Parameters
    ----------
    amount
        Smallest money units, 0 or more, one a user in the order of the problem.
    account
        How they came about.
    """

    amount: IntArray
    account: Account
