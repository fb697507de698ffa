"""The scenario file: TOML as raw keys, and keys as a scenario or as findings."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from metneed.instances.faults import Fault, FileFaults
from metneed.instances.headings import nearest
from metneed.instances.path_keys import KEY, explain_path
from metneed.instances.schemas import MOST_DECIMALS
from metneed.models.errors import InputError
from metneed.models.findings import Findings
from metneed.models.scenario import SCHEMA_VERSION, Scenario
from metneed.models.units import Units

FILE = "scenario.toml"
LARGEST_FILE = 1024**2
"""Bytes of a scenario file that are read at most."""

_DIGITS = 30
"""Decimals with more digits or zeros than this are refused before anyone writes them out."""


@dataclass(frozen=True)
class ScenarioKeys:
    """A scenario as far as it could be read: enough to look for faults in the tables.

    Parameters
    ----------
    scenario
        None where the keys have faults.
    units
        The decimals that the file asks for, or else the usual ones.
    groups
        The columns that the file wants reported by, or None.
    """

    scenario: Scenario | None = None
    units: Units = field(default_factory=Units)
    groups: tuple[str, ...] | None = None


def read_scenario(path: Path, findings: Findings) -> ScenarioKeys:
    """The scenario of a file.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    faults = FileFaults(path.name, findings)
    raw, text = raw_keys(path, faults)
    return ScenarioKeys() if raw is None else check_keys(raw, faults, text)


def raw_keys(path: Path, faults: FileFaults) -> tuple[dict[str, Any] | None, str]:
    """The keys of a TOML file as it gives them, None where it cannot be read, and its text.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    text = _text(path, faults)
    return (None, "") if text is None else (_parsed(text, faults), text)


def check_keys(raw: Mapping[str, object], faults: FileFaults, text: str = "") -> ScenarioKeys:
    """The scenario of raw keys; every key that cannot be used is a finding.

    Parameters
    ----------
    raw
        Keys as a TOML file or a program gives them.
    faults
        Where findings go.
    text
        The file, to find the line of a key.
    """
    scenario = None
    outsize = [place for place, value in _numbers(raw, ()) if _is_outsize(value)]
    for place in outsize:
        fault = Fault("bad-value", "a number with too many digits", "Write a plain number")
        _add(faults, fault, place, "", text)
    for key, value in raw.items():
        if isinstance(value, bool) and key in Scenario.model_fields:
            fault = Fault("bad-value", "not a yes or no", _wanted(key))
            _add(faults, fault, (key,), str(value).lower(), text)
    if not outsize:
        try:
            scenario = Scenario.model_validate(dict(raw))
        except ValidationError as error:
            for item in error.errors(include_url=False):
                _explain(item, raw, faults, text)
            if error.errors()[0]["loc"]:
                _check_name(raw, faults, text)
    if any(item.file == faults.file for item in faults.findings.errors):
        scenario = None
    return ScenarioKeys(scenario, _units(raw), _groups(raw))


def as_scenario(keys: Mapping[str, object]) -> Scenario:
    """The scenario of raw keys.

    Raises
    ------
    InputError
        Where a key cannot be used; its findings name every one.
    """
    findings = Findings()
    scenario = check_keys(keys, FileFaults("scenario", findings)).scenario
    if scenario is None:
        raise InputError(findings)
    return scenario


def _text(path: Path, faults: FileFaults) -> str | None:
    if path.stat().st_size > LARGEST_FILE:
        problem = f"larger than {LARGEST_FILE // 1024**2} MiB, which no scenario is"
        faults.add(Fault("too-large-file", problem, "Check that it is the right file"))
        return None
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} (0x{data[error.start]:02X}) is not UTF-8"
        row = data[: error.start].count(b"\n") + 1
        faults.add(Fault("bad-encoding", problem, "Save the file as UTF-8"), row=row)
        return None


def _parsed(text: str, faults: FileFaults) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        message = str(error) if not isinstance(error, RecursionError) else "nested too deeply"
        if "limit" in message:
            message = "a number with too many digits"
        line = re.search(r"at line ([0-9]+)", message)
        problem = "cannot be read: " + re.sub(r" \(at .*\)", "", message).lower()
        remedy = 'Write each key as  key = value  on its own line, with text in "quotes"'
        row = int(line.group(1)) if line else 0
        faults.add(Fault("bad-toml", problem, remedy), row=row)
        return None


def _explain(
    item: Mapping[str, Any], raw: Mapping[str, object], faults: FileFaults, text: str
) -> None:
    """Add the finding of one of pydantic's errors."""
    place = tuple(map(str, item["loc"]))
    key = place[0] if place else ""
    if key == KEY:
        explain_path(item, raw, faults, text)
        return
    message = item["msg"].removeprefix("Value error, ").replace("Input should", "should")
    message = message.replace("valid dictionary", "table")
    if isinstance(raw.get(key), bool) and item["type"] != "extra_forbidden":
        return
    match item["type"]:
        case "missing":
            fault = Fault("missing-key", "the key is missing", _wanted(key))
        case "extra_forbidden":
            fault = _unknown(key)
        case _ if key == "schema_version":
            fault = _version(raw[key])
        case _ if place:
            fault = Fault("bad-value", message, _wanted(key))
        case _:
            place = _subject(message, raw)
            fault = Fault("bad-value", message, "Change this key, or the others it names")
    shown = place and item["type"] != "missing" and place[0] in raw
    _add(faults, fault, place, str(raw[place[0]]) if shown else "", text)


