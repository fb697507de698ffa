"""The process in which a contestant works: ``benchmarks.attempt FOLDER JSON``.

It runs in the Python of the contestant, which may have NumPy and nothing of ours.
"""

import importlib
import json
import sys
from importlib.metadata import version
from math import isfinite
from pathlib import Path

import numpy as np

from benchmarks.competitor import Attempt
from benchmarks.peak import peak_memory
from benchmarks.programme import Programme

ENOUGH = 3.0
"""An attempt is repeated as long as all so far took less than so many seconds."""


def main() -> None:
    """Attempt the programme of a folder, and write the answer and all times beside it."""
    folder, asked = Path(sys.argv[1]), json.loads(sys.argv[2])
    module, _, name = asked["place"].partition(":")
    attempt = getattr(importlib.import_module(module), name)
    programme = Programme.load(folder / "programme.npz")
    attempts: list[Attempt] = []
    while len(attempts) < asked["repeats"]:
        attempts.append(attempt(programme, asked["limit"]))
        if sum(each.build + each.solve for each in attempts) > ENOUGH:
            break
    first = attempts[0]
    if first.shares is not None:
        np.save(folder / "shares.npy", first.shares)
    answer = {
        "build": [each.build for each in attempts],
        "solve": [each.solve for each in attempts],
        "says": first.says,
        "claims_optimal": first.claims_optimal,
        "value": _finite(first.value),
        "bound": _finite(first.bound),
        "peak": peak_memory(),
        "versions": first.versions | {name: version(name) for name in asked["distributions"]},
    }
    (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")


def _finite(claimed: float | None) -> float | None:
    """Solvers that know no bound claim an infinite one."""
    return claimed if claimed is not None and isfinite(claimed) else None


if __name__ == "__main__":
    main()
