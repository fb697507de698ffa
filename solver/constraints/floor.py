"""A floor under everyone: basic need first.

In words: nobody is left below basic need (or below a stated share of need). There are three ways
to hold it. *Statutory*: the floor is a duty, and packages below it cannot be chosen; where the
money does not reach that far, the answer says how much is missing, never that somebody goes
without. *Stress*: the floor may be missed, and every unit of need short of it counts against the
result as much as the penalty says; or, with basic_first, as much of all floors as possible is met
before anything else is looked at. *Free*: the floor changes nothing, and those below are counted.

Formula: f = share x basic need (or need), rounded up to the smallest unit. Statutory: met need >= f
for each user. Stress: maximise met need - penalty x the sum of max(0, f - met need), that is a
value of met need + penalty x min(met need, f). Basic first: maximise the sum of
min(met need, f), then met need without losing any of it. Where part packages are allowed, a
statutory floor is for a person's whole mix, and a shortfall counts for the part of the period in
which it lasts.

Source: Care Act 2014 sections 13 and 18 and the statutory guidance, paragraph 10.27: resources may
decide how eligible needs are met, not whether. The penalty is the shortfall of Foster, Greer and
Thorbecke 1984, Econometrica 52.

Ignores: how far above the floor anyone is; and which needs make up the basic need.
"""

from decimal import Decimal
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from metneed.models.arrays import IntArray, frozen
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.scenario import Amount, Share
from metneed.solver.constraint import Constraint, Each, Effect
from metneed.solver.personal import personal
from metneed.solver.selection import Whom, needed, place, selected, shares_of


class FloorOptions(Whom):
    """Where the floor lies, and how it is held."""

    mode: Literal["statutory", "stress", "free"] = Field(
        default="statutory",
        description="a duty, a penalty for each unit of need short, or counted only",
    )
    base: Literal["basic_need", "need"] = Field(
        default="basic_need", description="what the floor is a share of"
    )
    share: Share = Field(
        json_schema_extra={"unit": "share"},
        default=Decimal(1),
        description="share of it that everyone has",
    )
    penalty: Annotated[Amount, Field(le=1000)] = Field(
        json_schema_extra={"unit": "need for need"},
        default=Decimal(1),
        description="stress: need that one unit of need short counts against",
    )
    basic_first: bool = Field(
        default=False,
        strict=True,
        description="stress: as much of all floors as possible, then the rest",
    )

    @model_validator(mode="after")
    def _of_stress(self) -> "FloorOptions":
        given = self.model_fields_set & {"penalty", "basic_first"}
        if self.mode != "stress" and given:
            msg = f'{", ".join(sorted(given))} is for mode = "stress", not for {self.mode!r}'
            raise ValueError(msg)
        if self.basic_first and "penalty" in given:
            msg = "penalty does nothing where basic_first is true: leave one of them out"
            raise ValueError(msg)
        return self


def apply(problem: Problem, name: str, options: FloorOptions) -> Effect:
    """A floor of met need under each user."""
    base, met, today = _amounts(problem, name, options)
    floor = shares_of(options.share, base)
    limit = Each(
        name,
        base=frozen(-met),
        limit=frozen(-floor),
        held=selected(problem, name, options) & (floor > 0),
        unit="need",
        binds=options.mode == "statutory",
        today=None if today is None else frozen(-today),
    )
    if options.mode != "stress":
        return personal(problem, (limit,))
    user = problem.menus.user
    reached = np.where(limit.held[user], np.minimum(met, floor[user]), 0)
    if options.basic_first:
        return Effect(each=(limit,), first=frozen(reached))
    numerator, scale = options.penalty.as_integer_ratio()
    _check_size(name, int(met.max(initial=0)) * (scale + numerator))
    return Effect(each=(limit,), added=frozen(reached * numerator), scale=scale)


def _amounts(
    problem: Problem, name: str, options: FloorOptions
) -> tuple[IntArray, IntArray, IntArray | None]:
    """What the floor is a share of, what packages meet of it, and what today's meet of it."""
    menus, previous = problem.menus, problem.previous
    today = None if previous is None else previous.met_need
    if options.base == "need":
        return problem.users.need, menus.met_need, today
    what = 'the column basic_need in users (or base = "need")'
    basic = needed(problem.users.basic_need, name, what)
    if previous is not None and previous.basic_met_need is not None:
        today = previous.basic_met_need
    # Where met basic need is not known apart, all met need counts, as in the measure.
    met = menus.met_need if menus.basic_met_need is None else menus.basic_met_need
    return basic, met, today


def _check_size(name: str, greatest: int) -> None:
    if greatest >= 2**53:
        raise OptionError(
            f"{place(name, 'penalty')}: with so many decimals the values become too large for "
            "exact arithmetic; write a penalty with fewer decimals, such as 2 or 2.5"
        )


CONSTRAINT = Constraint(
    kind="floor",
    title="basic need first: a floor under everyone",
    apply=apply,
    options=FloorOptions,
)
