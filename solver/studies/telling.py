"""What difference it makes to tell people the indicative budget: as seen, and as supposed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from metneed.models.arrays import BoolArray, FloatArray, IntArray, frozen
from metneed.models.columns import Numbers
from metneed.models.comparison import Number, Unit
from metneed.models.random_stream import RandomStream
from metneed.models.shares import mean
from metneed.models.sums import exact_sum
from metneed.solver.purchase import buy
from metneed.solver.studies.exact_share import Share, fraction
from metneed.solver.studies.resampling import (
    BILLION,
    Interval,
    check_resamples,
    check_sample,
    shuffled,
)
from metneed.solver.studies.stage_errors import Values, stage_errors
from metneed.solver.studies.stages import Stages


@dataclass(frozen=True)
class Difference:
    """One figure for those who were told less that of the others.

    Parameters
    ----------
    value, unit
        In smallest units of money, shares, or as a number; None where it is not known.
    chance
        Where 95 in 100 of the differences lie if it is drawn by lot who counts as told.
    """

    value: float | None
    unit: Unit
    chance: Interval | None

    @property
    def beyond_chance(self) -> bool | None:
        """Whether drawing lots seldom makes such a difference; None where it is not known."""
        if self.value is None or self.chance is None:
            return None
        return not self.chance.low <= self.value <= self.chance.high


@dataclass(frozen=True)
class Told:
    """Those who were told the indicative budget beside those who were not.

    Parameters
    ----------
    told, not_told
        Figures of each.
    differences
        Told less not told, by figure.
    """

    told: Values
    not_told: Values
    differences: Mapping[str, Difference]


@dataclass(frozen=True)
class Anchored:
    """What happens if people who are told plan towards the indicative budget.

    Parameters
    ----------
    share
        Part of the way from the final to the indicative budget that plans move.
    users
        How many plans change.
    plans, spent, met_need
        Cost of all plans, what is spent where each buys the best package within the plan, and the
        met need: without and with the move, smallest units.
    """

    share: Fraction
    users: int
    plans: tuple[int, int]
    spent: tuple[int, int]
    met_need: tuple[int, int]


@dataclass(frozen=True, eq=False)
class _Columns:
    """Whole numbers whose means differ, for whom they are known, what makes 1, and the unit."""

    units: dict[str, tuple[IntArray, BoolArray, int, Unit]] = field(default_factory=dict)


def told_and_not(
    stages: Stages, told: BoolArray, days: Numbers | None = None, resamples: int = 1000
) -> Told:
    """The figures of those told and not told, and what chance alone would make of it.

    Parameters
    ----------
    stages
        Both sums.
    told
        Who was told the indicative budget.
    days
        Days until the plan was agreed, where they are known.
    resamples
        How often lots are drawn.

    Raises
    ------
    OptionError
        Where either group has fewer than `LEAST_SAMPLE` users, or resamples are out of range.
    """
    check_resamples(resamples)
    check_sample(int(told.sum()), "told = yes")
    check_sample(int((~told).sum()), "told = no")
    columns = _columns(stages, days)
    known_days = None if days is None else days.values / 10**days.decimals

    def compute(flags: BoolArray) -> dict[str, float | None]:
        found = {
            name: _mean_difference(units, known, flags, scale)
            for name, (units, known, scale, _) in columns.units.items()
        }
        found["bias"] = _less(_bias(stages, flags), _bias(stages, ~flags))
        if known_days is not None and days is not None:
            found["median_days_to_plan"] = _less(
                _median(known_days[flags & days.stated]), _median(known_days[~flags & days.stated])
            )
        return found

    seen = compute(told)
    stream = RandomStream.of(stages.problem.seed, "told by lot")
    chance = shuffled(compute, told, stream, resamples)
    units: dict[str, Unit] = {name: column[3] for name, column in columns.units.items()}
    return Told(
        told=_figures(stages, told, columns, days),
        not_told=_figures(stages, ~told, columns, days),
        differences={
            name: Difference(value, units.get(name, _unit(name)), chance[name])
            for name, value in seen.items()
        },
    )


def anchor(stages: Stages, told: BoolArray, share: Share) -> Anchored:
    """Plans of those told, moved by a share of the way to the indicative budget.

    Halfpennies go up. What a plan buys is the best package within it.

    Raises
    ------
    OptionError
        Where the share is not between 0 and 1.
    """
    part = fraction(share, "anchor")
    gap = stages.indicative - stages.final
    whole, rest = np.divmod(gap, part.denominator)
    moved = whole * part.numerator
    moved += (2 * rest * part.numerator + part.denominator) // (2 * part.denominator)
    plans = frozen(np.where(told, stages.final + moved, stages.final))
    before, after = (buy(stages.problem, sums) for sums in (stages.final, plans))
    return Anchored(
        share=part,
        users=int((plans != stages.final).sum()),
        plans=(exact_sum(stages.final), exact_sum(plans)),
        spent=(before.total_cost, after.total_cost),
        met_need=(before.total_met_need, after.total_met_need),
    )


def shares_met(stages: Stages, met_need: IntArray) -> tuple[FloatArray, BoolArray]:
    """Share of need met, 0 for whoever has no need, and who has one."""
    need = stages.problem.users.need
    known = need > 0
    return np.where(known, met_need / np.maximum(need, 1), 0.0), known


def _columns(stages: Stages, days: Numbers | None) -> _Columns:
    error, final = stages.indicative - stages.final, stages.final
    everyone = np.ones(len(error), dtype=np.bool_)
    known = final > 0
    size = np.where(known, np.abs(error) / np.maximum(final, 1), 0.0)
    share, has_need = shares_met(stages, buy(stages.problem, final).met_need)
    columns = _Columns()
    columns.units["mean_error"] = (error, everyone, 1, "money")
    columns.units["mean_error_share"] = (_billionths(size), known, BILLION, "share")
    for per_cent in (10, 20):
        part, rest = np.divmod(final, 100)
        inside = np.abs(error) <= part * per_cent + rest * per_cent // 100
        columns.units[f"within_{per_cent}_per_cent"] = (
            inside.astype(np.int64),
            everyone,
            1,
            "share",
        )
    columns.units["mean_share_of_need"] = (_billionths(share), has_need, BILLION, "share")
    if days is not None:
        columns.units["mean_days_to_plan"] = (days.values, days.stated, 10**days.decimals, "index")
    return columns


def _figures(
    stages: Stages, flags: BoolArray, columns: _Columns, days: Numbers | None
) -> dict[str, tuple[Number, Unit]]:
    figures = stage_errors(stages.indicative[flags], stages.final[flags])
    share, known, scale, unit = columns.units["mean_share_of_need"]
    figures["mean_share_of_need"] = (mean(share[flags & known] / scale), unit)
    if days is not None:
        units, stated, scale, unit = columns.units["mean_days_to_plan"]
        values = units[flags & stated] / scale
        figures["users_days_stated"] = (len(values), "users")
        figures["median_days_to_plan"] = (_median(values), unit)
        figures["mean_days_to_plan"] = (mean(values), unit)
    return figures


def _mean_difference(
    units: IntArray, known: BoolArray, flags: BoolArray, scale: int
) -> float | None:
    def part(chosen: BoolArray) -> float | None:
        count = int(chosen.sum())
        return exact_sum(units[chosen]) / count / scale if count else None

    return _less(part(flags & known), part(~flags & known))


def _bias(stages: Stages, flags: BoolArray) -> float | None:
    cost = exact_sum(stages.final[flags])
    return exact_sum(stages.indicative[flags]) / cost if cost else None


def _less(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first - second


def _median(values: FloatArray) -> float | None:
    return float(np.median(values)) if len(values) else None


def _billionths(values: FloatArray) -> IntArray:
    units: IntArray = np.rint(values * BILLION).astype(np.int64)
    return units


def _unit(name: str) -> Unit:
    return "share" if name == "bias" else "index"
