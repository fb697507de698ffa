"""The limits of a health benefits package: the few forms of YAML that they are written in.

Numbers are kept as they are written, which a general reader of YAML would turn into binary
floats; anything that is not one of these forms is refused with its line.
"""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from metneed.instances.faults import Fault
from metneed.instances.importers.tokens import refuse, text_of

_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_NAME = r"([A-Za-z_][A-Za-z0-9_]*)"
_CODE = r"""['"]?([A-Za-z0-9_.-]+)['"]?"""
_FORMS = {
    "number": re.compile(rf"{_NAME}:\s+{_NUMBER}"),
    "table": re.compile(rf"{_NAME}:"),
    "entry": re.compile(rf"\s+{_NAME}:\s+{_NUMBER}"),
    "first": re.compile(rf"\s*-\s+-\s+{_CODE}"),
    "next": re.compile(rf"\s+-\s+{_CODE}"),
}


@dataclass
class Limits:
    """What the file says: numbers by name, tables of numbers, and lists of codes."""

    numbers: dict[str, Fraction] = field(default_factory=dict)
    tables: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    lists: dict[str, list[list[str]]] = field(default_factory=dict)


def read_limits(path: Path) -> Limits:
    """The limits of a file.

    Raises
    ------
    InputError
        Where it cannot be read, or holds another form of YAML.
    """
    limits, name = Limits(), ""
    for line, text in enumerate(text_of(path).splitlines(), 1):
        bare = text.split(" #")[0].rstrip()
        if not bare or bare.startswith("#"):
            continue
        found = {form: match for form, one in _FORMS.items() if (match := one.fullmatch(bare))}
        if "number" in found:
            name, number = found["number"].groups()
            limits.numbers[name] = Fraction(number)
            name = ""
        elif "table" in found:
            name = found["table"][1]
        elif name and "entry" in found:
            key, number = found["entry"].groups()
            limits.tables.setdefault(name, {})[key] = Fraction(number)
        elif name and "first" in found:
            limits.lists.setdefault(name, []).append([found["first"][1]])
        elif name in limits.lists and "next" in found:
            limits.lists[name][-1].append(found["next"][1])
        else:
            remedy = "Write NAME: NUMBER, a table of such lines, or a list of lists of codes"
            fault = Fault("not-this-format", "a line that is none of the known forms", remedy)
            refuse(path.name, fault, line, bare)
    return limits
