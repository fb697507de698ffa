"""HiGHS from arrays, by its interior point method, which suits this programme best."""

from benchmarks.competitor import Attempt, Competitor
from benchmarks.programme import Programme


def attempt(programme: Programme, limit: float) -> Attempt:
    """The interior point method at its own defaults, which end at a corner."""
    from benchmarks.highs_attempt import attempt_with  # noqa: PLC0415 - the contract

    return attempt_with({"solver": "ipm"}, programme, limit)


COMPETITOR = Competitor(
    name="highs_interior_point",
    title="HiGHS interior point",
    kinds=("lp",),
    attempt=attempt,
    requires=("highspy",),
    distributions=("highspy",),
)
