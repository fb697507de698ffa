"""A tariff: each condition at its severity is worth a sum, less what care for several overlaps.

In words: treating this condition costs so much, and more where it is severe or the person is old.
Whoever has several conditions gets the dearest in full and less for the others, because one visit
serves both. The amounts are then settled with the money there is.

Formula: award = f(age) x (sum of tariffs - overlap). The dearest condition counts in full;
``flat``: each further one (1 - d) of its tariff; ``compound``: the second (1 - d), the third
(1 - d)^2, and so on. Every line is rounded once, so the lines add up. Then the steps of the
settlement.

Source: the price of each condition by severity and age, as a health blog of 2012 imagined health
budgets; tariffs with comorbidity discounts are usual in health insurance.

Ignores: what the person could do with the money, and everything a condition is not.
"""

from decimal import Decimal
from fractions import Fraction

import numpy as np
from pydantic import Field, model_validator

from metneed.models.account import Awards, Line, Quantity
from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.arrays import IntArray, frozen
from metneed.models.assessment import Assessment
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.models.units import Units
from metneed.solver.money.answers import (
    NOT_ELIGIBLE,
    Lacking,
    answers_of,
    by_outcome,
    looked_up,
    questionnaires,
    table_of,
)
from metneed.solver.money.columns import number_column
from metneed.solver.money.exclusions import Exclusions
from metneed.solver.money.settlement import Amounts, settle
from metneed.solver.money.tabled import Rounded, said_of, user_named, whole
from metneed.solver.rule import Options, Rule
from metneed.solver.selection import exact
from metneed.solver.tables.bands import bands_of
from metneed.solver.tables.tariff import Ages, Conditions, Discount, Overlap, Priced, priced


class TariffRow(Options):
    """What a condition at one severity is worth."""

    condition: str = Field(description="the condition")
    severity: str = Field(description="how severe it is")
    amount: Decimal = Field(ge=0, le=10**12, description="what it is worth")


class AgeRow(Options):
    """What tariffs are multiplied by at some ages."""

    start: int = Field(alias="from", ge=0, le=200, description="the youngest age of the band")
    to: int | None = Field(
        default=None, ge=0, le=200, description="the oldest; the last band may have no end"
    )
    factor: Decimal = Field(ge=0, le=100, description="what tariffs are multiplied by")


class ConditionTariff(Exclusions, Rounded):
    """The tariff, the factors and the discount."""

    tariff: tuple[TariffRow, ...] = Field(
        default=(),
        description="amount of each condition and severity",
        json_schema_extra={"table": "tariff"},
    )
    ages: tuple[AgeRow, ...] = Field(
        default=(),
        description="factor of each age; none: age does not matter",
        json_schema_extra={"table": "ages"},
    )
    age: str = Field(default="age", description="column of users that has their age")
    discount: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=1,
        description="what a further condition counts less, for overlaps",
    )
    overlap: Overlap = Field(
        default="compound",
        description="the discount grows with each further condition (compound), or is the same for "
        "all (flat)",
    )
    instrument: str = Field(default="", description="questionnaire whose answers are conditions")

    @model_validator(mode="after")
    def _overlap_of_a_discount(self) -> "ConditionTariff":
        if self.overlap != "compound" and not self.discount:
            msg = f'overlap = "{self.overlap}" says how a discount grows: give a discount, too'
            raise ValueError(msg)
        return self


