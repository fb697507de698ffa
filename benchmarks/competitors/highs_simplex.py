"""HiGHS from arrays, by its simplex method, which is what it chooses by itself."""

from benchmarks.competitor import Attempt, Competitor
from benchmarks.programme import Programme


def attempt(programme: Programme, limit: float) -> Attempt:
    """The simplex method at its own defaults."""
    from benchmarks.highs_attempt import attempt_with  # noqa: PLC0415 - the contract

    return attempt_with({"solver": "simplex"}, programme, limit)


COMPETITOR = Competitor(
    name="highs_simplex",
    title="HiGHS simplex",
    kinds=("lp",),
    attempt=attempt,
    requires=("highspy",),
    distributions=("highspy",),
)
