"""Everyone keeps today's package.

In words: nothing changes. What each person has now goes on, at its recorded cost, even where
all of it together costs more than the budget. It is the usual yardstick for winners and losers.

Formula: cost and met need as recorded in `previous`; users without a record get nothing.

Source: the "do nothing" option of any options appraisal.

Ignores: the budget (overspending is shown, not prevented), the menus, points and needs.
"""

import numpy as np

from metneed.models.allocation import WHOLE, Allocation, NotApplicable, Outcome
from metneed.models.arrays import frozen
from metneed.models.certificate import Certificate
from metneed.models.problem import Problem
from metneed.solver.rule import Options, Rule


def choose(problem: Problem, options: Options) -> Outcome:  # noqa: ARG001 - the contract
    """Today's package for everyone who has one."""
    previous = problem.previous
    if previous is None:
        return NotApplicable("the instance has no table of previous packages")
    return Allocation(
        package=frozen(np.where(previous.held, np.arange(len(problem.users)), -1)),
        share=frozen(np.where(previous.held, WHOLE, 0)),
        cost=previous.cost,
        met_need=previous.met_need,
        certificate=Certificate(
            value=int(previous.met_need.sum()), scale=10**problem.units.need_decimals
        ),
        from_previous=True,
    )


RULE = Rule(
    name="current",
    title="things as they are now",
    family="package",
    run=choose,
    needs=("previous",),
)