def _check_name(raw: Mapping[str, object], faults: FileFaults, text: str) -> None:
    """Findings for a name that no folder can have: the model looks at it last of all."""
    if isinstance(raw.get("name"), str):
        try:
            Scenario.model_validate({"schema_version": 1, "name": raw["name"], "budget": 0})
        except ValidationError as error:
            for item in error.errors(include_url=False):
                _explain(item, raw, faults, text)


def _subject(message: str, raw: Mapping[str, object]) -> tuple[str, ...]:
    """The key that a message about several keys begins with, or whose value it begins with."""
    first = message.split(maxsplit=1)[0]
    if first in Scenario.model_fields:
        return (first,)
    return next(((key,) for key, value in raw.items() if str(value) == first), ())


def _wanted(key: str) -> str:
    field = Scenario.model_fields.get(key)
    return f"Give {key}: {field.description}" if field else "See docs/file-formats.md"


def _unknown(key: str) -> Fault:
    near = nearest(key, Scenario.model_fields)
    known = ", ".join(Scenario.model_fields)
    remedy = f"Did you mean {near}?" if near else f"Known keys are {known}"
    return Fault("unknown-key", "there is no such key", remedy)


def _version(value: object) -> Fault:
    if isinstance(value, int) and value > SCHEMA_VERSION:
        problem = f"a newer format than this metneed reads ({SCHEMA_VERSION})"
        return Fault("newer-version", problem, "Install a newer metneed")
    remedy = f"Write schema_version = {SCHEMA_VERSION}"
    return Fault("bad-value", "there is no such format", remedy)


def _add(faults: FileFaults, fault: Fault, place: tuple[str, ...], value: str, text: str) -> None:
    key = re.escape(place[0]) if place else r"\Z."
    line = re.search(rf"""^[ \t]*(\[+[ \t]*)?["']?{key}["']?[ \t]*[\]=.]""", text, re.MULTILINE)
    row = text.count("\n", 0, line.start()) + 1 if line else 0
    faults.add(fault, ".".join(place), value, row=row)


def _numbers(value: object, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _numbers(item, (*place, str(key)))
    elif isinstance(value, list):
        for item in value:
            yield from _numbers(item, place)
    elif isinstance(value, Decimal | int):
        yield place, value


def _is_outsize(value: object) -> bool:
    if isinstance(value, Decimal):
        _, digits, exponent = value.as_tuple()
        return isinstance(exponent, int) and max(len(digits), abs(exponent)) > _DIGITS
    return isinstance(value, int) and abs(value) > 10**_DIGITS


def _units(raw: Mapping[str, object]) -> Units:
    kept = {
        key: value
        for key, most in MOST_DECIMALS.items()
        if type(value := raw.get(key)) is int and 0 <= value <= most
    }
    return Units(**kept)  # type: ignore[arg-type]


def _groups(raw: Mapping[str, object]) -> tuple[str, ...] | None:
    groups = raw.get("groups")
    if isinstance(groups, list | tuple) and all(isinstance(name, str) for name in groups):
        return tuple(groups)
    return None
