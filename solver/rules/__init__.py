"""The rules: one file is one way of rationing, found by being here."""

import sys
from functools import cache

from metneed.models.errors import UnknownNameError
from metneed.solver.discovery import discover
from metneed.solver.rule import Rule


@cache
def rules() -> dict[str, Rule]:
    """All rules by name: those of this folder and those of the group ``metneed.rules``."""
    return discover(sys.modules[__name__], "RULE", Rule, "metneed.rules")


def rule(name: str) -> Rule:
    """The rule of that name; UnknownNameError names the nearest ones."""
    if name not in rules():
        raise UnknownNameError("rule", name, rules())
    return rules()[name]
