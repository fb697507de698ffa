"""Assessments with an assessor's error in them: points off by a share, severities by a step."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

import numpy as np

from metneed.models.allocation import NotApplicable
from metneed.models.arrays import IntArray, frozen
from metneed.models.assessment import Assessment
from metneed.models.columns import Labels
from metneed.models.errors import OptionError
from metneed.models.instance import Users
from metneed.models.problem import Problem
from metneed.models.random_stream import RandomStream
from metneed.solver.money.points import PointRow, PointsOptions, points_of
from metneed.solver.rule import Options
from metneed.solver.selection import exact

Ladder: TypeAlias = dict[str, list[str]]
"""For each outcome its severities from the least to the greatest."""

Ranked: TypeAlias = Sequence[tuple[str, str, Decimal]]
"""Outcomes, severities and what orders them: points, or an amount of money."""

_MILLION = 10**6
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True)
class Scale:
    """What ranks the severities of a questionnaire.

    Parameters
    ----------
    points
        Rows of a table of points, of that questionnaire: they also say what answers count.
    amounts
        Rows of a tariff instead: condition, severity and amount.
    """

    points: tuple[PointRow, ...] = ()
    amounts: Ranked = ()

    @classmethod
    def of(cls, options: Options, points: Sequence[PointRow], instrument: str) -> "Scale":
        """The tariff of the rule where it has one, and the points of the questionnaire."""
        tariff = getattr(options, "tariff", ())
        rows = tuple(row for row in points if row.instrument == instrument)
        return cls(rows, tuple((row.condition, row.severity, row.amount) for row in tariff))

    @property
    def ranked(self) -> Ranked:
        """The tariff where there is one, or else the points."""
        rows = tuple((row.outcome, row.severity, row.points) for row in self.points)
        return self.amounts or rows


@dataclass(frozen=True)
class Disturbance:
    """How far assessments are off.

    Parameters
    ----------
    error
        Standard deviation of each person's points, as a share of them, 0 to 1.
    assessor
        Column of users that says who assessed them; everyone of one assessor is off alike.
    bias
        Standard deviation of an assessor's points, as a share, 0 to 1.
    severity_error
        Share of the answers that are one severity too high or too low, 0 to 1.
    instrument
        Questionnaire whose answers are disturbed.
    seed
        Seed of the draws; that of the problem where it is None.
    """

    error: float = 0.0
    assessor: str | None = None
    bias: float = 0.0
    severity_error: float = 0.0
    instrument: str = ""
    seed: int | None = None

    def check(self, problem: Problem) -> None:
        """Refuse errors out of range, and a column that is not there."""
        for name in ("error", "bias", "severity_error"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise OptionError(
                    f"{name} = {value:g} is {value:.0%}: say a share between 0 and 1, such as 0.1"
                )
        if self.bias and self.assessor is None:
            raise OptionError(
                "bias is the error of an assessor: name the column of users that says who assessed "
                "them, as assessor"
            )
        groups = problem.users.groups
        if self.assessor is not None and self.assessor not in groups:
            known = ", ".join(groups) or "none"
            raise OptionError(
                f"assessor: users have no column of text {self.assessor!r}; there are: {known}"
            )


def disturb(
    problem: Problem,
    options: Options,
    disturbance: Disturbance,
    scale: Scale,
    draw: int,
) -> tuple[Problem, Options]:
    """The problem with the errors of one draw, and the options that the rule reads it with.

    Severities first: where an answer is off, it is one severity up or down as a coin falls, and
    at the end of the scale the only way there is. Points of users, where there are any, change by
    what that changes in the table. Then points: multiplied by 1 + error x z for the person and by
    1 + bias x z for the assessor, z of mean 0 and standard deviation 1, and never below 0. Points
    that the rule makes from answers are made first.

    Raises
    ------
    OptionError
        Where there is nothing to disturb, or a table that ranks severities lacks an answer.
    """
    users = problem.users
    seed = problem.seed if disturbance.seed is None else disturbance.seed
    if disturbance.severity_error:
        stream = RandomStream.of(seed, f"severity error {draw}")
        problem = _other_severities(problem, disturbance, scale, stream)
    if not (disturbance.error or disturbance.bias):
        return problem, options
    problem, options = with_points(problem, options)
    assert problem.users.points is not None
    # Each operation on floats is correctly rounded, so every machine disturbs alike.
    factor = np.maximum(
        1.0 + disturbance.error * RandomStream.of(seed, f"assessor error {draw}").bell(len(users)),
        0.0,
    )
    if disturbance.assessor is not None:
        labels = users.groups[disturbance.assessor]
        biases = RandomStream.of(seed, f"assessor bias {draw}").bell(len(labels.names))
        factor *= np.maximum(1.0 + disturbance.bias * biases, 0.0)[labels.codes]
    points = np.rint(problem.users.points * factor).astype(np.int64)
    return problem.replace(users=replace(problem.users, points=frozen(points))), options


def with_points(problem: Problem, options: Options) -> tuple[Problem, Options]:
    """The same with points as a column of users, where the rule makes them from answers.

    Who gets nothing for want of an eligible need still gets nothing.

    Raises
    ------
    OptionError
        Where there are no points to be had.
    """
    if isinstance(options, PointsOptions) and options.from_needs(problem):
        plain = options.model_copy(
            update={"informal_hours": None, "carer_points": None, "exclude": ()}
        )
        made = points_of(problem, plain)
        if isinstance(made, NotApplicable):
            raise OptionError(f"points cannot be disturbed: {made.reason}")
        nobody = tuple(map(str, problem.users.ids[made.excluded]))
        changed = options.model_copy(
            update={
                "points_from": "users",
                "informal": "counted",
                "exclude": (*options.exclude, *nobody),
            }
        )
        users = replace(problem.users, points=made.counting)
        return problem.replace(users=users), changed
    if problem.users.points is None:
        raise OptionError(
            "the users have no points to disturb, and this rule makes none from their answers: "
            "disturb severities with severity_error instead"
        )
    return problem, options


def ladders(assessment: Assessment, instrument: str, ranked: Ranked) -> Ladder:
    """The severities of each outcome of a questionnaire, from the least to the greatest.

    Outcomes that nothing ranks go by number where all their answers are whole numbers; the answers
    of the others have no order, and are left out.

    Raises
    ------
    OptionError
        Where an outcome is ranked and one of its answers is not.
    """
    found: dict[str, list[tuple[Decimal, str]]] = {}
    for outcome, severity, worth in ranked:
        found.setdefault(outcome, []).append((worth, severity))
    steps = {
        outcome: [name for _, name in sorted(rungs, key=lambda rung: rung[0])]
        for outcome, rungs in found.items()
    }
    used = assessment.of(instrument)
    answers: dict[str, set[str]] = {}
    for outcome, severity in {*zip(used.outcome.text(), used.severity.text(), strict=True)}:
        answers.setdefault(outcome, set()).add(severity)
    for outcome, given in sorted(answers.items()):
        strange = sorted(given - {*steps.get(outcome, given)})
        if strange:
            raise OptionError(
                f"the table that ranks severities has no row for outcome {outcome!r}, severity "
                f"{strange[0]!r}, so that nobody knows what is one step from it; add one"
            )
        if outcome not in steps and all(_WHOLE.fullmatch(name) for name in given):
            steps[outcome] = sorted(given, key=lambda name: (int(name), name))
    return steps


def without_order(assessment: Assessment, instrument: str, ranked: Ranked) -> int:
    """How many answers of a questionnaire have no order of severities, and stay as they are."""
    steps = ladders(assessment, instrument, ranked)
    used = assessment.of(instrument)
    known = np.array([name in steps for name in used.outcome.names], dtype=np.bool_)
    return len(used) - int(known[used.outcome.codes].sum())


def _other_severities(
    problem: Problem,
    disturbance: Disturbance,
    scale: Scale,
    stream: RandomStream,
) -> Problem:
    assessment, instrument = problem.assessment, disturbance.instrument
    if assessment is None or not len(assessment.of(instrument)):
        raise OptionError(
            "severity_error disturbs assessed needs, and there are none: add the table needs"
            + (f" with the instrument {instrument}" if instrument else "")
        )
    steps = ladders(assessment, instrument, scale.ranked)
    if not steps:
        raise OptionError(
            "severity_error moves answers one step, and none has an order: add the table points "
            f"with the severities of {instrument or 'these needs'}"
        )
    names = tuple(
        sorted({*assessment.severity.names, *(n for rungs in steps.values() for n in rungs)})
    )
    below, above = _neighbours(assessment, steps, names)
    old = np.array([names.index(name) for name in assessment.severity.names])[
        assessment.severity.codes
    ]
    size, outcome = len(assessment), assessment.outcome.codes
    off = stream.below(_MILLION, size) < round(disturbance.severity_error * _MILLION)
    up = stream.below(2, size) == 1
    down_code, up_code = below[outcome, old], above[outcome, old]
    target = np.where((up & (up_code >= 0)) | (down_code < 0), up_code, down_code)
    if len(assessment.instrument.names) > 1:
        off &= assessment.instrument.text() == instrument
    new = np.where(off & (target >= 0), target, old)
    worth = _worth(assessment, scale, names, problem.units.need_decimals)
    changes = np.where(assessment.eligible, worth[outcome, new] - worth[outcome, old], 0)
    return problem.replace(
        assessment=replace(assessment, severity=Labels(new.astype(np.int32), names)),
        users=_moved_points(problem, assessment.user, changes),
    )


def _neighbours(
    assessment: Assessment, steps: Ladder, names: tuple[str, ...]
) -> tuple[IntArray, IntArray]:
    """By outcome and severity the severity below and the one above, -1 for none."""
    shape = (len(assessment.outcome.names), len(names))
    below, above = (np.full(shape, -1, dtype=np.int64) for _ in range(2))
    place = {name: code for code, name in enumerate(names)}
    for row, outcome in enumerate(assessment.outcome.names):
        codes = [place[name] for name in steps.get(outcome, [])]
        below[row, codes[1:]], above[row, codes[:-1]] = codes[:-1], codes[1:]
    return below, above


def _worth(assessment: Assessment, scale: Scale, names: tuple[str, ...], decimals: int) -> IntArray:
    """Points by outcome and severity, smallest units; 0 where the table has no row."""
    worth = np.zeros((len(assessment.outcome.names), len(names)), dtype=np.int64)
    rows = {name: row for row, name in enumerate(assessment.outcome.names)}
    place = {name: code for code, name in enumerate(names)}
    for row in scale.points:
        if row.outcome in rows and row.severity in place:
            where = f"points: {row.outcome} / {row.severity}"
            worth[rows[row.outcome], place[row.severity]] = exact(row.points, decimals, where)
    return worth


def _moved_points(problem: Problem, user: IntArray, changes: IntArray) -> Users:
    """Users whose points, where they have any, change with their answers."""
    points = problem.users.points
    if points is None:
        return problem.users
    total = points.copy()
    np.add.at(total, user, changes)
    return replace(problem.users, points=frozen(np.maximum(total, 0)))
