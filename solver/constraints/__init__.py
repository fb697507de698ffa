"""The constraints: one file is one kind of limit, found by being here."""

import sys
from functools import cache

from metneed.models.errors import UnknownNameError
from metneed.solver.constraint import Constraint
from metneed.solver.discovery import discover


@cache
def constraints() -> dict[str, Constraint]:
    """All kinds by name: those of this folder and those of the group ``metneed.constraints``."""
    return discover(sys.modules[__name__], "CONSTRAINT", Constraint, "metneed.constraints")


def constraint(kind: str) -> Constraint:
    """The constraint of that kind; UnknownNameError names the nearest ones, or all."""
    if kind not in constraints():
        raise UnknownNameError("kind of constraint", kind, constraints())
    return constraints()[kind]
