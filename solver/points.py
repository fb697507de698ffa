"""From assessed needs to points: what each answer counts, less what unpaid carers meet."""

import re
from collections.abc import Iterator
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
from metneed.models.columns import Labels
from metneed.models.errors import OptionError, UnknownNameError
from metneed.models.problem import Problem
from metneed.models.words import counted
from metneed.solver.rule import Options

MOST_COLUMNS = 20
"""Points are shown outcome by outcome up to so many outcomes."""

NOT_ELIGIBLE = "no eligible need"

NO_POINTS = (
    "nobody has any points, so there is no price per point: state points of users, or points above "
    "0 in the table of points"
)

NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
"""What a cell of a column of numbers looks like: 007 is a code."""


class PointRow(Options):
    """What one severity of one outcome counts."""

    outcome: str = Field(description="what was asked about")
    severity: str = Field(description="what was found")
    points: Decimal = Field(ge=0, le=10**6, description="points that it counts")
    instrument: str = Field(default="", description="questionnaire, where there are several")


class PointsOptions(Options):
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
    exclude: tuple[str, ...] = Field(
        default=(), description="user_ids who get nothing, and stay in every figure"
    )
    excluded_because: str = Field(
        default="excluded by the scenario", description="the reason that is shown for them"
    )

    def check(self, problem: Problem) -> None:
        """Refuse names of nobody."""
        check_users(problem, "exclude", self.exclude)

    @model_validator(mode="after")
    def _hours_count(self) -> Self:
        if self.points_per_hour and self.informal_hours is None:
            raise ValueError(
                "points_per_hour goes with informal_hours, the column of users with the hours"
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
    source = options.points_from
    if source == "auto":
        source = "users" if users.points is not None or assessment is None else "needs"
    if source == "users":
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


def number_column(problem: Problem, name: str, option: str, decimals: int) -> IntArray:
    """A column of numbers of users in smallest units, 0 where nothing is stated.

    Raises
    ------
    OptionError
        Where there is no such column, or it has more decimals.
    """
    columns = problem.users.numbers
    if name not in columns:
        known = ", ".join(columns) or "none"
        raise OptionError(
            f"{option}: users have no column of numbers {name!r}; there are: {known}"
            f"{_no_number(problem, name)}"
        )
    try:
        return columns[name].units(decimals)
    except ValueError as error:
        raise OptionError(f"{option}: column {name}: {error}; write fewer decimals") from error


def _no_number(problem: Problem, name: str) -> str:
    """Who has something else in a column that is taken for text; nothing where there is none."""
    labels = problem.users.groups.get(name)
    if labels is None:
        return ""
    for user, text in zip(problem.users.ids.tolist(), labels.text().tolist(), strict=True):
        if text and not NUMBER.fullmatch(text):
            return (
                f". In users, column {name}, user {user} has {text!r}: for numbers every cell is a "
                "plain number of 0 or more, such as 12.50, or empty"
            )
    return ""


def answers_of(assessment: Assessment, instrument: str) -> Assessment:
    """The answers to one questionnaire.

    Raises
    ------
    OptionError
        Where there are answers, and none to that questionnaire.
    """
    if len(assessment) and instrument not in assessment.instrument.names:
        known = questionnaires(assessment)
        if not instrument:
            raise OptionError(
                f"instrument: every need is an answer to a questionnaire with a name: say which, "
                f"as instrument = {known[0]!r}; there are: {', '.join(known)}"
            )
        raise OptionError(f"instrument: {UnknownNameError('questionnaire', instrument, known)}")
    return assessment.of(instrument)


def questionnaires(assessment: Assessment) -> list[str]:
    """Names of the questionnaires that have been answered."""
    codes = np.unique(assessment.instrument.codes).tolist()
    return [assessment.instrument.names[code] or "(no name)" for code in codes]


def check_users(problem: Problem, option: str, names: tuple[str, ...]) -> None:
    """Do nothing where every name is a user's; OptionError with the nearest ones otherwise."""
    if not names:
        return
    ids = problem.users.ids.tolist()
    known = set(ids)
    for name in names:
        if name not in known:
            raise OptionError(f"{option}: {UnknownNameError('user', name, ids)}")


def scaled(amount: Decimal, decimals: int, where: str) -> int:
    """An amount in smallest units; OptionError with its place where it has more decimals."""
    units = Fraction(amount) * 10**decimals
    if units.denominator != 1:
        raise OptionError(f"{where}: {amount} has more than {decimals} decimals; write fewer")
    return int(units)


def reasons_of(reasons: TextArray) -> Labels | None:
    """Reasons as an account holds them; None where there are none."""
    names, codes = np.unique(reasons.astype(str), return_inverse=True)
    if names.tolist() == [""]:
        return None
    return Labels(codes.astype(np.int32), tuple(map(str, names)))


def _nobody(problem: Problem) -> tuple[BoolArray, TextArray]:
    n = len(problem.users)
    return np.zeros(n, dtype=np.bool_), np.full(n, "", dtype=object)


def _exclude(problem: Problem, points: Points, options: PointsOptions) -> Points:
    """The same points, with users named by the scenario among those who get nothing."""
    if not options.exclude:
        return points
    rows = np.isin(problem.users.ids, np.array(options.exclude, dtype=object))
    reasons = points.reasons.copy()
    reasons[rows] = options.excluded_because
    return replace(points, excluded=frozen(points.excluded | rows, np.bool_), reasons=reasons)


def _of_needs(problem: Problem, assessment: Assessment, options: PointsOptions) -> Points:
    """Points added up over the answers of each user."""
    worth = _worth(problem, assessment, options)
    kept = PARTS - assessment.informal if options.informal == "deducted" else PARTS
    # Rounded down once for each answer, in smallest units.
    each = np.where(assessment.eligible, worth * kept // PARTS, 0)
    n = len(problem.users)
    total = np.zeros(n, dtype=np.int64)
    np.add.at(total, assessment.user, each)
    columns: dict[str, tuple[IntArray, Quantity]] = {}
    if len(assessment.outcome.names) <= MOST_COLUMNS:
        columns = dict(_by_outcome(assessment, each, n))
    excluded, reasons = np.ones(n, dtype=np.bool_), np.full(n, "", dtype=object)
    excluded[assessment.user[assessment.eligible]] = False
    reasons[excluded] = NOT_ELIGIBLE
    lines: tuple[Line, ...] = ()
    if options.informal == "deducted":
        taken = int(np.where(assessment.eligible, worth, 0).sum()) - int(each.sum())
        lines = (Line("points taken off for unpaid care", taken, "points"),)
    columns["points"] = (frozen(total), "points")
    return Points(frozen(total), frozen(excluded, np.bool_), reasons, columns, lines)


def _by_outcome(
    assessment: Assessment, each: IntArray, n: int
) -> Iterator[tuple[str, tuple[IntArray, Quantity]]]:
    for code in np.unique(assessment.outcome.codes).tolist():
        rows = assessment.outcome.codes == code
        column = np.zeros(n, dtype=np.int64)
        np.add.at(column, assessment.user[rows], each[rows])
        yield f"points: {assessment.outcome.names[code]}", (frozen(column), "points")


def _worth(problem: Problem, assessment: Assessment, options: PointsOptions) -> IntArray:
    """What each answer counts by the table, smallest units."""
    table = _table(problem, options)
    outcomes, severities = assessment.outcome, assessment.severity
    wide = max(1, len(severities.names))
    pairs = outcomes.codes.astype(np.int64) * wide + severities.codes
    present, place = np.unique(pairs, return_inverse=True)
    worth = np.zeros(len(present), dtype=np.int64)
    for number, pair in enumerate(present.tolist()):
        outcome, severity = divmod(pair, wide)
        key = outcomes.names[outcome], severities.names[severity]
        if key not in table:
            users = len(np.unique(assessment.user[place == number]))
            raise OptionError(
                f"points: the table has no row for outcome {key[0]!r}, severity {key[1]!r}, which "
                f"{counted(users, 'user has', 'users have')}; add one, with 0 points where it "
                "counts nothing"
            )
        worth[number] = table[key]
    return worth[place]


def _table(problem: Problem, options: PointsOptions) -> dict[tuple[str, str], int]:
    """Points by outcome and severity, smallest units."""
    if not options.points:
        raise OptionError(
            "points from needs take a table of points (outcome, severity, points): add points.csv "
            "to the instance, or the option points"
        )
    decimals = problem.units.need_decimals
    table: dict[tuple[str, str], int] = {}
    for row in options.points:
        if row.instrument != options.instrument:
            continue
        key = row.outcome, row.severity
        if key in table:
            raise OptionError(f"points: {' / '.join(key)} stands in the table twice; keep one row")
        table[key] = scaled(row.points, decimals, f"points: {' / '.join(key)}")
    return table


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
