"""Faults in the table ``[path]`` of a scenario: where each stands, and what to write instead."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from metneed.instances.faults import Fault, FileFaults
from metneed.instances.headings import nearest
from metneed.models.budget_path import BudgetPath, PathYear

KEY = "path"
_HEADING = re.compile(r"^[ \t]*(\[\[?)[ \t]*([^\[\]\n]+?)[ \t]*\]", re.MULTILINE)


def explain_path(
    item: Mapping[str, Any], raw: Mapping[str, object], faults: FileFaults, text: str
) -> None:
    """Add the finding of one of pydantic's errors about the path.

    Parameters
    ----------
    item
        The error; its place begins with ``path``.
    raw
        The keys of the whole scenario.
    faults, text
        Where findings go, and the file, to find lines.
    """
    place = tuple(map(str, item["loc"]))
    message = item["msg"].removeprefix("Value error, ").replace("Input should", "should")
    fields = PathYear.model_fields if place[1:2] == ("year",) else BudgetPath.model_fields
    last = place[-1]
    if item["type"] == "extra_forbidden":
        near = nearest(last, fields)
        remedy = f"Did you mean {near}?" if near else f"Known keys are {', '.join(fields)}"
        fault = Fault("unknown-key", "there is no such key", remedy)
    elif item["type"] == "missing":
        fault = Fault("missing-key", "the key is missing", f"Give {_wanted(last, fields)}")
    elif item["type"] == "decimal_type":
        remedy = "Write one number, and what differs in single years as [[path.year]]"
        fault = Fault("bad-value", "not one number", remedy)
    elif last in fields and len(place) > 1:
        fault = Fault("bad-value", message, f"Give {_wanted(last, fields)}")
    elif ": " in message:
        problem, _, remedy = message.partition(": ")
        fault = Fault("bad-value", problem, remedy[0].upper() + remedy[1:])
    else:
        message = message.replace("a valid dictionary", "a table").replace(
            " or instance of BudgetPath", ""
        )
        fault = Fault("bad-value", message, "Write a table [path]: see docs/file-formats.md")
    value = _value(raw, place) if last in fields else ""
    faults.add(fault, _named(place, raw), value, row=line_of(place, text))


def line_of(place: Sequence[str], text: str) -> int:
    """The line of a key of the path in the file, of its table where it has none; 0 for neither."""
    keys = list(place[1:])
    heading, number = KEY, 0
    if keys[:1] == ["year"] and len(keys) > 1:
        heading, number, keys = f"{KEY}.year", int(keys[1]), keys[2:]
    headings = list(_HEADING.finditer(text))
    tables = [at for at, found in enumerate(headings) if found[2].replace(" ", "") == heading]
    if len(tables) <= number:
        return _line(text, re.search(rf"^[ \t]*{KEY}[ \t]*[.=]", text, re.MULTILINE))
    own = headings[tables[number]]
    after = headings[tables[number] + 1 :]
    end = after[0].start() if after else len(text)
    for key in keys[:1]:
        pattern = re.compile(rf"""^[ \t]*["']?{re.escape(key)}["']?[ \t]*=""", re.MULTILINE)
        if found := pattern.search(text, own.end(), end):
            return _line(text, found)
    return _line(text, own)


def _line(text: str, found: re.Match[str] | None) -> int:
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _wanted(key: str, fields: Mapping[str, Any]) -> str:
    return f"{key}: {fields[key].description}"


def _value(raw: object, place: Iterable[str]) -> str:
    """What stands at a place of the raw keys, as text."""
    for key in place:
        if isinstance(raw, Mapping):
            raw = raw.get(key, "")
        elif isinstance(raw, list | tuple) and key.isdigit() and int(key) < len(raw):
            raw = raw[int(key)]
    if isinstance(raw, list | tuple):
        return f"[{', '.join(map(str, raw))}]"
    return str(raw)


def _named(place: Sequence[str], raw: Mapping[str, object]) -> str:
    """The place in words of the file: a listed year by its number, where it has one."""
    named = list(place)
    if len(named) > 2 and named[1] == "year":
        named[2] = _value(raw, [*place[:3], "year"]) or named[2]
    return ".".join(named)
