"""First come, first served.

In words: people are served in the order in which they arrived. Each takes the best package that
the money still left pays for, or the full one and otherwise nothing, until there is no money left.

Formula: users by rising arrival, equal ones by identifier; each takes the package of most met need
within the money left, then cheaper, then first on the menu.

Source: serial dictatorship by time of arrival; what happens where nobody rations on purpose.

Ignores: need, and those who come later.
"""

import numpy as np
from pydantic import Field

from metneed.models.allocation import NotApplicable, Outcome
from metneed.models.problem import Problem
from metneed.solver.queueing import Take, serve_in_order
from metneed.solver.rule import Options, Rule


class FirstComeOptions(Options):
    """What each person may take."""

    take: Take = Field(
        default="best_affordable",
        description="the best package the money left pays for, or the full package or nothing",
    )


def choose(problem: Problem, options: FirstComeOptions) -> Outcome:
    """The best package for each in the order of arrival, while the money lasts."""
    arrival = problem.users.arrival
    if arrival is None:
        return NotApplicable("the users have no column arrival")
    return serve_in_order(problem, np.argsort(arrival, kind="stable"), options.take)


RULE = Rule(
    name="first_come",
    title="first come, first served",
    family="package",
    run=choose,
    options=FirstComeOptions,
    needs=("arrival",),
)
