"""PuLP with the CBC that comes with it: what most Python users start with."""

import re
import subprocess
from dataclasses import replace

from benchmarks.competitor import Attempt, Competitor
from benchmarks.programme import Programme


def attempt(programme: Programme, limit: float) -> Attempt:
    """CBC at its own defaults, which allow no gap."""
    import pulp  # noqa: PLC0415 - the contract

    from benchmarks.pulp_attempt import attempt_with  # noqa: PLC0415

    solver = pulp.PULP_CBC_CMD(msg=False, timeLimit=limit)
    made = attempt_with(solver, programme)
    return replace(made, versions={"cbc": _version(solver.path)})


def _version(program: str) -> str:
    said = subprocess.run([program, "-quit"], capture_output=True, text=True, check=False)
    found = re.search(r"Version:\s*(\S+)", said.stdout)
    return found[1] if found else "unknown"


COMPETITOR = Competitor(
    name="pulp_cbc",
    title="PuLP with CBC",
    kinds=("lp", "whole"),
    attempt=attempt,
    requires=("pulp",),
    distributions=("pulp",),
)
