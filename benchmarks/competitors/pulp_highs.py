"""PuLP with HiGHS, as its users run it: the gap is that of HiGHS, 0.01 %, unless they ask."""

from benchmarks.competitor import Attempt, Competitor
from benchmarks.programme import Programme


def attempt(programme: Programme, limit: float) -> Attempt:
    """HiGHS in the same process, at its own defaults."""
    import pulp  # noqa: PLC0415 - the contract

    from benchmarks.pulp_attempt import attempt_with  # noqa: PLC0415

    return attempt_with(pulp.HiGHS(msg=False, timeLimit=limit), programme)


COMPETITOR = Competitor(
    name="pulp_highs",
    title="PuLP with HiGHS",
    kinds=("lp", "whole"),
    attempt=attempt,
    requires=("pulp", "highspy"),
    distributions=("pulp", "highspy"),
)
