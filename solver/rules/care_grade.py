"""The German care grades: answers become points, points a grade, and the grade a benefit by law.

In words: sixty-four questions in six modules are answered. Each module's points fall into one of
five bands; of the modules on cognition and on behaviour only the higher counts. The total of 0 to
100 gives a grade from 1 to 5, and the grade a monthly sum: cash, services, a part of each, or a
place in a home, with relief and day care on top. It is an entitlement: what it all comes to is
held against the money, and where it is more the answer is the funding gap, unless the scenario
says that everything is scaled.

Formula: total = w1 + max(w2, w3) + w4 + w5 + w6; grades from 12.5, 27, 47.5, 70 and 90; award =
twelve months of the benefits of the grade (and the yearly sum for respite), for the period of the
scenario. Then the steps of the settlement.

Source: Sozialgesetzbuch XI, sections 15, 28a, 36, 37, 38, 41, 42a, 43 and 45b, annexes 1 and 2, in
the amounts since 2025.

Ignores: the budget, what a person's care costs, and that children are compared with others of
their age.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from metneed.models.account import Awards, Line, Quantity
from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.errors import OptionError, UnknownNameError
from metneed.models.problem import Problem
from metneed.solver.money.exclusions import Exclusions
from metneed.solver.money.settlement import Amounts, settle
from metneed.solver.money.tabled import Rounded, said_of, user_named, whole
from metneed.solver.rule import Rule
from metneed.solver.selection import group_column
from metneed.solver.tables.care_benefits import (
    FORMS,
    Claim,
    Form,
    a_year,
    benefits,
    for_period,
)
from metneed.solver.tables.care_grade import (
    Answers,
    Unanswered,
    grade_of,
    grades,
    module_sums,
)
from metneed.solver.tables.care_system import HUNDREDTHS, CareSystem, german_care_grades
from metneed.solver.tables.rounding import scaled

PER_CENT = 100


HALF = Decimal("0.5")


class CareGrade(Exclusions, Rounded):
    """Where the answers are, and what people take up."""

    answers_from: Literal["auto", "needs", "points"] = Field(
        default="auto",
        description="answers to the questionnaire in the table needs, or totals of 0 to 100 in the "
        "column points; auto takes answers where there are any",
    )
    instrument: str = Field(default="pflegegrad", description="questionnaire that is answered")
    unanswered: Unanswered = Field(
        default="refused",
        description="whoever has answered some items must have answered all, or what is left out "
        "counts nothing",
    )
    form: Form = Field(
        default="cash",
        description="what everyone takes up: cash, services in kind, both, or a place in a home",
    )
    form_column: str | None = Field(
        default=None, description="or: column of users with the form of each"
    )
    in_kind: Decimal = Field(
        default=HALF,
        ge=0,
        le=1,
        description="combination: part of the services' amount that is used; cash is paid for the "
        "rest (whole per cent)",
    )
    day_care: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=1,
        description="part of the amount for day and night care that is used at home, on top "
        "(whole per cent)",
    )
    relief: bool = Field(default=True, description="people at home take the relief amount")
    respite: bool = Field(default=False, description="people at home use the yearly respite sum")
    months: int = Field(default=12, ge=1, le=12, description="months of the year that are paid")
    money_per_euro: Decimal | None = Field(
        default=None,
        gt=0,
        le=10**6,
        description="the scenario's money for one euro; needed where its currency is not EUR",
    )
    weeks_per_year: Literal["365/7", "52", "364/7"] = Field(
        default="365/7", description="weeks that a year has, where the period is a week"
    )
    affordability: Literal["final_spend", "totals", "none"] = Field(
        default="none",
        description="amounts stay as they are, and are a funding gap where the money does not "
        "reach (none), or are scaled to it by expected final spend or by totals",
    )

    @model_validator(mode="after")
    def _part_of_a_combination(self) -> "CareGrade":
        combined = self.form == "combination" or self.form_column is not None
        if self.in_kind != HALF and not combined:
            msg = 'in_kind is the part of services in a combination: say form = "combination"'
            raise ValueError(msg)
        return self


@dataclass(frozen=True, eq=False)
class _Found:
    """Grades of users, with the figures before them, and who has been assessed."""

    grade: IntArray
    assessed: BoolArray
    columns: dict[str, tuple[IntArray, Quantity]]


def awards(problem: Problem, options: CareGrade) -> Awards | NotApplicable | Infeasible:
    """The benefits of each user's grade."""
    system = german_care_grades()
    rate = _exchange(problem, options, system)
    answered = _of_answers(problem, options, system)
    found = _of_points(problem, options, system) if answered is None else answered
    if isinstance(found, NotApplicable):
        return found
    monthly = benefits(
        system,
        found.grade,
        _claim(problem, options),
        options.rounding,
        problem.units.money_decimals,
    )
    unit = whole(problem.units)
    yearly = a_year(monthly, options.months)
    weeks = Fraction(options.weeks_per_year)
    euro = for_period(yearly, weeks, problem.units.period, options.rounding, unit)
    money = euro if rate == 1 else scaled(euro, rate, options.rounding, whole=unit)
    columns = dict(found.columns)
    for name, amounts in monthly.items():
        if amounts.any():
            columns[_heading(name)] = (frozen(amounts), "money")
    return settle(problem, _amounts(problem, options, found, money, columns), options)


