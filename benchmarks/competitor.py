"""What a competitor is, and what it makes of a programme."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Literal, TypeAlias

from benchmarks.environment import is_made
from benchmarks.programme import Programme, Real

Kind: TypeAlias = Literal["lp", "whole"]


@dataclass(frozen=True, eq=False)
class Attempt:
    """What a contestant made of a programme, in its own words.

    Parameters
    ----------
    build, solve
        Seconds to state the programme to it, and to get the answer back.
    says
        How it ended, as the contestant itself puts it.
    claims_optimal
        Whether that means, to whoever reads it, that nothing is better.
    value
        What it claims the answer to be worth, None where it claims nothing.
    bound
        What it claims no answer to be worth more than, None where it claims nothing.
    shares
        The answer: the share of each package that is given. None where there is none.
    versions
        Of programs that no distribution's version tells.
    """

    build: float
    solve: float
    says: str
    claims_optimal: bool
    value: float | None = None
    bound: float | None = None
    shares: Real | None = None
    versions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Competitor:
    """Another way to solve the same programme.

    Parameters
    ----------
    name, title
        Name of the file, and a few words for a page.
    kinds
        What it answers: ``lp``, with parts of packages, ``whole`` packages, or both.
    attempt
        ``attempt(programme, limit)``; `limit` in seconds is for the solver to keep to. It loads
        what it needs itself, so that nothing is loaded where it is only listed.
    requires
        Modules without which it cannot run.
    distributions
        Whose versions are recorded.
    environment
        Folder of `benchmarks/environments` whose Python runs it, where it is not our own.
    """

    name: str
    title: str
    kinds: tuple[Kind, ...]
    attempt: Callable[[Programme, float], Attempt] = field(repr=False)
    requires: tuple[str, ...] = ()
    distributions: tuple[str, ...] = ()
    environment: str | None = None

    @property
    def place(self) -> str:
        """Where another process finds `attempt`: ``MODULE:NAME``."""
        return f"{self.attempt.__module__}:{self.attempt.__name__}"

    @property
    def missing(self) -> list[str]:
        """What the competitor needs and is not installed."""
        if self.environment is None:
            return missing_modules(self.requires)
        return [] if is_made(self.environment) else [f"environment {self.environment}"]


def missing_modules(modules: tuple[str, ...]) -> list[str]:
    """Those that are not installed."""
    return [name for name in modules if find_spec(name) is None]
