"""The sound instance that every case of the corpus changes, and what a case is."""

from collections.abc import Mapping
from dataclasses import dataclass

SCENARIO = 'schema_version = 1\nname = "small"\nbudget = 100.00\n'
USERS = "user_id,points,area\nA1,10,North\nB2,5.5,South\nC3,0.125,North\n"
PACKAGES = (
    "user_id,package_id,cost,met_need\n"
    "A1,home,10.50,3\nA1,day,4,1.5\nB2,home,20,4\nC3,home,5.25,0.125\n"
)
SOUND: Mapping[str, str] = {
    "scenario.toml": SCENARIO,
    "users.csv": USERS,
    "packages.csv": PACKAGES,
}

Place = tuple[str, int, str, str]
"""File, row, column and code of a finding."""


@dataclass(frozen=True)
class Case:
    """One instance on disk and what must be found in it.

    Parameters
    ----------
    name
        What is odd about it.
    files
        Bytes of each file.
    errors, warnings
        Every finding, as file, row, column and code.
    """

    name: str
    files: Mapping[str, bytes]
    errors: tuple[Place, ...] = ()
    warnings: tuple[Place, ...] = ()


def case(
    name: str,
    changed: Mapping[str, str | bytes | None],
    *errors: Place,
    warnings: tuple[Place, ...] = (),
) -> Case:
    """A case that differs from the sound instance in these files; None takes a file away."""
    files = {file: text for file, text in {**SOUND, **changed}.items() if text is not None}
    data = {
        file: text if isinstance(text, bytes) else text.encode() for file, text in files.items()
    }
    return Case(name, data, errors, warnings)


def users(name: str, text: str | bytes, *errors: Place, warnings: tuple[Place, ...] = ()) -> Case:
    return case(name, {"users.csv": text}, *errors, warnings=warnings)


def packages(name: str, text: str, *errors: Place, warnings: tuple[Place, ...] = ()) -> Case:
    return case(name, {"packages.csv": text}, *errors, warnings=warnings)


def scenario(name: str, text: str | bytes, *errors: Place) -> Case:
    return case(name, {"scenario.toml": text}, *errors)


def in_users(row: int, column: str, code: str) -> Place:
    return ("users.csv", row, column, code)


def in_packages(row: int, column: str, code: str) -> Place:
    return ("packages.csv", row, column, code)


def in_scenario(row: int, column: str, code: str) -> Place:
    return ("scenario.toml", row, column, code)