def _heading(benefit: str) -> str:
    """``day care, euro a month`` for ``day_care``, ``respite, euro a year`` likewise."""
    per = "year" if benefit.endswith("_a_year") else "month"
    return f"{benefit.removesuffix('_a_year').replace('_', ' ')}, euro a {per}"


def _amounts(
    problem: Problem,
    options: CareGrade,
    found: _Found,
    money: IntArray,
    columns: dict[str, tuple[IntArray, Quantity]],
) -> Amounts:
    excluded = options.excluded(problem)
    reasons = np.full(len(problem.users), "", dtype=object)
    reasons[money == 0] = "nothing is paid in this form for this grade"
    reasons[found.grade == 0] = "below the first grade"
    reasons[~found.assessed] = "not assessed"
    reasons[excluded] = options.excluded_because
    lines = [
        Line(f"users of grade {grade}", int((found.grade == grade).sum()), "users")
        for grade in range(6)
    ]
    out = frozen(excluded | (found.grade == 0), np.bool_)
    return Amounts(frozen(money), out, reasons, columns, tuple(lines))


def _of_answers(problem: Problem, options: CareGrade, system: CareSystem) -> _Found | None:
    """Grades by the answers of the questionnaire; None where totals are to be taken."""
    if options.answers_from == "points":
        return None
    assessment = problem.assessment
    given = None if assessment is None else assessment.of(options.instrument)
    if given is None or not len(given):
        if options.answers_from == "auto" and "instrument" not in options.model_fields_set:
            return None
        raise OptionError(
            f"care_grade: the table needs has no answers with instrument = {options.instrument!r}: "
            "add them, or name the questionnaire in the option instrument"
        )
    answers = Answers(given.user, given.outcome, given.severity, len(problem.users))
    with said_of("care_grade"):
        sums = module_sums(
            system, answers, options.unanswered, lambda row: user_named(problem, row)
        )
    graded = grades(system, sums)
    columns: dict[str, tuple[IntArray, Quantity]] = {}
    for place, (code, module) in enumerate(system.modules.items()):
        name = f"module {code}, {module.name}"
        columns[f"{name}: points"] = (frozen(sums.modules[:, place]), "number")
        weighted = _points(graded.weighted[:, place], problem)
        columns[f"{name}: weighted"] = (weighted, "points")
    columns["total"] = (_points(graded.total, problem), "points")
    columns["care grade"] = (frozen(graded.grade), "number")
    return _Found(graded.grade, sums.assessed, columns)


def _of_points(problem: Problem, options: CareGrade, system: CareSystem) -> _Found | NotApplicable:
    """Grades by totals of 0 to 100 in the column points."""
    points = problem.users.points
    if points is None:
        return NotApplicable(
            f"nobody has answers of the questionnaire {options.instrument!r}, and users have no "
            "points that could be their totals"
        )
    most = 100 * 10**problem.units.need_decimals
    above = np.flatnonzero(points > most)
    if len(above):
        row = int(above[0])
        return NotApplicable(
            f"{user_named(problem, row)} has {problem.units.need(int(points[row]))} points, and "
            "totals of care grades are 0 to 100: give totals, or answers in the table needs"
        )
    # Grades begin at hundredths of a point, so what is finer never decides.
    total = points * HUNDREDTHS // 10**problem.units.need_decimals
    nobody = np.zeros(len(points), dtype=np.bool_)
    grade = grade_of(system, total, nobody, nobody)
    return _Found(grade, ~nobody, {"care grade": (frozen(grade), "number")})


def _claim(problem: Problem, options: CareGrade) -> Claim:
    """What each user takes up."""
    n = len(problem.users)
    form = np.full(n, FORMS.index(options.form), dtype=np.int64)
    if options.form_column is not None:
        labels = group_column(problem, options.form_column, "form_column")
        known: dict[str, int] = {name: place for place, name in enumerate(FORMS)}
        for name in labels.names:
            if name not in known:
                raise OptionError(
                    f"form_column: {UnknownNameError('form of benefit', name, known)}"
                )
        form = np.array([known[name] for name in labels.names], dtype=np.int64)[labels.codes]
    shares = []
    for share, name in ((options.in_kind, "in_kind"), (options.day_care, "day_care")):
        if share * PER_CENT != int(share * PER_CENT):
            raise OptionError(f"{name}: {share} is not a whole per cent: write 0.6 or 0.65")
        shares.append(np.full(n, int(share * PER_CENT), dtype=np.int64))
    return Claim(form, shares[0], shares[1], relief=options.relief, respite=options.respite)


def _exchange(problem: Problem, options: CareGrade, system: CareSystem) -> Fraction:
    if options.money_per_euro is not None:
        return Fraction(options.money_per_euro)
    if problem.units.currency != system.currency:
        raise OptionError(
            f"care_grade: benefits are in {system.currency} and the scenario is in "
            f"{problem.units.currency}: say money_per_euro = 0.85, or what you count for one euro"
        )
    return Fraction(1)


def _points(hundredths: IntArray, problem: Problem) -> IntArray:
    """Hundredths of points as smallest need units, rounded down where these are coarser."""
    return frozen(hundredths * 10**problem.units.need_decimals // HUNDREDTHS)


RULE = Rule(
    name="care_grade",
    title="German care grades: benefits by law",
    family="money",
    usual=False,
    run=awards,
    options=CareGrade,
    rounds=False,
    example={"answers_from": "points", "money_per_euro": "1", "affordability": "totals"},
)