def awards(problem: Problem, options: ConditionTariff) -> Awards | NotApplicable | Infeasible:
    """Tariffs times age factors, less overlaps."""
    if problem.assessment is None:
        return NotApplicable(
            "there is no table of assessed needs, which would name conditions: add needs.csv"
        )
    answers = answers_of(problem.assessment, options.instrument)
    other = _other(questionnaires(problem.assessment), options.instrument)
    answers = answers.rows(np.flatnonzero(answers.eligible))
    units, n = problem.units, len(problem.users)
    found = priced(
        Conditions(answers.user, _tariffs(answers, options, units, other), n),
        _ages(problem, options),
        Discount(Fraction(options.discount), options.overlap),
        options.rounding,
        whole(units),
    )
    excluded = options.excluded(problem)
    has_any = np.zeros(n, dtype=np.bool_)
    has_any[answers.user] = True
    reasons = np.where(excluded, options.excluded_because, "").astype(object)
    reasons[~has_any & ~excluded] = NOT_ELIGIBLE
    overlap = exact_sum(np.where(excluded, 0, found.overlap))
    amounts = Amounts(
        found.amount,
        frozen(excluded | ~has_any, np.bool_),
        reasons,
        _columns(answers, found, n),
        (Line("taken off for overlaps", -overlap, "money"),),
    )
    return settle(problem, amounts, options)


def _columns(answers: Assessment, found: Priced, n: int) -> dict[str, tuple[IntArray, Quantity]]:
    """The lines of each user's amount, condition by condition, and the overlap."""
    columns = by_outcome(answers, found.line, n, "amount", "money")
    if found.overlap.any():
        columns["taken off for overlaps"] = (frozen(-found.overlap), "money")
    return columns


def _other(names: list[str], chosen: str) -> str:
    """That conditions may be answers to another questionnaire, where there is one."""
    if len(names) < 2:
        return ""
    taken = repr(chosen) if chosen else "without a name"
    return (
        f"; or conditions are answers to another questionnaire than the one {taken}: say "
        f"instrument = NAME (there are: {', '.join(names)})"
    )


def _tariffs(answers: Assessment, options: ConditionTariff, units: Units, other: str) -> IntArray:
    """The tariff of each condition that somebody has."""
    if not options.tariff:
        raise OptionError(
            "condition_tariff needs a tariff (condition, severity, amount): add tariff.csv to the "
            "instance, or the option tariff"
        )
    rows = []
    for row in options.tariff:
        kind = row.condition, row.severity
        rows.append((kind, exact(row.amount, units.money_decimals, f"tariff: {' / '.join(kind)}")))
    table = table_of(rows, "tariff")
    remedy = f"add one, with 0 where it is worth nothing{other}"
    found, place = looked_up(answers, table, 0, Lacking("tariff", "condition", remedy))
    return frozen(np.array(found, dtype=np.int64)[place])


def _ages(problem: Problem, options: ConditionTariff) -> Ages:
    """The age factor of each user."""
    if not options.ages:
        return Ages()
    years = Units(need_decimals=0)
    with said_of("ages"):
        bands = bands_of([(row.start, row.to, 0) for row in options.ages], years)
    ages = number_column(problem, options.age, "age", _decimals(problem, options.age))
    ages = ages // 10 ** _decimals(problem, options.age)
    stated = problem.users.numbers[options.age].stated
    place = bands.place(ages)
    outside = np.flatnonzero((place < 0) | (place == len(options.ages)) | ~stated)
    if len(outside):
        row = int(outside[0])
        what = f"is {int(ages[row])}" if stated[row] else "has no age"
        raise OptionError(
            f"ages: {user_named(problem, row)} {what}, and no band of ages holds that: add a band, "
            f"or the age in the column {options.age}"
        )
    order = sorted(options.ages, key=lambda row: row.start)
    return Ages(tuple(Fraction(row.factor) for row in order), place)


def _decimals(problem: Problem, column: str) -> int:
    """Decimals of a column of numbers; months of age do not matter."""
    return problem.users.numbers[column].decimals if column in problem.users.numbers else 0


RULE = Rule(
    name="condition_tariff",
    title="a sum for each condition, by severity and age",
    family="money",
    usual=False,
    run=awards,
    options=ConditionTariff,
    rounds=False,
    example={
        "tariff": [
            {"condition": condition, "severity": str(level), "amount": str(level * 300)}
            for condition in ("a", "b")
            for level in (1, 2, 3)
        ],
        "ages": [{"from": 0, "to": 64, "factor": "1"}, {"from": 65, "factor": "1.2"}],
        "discount": "0.25",
    },
)
