"""A table fitted to a sample of people whose points and costs are known.

In words: for a hundred people or so both the points and what their care costs are known. From
them a table is made that says what points are worth: the same percentile of costs as of points, a
straight line, the nearest line that never falls, one price per point, or the mean of each band.
Some of the sample are kept out of it, and how far off the table is for them is shown. The amounts
are then settled with the money there is.

Formula: award = T(points), with T by ``method``: ``percentile`` T(p) = Q(F(p)), F the share of the
sample with at most p points, Q the quantile of its costs; ``linear`` least squares;
``isotonic`` least squares of all that never fall; ``per_point`` sum of costs / sum of points;
``bands`` the mean cost of each band. Then the steps of the settlement.

Source: the desk-top exercise of English councils that built resource allocation systems: score a
sample, gather what their care costs, compare points to pounds; Bath and North East Somerset
calibrated by percentiles in 2012. Isotonic regression: Barlow, Bartholomew, Bremner and Brunk 1972.

Ignores: that people with the same points differ; and by percentiles, which cost belongs to whom.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
from pydantic import ConfigDict, Field

from metneed.models.account import Awards, Line, Quantity
from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.arrays import IntArray, frozen
from metneed.models.columns import Labels
from metneed.models.errors import OptionError, UnknownNameError
from metneed.models.problem import Problem
from metneed.models.random_stream import RandomStream
from metneed.solver.money.points import Points, points_of
from metneed.solver.money.tabled import PointTable, said_of, settled, user_named, whole
from metneed.solver.rule import Options, Rule
from metneed.solver.selection import exact, group_column
from metneed.solver.tables.accuracy import Accuracy
from metneed.solver.tables.calibrate import Calibrated, Sample, Trial, calibrate
from metneed.solver.tables.curve import Between
from metneed.solver.tables.fits import Fit, Method, Ties
from metneed.solver.tables.rounding import Rounding

DRAWN = "calibration: sample"
"""Name of the random stream that draws the sample."""


MOST_SHOWN = 9
"""Scores at which the table is shown among the figures."""


class SampleRow(Options):
    """One person of the sample; further columns may hold groups."""

    model_config = ConfigDict(frozen=True, extra="allow")

    points: Decimal = Field(ge=0, le=10**6, description="points of one person")
    cost: Decimal = Field(ge=0, le=10**12, description="what the person's care costs")


class CalibratedTable(PointTable):
    """The sample, the method, and how it is tried out."""

    method: Method = Field(default="percentile", description="how points are turned into money")
    sample_from: Literal["auto", "table", "previous"] = Field(
        default="auto",
        description="a table of points and costs, or users with what they have now; auto takes "
        "the table where there is one",
    )
    sample: tuple[SampleRow, ...] = Field(
        default=(),
        description="points and cost of people whose plans are known",
        json_schema_extra={"table": "sample"},
    )
    sample_size: int = Field(
        default=100,
        ge=0,
        le=10**7,
        description="people drawn for the sample from those who could be in it; 0 takes all",
        json_schema_extra={"unit": "people"},
    )
    held_back: int = Field(
        default=30,
        ge=0,
        le=90,
        description="part of the sample on which the errors are measured",
        json_schema_extra={"unit": "per cent"},
    )
    ties: Ties = Field(
        default="highest",
        description="percentile: people with the same points hold several ranks of cost, and get "
        "the highest, the mean or the lowest of them",
    )
    between: Between = Field(
        default="step",
        description="percentile, isotonic: between two scores of the sample the lower one's amount "
        "holds, or a straight line",
    )
    edges: tuple[Decimal, ...] = Field(
        default=(), description="bands: the fewest points of each band, rising"
    )
    error_group: str | None = Field(
        default=None, description="column of the sample, or of users, by which errors are shown"
    )


@dataclass(frozen=True, eq=False)
class _Drawn:
    """A sample and how its people are named."""

    sample: Sample
    show: Callable[[int], str]


def awards(problem: Problem, options: CalibratedTable) -> Awards | NotApplicable | Infeasible:
    """What the fitted table gives for each user's points."""
    points = points_of(problem, options)
    if isinstance(points, NotApplicable):
        return points
    drawn = _sample(problem, options, points)
    if isinstance(drawn, NotApplicable):
        return drawn
    units = problem.units
    edges = [exact(each, units.need_decimals, "edges") for each in options.edges]
    fit = Fit(options.method, tuple(edges), options.ties, options.between, units.need)
    trial = Trial(
        options.held_back, problem.seed, options.rounding, whole(units), 10**units.need_decimals
    )
    with said_of("calibrated_table"):
        found = calibrate(drawn.sample, fit, trial, drawn.show)
    money = found.curve.amounts(points.units, options.rounding, whole(units))
    low, high = int(drawn.sample.points.min()), int(drawn.sample.points.max())
    beyond = ((points.units < low) | (points.units > high)) & ~points.excluded
    columns: dict[str, tuple[IntArray, Quantity]] = {}
    if beyond.any():
        columns["points beyond the sample"] = (frozen(beyond), "number")
    lines = (
        *_lines(found),
        *_table(problem, found, drawn.sample.points, options.rounding),
        Line("points beyond the sample", int(beyond.sum()), "users"),
    )
    return settled(problem, options, points, money, columns=columns, lines=lines)


