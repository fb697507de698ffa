"""What a case and a competitor are, and finding them: each is one file of its folder."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from benchmarks.competitor import Competitor, missing_modules
from benchmarks.entry import Entry
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
    limit
        Seconds that each attempt of a competitor has.
    only
        Names of the competitors that take part; all where empty.
    """

    users: int
    repeats: int = 1
    limit: float = 40.0
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """One measured number and what it counts: ``s``, ``GiB``, ``times`` and so on."""

    value: float
    unit: str


Figures: TypeAlias = dict[str, Figure]


@dataclass(frozen=True)
class Measured:
    """What a case gives that also lets competitors try.

    Parameters
    ----------
    figures
        Its measured numbers.
    entries
        What each contestant made of each programme.
    """

    figures: Figures
    entries: list[Entry] = field(default_factory=list)


Run: TypeAlias = Callable[[Size, Path], Figures | Measured]


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
        ``run(size, work)``: the figures, and the entries of a contest if there is one. `work` is a
        folder for files, shared by the cases of a run, so that an instance is written once.
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
        return missing_modules(self.requires)


def cases() -> dict[str, Case]:
    """All cases by name."""
    folder = importlib.import_module("benchmarks.cases")
    return discover(folder, "CASE", Case, "metneed.benchmarks.cases")


def competitors() -> dict[str, Competitor]:
    """All competitors by name, installed or not."""
    folder = importlib.import_module("benchmarks.competitors")
    return discover(folder, "COMPETITOR", Competitor, "metneed.benchmarks.competitors")
