"""The measures: one file is one kind of figure, found by being here."""

import sys
from functools import cache

from metneed.models.errors import UnknownNameError
from metneed.solver.discovery import discover
from metneed.solver.measure import Measure


@cache
def measures() -> dict[str, Measure]:
    """All measures by name: those of this folder and those of the group ``metneed.measures``."""
    return discover(sys.modules[__name__], "MEASURE", Measure, "metneed.measures")


def measure(name: str) -> Measure:
    """The measure of that name; UnknownNameError names the nearest ones."""
    if name not in measures():
        raise UnknownNameError("measure", name, measures())
    return measures()[name]
