"""A cap: nobody's package costs more than so much.

In words: packages dearer than the cap cannot be chosen. The cap is an amount, or a multiple of
what care costs the person in the middle. People on the list of exceptions are not bound by it: a
cap without exceptions is hard to defend.

Formula: cost <= amount for each user; or cost <= times_median x the median over the users
concerned of the cost of full need (or of today's package), rounded down. The median is the lower
one, always somebody's own cost. Where part packages are allowed, the cap is for a person's whole
mix. A cap for several groups is several tables, each with its group and values.

Source: R (D) v Worcestershire County Council [2013] EWHC 2490 (Admin), where a cap at the cost of a
care home, with exceptions, was upheld; the statutory guidance under the Care Act 2014, paragraph
10.27, warns of arbitrary upper limits.

Ignores: whether what is left on a person's menu meets the need: put a floor beside it.
"""

from decimal import Decimal
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from metneed.models.arrays import BoolArray, frozen
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.scenario import Amount
from metneed.solver.constraint import Constraint, Each, Effect
from metneed.solver.personal import personal
from metneed.solver.selection import Whom, at_most_part_of, exact, needed, place, selected


class CapOptions(Whom):
    """How much a package may cost, and for whom."""

    amount: Amount | None = Field(
        json_schema_extra={"unit": "money"},
        default=None,
        description="the most that a package may cost, in money for the period",
    )
    times_median: Annotated[Amount, Field(le=1000)] | None = Field(
        json_schema_extra={"unit": "times"},
        default=None,
        description="or: so many times the median cost",
    )
    median_of: Literal["full_cost", "previous"] = Field(
        default="full_cost",
        description="what the median is of: the cost of full need, or of today's packages",
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> "CapOptions":
        if (self.amount is None) == (self.times_median is None):
            msg = "give either amount or times_median"
            raise ValueError(msg)
        if self.amount is not None and "median_of" in self.model_fields_set:
            msg = "median_of does nothing beside amount: leave one of them out"
            raise ValueError(msg)
        return self


def apply(problem: Problem, name: str, options: CapOptions) -> Effect:
    """A cap on the cost of each user's package."""
    concerned = selected(problem, name, options)
    cap = _cap(problem, name, options, concerned)
    previous = problem.previous
    limit = Each(
        name,
        base=problem.menus.cost,
        limit=frozen(np.full(len(concerned), cap)),
        held=concerned,
        unit="money",
        today=None if previous is None else previous.cost,
    )
    return personal(problem, (limit,))


def _cap(problem: Problem, name: str, options: CapOptions, concerned: BoolArray) -> int:
    if options.amount is not None:
        return exact(options.amount, problem.units.money_decimals, place(name, "amount"))
    if options.median_of == "previous":
        previous = needed(problem.previous, name, "the table previous")
        costs = previous.cost[concerned & previous.held]
    else:
        costs = problem.menus.full_cost[concerned & (np.diff(problem.menus.offsets) > 0)]
    if not len(costs):
        raise OptionError(
            f"{place(name, 'times_median')}: there is no median, because none of the users "
            "concerned has a package; give an amount"
        )
    middle = int(np.sort(costs)[(len(costs) - 1) // 2])
    return at_most_part_of(options.times_median or Decimal(0), middle)


CONSTRAINT = Constraint(
    kind="cap",
    title="a cap: nobody's package costs more than so much",
    apply=apply,
    options=CapOptions,
)
