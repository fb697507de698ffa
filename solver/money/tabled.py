"""What rules share that give what a table says: options, and amounts with how they came about."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction

import numpy as np
from pydantic import Field

from metneed.models.account import Awards, Line, Quantity
from metneed.models.allocation import Infeasible
from metneed.models.arrays import BoolArray, IntArray, TextArray, frozen
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.models.units import Units
from metneed.solver.money.columns import number_column
from metneed.solver.money.points import Points, PointsOptions
from metneed.solver.money.settlement import Amounts, Settlement, settle
from metneed.solver.rule import Options
from metneed.solver.selection import exact
from metneed.solver.tables.reckoner import Rate, reckon
from metneed.solver.tables.rounding import Rounding

HOUR_DECIMALS = 3
"""Hours are kept in thousandths."""

NO_COLUMNS: dict[str, tuple[IntArray, Quantity]] = {}


class Rounded(Settlement):
    """How amounts are rounded, and how they are settled."""

    rounding: Rounding = Field(
        default="nearest",
        description="to the smallest unit of money, or to whole pounds (whole_); nearest takes "
        "halves up",
    )


class AddOnRow(Options):
    """Extra support that some people need on top of what their points give."""

    name: str = Field(description="what it is for")
    column: str = Field(description="column of users with its hours")
    rate: Decimal = Field(
        ge=0, le=10**9, description="what an hour counts", json_schema_extra={"unit": "money"}
    )
    times: Decimal = Field(
        default=Decimal(1),
        ge=0,
        le=1000,
        description="how often in the period: 52 for weekly hours and a year",
    )
    rounding: Rounding | None = Field(
        default=None, description="how its amounts are rounded; default: as all"
    )


class PointTable(Rounded, PointsOptions):
    """Options of a table from points to money."""

    items: tuple[AddOnRow, ...] = Field(
        default=(),
        description="itemised add-ons for those who get something by their points: hours times "
        "rate times how often",
    )


def whole(units: Units) -> int:
    """Smallest units of one pound."""
    result: int = 10**units.money_decimals
    return result


def money_per_point(price: Decimal, units: Units) -> Fraction:
    """Smallest money units for each smallest unit of points, from pounds a point."""
    points: int = 10**units.need_decimals
    return Fraction(price) * whole(units) / points


def user_named(problem: Problem, row: int) -> str:
    """A user as messages name one."""
    return f"user {problem.users.ids[row]}"


@contextmanager
def said_of(place: str) -> Iterator[None]:
    """Say of what is refused here where it stands: a rule, or an option of it.

    Raises
    ------
    OptionError
        With the place, where something is refused.
    """
    try:
        yield
    except OptionError as error:
        raise OptionError(f"{place}: {error}") from error


def itemised(
    problem: Problem, options: PointTable, money: IntArray
) -> tuple[IntArray, dict[str, tuple[IntArray, Quantity]]]:
    """Amounts with the add-ons of those who have any, and each step as a column.

    Raises
    ------
    OptionError
        Where users have no such column, or two add-ons have the same name.
    """
    if not options.items:
        return money, {}
    names = [row.name for row in options.items]
    if len(set(names)) < len(names):
        raise OptionError(f"items: {', '.join(names)}: each name may stand there once")
    decimals = problem.units.money_decimals
    rates = [
        Rate(
            row.name,
            exact(row.rate, decimals, f"items: {row.name}"),
            row.rounding or options.rounding,
            times=Fraction(row.times),
        )
        for row in options.items
    ]
    hours = [
        number_column(problem, row.column, f"items: {row.name}", HOUR_DECIMALS)
        for row in options.items
    ]
    quantity = np.where(money > 0, np.array(hours), 0).T
    found = reckon(quantity, rates, per=10**HOUR_DECIMALS, whole=whole(problem.units))
    columns: dict[str, tuple[IntArray, Quantity]] = {"amount by points": (frozen(money), "money")}
    for place, name in enumerate(names):
        columns[f"add-on: {name}"] = (frozen(found.items[:, place]), "money")
    return frozen(money + found.amount), columns


def settled(  # noqa: PLR0913 - each says one thing of how the amounts came about
    problem: Problem,
    options: PointTable,
    points: Points,
    money: IntArray,
    *,
    none: BoolArray | None = None,
    because: str = "",
    columns: dict[str, tuple[IntArray, Quantity]] = NO_COLUMNS,
    lines: tuple[Line, ...] = (),
) -> Awards | Infeasible:
    """What a table gives for points, with add-ons, settled with the money there is.

    Parameters
    ----------
    problem, options
        What is asked for.
    points
        The points, and who is excluded.
    money
        Smallest money units for each user.
    none, because
        Who gets nothing by the table, and why.
    columns, lines
        Figures of the table.
    """
    excluded, reasons = points.excluded, points.reasons
    if none is not None:
        excluded, reasons = left_out(excluded, reasons, none, because)
    with_items, more = itemised(problem, options, np.where(excluded, 0, money))
    sums = tuple(Line(name, exact_sum(column), unit) for name, (column, unit) in more.items())
    amounts = Amounts(
        frozen(np.where(excluded, money, with_items)),
        excluded,
        reasons,
        {**points.columns, **columns, **more},
        (*points.lines, *lines, *sums),
    )
    return settle(problem, amounts, options)


def left_out(
    excluded: BoolArray, reasons: TextArray, none: BoolArray, because: str
) -> tuple[BoolArray, TextArray]:
    """The same with more users who get nothing; a reason that stands there already stays."""
    said = reasons.copy()
    said[none & (reasons == "")] = because
    return frozen(excluded | none, np.bool_), said
