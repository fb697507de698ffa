"""HiGHS from arrays with no gap allowed: its optimum is meant to be one."""

from benchmarks.competitor import Attempt, Competitor
from benchmarks.programme import Programme


def attempt(programme: Programme, limit: float) -> Attempt:
    """Branch and bound until nothing better is left."""
    from benchmarks.highs_attempt import attempt_with  # noqa: PLC0415 - the contract

    return attempt_with({"mip_rel_gap": 0.0, "mip_abs_gap": 0.0}, programme, limit)


COMPETITOR = Competitor(
    name="highs_gap_0",
    title="HiGHS, gap 0",
    kinds=("whole",),
    attempt=attempt,
    requires=("highspy",),
    distributions=("highspy",),
)
