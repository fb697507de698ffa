"""Answers to one questionnaire, and what a table has for each of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from metneed.models.account import Quantity
from metneed.models.arrays import IntArray, frozen
from metneed.models.assessment import PARTS, Assessment
from metneed.models.errors import OptionError, UnknownNameError
from metneed.models.words import counted

MOST_COLUMNS = 20
"""Figures are shown outcome by outcome up to so many outcomes."""

NOT_ELIGIBLE = "no eligible need"

Kind = tuple[str, str]
"""An outcome and a severity."""

T = TypeVar("T")


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


def parts_left(answers: Assessment, *, deducted: bool) -> IntArray:
    """For each answer the thousandths that count: 0 where the need is not eligible.

    Parameters
    ----------
    answers
        What has been found.
    deducted
        Whether what unpaid carers meet is taken off.
    """
    met = answers.informal if deducted else 0
    return frozen(np.where(answers.eligible, PARTS - met, 0))


def table_of(rows: Iterable[tuple[Kind, T]], option: str) -> dict[Kind, T]:
    """A table by outcome and severity; OptionError where a pair stands in it twice."""
    table: dict[Kind, T] = {}
    for kind, value in rows:
        if kind in table:
            raise OptionError(
                f"{option}: {' / '.join(kind)} stands in the table twice; keep one row"
            )
        table[kind] = value
    return table


@dataclass(frozen=True)
class Lacking:
    """What is said where a table lacks a row.

    Parameters
    ----------
    option
        The option that has the table.
    noun
        What the table calls an outcome.
    remedy
        What to do.
    """

    option: str
    noun: str
    remedy: str


def looked_up(
    answers: Assessment, table: Mapping[Kind, T], nothing: T, lacking: Lacking
) -> tuple[list[T], IntArray]:
    """What a table has for each outcome and severity that occurs, and each answer's place there.

    Parameters
    ----------
    answers
        What has been found.
    table
        By outcome and severity.
    nothing
        What stands for a row that is missing, where none of its needs is eligible.
    lacking
        What is said of any other row that is missing.

    Raises
    ------
    OptionError
        Where the table has no row for an eligible need.
    """
    outcomes, severities = answers.outcome, answers.severity
    wide = max(1, len(severities.names))
    present, place = np.unique(
        outcomes.codes.astype(np.int64) * wide + severities.codes, return_inverse=True
    )
    found = []
    for number, (outcome, severity) in enumerate(divmod(pair, wide) for pair in present.tolist()):
        kind = outcomes.names[outcome], severities.names[severity]
        if kind not in table:
            users = len(np.unique(answers.user[(place == number) & answers.eligible]))
            if users:
                raise OptionError(
                    f"{lacking.option}: there is no row for {lacking.noun} {kind[0]!r}, severity "
                    f"{kind[1]!r}, which {counted(users, 'user has', 'users have')}; "
                    f"{lacking.remedy}"
                )
        found.append(table.get(kind, nothing))
    return found, place


def by_outcome(
    answers: Assessment, each: IntArray, n: int, heading: str, quantity: Quantity
) -> dict[str, tuple[IntArray, Quantity]]:
    """Columns of an account, one an outcome; none where there are more outcomes than are shown.

    Parameters
    ----------
    answers
        What has been found.
    each
        What each answer counts.
    n
        How many users there are.
    heading
        What stands before the name of the outcome.
    quantity
        What is counted.
    """
    columns: dict[str, tuple[IntArray, Quantity]] = {}
    if len(answers.outcome.names) > MOST_COLUMNS:
        return columns
    for code in np.unique(answers.outcome.codes).tolist():
        rows = answers.outcome.codes == code
        column = np.zeros(n, dtype=np.int64)
        np.add.at(column, answers.user[rows], each[rows])
        columns[f"{heading}: {answers.outcome.names[code]}"] = (frozen(column), quantity)
    return columns
