"""A straight line from points to money: a base sum and so much for each point.

In words: everybody starts from the same sum, and each point adds the same to it. The line is
stated, or is drawn through two people whose points and amounts are known. The amounts are then
settled with the money there is.

Formula: award = max(0, base + rate x points), rounded once as said; then the steps of the
settlement.

Source: two published assessments of one person, in R (Savva) v Kensington and Chelsea, are not
proportional to points, and are met by such a line to the penny.

Ignores: what care costs this person, and what it achieves.
"""

from decimal import Decimal
from fractions import Fraction

from pydantic import Field, model_validator

from metneed.models.account import Awards, Line
from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.problem import Problem
from metneed.models.units import Units
from metneed.solver.money.points import per_whole_point, points_of
from metneed.solver.money.tabled import PointTable, money_per_point, said_of, settled, whole
from metneed.solver.rule import Options, Rule
from metneed.solver.selection import exact
from metneed.solver.tables.curve import Line as Straight
from metneed.solver.tables.curve import line_through


class Known(Options):
    """Points and amount of one person."""

    points: Decimal = Field(ge=0, le=10**6, description="points")
    amount: Decimal = Field(ge=0, le=10**12, description="what they were worth")


class AffineTable(PointTable):
    """The line: base and rate, or two people."""

    base: Decimal | None = Field(
        default=None,
        ge=-(10**12),
        le=10**12,
        description="amount at 0 points; may be negative: nobody gets less than 0",
        json_schema_extra={"unit": "money"},
    )
    rate: Decimal | None = Field(
        default=None,
        ge=0,
        le=10**9,
        description="what each point adds",
        json_schema_extra={"unit": "money a point"},
    )
    through: tuple[Known, ...] = Field(
        default=(), description="or: points and amount of two people, through whom the line goes"
    )

    @model_validator(mode="after")
    def _one_line(self) -> "AffineTable":
        stated = self.base is not None, self.rate is not None
        if self.through and any(stated):
            raise ValueError("the line is stated by base and rate, or by through: leave one out")
        if not self.through and not all(stated):
            raise ValueError("the line needs base and rate, or through with two people")
        if self.through and len(self.through) != 2:
            raise ValueError(f"through takes two people, not {len(self.through)}")
        return self


def awards(problem: Problem, options: AffineTable) -> Awards | NotApplicable | Infeasible:
    """The height of the line at each user's points."""
    points = points_of(problem, options)
    if isinstance(points, NotApplicable):
        return points
    units = problem.units
    line = _line(options, units)
    money = line.amounts(points.units, options.rounding, whole(units))
    rate = per_whole_point(line.rate, units)
    lines = (
        Line("amount at 0 points", float(line.base / whole(units)), "number"),
        Line("for each point", float(rate), "number"),
    )
    return settled(
        problem,
        options,
        points,
        money,
        none=money == 0,
        because="the line is at 0 there",
        lines=lines,
    )


def _line(options: AffineTable, units: Units) -> Straight:
    if options.base is not None and options.rate is not None:
        return Straight(Fraction(options.base) * whole(units), money_per_point(options.rate, units))
    first, second = (
        (
            exact(each.points, units.need_decimals, f"through: person {number}: points"),
            exact(each.amount, units.money_decimals, f"through: person {number}: amount"),
        )
        for number, each in enumerate(options.through, 1)
    )
    with said_of("through"):
        return line_through(first, second)


RULE = Rule(
    name="affine_table",
    title="a base sum and so much for each point",
    family="money",
    usual=False,
    run=awards,
    options=AffineTable,
    needs=("points",),
    rounds=False,
    example={"base": "200", "rate": "100"},
)
