"""What one contestant made of one programme, as it is recorded and shown."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from benchmarks.competitor import Kind

State: TypeAlias = Literal["answered", "killed", "failed", "missing", "not tried"]

AT_THE_LIMIT = 0.98
"""Solvers stop a little before or after their limit: this share of it counts as reached."""


class Entry(BaseModel):
    """One row of a contest.

    Parameters
    ----------
    family, users, kind
        The programme.
    contestant, title, limit
        Who, and the seconds it had for building and solving.
    state, why
        How it went, and what there is to say where there is no answer.
    build, solve
        Medians in seconds.
    first, runs
        Build and solve of the first time together, and how often it ran.
    memory
        Peak in GiB.
    says, claims_optimal, claimed, bound
        In its own words: how it ended, whether that is the optimum, the value, the bound.
    value, gap, faults
        By our own count: see `benchmarks.answers.Verdict`.
    versions
        Of what it is made of.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: str
    users: int
    kind: Kind
    contestant: str
    title: str
    limit: float
    state: State
    why: str = ""
    build: float | None = None
    solve: float | None = None
    first: float | None = None
    runs: int = 0
    memory: float | None = None
    says: str = ""
    claims_optimal: bool = False
    claimed: float | None = None
    bound: float | None = None
    value: float | None = None
    gap: float | None = None
    faults: list[str] = []
    versions: dict[str, str] = {}

    @property
    def seconds(self) -> float | None:
        """Build and solve; the limit where it was killed at it, which is less than it took."""
        if self.state == "killed":
            return self.limit
        if self.build is None or self.solve is None:
            return None
        return self.build + self.solve

    @property
    def reached_limit(self) -> bool:
        """Whether it ended at its limit or had to be ended: its time counts as at least that."""
        return self.seconds is not None and self.seconds >= AT_THE_LIMIT * self.limit
