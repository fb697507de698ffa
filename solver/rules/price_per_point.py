"""A fixed price per point, whatever the budget is.

In words: the council has said what a point is worth. Everyone's indicative budget is points times
that price. What it all comes to is then held against the money: where it is more, the answer is
the funding gap, unless the scenario says that everything is scaled to the money.

Formula: award = points x price, rounded once as said; then the steps of the settlement.

Source: pounds-per-point tables of English councils around 2010 (Wirral's cabinet was asked to
set such a figure).

Ignores: what care costs this person, and what it achieves; and the budget, where the scenario
says so.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from metneed.models.account import Awards, Line
from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.money.points import per_whole_point, points_of
from metneed.solver.money.tabled import PointTable, money_per_point, settled, whole
from metneed.solver.rule import Rule
from metneed.solver.tables.curve import Line as Straight


class PricePerPoint(PointTable):
    """What a point is worth."""

    price: Decimal = Field(
        ge=0,
        le=10**9,
        description="what a point is worth",
        json_schema_extra={"unit": "money a point"},
    )
    affordability: Literal["final_spend", "totals", "none"] = Field(
        default="none",
        description="amounts stay as they are, and are a funding gap where the money does not "
        "reach (none), or are scaled to it by expected final spend or by totals",
    )


def awards(problem: Problem, options: PricePerPoint) -> Awards | NotApplicable | Infeasible:
    """Points times the price."""
    points = points_of(problem, options)
    if isinstance(points, NotApplicable):
        return points
    units = problem.units
    line = Straight(Fraction(0), money_per_point(options.price, units))
    money = line.amounts(points.units, options.rounding, whole(units))
    lines = [Line("price per point", float(options.price), "number")]
    together = exact_sum(points.counting)
    if together:
        affordable = per_whole_point(Fraction(problem.allocable, together), units)
        lines.append(Line("price per point that the money would pay", float(affordable), "number"))
    return settled(problem, options, points, money, lines=tuple(lines))


RULE = Rule(
    name="price_per_point",
    title="points times a fixed price",
    family="money",
    usual=False,
    run=awards,
    options=PricePerPoint,
    needs=("points",),
    rounds=False,
    example={"price": "100", "affordability": "totals"},
)
