"""What a case and a competitor are, and finding them: each is one file of its folder."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeAlias

from metneed.models.menus import Menus
from metneed.solver.discovery import discover

SizeName: TypeAlias = Literal["full", "small"]


@dataclass(frozen=True)
class Size:
    """How large a run of a case is.

    Parameters
    ----------
    users
        How many users; 0 where the case has none.
    repeats
        How often each thing is timed: figures are medians.
    """

    users: int
    repeats: int = 1


@dataclass(frozen=True)
class Figure:
    """One measured number and what it counts: ``s``, ``GiB``, ``times`` and so on."""

    value: float
    unit: str


Figures: TypeAlias = dict[str, Figure]
Run: TypeAlias = Callable[[Size, Path], Figures]


@dataclass(frozen=True)
class Target:
    """What a figure is meant to reach, at full size.

    Parameters
    ----------
    figure
        Name of the figure.
    bound
        Whether the figure is to be at least or at most the value.
    value
        In the unit of the figure.
    """

    figure: str
    bound: Literal["at least", "at most"]
    value: float

    def met(self, figures: Mapping[str, Figure]) -> bool:
        """Whether the measured figures reach it."""
        found = figures[self.figure].value
        return found >= self.value if self.bound == "at least" else found <= self.value


@dataclass(frozen=True)
class Case:
    """Something that is measured.

    Parameters
    ----------
    name, title
        Name of the file, and one line for a page.
    counts
        What is counted in the times and what is not, in sentences.
    sizes
        ``full`` for figures, ``small`` for a run of a few seconds that only shows that it works.
    run
        ``run(size, work)``: the figures. `work` is a folder for files, shared by the cases of a
        run, so that an instance is written once.
    targets
        What the figures are meant to reach at full size.
    requires
        Modules without which the case cannot run; it is then reported as missing.
    """

    name: str
    title: str
    counts: str
    sizes: Mapping[SizeName, Size]
    run: Run
    targets: tuple[Target, ...] = ()
    requires: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """Modules that the case needs and that are not installed."""
        return _missing(self.requires)


@dataclass(frozen=True)
class Attempt:
    """What a competitor made of a problem.

    Parameters
    ----------
    build, solve
        Seconds to state the problem to it, and to get the answer back.
    value
        The value it claims, or None where it gave no answer.
    """

    build: float
    solve: float
    value: float | None


@dataclass(frozen=True)
class Competitor:
    """Another way to solve the same problem.

    Parameters
    ----------
    name, title
        Name of the file, and a few words for a page.
    attempt
        ``attempt(menus, budget, divisible=...)`` with at most one package a user.
    requires
        Modules without which it cannot run.
    """

    name: str
    title: str
    attempt: Callable[..., Attempt] = field(repr=False)
    requires: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """Modules that the competitor needs and that are not installed."""
        return _missing(self.requires)

    def solve(self, menus: Menus, budget: int, *, divisible: bool) -> Attempt:
        """One attempt at a problem."""
        return self.attempt(menus, budget, divisible=divisible)


def cases() -> dict[str, Case]:
    """All cases by name."""
    folder = importlib.import_module("benchmarks.cases")
    return discover(folder, "CASE", Case, "metneed.benchmarks.cases")


def competitors() -> dict[str, Competitor]:
    """All competitors by name, installed or not."""
    folder = importlib.import_module("benchmarks.competitors")
    return discover(folder, "COMPETITOR", Competitor, "metneed.benchmarks.competitors")


def _missing(modules: tuple[str, ...]) -> list[str]:
    return [name for name in modules if find_spec(name) is None]
