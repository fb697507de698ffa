"""Answers of a made-up council's people to the German assessment of care: items and levels."""

from collections.abc import Iterator

import numpy as np

from metneed.instances.generators.bundled import bundled
from metneed.instances.generators.council_people import People
from metneed.instances.generators.council_profile import CLIENT_GROUPS, profile
from metneed.models.arrays import IntArray
from metneed.models.random_stream import RandomStream

_COGNITION = ((62, 18, 12, 8), (8, 30, 36, 26), (45, 32, 18, 5), (80, 14, 4, 2))
"""How often people of each client group have lost so much of their cognitive abilities."""

_STRAYS = (46, 44, 10)
"""An answer is one level lower, the same, or one level higher than what it follows."""

_VISITS = (12, 22, 8)
"""Of a hundred: visits to the doctor weekly, therapy weekly, dressings weekly."""

_NEVER = ("5.3", "5.4", "5.5", "5.9", "5.10", "5.12", "5.15")
_MEASURES = ("0", "1 a day", "2 a day", "4 a day")
_INCONTINENT = ("", "", "mostly incontinent", "fully incontinent")


def care_items(people: People, conditions: IntArray, seed: int) -> Iterator[tuple[str, object]]:
    """For each item of the assessment the answer of each person, text or levels from 0.

    Answers follow the severities of the needs that they are about, one level higher or lower at
    random; what needs do not say (cognition, behaviour) follows the client group.

    Parameters
    ----------
    people
        The people.
    conditions
        How many conditions each has.
    seed
        Seed of everything drawn.
    """
    bases = _bases(people, conditions, seed)
    for row in bundled("care_items"):
        strays = _stream(seed, row["item"]).choices(_STRAYS, len(people)) - 1
        level = bases[row["follows"]] + np.where(bases[row["follows"]] > 0, strays, 0)
        yield row["item"], np.clip(level, 0, int(row["most"]))
    yield from _how_often(people, conditions, seed)
    for finding in ("urine", "bowel"):
        yield finding, np.array(_INCONTINENT, dtype=object)[bases["toilet"]]


def _bases(people: People, conditions: IntArray, seed: int) -> dict[str, IntArray]:
    """What answers follow: levels from 0 to 3."""
    severity = dict(zip(profile().outcomes, _severities(people).T, strict=True))
    cognition = np.zeros(len(people), dtype=np.int64)
    for group, weights in enumerate(_COGNITION):
        rows = np.flatnonzero(people.group == group)
        stream = _stream(seed, f"cognition {CLIENT_GROUPS[group]}")
        cognition[rows] = stream.choices(weights, len(rows))
    company = (severity["relationships"] + severity["community"]) // 2
    return {
        **severity,
        "nobody": np.zeros(len(people), dtype=np.int64),
        "cognition": cognition,
        "behaviour": np.maximum(cognition - 1, 0),
        "mobility": (severity["home_safely"] + severity["toilet"]) // 2,
        "illness": np.minimum(conditions - 1, 2),
        "company": company,
    }


def _severities(people: People) -> IntArray:
    """People by outcomes: 0 to 3; two carers are needed at severity 3."""
    number = [0, *(int(row["severity"][0]) for row in bundled("points"))]
    severities: IntArray = np.array(number)[people.needs.level]
    return severities


def _how_often(people: People, conditions: IntArray, seed: int) -> Iterator[tuple[str, object]]:
    """How often people need help with an illness: words, or 0 for never."""
    size = len(people)
    never = np.full(size, "0", dtype=object)
    measures = np.array(_MEASURES, dtype=object)
    yield "5.1", measures[np.minimum(conditions, 3)]
    yield "5.2", np.where(_stream(seed, "injections").chance(90, size), "1 a day", never)
    yield "5.6", np.where(conditions > 2, "1 a day", never)
    yield "5.7", np.where(_stream(seed, "aids").chance(250, size), "1 a day", never)
    for item, percent, words in zip(
        ("5.13", "5.14", "5.11", "5.8"),
        (_VISITS[0], _VISITS[1], _VISITS[1], _VISITS[2]),
        ("1 a week", "1 a week", "2 a week", "3 a week"),
        strict=True,
    ):
        yield item, np.where(_stream(seed, item).chance(percent * 10, size), words, never)
    for item in _NEVER:
        yield item, never


def _stream(seed: int, name: str) -> RandomStream:
    return RandomStream.of(seed, f"council care items {name}")
