"""Care grades as a system: modules of items, findings, bands, grades and benefits, from a file."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from math import lcm
from typing import Any

from metneed.models.errors import OptionError

HUNDREDTHS = 100
"""Weighted points are whole hundredths."""

_TIMES = re.compile(r"([0-9]{1,4}) a (day|week|month)", re.ASCII)
_NEVER = ("0", "never")


@dataclass(frozen=True)
class Choice:
    """An item that is answered by a level.

    Parameters
    ----------
    levels
        Names of the levels, in order; the number of a level, from 0, stands for it too.
    points
        Points of each.
    only_if
        Finding without which the points do not count, or empty.
    """

    levels: tuple[str, ...]
    points: tuple[int, ...]
    only_if: str = ""

    def value(self, text: str) -> int | None:
        """The points of an answer, None where there is no such level."""
        if text in self.levels:
            return self.points[self.levels.index(text)]
        if text.isascii() and text.isdigit() and text == str(int(text)):
            place = int(text)
            return self.points[place] if place < len(self.points) else None
        return None

    def allowed(self) -> str:
        """The answers that there are, for messages."""
        numbers = f"0 to {len(self.levels) - 1}"
        return f"{', '.join(self.levels)} (or {numbers})"


@dataclass(frozen=True)
class Frequency:
    """Items of a module that are answered by how often help is needed.

    Parameters
    ----------
    factors
        For each item what once a day, a week and a month count, in smallest units.
    steps
        Rising: least sum in smallest units, and the points that it gives.
    optional
        Items that need not be answered: those that are for children only.
    """

    factors: Mapping[str, Mapping[str, int]]
    steps: tuple[tuple[int, int], ...]
    optional: tuple[str, ...] = ()

    def value(self, item: str, text: str) -> int | None:
        """The units of an answer such as ``3 a day, 1 a week``; None where it is none."""
        if text in _NEVER:
            return 0
        total = 0
        for part in text.split(", "):
            match = _TIMES.fullmatch(part)
            if match is None or match[2] not in self.factors[item]:
                return None
            total += int(match[1]) * self.factors[item][match[2]]
        return total

    def allowed(self, item: str) -> str:
        """The answers that there are, for messages."""
        return "never, or so many times: " + ", ".join(f"2 a {per}" for per in self.factors[item])


@dataclass(frozen=True)
class Module:
    """A module: its items, and the weighted points of its sums.

    Parameters
    ----------
    name
        For screens.
    upper, weighted
        Greatest sum of each band, rising, and its weighted points in hundredths.
    choices
        Items that are answered by a level.
    frequencies
        Groups of items that are answered by how often.
    infant
        The item that stands for all others up to 18 months of age, and its points, or None.
    """

    name: str
    upper: tuple[int, ...]
    weighted: tuple[int, ...]
    choices: Mapping[str, Choice]
    frequencies: tuple[Frequency, ...] = ()
    infant: tuple[str, int] | None = None

    def asked(self) -> list[str]:
        """The items that everyone past 18 months of age must have answered."""
        how_often = [code for each in self.frequencies for code in each.factors]
        optional = {code for each in self.frequencies for code in each.optional}
        return [code for code in [*self.choices, *how_often] if code not in optional]


@dataclass(frozen=True)
class CareSystem:
    """The whole system.

    Parameters
    ----------
    title, source, currency
        What it is, where it is from, and the currency of the benefits.
    modules
        By code.
    higher_of
        Modules of which only the higher weighted points count.
    findings
        For each finding its levels, and those at which it holds.
    grades, infant_grades
        Least totals in hundredths of grades 1, 2, ..., and of 2, 3, ... for infants.
    benefits
        Whole amounts for grades 1, 2, ... by name.
    names
        What each item and finding is, for screens.
    """

    title: str
    source: str
    currency: str
    modules: Mapping[str, Module]
    higher_of: tuple[str, ...]
    findings: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    grades: tuple[int, ...]
    infant_grades: tuple[int, ...]
    benefits: Mapping[str, tuple[int, ...]]
    names: Mapping[str, str]


@cache
def german_care_grades() -> CareSystem:
    """The German system, as bundled with metneed."""
    path = files("metneed.instances").joinpath("data", "pflegegrad.toml")
    return care_system(tomllib.loads(path.read_text(encoding="utf-8")))


def care_system(table: Mapping[str, Any]) -> CareSystem:
    """A system from the tables of its file.

    Raises
    ------
    OptionError
        Where bands or grades do not rise.
    """
    names = {name: str(finding["name"]) for name, finding in table["findings"].items()}
    modules = {code: _module(code, each, names) for code, each in table["modules"].items()}
    grades, infants = (
        tuple(_hundredths(each) for each in table["grades"][key])
        for key in ("from", "infants_from")
    )
    if list(grades) != sorted(set(grades)) or list(infants) != sorted(set(infants)):
        raise OptionError("the least totals of the grades must rise")
    return CareSystem(
        title=table["title"],
        source=table["source"],
        currency=table["currency"],
        modules=modules,
        higher_of=tuple(table["total"]["higher_of"]),
        findings={
            name: (tuple(each["levels"]), tuple(each["holds"]))
            for name, each in table["findings"].items()
        },
        grades=grades,
        infant_grades=infants,
        benefits={name: tuple(amounts) for name, amounts in table["benefits"].items()},
        names=names,
    )


def _module(code: str, table: Mapping[str, Any], names: dict[str, str]) -> Module:
    upper = tuple(table["upper"])
    if list(upper) != sorted(set(upper)) or len(upper) != len(table["weighted"]):
        raise OptionError(f"the bands of module {code} must rise, each with its weighted points")
    names |= table["items"]
    choices = {}
    for item in table["items"]:
        levels = tuple(table.get("levels_of", {}).get(item, table["levels"]))
        points = tuple(table.get("points_of", {}).get(item, table["points"]))
        choices[item] = Choice(levels, points, table.get("only_if", {}).get(item, ""))
    infant = None
    if "infant" in table:
        each = table["infant"]
        names[each["item"]] = each["name"]
        infant = (each["item"], each["points"])
    frequencies = tuple(_frequency(each, names) for each in table.get("frequencies", ()))
    weighted = tuple(_hundredths(each) for each in table["weighted"])
    return Module(table["name"], upper, weighted, choices, frequencies, infant)


def _frequency(table: Mapping[str, Any], names: dict[str, str]) -> Frequency:
    """Factors and steps as whole numbers of one common unit."""
    names |= table["items"]
    usual = {per: Fraction(table[per]) for per in ("day", "week", "month") if per in table}
    own = {
        item: {per: Fraction(each) for per, each in factors.items()}
        for item, factors in table.get("factors_of", {}).items()
    }
    exact = {item: own.get(item, usual) for item in table["items"]}
    bounds = [Fraction(step.get("from", step.get("above"))) for step in table["steps"]]
    every = [*bounds, *(each for factors in exact.values() for each in factors.values())]
    unit = lcm(*(each.denominator for each in every))
    factors = {
        item: {per: int(each * unit) for per, each in found.items()}
        for item, found in exact.items()
    }
    # Sums are whole, so "above" is one unit more.
    steps = tuple(
        (int(bound * unit) + ("above" in step), step["points"])
        for bound, step in zip(bounds, table["steps"], strict=True)
    )
    return Frequency(factors, steps, tuple(table.get("optional", ())))


def _hundredths(text: str) -> int:
    exact = Fraction(text) * HUNDREDTHS
    if exact.denominator != 1:
        raise OptionError(f"{text} has more than two decimals")
    return int(exact)
