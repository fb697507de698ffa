"""From assessed needs to points: what each answer counts, less what unpaid carers meet."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from metneed.models.account import Line, Quantity
from metneed.models.allocation import NotApplicable
from metneed.models.arrays import BoolArray, IntArray, TextArray, frozen
from metneed.models.assessment import PARTS, Assessment
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.units import Units
from metneed.solver.money.answers import (
    NOT_ELIGIBLE,
    Lacking,
    answers_of,
    by_outcome,
    looked_up,
    parts_left,
    table_of,
)
from metneed.solver.money.columns import number_column
from metneed.solver.money.exclusions import Exclusions
from metneed.solver.rule import Options
from metneed.solver.selection import exact

NO_POINTS = (
    "nobody has any points, so there is no price per point: state points of users, or points above "
    "0 in the table of points"
)


class PointRow(Options):
    """What one severity of one outcome counts."""

    outcome: str = Field(description="what was asked about")
    severity: str = Field(description="what was found")
    points: Decimal = Field(ge=0, le=10**6, description="points that it counts")
    instrument: str = Field(default="", description="questionnaire, where there are several")


class PointsOptions(Exclusions):
    """Where points come from, and what is taken off them or added to them."""

    points_from: Literal["auto", "users", "needs"] = Field(
        default="auto",
        description="the column points of users, or assessed needs and a table of points; auto "
        "takes the column where there is one",
    )
    points: tuple[PointRow, ...] = Field(
        default=(),
        description="points by outcome and severity, for points from needs",
        json_schema_extra={"table": "points"},
    )
    instrument: str = Field(default="", description="questionnaire whose answers count")
    informal: Literal["counted", "deducted"] = Field(
        default="counted",
        description="needs that unpaid carers meet count in full, or only what they leave",
    )
    informal_hours: str | None = Field(
        default=None, description="column of users: weekly hours of unpaid care"
    )
    points_per_hour: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=1000,
        description="points taken off for each hour of unpaid care",
        json_schema_extra={"unit": "points"},
    )
    carer_points: str | None = Field(
        default=None, description="column of users: points of the unpaid carer, added to theirs"
    )

    def from_needs(self, problem: Problem) -> bool:
        """Whether points are made of assessed needs, or else are the column of users."""
        if self.points_from == "auto":
            return problem.users.points is None and problem.assessment is not None
        return self.points_from == "needs"

    @model_validator(mode="after")
    def _hours_count(self) -> Self:
        if self.points_per_hour and self.informal_hours is None:
            raise ValueError(
                "points_per_hour goes with informal_hours, the column of users with the hours"
            )
        if self.informal_hours is not None and "points_per_hour" not in self.model_fields_set:
            raise ValueError(
                "informal_hours goes with points_per_hour, what each of the hours takes off"
            )
        return self


@dataclass(frozen=True, eq=False)
class Points:
    """Points of each user, and how they came about.

    Parameters
    ----------
    units
        Points in smallest need units; those of excluded users stand here too.
    excluded
        Who gets nothing.
    reasons
        For each user why they get nothing, or empty.
    columns
        Figures of each step, as an account holds them.
    lines
        Figures of the whole.
    """

    units: IntArray
    excluded: BoolArray
    reasons: TextArray
    columns: dict[str, tuple[IntArray, Quantity]]
    lines: tuple[Line, ...]

    @property
    def counting(self) -> IntArray:
        """Points of those who may get something, 0 for the others."""
        return frozen(np.where(self.excluded, 0, self.units))


def points_of(problem: Problem, options: PointsOptions) -> Points | NotApplicable:
    """The points of each user as the options say.

    Raises
    ------
    OptionError
        Where a table or column that the options name is missing or does not fit.
    """
    users, assessment = problem.users, problem.assessment
    if not options.from_needs(problem):
        if users.points is None:
            return NotApplicable("the users have no points: add the column points to users")
        if options.informal == "deducted":
            raise OptionError(
                'informal = "deducted" takes unpaid care off assessed needs: it works with '
                'points_from = "needs"; for points of users name informal_hours'
            )
        points = Points(users.points, *_nobody(problem), {"points": (users.points, "points")}, ())
    else:
        if assessment is None:
            return NotApplicable("there is no table of assessed needs: add needs.csv")
        points = _of_needs(problem, answers_of(assessment, options.instrument), options)
    points = _less_unpaid_care(problem, points, options)
    points = _with_carers(problem, points, options)
    return _exclude(problem, points, options)


def per_whole_point(price: Fraction, units: Units) -> Fraction:
    """Money for a whole point, from smallest units of money for a smallest unit of points."""
    return price * Fraction(10**units.need_decimals, 10**units.money_decimals)


def _nobody(problem: Problem) -> tuple[BoolArray, TextArray]:
    n = len(problem.users)
    return np.zeros(n, dtype=np.bool_), np.full(n, "", dtype=object)


def _exclude(problem: Problem, points: Points, options: PointsOptions) -> Points:
    """The same points, with users named by the scenario among those who get nothing."""
    if not options.exclude:
        return points
    rows = options.excluded(problem)
    reasons = points.reasons.copy()
    reasons[rows] = options.excluded_because
    return replace(points, excluded=frozen(points.excluded | rows, np.bool_), reasons=reasons)


def _of_needs(problem: Problem, assessment: Assessment, options: PointsOptions) -> Points:
    """Points added up over the answers of each user."""
    worth = _worth(problem, assessment, options)
    # Rounded down once for each answer, in smallest units.
    each = worth * parts_left(assessment, deducted=options.informal == "deducted") // PARTS
    n = len(problem.users)
    total = np.zeros(n, dtype=np.int64)
    np.add.at(total, assessment.user, each)
    columns = by_outcome(assessment, each, n, "points", "points")
    excluded, reasons = np.ones(n, dtype=np.bool_), np.full(n, "", dtype=object)
    excluded[assessment.user[assessment.eligible]] = False
    reasons[excluded] = NOT_ELIGIBLE
    lines: tuple[Line, ...] = ()
    if options.informal == "deducted":
        taken = int(np.where(assessment.eligible, worth, 0).sum()) - int(each.sum())
        lines = (Line("points taken off for unpaid care", taken, "points"),)
    columns["points"] = (frozen(total), "points")
    return Points(frozen(total), frozen(excluded, np.bool_), reasons, columns, lines)


def _worth(problem: Problem, assessment: Assessment, options: PointsOptions) -> IntArray:
    """What each answer counts by the table, smallest units."""
    lacking = Lacking("points", "outcome", "add one, with 0 points where it counts nothing")
    found, place = looked_up(assessment, _table(problem, options), 0, lacking)
    return frozen(np.array(found, dtype=np.int64)[place])


def _table(problem: Problem, options: PointsOptions) -> dict[tuple[str, str], int]:
    """Points by outcome and severity, smallest units."""
    if not options.points:
        raise OptionError(
            "points from needs take a table of points (outcome, severity, points): add points.csv "
            "to the instance, or the option points"
        )
    decimals = problem.units.need_decimals
    rows = []
    for row in options.points:
        if row.instrument == options.instrument:
            kind = row.outcome, row.severity
            rows.append((kind, exact(row.points, decimals, f"points: {' / '.join(kind)}")))
    return table_of(rows, "points")


def _less_unpaid_care(problem: Problem, points: Points, options: PointsOptions) -> Points:
    if options.informal_hours is None:
        return points
    decimals = problem.units.need_decimals
    hours = number_column(problem, options.informal_hours, "informal_hours", decimals)
    per = Fraction(options.points_per_hour)
    # No more is taken off than there is; rounded down in smallest units.
    off = np.minimum(points.units, hours * per.numerator // per.denominator)
    left = frozen(points.units - off)
    columns = {**points.columns, "points less unpaid care": (left, "points")}
    line = Line("points taken off for hours of unpaid care", int(off.sum()), "points")
    return _with(points, left, columns, line)


def _with_carers(problem: Problem, points: Points, options: PointsOptions) -> Points:
    if options.carer_points is None:
        return points
    decimals = problem.units.need_decimals
    more = number_column(problem, options.carer_points, "carer_points", decimals)
    total = frozen(points.units + more)
    columns = {**points.columns, "points with the carer's": (total, "points")}
    line = Line("points of unpaid carers", int(more.sum()), "points")
    return _with(points, total, columns, line)


def _with(
    points: Points, units: IntArray, columns: dict[str, tuple[IntArray, Quantity]], line: Line
) -> Points:
    return replace(points, units=units, columns=columns, lines=(*points.lines, line))
