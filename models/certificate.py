"""Certificates: what proves a result."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from metneed.models.units import decimal_text

Proof = Literal["proved", "solver's word only", "arithmetic"]
Stopped = Literal["finished", "time limit", "memory limit", "interrupted"]


class OpeningBound(BaseModel):
    """Multipliers that bound what can be achieved whatever services are open.

    Parameters
    ----------
    valued
        Whether what is maximised counts. Where it does not, the multipliers show for some choices
        of open services that nothing keeps the limits.
    multipliers
        For each limit, and for the least members of each service, the pair (p, q).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    valued: bool
    multipliers: dict[str, tuple[int, int]]


class Certificate(BaseModel):
    """What is claimed of an allocation's value, and what proves the claim.

    Parameters
    ----------
    value
        What the allocation achieves, in the smallest unit of the objective.
    upper_bound
        No feasible allocation achieves more; None where the rule does not maximise.
    objective
        What is maximised, in words: ``met need``.
    scale
        How many smallest units make one unit of the objective: a power of ten.
    multipliers
        For each limit the pair (p, q): one more smallest money unit is worth p/q smallest units
        of the objective. The bound follows from them by weak duality, in integers.
    proof
        ``proved``: the bound was shown by our own integer arithmetic. ``solver's word only``:
        an outside solver says so. ``arithmetic``: the rule divides money and maximises nothing.
    stopped
        ``finished``, or the limit that ended the search.
    least_cost
        Whether it is also proved that no allocation of that value costs less; None where the
        rule does not promise it.
    openings
        Where services are open or closed as a whole: several sets of multipliers. For each choice
        of open services one of them proves the bound, or the search itself does; the first is
        that of the services that are open here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: int
    upper_bound: int | None = None
    objective: str = "met need"
    scale: int = 1000
    multipliers: dict[str, tuple[int, int]] = {}
    proof: Proof = "arithmetic"
    stopped: Stopped = "finished"
    least_cost: bool | None = None
    openings: tuple[OpeningBound, ...] = ()

    @property
    def gap(self) -> int | None:
        """How far the value may be from the best, or None where nothing bounds it."""
        return None if self.upper_bound is None else self.upper_bound - self.value

    @property
    def is_optimal(self) -> bool:
        """Proved by our own arithmetic, with no gap: only then is the word used."""
        return self.proof == "proved" and self.gap == 0

    @property
    def near(self) -> str:
        """How near the best the value is, with the gap as exact decimal; empty without a gap."""
        if not self.gap:
            return ""
        gap = decimal_text(self.gap, len(str(self.scale)) - 1, grouped=True)
        best = "the best possible" if self.proof == "proved" else "the bound"
        return f"within {gap} of {best}"

    @property
    def claim(self) -> str:
        """What is claimed, as results hold it: never more than what is proved."""
        if self.is_optimal:
            return "optimal (proved)"
        if self.proof == "proved" and self.near:
            return f"{self.near} (bound proved){self._ended}"
        return self.proof

    def words(self) -> str:
        """The claim in a few words for a screen: never more than what is proved."""
        if self.proof == "arithmetic":
            return "sums can be re-checked; the rule maximises nothing"
        if self.is_optimal:
            return self.claim + (", least cost not proved" if self.least_cost is False else "")
        if self.proof == "proved" and self.near:
            return self.claim
        return ", ".join(filter(None, [self.proof, self.near])) + self._ended

    @property
    def _ended(self) -> str:
        return "" if self.stopped == "finished" else f", stopped by {self.stopped}"
