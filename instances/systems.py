"""The library of allocation systems: ways of rationing as scenarios, each with its source.

Each is a file of ``data/scenarios``. It says in plain words what the system does and what it leaves
out, which rule it is, which command shows it, how the scenario of the made-up council is changed
for it, what each of its parameters moves, and an answer by hand.
"""

import csv
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from metneed.instances.files import write_text
from metneed.instances.generators import demo_council
from metneed.instances.generators.family import Generated, Table
from metneed.instances.scenario_file import as_scenario
from metneed.instances.scenario_text import scenario_text
from metneed.instances.write import write_instance
from metneed.models.errors import UnknownNameError
from metneed.models.random_stream import RandomStream

Form = Literal[
    "denial", "selection", "deflection", "deterrence", "delay", "dilution", "termination"
]
COUNCIL, AFTER = "COUNCIL", "AFTER"
"""Stand in a command for the folder of the instance, and of the one that comes after it."""


class Parameter(BaseModel):
    """A parameter of a system, another value of it, and what that moves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(
        description="where it stands in the scenario, with points: rules.NAME.option; or an "
        "option of the command: --error"
    )
    to: Any = Field(description="another value")
    moves: str = Field(description="figure that moves with it, as the command names it")
    way: Literal["up", "down", "other"] = Field(
        description="whether the figure goes up, goes down, or is only another one"
    )
    on: Literal["hand", "council"] = Field(
        default="hand", description="where it is tried: the hand example, or the made-up council"
    )


class Hand(BaseModel):
    """A small instance and its answer by hand; tables as CSV text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: str = Field(description="the reckoning in words")
    expected: str = Field(
        description="the answer as CSV text: user_id, award, met_need; or figure, value"
    )
    scenario: dict[str, Any] = Field(default={}, description="keys laid over those of the system")
    tables: dict[str, str] = Field(description="users, packages, ... as CSV text")
    after: dict[str, str] = Field(default={}, description="tables that differ in what comes after")


class System(BaseModel):
    """A way of rationing as a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[A-J][0-9]{1,2}$", description="short name, such as A1")
    title: str = Field(description="a few words")
    words: str = Field(description="what it does, in plain words")
    source: str = Field(description="where it comes from")
    leaves_out: str = Field(description="what it leaves out")
    forms: tuple[Form, ...] = Field(
        default=(), description="forms of rationing it uses (Maybin and Klein 2012)"
    )
    rule: str = Field(description="the rule that it is")
    beside: tuple[str, ...] = Field(default=(), description="further rules to show beside it")
    command: tuple[str, ...] = Field(
        default=(), description="what shows it; default: compare with current and the optimum"
    )
    scenario: dict[str, Any] = Field(default={}, description="keys laid over the council's")
    after: dict[str, Any] = Field(
        default={}, description="keys laid over those for the instance that comes after"
    )
    reassessed: float = Field(
        default=0, ge=0, le=1, description="how far points differ in the instance after"
    )
    parameters: tuple[Parameter, ...] = Field(default=(), description="what moves what")
    hand: Hand = Field(description="an answer by hand")

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command that shows it, with `COUNCIL` for the folder of the instance."""
        if self.command:
            return self.command
        best = "met_need_lp" if self.scenario.get("packages") == "divisible" else "met_need_whole"
        rules = dict.fromkeys(["current", self.rule, *self.beside, best])
        return ("compare", COUNCIL, "--rules", ",".join(rules))


@cache
def systems() -> Mapping[str, System]:
    """Every system by its id, in order of family and number.

    Raises
    ------
    TypeError
        Where a file of the library has faults, or bears another name than its id.
    """
    found = {}
    folder = files("metneed.instances") / "data" / "scenarios"
    for file in folder.iterdir():
        if not file.name.endswith(".toml"):
            continue
        raw = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
        try:
            item = System.model_validate(raw)
        except ValidationError as error:
            raise TypeError(f"{file.name}: {error}") from error
        if file.name != f"{item.id}.toml":
            raise TypeError(f"{file.name} must be named {item.id}.toml")
        found[item.id] = item
    return {key: found[key] for key in sorted(found, key=lambda name: (name[0], int(name[1:])))}


