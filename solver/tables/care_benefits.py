"""What a care grade is worth: cash, services, both, day care, a home, relief and respite."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.errors import OptionError
from metneed.solver.tables.care_system import CareSystem
from metneed.solver.tables.rounding import Rounding, rounded

Form: TypeAlias = Literal["cash", "in_kind", "combination", "residential"]
FORMS: tuple[Form, ...] = ("cash", "in_kind", "combination", "residential")
MONTHS = 12
_WHOLE = 100


@dataclass(frozen=True, eq=False)
class Claim:
    """What people take up.

    Parameters
    ----------
    form
        For each user the place of the form in `FORMS`.
    in_kind
        For each user the per cent of the services' amount that is used, 0 to 100: matters only to
        those who combine, who get the rest of the cash allowance.
    day_care
        For each user the per cent of the amount for day and night care that is used, 0 to 100; it
        comes on top, and is not set against cash or services.
    relief, respite
        Whether people at home take the relief amount, and the yearly sum for respite.
    """

    form: IntArray
    in_kind: IntArray
    day_care: IntArray
    relief: bool = True
    respite: bool = False


def benefits(
    system: CareSystem,
    grade: IntArray,
    claim: Claim,
    how: Rounding = "nearest",
    decimals: int = 2,
) -> dict[str, IntArray]:
    """Amounts by name: each a month, but those that end in ``_a_year`` a year.

    Parameters
    ----------
    grade
        0 to 5; grade 0 gets nothing.
    how
        How parts of an amount are rounded.
    decimals
        Decimals of money.

    Raises
    ------
    OptionError
        Where a form, a grade or a per cent does not exist.
    """
    _check(grade, claim, len(system.grades))
    unit = 10**decimals
    full = {
        name: np.array([0, *amounts], dtype=np.int64)[grade] * unit
        for name, amounts in system.benefits.items()
    }
    form, nothing = claim.form, np.zeros(len(grade), dtype=np.int64)
    combined = form == FORMS.index("combination")
    services = np.where(combined, claim.in_kind, 0)
    services = np.where(form == FORMS.index("in_kind"), _WHOLE, services)
    cash = np.where(combined, _WHOLE - claim.in_kind, 0)
    cash = np.where(form == FORMS.index("cash"), _WHOLE, cash)
    lives_in_home = form == FORMS.index("residential")
    at_home = ~lives_in_home

    def part(name: str, per_cent: IntArray) -> IntArray:
        return rounded(full[name] * per_cent, _WHOLE, how, unit)

    return {
        "cash": part("cash", cash),
        "in_kind": part("in_kind", services),
        "day_care": part("day_care", np.where(at_home, claim.day_care, 0)),
        "residential": np.where(lives_in_home, full["residential"], nothing),
        "relief": np.where(at_home & claim.relief, full["relief"], nothing),
        "respite_a_year": np.where(at_home & claim.respite, full["respite_a_year"], nothing),
    }


def a_year(amounts: dict[str, IntArray], months: int = MONTHS) -> IntArray:
    """All benefits of a year: so many months, and what is for a year."""
    monthly = sum(each for name, each in amounts.items() if not name.endswith("_a_year"))
    yearly = sum(each for name, each in amounts.items() if name.endswith("_a_year"))
    result: IntArray = np.asarray(monthly) * months + np.asarray(yearly)
    return result


def for_period(
    yearly: IntArray, weeks: Fraction, period: str, how: Rounding = "nearest", whole: int = 100
) -> IntArray:
    """Yearly amounts for one period, a year or a week of so many weeks a year."""
    if period == "year":
        return yearly
    return rounded(yearly * weeks.denominator, weeks.numerator, how, whole)


def _check(grade: IntArray, claim: Claim, highest: int) -> None:
    if len(grade) and not 0 <= int(grade.min()) <= int(grade.max()) <= highest:
        raise OptionError(f"care grades are 0 to {highest}")
    if len(claim.form) and not 0 <= int(claim.form.min()) <= int(claim.form.max()) < len(FORMS):
        raise OptionError(f"forms of benefit are {', '.join(FORMS)}")
    for values, what in ((claim.in_kind, "services"), (claim.day_care, "day care")):
        if len(values) and not 0 <= int(values.min()) <= int(values.max()) <= _WHOLE:
            raise OptionError(f"the part of {what} that is used is 0 to 100 per cent")
