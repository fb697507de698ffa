"""A corpus of bad and awkward instances: small files, and the findings each must give.

Read with ``runpy.run_path``; every case changes a few files of the same sound instance.
"""

import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

PARTS = ("numbers", "form", "identifiers", "contradictions", "folders")


def part(name: str) -> dict[str, Any]:
    return runpy.run_path(str(Path(__file__).with_name(f"{name}.py")))


BASE = SimpleNamespace(**part("base"))
SCENARIO, USERS, PACKAGES, SOUND = BASE.SCENARIO, BASE.USERS, BASE.PACKAGES, BASE.SOUND
IDS, AWKWARD_IDS = (part("identifiers")[name] for name in ("IDS", "AWKWARD_IDS"))
CASES = (
    BASE.case("a sound instance", {}),
    *(case for name in PARTS for case in part(name)["cases"](BASE)),
)
