"""Comparison: rules and measures on one instance, on the same footing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from metneed.models.allocation import Allocation, Outcome
from metneed.models.certificate import Certificate
from metneed.models.instance import Instance
from metneed.models.units import Units

Unit = Literal["money", "need", "users", "share", "need per money", "money per point", "index"]
Number = int | float | None
"""Money, need and users are integers (smallest units), the rest floats; None is "not known"."""


def number_text(value: Number, unit: Unit, units: Units, digits: int | None = None) -> str:
    """A figure as files hold it: exact decimals of money and need, empty where not known.

    Parameters
    ----------
    value, unit
        The figure.
    units
        Decimals of money and need.
    digits
        How many digits a float is rounded to; default: as many as tell it from any other.

    >>> number_text(12345, "money", Units()), number_text(1 / 3, "share", Units(), 3)
    ('123.45', '0.333')
    """
    if value is None:
        return ""
    match unit:
        case "money":
            return units.money(int(value))
        case "need":
            return units.need(int(value))
        case "users":
            return str(int(value))
        case _:
            return repr(float(value)) if digits is None else format(float(value), f".{digits}g")


@dataclass(frozen=True)
class Figure:
    """One figure of one rule, over all users or over one group.

    Parameters
    ----------
    rule, measure
        Names; `measure` is the name of the figure, of which a measure may have several.
    group_by, group
        Column and value of the group; both empty for all users.
    value
        Integer of smallest units for money, need and users; else float; None for not known.
    unit
        What the value counts.
    """

    rule: str
    group_by: str
    group: str
    measure: str
    value: Number
    unit: Unit


@dataclass(frozen=True)
class Footing:
    """What stops a careless comparison from flattering the optimum; met need, smallest units.

    Parameters
    ----------
    kept, rounds
        The points rule with unspent awards kept by users, and shared out in rounds: met need
        and spending of each.
    optimum
        The most met need known at the whole allocable money; `proof` says whether it is the most.
    optimum_at_same_spend
        The same with only as much money as the points rule (kept) spends, and its proof.
    lp_bound
        Least integer that no allocation exceeds even with part packages allowed.
    proof, proof_at_same_spend
        What is proved of both: only where their certificates say so they are the optimum.
    """

    kept: tuple[int, int]
    rounds: tuple[int, int]
    optimum: int
    optimum_at_same_spend: int
    lp_bound: int
    proof: Certificate
    proof_at_same_spend: Certificate

    @property
    def is_proved(self) -> bool:
        """Whether both optima are proved."""
        return self.proof.is_optimal and self.proof_at_same_spend.is_optimal

    @property
    def not_spent(self) -> int:
        """Met need lost because the points rule leaves money unspent."""
        return self.optimum - self.optimum_at_same_spend

    @property
    def spent_otherwise(self) -> int:
        """Met need lost because the points rule spends its money on other packages."""
        return self.optimum_at_same_spend - self.kept[0]


@dataclass(frozen=True)
class Breach:
    """A limit that an allocation does not keep: rules that hand out money ignore them.

    Parameters
    ----------
    rule, limit
        Name of the rule, and of the limit: ``budget``, ``exactly_one``, a constraint, or a row of
        a constraint.
    users
        How many users it concerns.
    money
        Smallest units by which the budget is overspent, or that the cheapest packages of those
        users would cost, or by which the limit is missed.
    need, quantity
        The same for limits on need and on services, smallest units.
    members
        How many members a service has too few; its users then are the members that it has.
    """

    rule: str
    limit: str
    users: int
    money: int = 0
    need: int = 0
    quantity: int = 0
    members: int = 0


@dataclass(frozen=True, eq=False)
class Comparison:
    """Outcomes and figures of several rules on one instance.

    Parameters
    ----------
    instance
        What was compared on.
    baseline
        Name of the rule that winners and losers are counted against.
    outcomes
        Outcome of each rule, in the order they were asked for.
    figures
        All figures, in order of rule, group and measure.
    footing
        The same-footing lines, or None where they would mislead.
    no_footing
        Why there are none, in words.
    options
        Options that each rule ran with, as plain data.
    breaches
        What each allocation does not keep.
    beside
        Certificates of the allocations that the comparison needed beside those of `outcomes`:
        the baseline and the optima, by what they are.
    """

    instance: Instance
    baseline: str | None
    outcomes: Mapping[str, Outcome]
    figures: Sequence[Figure] = field(repr=False)
    footing: Footing | None = None
    no_footing: str = ""
    options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    breaches: Sequence[Breach] = ()
    beside: Mapping[str, Certificate] = field(default_factory=dict)

    @property
    def limits(self) -> dict[str, str]:
        """What was ended by a limit, by rule or by what it is, and the limit."""
        certificates = {
            name: outcome.certificate
            for name, outcome in self.outcomes.items()
            if isinstance(outcome, Allocation)
        }
        return {
            name: certificate.stopped
            for name, certificate in {**certificates, **self.beside}.items()
            if certificate.stopped != "finished"
        }

    @property
    def table(self) -> pd.DataFrame:
        """One row a rule, one column a figure, for all users; pounds and need as floats."""
        return self.by_group("")

    def by_group(self, group_by: str) -> pd.DataFrame:
        """One row a rule and group, one column a figure; money and need as floats."""
        units = self.instance.scenario.units
        scale = {"money": 10**units.money_decimals, "need": 10**units.need_decimals}
        rows: dict[tuple[str, str], dict[str, Number]] = {}
        for figure in self.figures:
            if figure.group_by == group_by:
                value = figure.value
                if value is not None and figure.unit in scale:
                    value = value / scale[figure.unit]
                rows.setdefault((figure.rule, figure.group), {})[figure.measure] = value
        table = pd.DataFrame(list(rows.values()))
        table.index = pd.MultiIndex.from_tuples(rows, names=["rule", "group"])
        return table if group_by else table.droplevel("group")
