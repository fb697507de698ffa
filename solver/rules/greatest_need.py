"""Those in greatest need first.

In words: people are served in the order of their assessed points (or of their stated need), the
greatest first. Each takes the best package that the money still left pays for, or the full one and
otherwise nothing, until there is no money left.

Formula: users by falling points, equal ones by identifier; each takes the package of most met need
within the money left, then cheaper, then first on the menu.

Source: serial dictatorship by need; the "critical first" practice of eligibility bands.

Ignores: what a package costs, as long as there is money; those at the end of the queue.
"""

from typing import Literal

import numpy as np
from pydantic import Field

from metneed.models.allocation import NotApplicable, Outcome
from metneed.models.problem import Problem
from metneed.solver.queueing import Take, serve_in_order
from metneed.solver.rule import Options, Rule


class GreatestNeedOptions(Options):
    """How people are ordered, and what each may take."""

    by: Literal["points", "need"] = Field(
        default="points", description="order by assessed points, or by need as stated"
    )
    take: Take = Field(
        default="best_affordable",
        description="the best package the money left pays for, or the full package or nothing",
    )


def choose(problem: Problem, options: GreatestNeedOptions) -> Outcome:
    """The best package for each in the order of need, while the money lasts."""
    need = problem.users.need if options.by == "need" else problem.users.points
    if need is None:
        return NotApplicable("the users have no points; the option by = need does without them")
    return serve_in_order(problem, np.argsort(-need, kind="stable"), options.take)


RULE = Rule(
    name="greatest_need",
    title="greatest need first",
    family="package",
    run=choose,
    options=GreatestNeedOptions,
)
