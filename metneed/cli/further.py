"""What an instance holds for points systems: columns of numbers, needs and small tables."""

import numpy as np

from metneed.models.findings import visible
from metneed.models.instance import Instance
from metneed.models.words import counted


def further(instance: Instance) -> dict[str, dict[str, int]]:
    """What points systems can use, as plain data: how many users or rows there are of each."""
    numbers, assessment = instance.users.numbers, instance.assessment
    instruments = {}
    if assessment is not None:
        counts = np.bincount(
            assessment.instrument.codes, minlength=len(assessment.instrument.names)
        )
        instruments = dict(zip(assessment.instrument.names, counts.tolist(), strict=True))
    return {
        "numbers": {name: int(column.stated.sum()) for name, column in numbers.items()},
        "needs": instruments,
        "tables": {name: len(rows) for name, rows in instance.tables.items()},
    }


def further_lines(instance: Instance) -> list[str]:
    """The same for a screen, a line a kind; nothing where there is none."""
    held = further(instance)
    parts = {
        "Columns of numbers": [
            f"{visible(name)} ({counted(count, 'user')})" for name, count in held["numbers"].items()
        ],
        "Assessed needs": [
            f"{visible(name) or 'no instrument named'} ({counted(count, 'row')})"
            for name, count in held["needs"].items()
        ],
        "Small tables": [
            f"{name} ({counted(count, 'row')})" for name, count in held["tables"].items()
        ],
    }
    return [f"{kind}: {', '.join(each)}." for kind, each in parts.items() if each]
