"""Drawing lots among users, the same for a seed whatever the order of the rows."""

from typing import Annotated

import numpy as np
from pydantic import Field

from metneed.models.arrays import IntArray
from metneed.models.errors import NumbersTooLargeError
from metneed.models.limits import SUM_LIMIT
from metneed.models.problem import Problem
from metneed.models.random_stream import LARGEST_SEED, RandomStream
from metneed.models.sums import exact_sum
from metneed.solver.engines.lots import drawn
from metneed.solver.rule import Options


class SeedOptions(Options):
    """What chance is drawn from."""

    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] | None = Field(
        default=None, description="seed of the draw; default: the seed of the scenario"
    )

    def stream(self, problem: Problem, name: str) -> RandomStream:
        """The stream of chance of that name."""
        return RandomStream.of(problem.seed if self.seed is None else self.seed, name)


def drawn_users(
    problem: Problem, stream: RandomStream, weights: IntArray | None = None
) -> IntArray:
    """Rows of the users in the order in which they are drawn.

    Chance goes by the order of identifiers, so that the order of rows makes no difference.

    Parameters
    ----------
    problem
        The users.
    stream
        What chance is drawn from.
    weights
        0 or more each: the heavier, the likelier to be drawn next; None for equal chances.

    Raises
    ------
    NumbersTooLargeError
        Where the weights add up to too much for exact arithmetic.
    """
    if weights is not None and exact_sum(weights) >= SUM_LIMIT:
        raise NumbersTooLargeError(
            "the weights add up to too much for exact arithmetic; set need_decimals lower in "
            "scenario.toml"
        )
    ids = problem.users.ids
    if bool((ids[:-1] < ids[1:]).all()):
        return drawn(stream, len(ids), weights)
    by_id = np.argsort(ids, kind="stable")
    return by_id[drawn(stream, len(ids), None if weights is None else weights[by_id])]
