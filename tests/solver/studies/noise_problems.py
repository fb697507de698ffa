"""Small problems whose assessments are disturbed."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from metneed.models.arrays import frozen
from metneed.models.assessment import Assessment
from metneed.models.problem import Problem
from metneed.solver.money.points import PointRow
from metneed.solver.studies.disturbance import (
    Scale,
)

from ..conftest import make_problem
from .stage_problems import POINTS, labels

TABLE = tuple(
    PointRow(outcome=outcome, severity=severity, points=Decimal(points))
    for outcome, severity, points in (
        ("eating", "low", 1),
        ("eating", "high", 3),
        ("home", "low", 1),
        ("home", "some", 2),
        ("home", "high", 3),
    )
)
SCALE = Scale(TABLE)
FROM_NEEDS = POINTS.options.model_validate({"points_from": "needs", "points": TABLE})


def assessment(answers: Sequence[tuple[int, str, str]]) -> Assessment:
    """Answers as user, outcome and severity."""
    users, outcomes, severities = zip(*answers, strict=True)
    n = len(answers)
    return Assessment(
        frozen(users),
        labels(*[""] * n),
        labels(*outcomes),
        labels(*severities),
        frozen([0] * n),
        frozen([True] * n, np.bool_),
    )


def two_people() -> Problem:
    """£5,000 each, which just buys the only package."""
    return make_problem([0, 1, 2], [5000, 5000], [10, 10], 10_000, [10**6, 10**6])


def many_people(n: int = 40) -> Problem:
    menus = ([3 * row for row in range(n + 1)], [50, 100, 200] * n, [30, 60, 100] * n)
    points = [1000 + 100 * (row % 7) for row in range(n)]
    problem = make_problem(*menus, 100 * n, points)
    assessors = labels(*["ab"[row * 2 // n] for row in range(n)])
    groups = {**problem.users.groups, "assessor": assessors}
    return problem.replace(users=replace(problem.users, groups=groups))
