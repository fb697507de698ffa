"""What is wrong with options that were given, in words that say what to do."""

from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from metneed.solver.rule import Options

MOST_TOLD = 5
"""So many faults of options are told at once."""

LIST_FAULTS = {"tuple_type", "list_type"}
ROW_FAULTS = {"model_type", "model_attributes_type"}


def option_faults(
    rule: str, options: type[Options], error: ValidationError, files: Mapping[str, str]
) -> str:
    """The faults of a rule's options as one sentence.

    Parameters
    ----------
    rule
        Name of the rule.
    options
        The options that it has.
    error
        What was found.
    files
        For each option that was read from a small table, the file or sheet of that table.
    """
    names = [field.alias or name for name, field in options.model_fields.items()]
    found = error.errors(include_url=False)
    faults = [_told(fault, names, files) for fault in found[:MOST_TOLD]]
    if len(found) > MOST_TOLD:
        faults.append(f"and {len(found) - MOST_TOLD} more faults")
    if any(len(fault["loc"]) == 1 and _is_of_names(fault["type"]) for fault in found):
        faults.append(f"its options: {', '.join(names) or 'none'}")
    return f"rule {rule}: {'; '.join(faults)}"


def _told(fault: ErrorDetails, names: list[str], files: Mapping[str, str]) -> str:
    """One fault of pydantic in words."""
    loc, kind, value = fault["loc"], fault["type"], fault["input"]
    place = _place(loc, files)
    if kind == "extra_forbidden":
        return _unknown(loc, place, names, value)
    if kind == "missing":
        return f"{place}: it is missing"
    if kind in LIST_FAULTS:
        name = loc[0]
        return (
            f"{place}: it takes a list{_given(value)}: write {name} = [...] in the table of the "
            f"rule in scenario.toml, or --option '{name}=[...]'"
        )
    if kind in ROW_FAULTS:
        return f"{place}: it takes a row, as {{name = value}}{_given(value)}"
    if kind == "value_error":
        said = fault["msg"].removeprefix("Value error, ")
        return f"{place}: {said}" if loc else said
    return f"{place}: {fault['msg'].lower()}{_given(value)}"


def _unknown(loc: tuple[int | str, ...], place: str, names: list[str], value: object) -> str:
    """A name that stands for nothing."""
    if len(loc) > 1:
        return f"{place}: a row has no such column{_given(value)}"
    near = get_close_matches(str(loc[0]), names, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"there is no option {loc[0]!r}{_given(value)}{hint}"


def _is_of_names(kind: str) -> bool:
    return kind in {"extra_forbidden", "missing"}


def _place(loc: tuple[int | str, ...], files: Mapping[str, str]) -> str:
    """Where a fault stands: an option, or a cell of the table that it was read from."""
    if not loc:
        return "options"
    first, rest = str(loc[0]), loc[1:]
    ahead = 2 if first in files else 1  # a file's first row has the headings
    cell = [f"row {at + ahead}" if isinstance(at, int) else f"column {at}" for at in rest]
    return ", ".join([files.get(first, first), *cell])


def _given(value: object) -> str:
    """What was given, unless that is a whole table or a row."""
    if isinstance(value, Mapping | list | tuple):
        return ""
    return f" (given {value})" if isinstance(value, Decimal) else f" (given {value!r})"
