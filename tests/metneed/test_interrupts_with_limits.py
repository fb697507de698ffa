"""Ctrl-C while limits beside the budget are searched with, whole and in parts.

On a quiet machine the command is gone within two seconds; the tests wait longer, because machines
that run them are shared.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from metneed.__main__ import run

from .test_interrupts import TOLD, Start, started

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="signals are sent to single processes as POSIX has them"
)

__all__ = ["started"]

LIMITED = """
from metneed.solver import limited as module
whole = module.{function}
def searching(*args, **options):
    here()
    while True:
        whole(*args, **options)
module.{function} = searching
"""

ASKED = """
import subprocess
communicate = subprocess.Popen.communicate
def communicating(child, *args, **options):
    here(child.pid)
    return communicate(child, *args, **options)
subprocess.Popen.communicate = communicating
"""


LIMITS = """
[constraints.homes]
kind = "spend"
forms = ["care home"]
at_most_share = 0.15

[constraints.direct]
kind = "spend"
forms = ["direct payment"]
at_least_share = 0.12
"""

PLACE = """
[constraints.{name}]
kind = "spend"
group = "locality"
values = ["{place}"]
at_most_share = 0.11
"""


@pytest.fixture
def limited(tmp_path: Path) -> Path:
    """A council of several thousand people with seven limits beside the budget."""
    folder = tmp_path / "limited"
    assert run(["generate", "council", "--users", "6000", "--seed", "1", "--out", str(folder)]) == 0
    places = {"abbey": "Abbey", "castle": "Castle Hill", "docks": "Docks", "forest": "Forest"}
    places["green"] = "Greenway"
    with (folder / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write(LIMITS)
        file.writelines(PLACE.format(name=name, place=place) for name, place in places.items())
    return folder


@pytest.mark.parametrize("after", [0.01, 1, 5])
def test_a_search_under_several_limits_is_interrupted(
    started: Start, limited: Path, tmp_path: Path, after: float
) -> None:
    out = tmp_path / "out"
    arguments = ["solve", str(limited), "--rule", "met_need_whole", "--time-limit", "600"]

    hook = LIMITED.format(function="rows_whole_optimum")
    command = started([*arguments, "--out", str(out)], hook)
    with pytest.raises(subprocess.TimeoutExpired):
        command.process.wait(after)
    told = command.interrupted()

    assert told == TOLD
    assert not out.exists()


@pytest.mark.parametrize("after", [0.01, 1])
def test_part_packages_under_several_limits_are_interrupted(
    started: Start, limited: Path, tmp_path: Path, after: float
) -> None:
    out = tmp_path / "out"
    scenario = limited / "scenario.toml"
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(text.replace('packages = "whole"', 'packages = "divisible"'), "utf-8")

    hook = LIMITED.format(function="rows_optimum")
    command = started(["solve", str(limited), "--rule", "met_need_lp", "--out", str(out)], hook)
    with pytest.raises(subprocess.TimeoutExpired):
        command.process.wait(after)
    told = command.interrupted()

    assert told == TOLD
    assert not out.exists()


def test_a_solver_asked_about_near_ties_goes_with_the_command(
    started: Start, limited: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = ["solve", str(limited), "--rule", "met_need_whole", "--time-limit", "40"]

    command = started([*arguments, "--out", str(out)], ASKED)
    with pytest.raises(subprocess.TimeoutExpired):
        command.process.wait(1)
    told = command.interrupted()

    assert told == TOLD
    assert not out.exists()
    child = int(command.facts[0])
    with pytest.raises(ProcessLookupError):
        os.killpg(child, 0)
