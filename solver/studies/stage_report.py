"""Everything that is asked about two stages, on one instance."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.arrays import BoolArray
from metneed.models.columns import Numbers
from metneed.models.comparison import Figure
from metneed.models.errors import OptionError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.solver.rules import rule as rule_named
from metneed.solver.solve import bind, bind_all
from metneed.solver.studies.exact_share import Share
from metneed.solver.studies.gain_parts import Crossed, Supposed, crossed, supposed
from metneed.solver.studies.no_upfront import Within, WithoutUpfront, without_upfront
from metneed.solver.studies.resampling import LEAST_SAMPLE
from metneed.solver.studies.stages import (
    PLAN_COST,
    BandBy,
    Stages,
    error_figures,
    two_stages,
    yes_no,
)
from metneed.solver.studies.telling import Anchored, Told, anchor, told_and_not


@dataclass(frozen=True)
class Asked:
    """What is asked; each part is left out unless what it takes is given.

    Parameters
    ----------
    final
        Where final costs come from, as for `two_stages`.
    leave_out
        Leave out users without a final cost.
    bands, band_by
        How many bands, and of what.
    told, choice
        Columns of yes and no: who was told the sum, who had choice.
    days
        Column of days until the plan was agreed.
    anchor
        Share of the way to the indicative budget that plans of those told move.
    within, margin
        How plans without an indicative budget stay within the money, and which difference is small.
    outcome
        Column that the effects of telling and choice are measured by.
    g_known, g_choice
        Supposed gains, as shares of the met need.
    resamples
        Draws behind each interval.
    seed
        Of the draws; None for that of the scenario.
    """

    final: str = PLAN_COST
    leave_out: bool = False
    bands: int = 5
    band_by: BandBy = "points"
    told: str | None = None
    days: str | None = None
    anchor: Share | None = None
    within: Within = "ratio"
    margin: Share = "0.02"
    choice: str | None = None
    outcome: str | None = None
    g_known: Share | None = None
    g_choice: Share | None = None
    resamples: int = 1000
    seed: int | None = None

    def __post_init__(self) -> None:
        """Refuse what only goes together."""
        if self.days is not None and self.told is None:
            raise OptionError("days are compared between those told and not told: name told too")
        if self.outcome is not None and (self.told is None or self.choice is None):
            raise OptionError("an outcome is compared by told and choice: name both columns")


@dataclass(frozen=True, eq=False)
class StageReport:
    """What was found; other parts that were not asked for are None.

    Parameters
    ----------
    options
        What the rule ran with, as plain data.
    stages, figures
        Both sums, and the figures of the error.
    without
        Plans within the same money; None where too few people have a need to compare by.
    told, anchored, supposed, crossed
        The other parts.
    """

    options: Mapping[str, object]
    stages: Stages
    figures: tuple[Figure, ...]
    without: WithoutUpfront | None = None
    told: Told | None = None
    anchored: Anchored | None = None
    supposed: Supposed | None = None
    crossed: Crossed | None = None


def stage_report(
    instance: Instance,
    rule: str,
    asked: Asked | None = None,
    *,
    options: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] | None = None,
) -> StageReport | Infeasible | NotApplicable:
    """The indicative budgets of a money rule beside final costs, and all that is asked about them.

    Parameters
    ----------
    instance
        Users with final costs, menus and money.
    rule, options
        Name of the money rule, and its options on top of those of the scenario.
    asked
        What to find out.
    progress
        Called with a few words before each part.

    Raises
    ------
    UnknownNameError, OptionError
        Where there is no such rule, or something that is asked for is missing or out of range.
    """
    asked, tell = asked or Asked(), progress or (lambda _: None)
    chosen, given = rule_named(rule), instance.scenario.rules
    bound = bind_all(given, [], instance)
    own = bind(chosen, {**given.get(rule, {}), **(options or {})}, instance)
    problem = Problem.of(instance)
    tell("indicative budgets and final costs")
    stages = two_stages(problem, chosen, own, asked.final, bound=bound, leave_out=asked.leave_out)
    if isinstance(stages, Infeasible | NotApplicable):
        return stages
    if asked.seed is not None:
        stages = replace(stages, problem=stages.problem.replace(seed=asked.seed))
    told, choice = (_flags(stages, getattr(asked, name), name) for name in ("told", "choice"))
    tell("plans within the same money")
    enough = int((stages.problem.users.need > 0).sum()) >= LEAST_SAMPLE
    return StageReport(
        options=own.model_dump(mode="json"),
        stages=stages,
        figures=tuple(error_figures(stages, asked.bands, asked.band_by)),
        without=without_upfront(stages, asked.within, asked.margin, asked.resamples)
        if enough
        else None,
        told=_told(stages, asked, told, tell),
        anchored=None
        if asked.anchor is None
        else anchor(stages, _or_everyone(stages, told), asked.anchor),
        supposed=_supposed(stages, asked, told, choice),
        crossed=_crossed(stages, asked, told, choice, tell),
    )


def _flags(stages: Stages, column: str | None, option: str) -> BoolArray | None:
    return None if column is None else yes_no(stages.problem, column, option)


def _or_everyone(stages: Stages, flags: BoolArray | None) -> BoolArray:
    return np.ones(len(stages.final), dtype=np.bool_) if flags is None else flags


def _told(
    stages: Stages, asked: Asked, told: BoolArray | None, tell: Callable[[str], None]
) -> Told | None:
    if told is None:
        return None
    tell("those told and not told")
    return told_and_not(stages, told, _days(stages, asked.days), asked.resamples)


def _days(stages: Stages, name: str | None) -> Numbers | None:
    columns = stages.problem.users.numbers
    if name is not None and name not in columns:
        known = ", ".join(columns) or "none"
        raise OptionError(f"days: users have no column of numbers {name!r}; there are: {known}")
    return None if name is None else columns[name]


def _supposed(
    stages: Stages, asked: Asked, told: BoolArray | None, choice: BoolArray | None
) -> Supposed | None:
    if asked.g_known is None and asked.g_choice is None:
        return None
    return supposed(
        stages,
        _or_everyone(stages, told),
        _or_everyone(stages, choice),
        asked.g_known or 0,
        asked.g_choice or 0,
    )


def _crossed(
    stages: Stages,
    asked: Asked,
    told: BoolArray | None,
    choice: BoolArray | None,
    tell: Callable[[str], None],
) -> Crossed | None:
    if told is None or choice is None:
        return None
    tell("telling and choice taken apart")
    return crossed(stages, told, choice, asked.outcome, asked.resamples)
