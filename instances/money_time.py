"""Costs per session, month or year as costs per week: exact fractions, rounded once.

A return states what one unit costs and how often that is paid. A cost paid by the month is paid 12
times in 52 weeks; a cost by the hour is paid once for each hour planned. Months, quarters and years
are counted over 52 weeks, as the costs tables of the English return do; how many weeks a *budget*
or a ledger counts is said by the scenario (`weeks_per_year`).
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np

from metneed.models.arrays import BoolArray, IntArray

DECIMALS = 4
"""Unit costs and planned units are read with so many decimals."""

LARGEST_COST = 10**6
LARGEST_UNITS = 10**3
"""No unit costs more pounds and nobody has more units a week: beyond, a row is a slip."""

WEEKS = 52
PER_PENNY = WEEKS * 10 ** (2 * DECIMALS - 2)
"""Exact weekly costs are whole numbers of this part of a penny."""

Kind = Literal["unit", "period", "once"]


@dataclass(frozen=True)
class Frequency:
    """How often a unit cost is paid.

    Parameters
    ----------
    name
        As the specification spells it.
    kind
        ``unit``: once for each unit planned; ``period``: so often a week whatever is planned;
        ``once``: one time only.
    unit
        What is paid for: ``hour``, ``session``, ``week``, ``month``, ...
    per_week
        Times a week where it is a period; 52 times that is a whole number.
    """

    name: str
    kind: Kind
    unit: str
    per_week: Fraction = Fraction(0)


@cache
def frequencies() -> Mapping[str, Frequency]:
    """Every known frequency by the letters and digits of its name, see `letters`."""
    path = files("metneed.instances") / "data" / "cld" / "frequencies.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {letters(row["frequency"]): _frequency(row) for row in rows}


def letters(text: str) -> str:
    """The letters and digits of a code, in one case: ``4-Weekly `` is ``4weekly``."""
    return re.sub(r"[\W_]+", "", text.casefold().replace("&", "and"))


def exact_weekly_cost(unit_cost: IntArray, per_week_52: IntArray, units: IntArray) -> IntArray:
    """Costs of a week in the small parts of a penny of which `PER_PENNY` make one.

    Parameters
    ----------
    unit_cost
        Ten-thousandths of a pound, at most `LARGEST_COST` pounds.
    per_week_52
        52 times how often a week it is paid; 0 where it is paid for each unit.
    units
        Ten-thousandths of a planned unit a week, at most `LARGEST_UNITS`; used where it is paid
        for each unit.

    >>> monthly = exact_weekly_cost(np.array([1_000_0000]), np.array([12]), np.array([0]))
    >>> pence(monthly).tolist()
    [23077]
    """
    times = np.where(per_week_52 > 0, per_week_52 * 10**DECIMALS, units * WEEKS)
    exact: IntArray = unit_cost * times
    return exact


def pence(exact: IntArray) -> IntArray:
    """Exact weekly costs as the nearest penny, halves up."""
    whole, rest = np.divmod(exact, PER_PENNY)
    nearest: IntArray = whole + (2 * rest >= PER_PENNY)
    return nearest


def agrees(units: IntArray, decimals: IntArray, per_week_52: IntArray) -> BoolArray:
    """Whether planned units are how often a week a period comes, as far as they are written out.

    A fraction such as 12/52 may be rounded up or down in its last place, but needs at least two
    decimals: 0.23 and 0.2308 agree with it, 0.2 and 1 do not.

    Parameters
    ----------
    units
        Ten-thousandths of a unit.
    decimals
        How many decimals are written, zeros at the end left out; at most `DECIMALS`.
    per_week_52
        52 times how often a week the period comes.
    """
    off = np.abs(units * WEEKS - per_week_52 * 10**DECIMALS)
    last_place = 10 ** (DECIMALS - decimals) * WEEKS
    rounded: BoolArray = (off == 0) | ((decimals >= 2) & (off < last_place))
    return rounded


def in_period(amount: int, stated: str, wanted: str, weeks_per_year: str) -> Fraction:
    """An amount for a week or a year as one for the other, exactly.

    Parameters
    ----------
    amount
        Smallest money units.
    stated, wanted
        ``week`` or ``year``.
    weeks_per_year
        As in the scenario: ``365/7``, ``52`` or ``364/7``.

    >>> in_period(36500, "year", "week", "365/7")
    Fraction(700, 1)
    """
    if stated == wanted:
        return Fraction(amount)
    weeks = Fraction(weeks_per_year)
    return amount * weeks if wanted == "year" else amount / weeks


def _frequency(row: Mapping[str, str]) -> Frequency:
    kind = row["kind"]
    if kind == "period":
        rate = Fraction(int(row["per_week"]), int(row["over"]))
        return Frequency(row["frequency"], "period", row["unit"], rate)
    return Frequency(row["frequency"], "unit" if kind == "unit" else "once", row["unit"])
