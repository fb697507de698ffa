"""A scenario as the text of its file."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from metneed.models.scenario import Scenario


def scenario_text(scenario: Scenario) -> str:
    """The scenario as TOML, every default written out: nothing is left to be assumed.

    Reading the text again gives an equal scenario.
    """
    stated = scenario.model_dump(exclude_none=True, exclude={"rules", "constraints", "path"})
    lines = [f"{key} = {toml_value(value)}" for key, value in stated.items()]
    for kind in ("rules", "constraints"):
        for name, options in getattr(scenario, kind).items():
            lines += ["", f"[{kind}.{_text(name)}]"]
            lines += [f"{_text(key)} = {toml_value(value)}" for key, value in options.items()]
    if scenario.path is not None:
        stated = scenario.path.model_dump(exclude_none=True)
        lines += ["", "[path]", *(f"{key} = {toml_value(value)}" for key, value in stated.items())]
    return "\n".join(lines) + "\n"


def toml_value(value: Any) -> str:  # noqa: ANN401 - whatever TOML holds
    """A value as TOML writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f").lower().replace("infinity", "inf")
        case str():
            return _text(value)
        case Mapping():
            return "{" + ", ".join(f"{_text(k)} = {toml_value(v)}" for k, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(toml_value, value)) + "]"
        case _:
            return str(value)


def _text(text: str) -> str:
    # JSON's escapes are TOML's, but for one control character that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
