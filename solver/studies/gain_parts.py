"""What is gained by choice and what by knowing the budget: as supposed, and in four groups."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray, IntArray
from metneed.models.comparison import Unit
from metneed.models.errors import OptionError
from metneed.models.random_stream import RandomStream
from metneed.models.sums import exact_sum
from metneed.solver.purchase import buy
from metneed.solver.studies.exact_share import Share, fraction
from metneed.solver.studies.resampling import (
    BILLION,
    LEAST_SAMPLE,
    Interval,
    check_resamples,
    middle,
)
from metneed.solver.studies.stages import Stages
from metneed.solver.studies.telling import shares_met

MOST_GAIN = 10
"""No supposed gain is more than ten times the met need."""

MILLION = 10**6


@dataclass(frozen=True)
class Supposed:
    """Met need of the final plans, and with gains that are supposed; smallest need units.

    Parameters
    ----------
    plain
        What the final plans meet.
    choice, known
        Met need with the gain of choice alone, and of knowing the budget alone.
    both
        With both together; nobody's met need passes the need.
    """

    plain: int
    choice: int
    known: int
    both: int

    @property
    def overlap(self) -> int:
        """What both together gain less than the one and the other: nobody's need is met twice."""
        return self.choice + self.known - self.plain - self.both


@dataclass(frozen=True)
class Cell:
    """Those of one of four groups: how many, and their mean outcome."""

    told: bool
    choice: bool
    users: int
    mean: float


@dataclass(frozen=True)
class Crossed:
    """Mean outcomes of four groups, told or not and with or without choice, taken apart.

    Parameters
    ----------
    outcome, unit
        What the outcome is.
    cells
        Neither, told only, choice only, both.
    known, choice
        Mean effect of being told, with and without choice alike, and of choice; together they
        are the difference between both and neither.
    interaction
        How much more being told does where there is choice than where there is none.
    intervals
        Of the three, where 95 in 100 lie when people of each group are drawn anew; None where a
        group has fewer than `LEAST_SAMPLE` users.
    """

    outcome: str
    unit: Unit
    cells: tuple[Cell, Cell, Cell, Cell]
    known: float
    choice: float
    interaction: float
    intervals: tuple[Interval, Interval, Interval] | None


def supposed(
    stages: Stages,
    told: BoolArray,
    choice: BoolArray,
    g_known: Share = 0,
    g_choice: Share = 0,
) -> Supposed:
    """What final plans meet if choice and knowing the budget add a share of the met need each.

    Parameters
    ----------
    stages
        Both sums.
    told, choice
        Who is told the sum, and who has a choice.
    g_known, g_choice
        Share of met need that each adds, 0 to `MOST_GAIN`; rounded down for each user.
    """
    knowing = fraction(g_known, "g_known", MOST_GAIN)
    choosing = fraction(g_choice, "g_choice", MOST_GAIN)
    met = buy(stages.problem, stages.final).met_need
    # A stated need may be less than what a package meets: that is never taken away.
    most = np.maximum(stages.problem.users.need, met)
    by_choice = np.where(choice, int(choosing * MILLION), 0)
    by_knowing = np.where(told, int(knowing * MILLION), 0)

    def total(gains: IntArray) -> int:
        whole, rest = np.divmod(met, MILLION)
        return exact_sum(np.minimum(most, met + whole * gains + rest * gains // MILLION))

    return Supposed(
        plain=exact_sum(met),
        choice=total(by_choice),
        known=total(by_knowing),
        both=total(by_choice + by_knowing),
    )


def crossed(
    stages: Stages,
    told: BoolArray,
    choice: BoolArray,
    outcome: str | None = None,
    resamples: int = 1000,
) -> Crossed:
    """Four groups compared, by a column of outcomes or by the share of need the plans meet.

    Raises
    ------
    OptionError
        Where one of the four groups is empty, or the outcome is not stated for everyone.
    """
    check_resamples(resamples)
    values, known, scale, unit = _outcomes(stages, outcome)
    groups = [
        values[known & (told == is_told) & (choice == has_choice)]
        for has_choice in (False, True)
        for is_told in (False, True)
    ]
    names = ("not told and without choice", "told and without choice", "not told and with choice")
    for name, group in zip((*names, "told and with choice"), groups, strict=True):
        if not len(group):
            raise OptionError(
                f"told and choice: nobody is {name}, so that the two effects cannot be told "
                "apart; it takes people in all four groups"
            )
    means = [exact_sum(group) / len(group) / scale for group in groups]
    cells = tuple(
        Cell(bool(row % 2), row >= 2, len(group), value)
        for row, (group, value) in enumerate(zip(groups, means, strict=True))
    )
    effects = _effects(means)
    stream = RandomStream.of(stages.problem.seed, "people of four groups drawn anew")
    return Crossed(
        outcome or "share of need met by the final plan",
        unit,
        (cells[0], cells[1], cells[2], cells[3]),
        *effects,
        _intervals(groups, scale, stream, resamples),
    )


def _outcomes(stages: Stages, outcome: str | None) -> tuple[IntArray, BoolArray, int, Unit]:
    if outcome is None:
        share, known = shares_met(stages, buy(stages.problem, stages.final).met_need)
        return np.rint(share * BILLION).astype(np.int64), known, BILLION, "share"
    columns = stages.problem.users.numbers
    if outcome not in columns:
        known_names = ", ".join(columns) or "none"
        raise OptionError(
            f"outcome: users have no column of numbers {outcome!r}; there are: {known_names}"
        )
    column = columns[outcome]
    without = int((~column.stated).sum())
    if without:
        raise OptionError(
            f"users, column {outcome}: not stated for {without:,} of the users; state it for all"
        )
    return column.values, column.stated, 10**column.decimals, "index"


def _effects(means: Sequence[float]) -> tuple[float, float, float]:
    neither, told, choice, both = means
    return (
        ((told - neither) + (both - choice)) / 2,
        ((choice - neither) + (both - told)) / 2,
        both - told - choice + neither,
    )


def _intervals(
    groups: Sequence[IntArray], scale: int, stream: RandomStream, times: int
) -> tuple[Interval, Interval, Interval] | None:
    if min(map(len, groups)) < LEAST_SAMPLE:
        return None
    drawn = np.array(
        [
            _effects(
                [
                    exact_sum(group[stream.below(len(group), len(group))]) / len(group) / scale
                    for group in groups
                ]
            )
            for _ in range(times)
        ]
    )
    return middle(drawn[:, 0]), middle(drawn[:, 1]), middle(drawn[:, 2])
