"""Path: what rules do to people over several years, with the money of each year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from metneed.models.budget_path import BudgetPath
from metneed.models.certificate import Stopped
from metneed.models.comparison import Number, Unit
from metneed.models.instance import Instance


@dataclass(frozen=True)
class PathFigure:
    """One figure of one rule in one year.

    Parameters
    ----------
    year, rule, measure
        Number of the year, and names.
    value
        Whole smallest units of money and need, whole users, else a float; None for not known.
    unit
        What the value counts.
    """

    year: int
    rule: str
    measure: str
    value: Number
    unit: Unit


@dataclass(frozen=True)
class Break:
    """A floor or limit that a rule does not keep, in the first year in which it does not.

    Parameters
    ----------
    rule, year
        Which rule, and the first year.
    limit
        ``basic need``, the name of a limit beside the budget, or a service without enough members.
    users
        How many users it concerns in that year; of a service that closes, its members.
    """

    rule: str
    year: int
    limit: str
    users: int


@dataclass(frozen=True, eq=False)
class Path:
    """What rules do over several years.

    Parameters
    ----------
    instance
        Users, menus and scenario of the first year.
    plan
        How budget, prices and people go on.
    years, rules
        Numbers of the years, the scenario's own first, and names of the rules, in order.
    figures
        All figures, in order of year, rule and measure.
    breaks
        For each rule every floor and limit that it breaks, in order of the first year.
    reasons
        Why a rule has no allocation in a year, by year and rule.
    infeasible
        Years and rules for which no allocation fits the money.
    limits
        What was ended by a limit of time or memory, by year and rule.
    options
        Options that each rule ran with, as plain data.
    """

    instance: Instance
    plan: BudgetPath
    years: tuple[int, ...]
    rules: tuple[str, ...]
    figures: Sequence[PathFigure] = field(repr=False)
    breaks: Sequence[Break] = ()
    reasons: Mapping[tuple[int, str], str] = field(default_factory=dict)
    infeasible: frozenset[tuple[int, str]] = frozenset()
    limits: Mapping[tuple[int, str], Stopped] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    @property
    def table(self) -> pd.DataFrame:
        """One row a year and rule, one column a figure; pounds and need as floats."""
        units = self.instance.scenario.units
        scale = {"money": 10**units.money_decimals, "need": 10**units.need_decimals}
        rows: dict[tuple[int, str], dict[str, int | float | None]] = {}
        for figure in self.figures:
            value = figure.value
            if value is not None and figure.unit in scale:
                value = value / scale[figure.unit]
            rows.setdefault((figure.year, figure.rule), {})[figure.measure] = value
        table = pd.DataFrame(list(rows.values()))
        table.index = pd.MultiIndex.from_tuples(list(rows), names=["year", "rule"])
        return table

    def value(self, year: int, rule: str, measure: str) -> int | float | None:
        """One figure, smallest units; None where it is not known or there is none."""
        return self._found.get((year, rule, measure))

    @cached_property
    def _found(self) -> dict[tuple[int, str, str], int | float | None]:
        return {(item.year, item.rule, item.measure): item.value for item in self.figures}
