"""A council of one person whose menu can be worked out by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from metneed.instances.council.read import examine_council, read_council
from metneed.instances.council.record import Council
from metneed.models.findings import Finding

BY_HAND = {
    "services.csv": """service_id,unit,unit_cost,step,replaces_all
home_care,hour,20.00,0.5,no
day_centre,session,40.00,1,no
""",
    "points.csv": """outcome,severity,points
hygiene,2,6
relationships,1,3
""",
    "reckoner.csv": """outcome,severity,service_id,units,reach
hygiene,2,home_care,7,1
relationships,1,day_centre,1,1
relationships,1,home_care,2,0.5
""",
    "needs.csv": """user_id,outcome,severity
ann,hygiene,2
ann,relationships,1
""",
    "current.csv": """user_id,service_id,units
ann,home_care,9
""",
    "scenario.toml": 'schema_version = 1\nname = "by hand"\nbudget = 100.00\n',
}
"""Hygiene (6 points, basic) takes 7 hours; relationships (3 points) take a session at the day
centre, or 2 hours that meet half of them. An hour costs 20.00, a session 40.00."""

Write = Callable[..., Path]
Faults = Callable[..., list[Finding]]
Read = Callable[..., Council]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the tables by hand, with other ones in their place or beside them."""

    def written(**others: str | None) -> Path:
        changed = {name.replace("__", "."): text for name, text in others.items()}
        changed = {name if "." in name else f"{name}.csv": t for name, t in changed.items()}
        for name, text in (BY_HAND | changed).items():
            if text is None:
                (tmp_path / name).unlink(missing_ok=True)
            else:
                (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return written


@pytest.fixture
def faults(write: Write) -> Faults:
    """Findings of the tables by hand with other ones in their place."""

    def found(**others: str | None) -> list[Finding]:
        council, findings = examine_council(write(**others))
        assert (council is None) == bool(findings.errors)
        assert all(item.problem and item.remedy and item.file for item in findings)
        return list(findings)

    return found


@pytest.fixture
def council(write: Write) -> Read:
    """The council of the tables by hand with other ones in their place."""

    def read(**others: str | None) -> Council:
        return read_council(write(**others))

    return read