def _sample(problem: Problem, options: CalibratedTable, points: Points) -> _Drawn | NotApplicable:
    """The people on whom the table is fitted and tried, as many as are wanted."""
    source = options.sample_from
    if source == "auto":
        source = "table" if options.sample else "previous"
    found = (
        _of_table(problem, options) if source == "table" else _of_users(problem, options, points)
    )
    if isinstance(found, NotApplicable):
        return found
    size = len(found.sample)
    if options.sample_size in {0, size} or options.sample_size > size:
        return found
    order = RandomStream.of(problem.seed, DRAWN).permutation(size)
    rows = np.sort(order[: options.sample_size])
    whole_sample = found.sample
    group = None if whole_sample.group is None else whole_sample.group.subset(rows)
    smaller = Sample(whole_sample.points[rows], whole_sample.cost[rows], group)
    return _Drawn(smaller, lambda row: found.show(int(rows[row])))


def _of_table(problem: Problem, options: CalibratedTable) -> _Drawn:
    if not options.sample:
        raise OptionError(
            "calibrated_table needs a sample (points, cost): add sample.csv to the instance, or "
            'the option sample, or say sample_from = "previous"'
        )
    units, rows = problem.units, options.sample
    points = [
        exact(row.points, units.need_decimals, f"sample: row {number}: points")
        for number, row in enumerate(rows, 1)
    ]
    cost = [
        exact(row.cost, units.money_decimals, f"sample: row {number}: cost")
        for number, row in enumerate(rows, 1)
    ]
    group = None
    if options.error_group is not None:
        texts = [(row.model_extra or {}).get(options.error_group) for row in rows]
        if all(text is None for text in texts):
            known = {name for row in rows for name in row.model_extra or {}}
            error = UnknownNameError("column of the sample", options.error_group, known)
            raise OptionError(f"error_group: {error}")
        names, codes = np.unique([str(text or "") for text in texts], return_inverse=True)
        group = Labels(codes.astype(np.int32), tuple(map(str, names)))
    return _Drawn(
        Sample(frozen(points), frozen(cost), group), lambda row: f"row {row + 1} of the sample"
    )


def _of_users(problem: Problem, options: CalibratedTable, points: Points) -> _Drawn | NotApplicable:
    """Users who count and have a package now: their points and what it costs."""
    previous = problem.previous
    if previous is None:
        return NotApplicable(
            "there is no sample of points and costs, and no table of previous packages"
        )
    rows = np.flatnonzero(previous.held & ~points.excluded)
    group = None
    if options.error_group is not None:
        group = group_column(problem, options.error_group, "error_group").subset(rows)
    sample = Sample(points.units[rows], previous.cost[rows], group)
    return _Drawn(sample, lambda row: user_named(problem, int(rows[row])))


def _lines(found: Calibrated) -> tuple[Line, ...]:
    """What the table is worth, in figures."""
    lines = [
        Line("people the table is fitted on", len(found.fitted_on), "users"),
        Line("people held back", len(found.held_back), "users"),
    ]
    if found.error is not None:
        lines += _errors(found.error, "")
        for group, errors in found.by_group.items():
            lines.append(Line(f"people held back ({group})", errors.people, "users"))
            lines += _errors(errors, f" ({group})")
    if found.fit_error is not None:
        lines += _errors(found.fit_error, ", on those fitted on")[:2]
    shape = found.shape
    return (
        *lines,
        Line("greatest jump between neighbouring scores", shape.jump, "money"),
        Line("the lower score of that jump", shape.at, "points"),
        Line("more points never give less", "yes" if shape.monotone else "no", "text"),
    )


def _table(problem: Problem, found: Calibrated, points: IntArray, how: Rounding) -> list[Line]:
    """The table itself, at some of the scores of the sample from the least to the most."""
    units, distinct = problem.units, np.unique(points)
    shown = distinct[np.unique(np.linspace(0, len(distinct) - 1, MOST_SHOWN).astype(np.int64))]
    amounts = found.curve.amounts(shown, how, whole(units))
    return [
        Line(f"amount for {float(units.need(score)):g} points", amount, "money")
        for score, amount in zip(shown.tolist(), amounts.tolist(), strict=True)
    ]


def _errors(errors: Accuracy, of: str) -> list[Line]:
    return [
        Line(f"median error{of}", round(errors.median_error), "money"),
        Line(f"mean error{of}", round(errors.mean_error), "money"),
        Line(f"bias (above 0: too much){of}", round(errors.bias), "money"),
        Line(f"within 10 per cent of the cost{of}", float(errors.within_10), "share"),
        Line(f"within 20 per cent of the cost{of}", float(errors.within_20), "share"),
    ]


RULE = Rule(
    name="calibrated_table",
    title="a table fitted to a sample of known costs",
    family="money",
    usual=False,
    run=awards,
    options=CalibratedTable,
    needs=("points",),
    rounds=False,
    example={
        "sample": [
            {"points": str(points), "cost": str(cost)}
            for points, cost in ((1, 200), (2, 100), (4, 700), (5, 600), (8, 1500), (9, 2000))
        ]
    },
)
