"""HiGHS from arrays at its own gap: it stops, and says optimal, within 0.01 %."""

from benchmarks.competitor import Attempt, Competitor
from benchmarks.programme import Programme


def attempt(programme: Programme, limit: float) -> Attempt:
    """Branch and bound at its own defaults."""
    from benchmarks.highs_attempt import attempt_with  # noqa: PLC0415 - the contract

    return attempt_with({}, programme, limit)


COMPETITOR = Competitor(
    name="highs_default_gap",
    title="HiGHS, default gap",
    kinds=("whole",),
    attempt=attempt,
    requires=("highspy",),
    distributions=("highspy",),
)
