"""Levels of evidence: what the met need of packages was derived from."""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

Evidence: TypeAlias = Literal["A", "B", "C"]

WORDS: Mapping[Evidence, str] = {
    "A": "needs by outcome",
    "B": "total points only, one need a person",
    "C": "today's package only: a share of it is taken to meet the same share of the points, so "
    "people are ranked by how cheaply they were served",
}
"""Each level in words, from the strongest to the weakest."""


def lowest(levels: Iterable[str]) -> Evidence | None:
    """The weakest of some levels, None where none is stated; other texts say nothing.

    >>> lowest(["A", "", "C", "B"])
    'C'
    """
    found: Evidence | None = None
    stated = set(levels)
    for level in WORDS:
        if level in stated:
            found = level
    return found


def sentence(level: Evidence) -> str:
    """The level and what it means, for a screen."""
    return f"Evidence {level}: {WORDS[level]}."
