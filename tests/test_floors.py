"""The lower bounds in pyproject.toml: kept by what is installed, and above known faults."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ADVISORIES = {"pyarrow": ("14.0.1", "CVE-2023-47248: code run from a Parquet file")}
"""Least version without a known fault that matters here, of what is asked for."""

REQUIREMENT = re.compile(r"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?\s*(.*)")


def requirements() -> dict[str, str]:
    """Every requirement on other people's software: name and version bounds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"].values()
    listed = [
        *project["project"]["dependencies"],
        *(item for extra in project["project"]["optional-dependencies"].values() for item in extra),
        *(item for group in groups for item in group if isinstance(item, str)),
    ]
    found = [REQUIREMENT.fullmatch(text) for text in listed]
    pairs = [match.groups() for match in found if match]
    return {name.lower(): bounds for name, bounds in pairs if name != "metneed"}


def numbers(text: str) -> tuple[int, ...]:
    """The leading numbers of a version: 26.0.1.post1 is (26, 0, 1)."""
    match = re.match(r"\d+(\.\d+)*", text)
    assert match, f"{text!r} is no version"
    return tuple(map(int, match.group().split(".")))


def padded(text: str) -> tuple[int, ...]:
    """The same with zeros at the end, so that 2.0 and 2 compare as equal."""
    return (*numbers(text), 0, 0, 0, 0)[:4]


def floor(bounds: str) -> str:
    """The version after >= in some bounds."""
    match = re.search(r">=\s*([0-9.]+)", bounds)
    assert match, f"{bounds!r} has no lower bound"
    return match.group(1)


@pytest.mark.parametrize("name", requirements())
def test_every_requirement_has_a_lower_bound_that_the_installed_version_keeps(name: str) -> None:
    least = floor(requirements()[name])
    try:
        installed = version(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed here")

    assert padded(installed) >= padded(least)


def test_pulp_stays_below_the_version_that_needs_a_newer_python() -> None:
    assert "<4" in requirements()["pulp"]
    assert padded(version("pulp")) < (4, 0, 0, 0)


@pytest.mark.parametrize("name", sorted(ADVISORIES))
def test_no_lower_bound_lets_a_version_with_a_known_fault_in(name: str) -> None:
    least, fault = ADVISORIES[name]

    assert padded(floor(requirements()[name])) >= padded(least), fault
