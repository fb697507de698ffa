"""Points times price: the usual resource allocation system of English councils.

In words: everyone's assessed points are added up. The budget, after the top slice, is divided by
all the points: that is the price per point. Each person's indicative budget is points times
price. What it buys is then looked up on the person's menu.

Formula: award = allocable x points / sum of points, to the penny by largest remainder. Points are
a column of the users, or the sum over assessed needs of what the table of points says; unpaid care
can be deducted from them, and carers' points added, or paid from a pot of their own.

Source: Duffy and In Control's resource allocation systems, as councils run them; with linear
menus and nobody fully met it maximises the points-weighted product of met needs.

Ignores: what care costs this person, and what it achieves.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from metneed.models.account import Account, Awards, Line, Quantity
from metneed.models.allocation import NotApplicable
from metneed.models.apportion import largest_remainder
from metneed.models.arrays import IntArray, frozen
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.money.columns import number_column
from metneed.solver.money.exclusions import reasons_of
from metneed.solver.money.points import (
    NO_POINTS,
    Points,
    PointsOptions,
    per_whole_point,
    points_of,
)
from metneed.solver.rule import Rule


class PointsProportional(PointsOptions):
    """Where points come from, and what is kept apart before they divide the money."""

    contingency: Decimal = Field(
        default=Decimal(0),
        ge=0,
        lt=1,
        description="share of the money kept in reserve for what panels add later",
    )
    carer_pot: Decimal | None = Field(
        default=None,
        ge=0,
        le=1,
        description="share of the money that is a pot of its own for carers, divided by "
        "carer_points; default: their points are added to the others",
    )
    points_of_excluded: Literal["left_out", "counted"] = Field(
        default="left_out",
        description="points of excluded users are left out of the sum that divides the money, or "
        "counted, so that their part stays unspent",
    )

    @model_validator(mode="after")
    def _pot_of_carers(self) -> "PointsProportional":
        if self.carer_pot is not None and self.carer_points is None:
            msg = 'carer_pot is divided by a column of users: say carer_points = "carer_points"'
            raise ValueError(msg)
        return self


def awards(problem: Problem, options: PointsProportional) -> Awards | NotApplicable:
    """One award a user, in proportion to points."""
    apart = options.carer_pot is not None
    plain = options.model_copy(update={"carer_points": None}) if apart else options
    points = points_of(problem, plain)
    if isinstance(points, NotApplicable):
        return points
    sharing = points.units if options.points_of_excluded == "counted" else points.counting
    if not sharing.any():
        return NotApplicable(NO_POINTS)
    reserve = int(problem.allocable * Fraction(options.contingency))
    money = problem.allocable - reserve
    pot, to_carers = _pot(problem, options, points, money)
    amount = np.where(points.excluded, 0, largest_remainder(money - pot, sharing))
    price = per_whole_point(Fraction(money - pot, exact_sum(sharing)), problem.units)
    lines = [*points.lines, Line("price per point", float(price), "number")]
    # What everyone's points are stands in the table of users; only what was done to them is told.
    told: dict[str, tuple[IntArray, Quantity]] = dict(points.columns)
    if set(told) == {"points"} and points.units is problem.users.points:
        told = {}
    if pot:
        told |= {"award by points": (frozen(amount), "money"), "to carers": (to_carers, "money")}
        lines.append(Line("pot for carers", pot, "money"))
    if reserve:
        lines.append(Line("kept in reserve for contingencies", reserve, "money"))
    account = Account(tuple(lines), told, reasons_of(points.reasons), reserve)
    return Awards(frozen(amount + to_carers), account)


def _pot(
    problem: Problem, options: PointsProportional, points: Points, money: int
) -> tuple[int, IntArray]:
    """The pot of the carers, and how their points divide it; nothing where nobody has any."""
    nothing = np.zeros(len(problem.users), dtype=np.int64)
    if options.carer_pot is None or options.carer_points is None:
        return 0, nothing
    decimals = problem.units.need_decimals
    weights = number_column(problem, options.carer_points, "carer_points", decimals)
    weights = np.where(points.excluded, 0, weights)
    pot = int(money * Fraction(options.carer_pot))
    if not weights.any():
        return 0, nothing
    return pot, frozen(largest_remainder(pot, weights))


RULE = Rule(
    name="points_proportional",
    title="points times price per point",
    family="money",
    run=awards,
    options=PointsProportional,
    needs=("points",),
    divides_all=True,
)