def system(name: str) -> System:
    """The system of this id, in capital letters or small ones.

    Raises
    ------
    UnknownNameError
        Where there is none.
    """
    known = systems()
    if name.upper() not in known:
        raise UnknownNameError("system", name, known)
    return known[name.upper()]


def laid_over(scenario: Mapping[str, Any], keys: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario with other keys laid over it, tables within tables.

    >>> laid_over({"budget": 5, "rules": {"a": {"x": 1}}}, {"rules": {"a": {"y": 2}}})
    {'budget': 5, 'rules': {'a': {'x': 1, 'y': 2}}}
    """
    merged = dict(scenario)
    for key, value in keys.items():
        below = merged.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            merged[key] = laid_over(below, value)
        else:
            merged[key] = value
    return merged


def write_system(item: System, folder: Path) -> dict[str, Path]:
    """Write the council of a system, and what comes after it where there is such a thing.

    Returns
    -------
    dict
        The folder that stands for `COUNCIL` in the command, and the one for `AFTER`.
    """
    made = demo_council(assessment=True)
    places = {COUNCIL: folder / "council"}
    scenario = laid_over(made.scenario, {"name": f"{item.id} on a made-up council"})
    scenario = laid_over(scenario, item.scenario)
    write_instance(places[COUNCIL], made.tables, scenario)
    if AFTER in item.command:
        places[AFTER] = folder / "after"
        tables = _reassessed(made, item.reassessed)
        write_instance(places[AFTER], tables, laid_over(scenario, item.after))
    return places


def write_hand(
    item: System, folder: Path, keys: Mapping[str, Any] | None = None
) -> dict[str, Path]:
    """Write the small instance that a system is worked out on by hand.

    Parameters
    ----------
    item
        The system.
    folder
        Where the instance goes, and what comes after it.
    keys
        Keys of the scenario laid over those of the hand example.
    """
    base = {"schema_version": 1, "name": f"{item.id} by hand", "need_decimals": 3}
    scenario = laid_over(laid_over(base, item.scenario), item.hand.scenario)
    scenario = laid_over(scenario, keys or {})
    places = {COUNCIL: folder / "council"}
    _write_tables(places[COUNCIL], item.hand.tables, scenario)
    if AFTER in item.command:
        places[AFTER] = folder / "after"
        tables = {**item.hand.tables, **item.hand.after}
        _write_tables(places[AFTER], tables, laid_over(scenario, item.after))
    return places


def with_parameter(keys: Mapping[str, Any], parameter: Parameter) -> dict[str, Any]:
    """Keys of a scenario with one parameter changed.

    >>> with_parameter({}, Parameter(key="rules.a.x", to=2, moves="spent", way="up"))
    {'rules': {'a': {'x': 2}}}
    """
    value: Any = parameter.to
    for name in reversed(parameter.key.split(".")):
        value = {name: value}
    return laid_over(keys, value)


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of CSV text, each a mapping from heading to cell."""
    return list(csv.DictReader(text.strip().splitlines()))


def _reassessed(made: Generated, error: float) -> dict[str, Table]:
    """The same people a year on, whose points went up or down by a share of this spread."""
    users = dict(made.tables["users"])
    points = np.asarray(users["points"], dtype=np.int64)
    bell = RandomStream.of(made.seed, "reassessed").bell(len(points))
    users["points"] = np.rint(points * np.maximum(1.0 + error * bell, 0.0)).astype(np.int64)
    return {**made.tables, "users": users}


def _write_tables(folder: Path, tables: Mapping[str, str], scenario: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        write_text(folder / f"{name}.csv", text.strip() + "\n")
    write_text(folder / "scenario.toml", scenario_text(as_scenario(scenario)))
