"""A gentle change: nobody falls far below what they have today.

In words: whoever has a package today keeps at least a stated part of what it costs, or of the need
it meets. To pay for that, gains can be capped. And the number of people who lose anything at all
can be limited.

Formula: with p what today's package costs or meets, and x the same of the new package:
x >= at_least x p, rounded up; x <= p + gain_at_most x p, rounded down; and the number of users with
x < p is at most losers_at_most, one row that counts, negated, those who do not lose. Where part
packages are allowed, the first two are for a person's whole mix, and in the third a part that
loses counts by its share.

Source: transitional protection and capped gains as in business rates and council tax revaluations;
the pace of change of NHS allocations.

Ignores: users without a package today, whom it neither protects nor caps; prices that rose since;
and needs that fell: today's package need not be on the menu, and who can no longer be given so much
is named as in conflict.
"""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.problem import Problem
from metneed.models.scenario import Amount, Share
from metneed.solver.constraint import Constraint, Counted, Each, Effect, Reading
from metneed.solver.engines.rows import Row
from metneed.solver.personal import personal
from metneed.solver.selection import Whom, needed, selected, shares_of


class TransitionOptions(Whom):
    """What is kept of today's packages, what may be gained, and how many may lose."""

    of: Literal["met_need", "cost"] = Field(
        default="met_need", description="what is compared with today's package"
    )
    at_least: Share | None = Field(
        json_schema_extra={"unit": "share"},
        default=None,
        description="fraction of today's that everyone keeps",
    )
    gain_at_most: Annotated[Amount, Field(le=100)] | None = Field(
        json_schema_extra={"unit": "share"},
        default=None,
        description="greatest gain as a fraction of today's",
    )
    losers_at_most: Annotated[int, Field(ge=0, strict=True)] | None = Field(
        json_schema_extra={"unit": "users"},
        default=None,
        description="how many users may have less than today",
    )

    @model_validator(mode="after")
    def _something(self) -> "TransitionOptions":
        if self.at_least is None and self.gain_at_most is None and self.losers_at_most is None:
            msg = "give at least one of at_least, gain_at_most and losers_at_most"
            raise ValueError(msg)
        return self


def apply(problem: Problem, name: str, options: TransitionOptions) -> Effect:
    """Floors and caps from today's packages, and a row that counts who loses."""
    previous = needed(problem.previous, name, "the table previous")
    is_need = options.of == "met_need"
    now = previous.met_need if is_need else previous.cost
    then = problem.menus.met_need if is_need else problem.menus.cost
    unit: Counted = "need" if is_need else "money"
    held = selected(problem, name, options) & previous.held
    limits = []
    if options.at_least is not None:
        floor = shares_of(options.at_least, now)
        limits.append(
            Each(f"{name}: at least", frozen(-then), frozen(-floor), held, unit, today=frozen(-now))
        )
    if options.gain_at_most is not None:
        most = shares_of(1 + options.gain_at_most, now, up=False)
        limits.append(Each(f"{name}: gain", then, most, held, unit, today=now))
    effect = personal(problem, tuple(limits))
    if options.losers_at_most is None:
        return effect
    row, reading = _losers(problem, name, held & (now > 0), now, then, options.losers_at_most)
    return Effect(
        rows=(row,),
        removed=effect.removed,
        due=effect.due,
        blocked=effect.blocked,
        each=effect.each,
        readings={row.name: reading},
    )


def _losers(  # noqa: PLR0913, PLR0917 - the row and what it is made of
    problem: Problem,
    name: str,
    could_lose: BoolArray,
    now: IntArray,
    then: IntArray,
    most: int,
) -> tuple[Row, Reading]:
    """At most so many users lose: all who could, less those whose package is no loss."""
    user = problem.menus.user
    no_loss = could_lose[user] & (then >= now[user])
    people = int(could_lose.sum())
    row = Row(f"{name}: losers", frozen(-no_loss.astype(np.int64)), most - people)
    # Of today's packages none is a loss.
    return row, Reading("users", users=1, today=-people)


CONSTRAINT = Constraint(
    kind="transition",
    title="a gentle change: nobody falls far below today",
    apply=apply,
    options=TransitionOptions,
    needs=("previous",),
)
