"""Options in words, for screens and pages: what each takes, its unit, range and default."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from metneed.solver.rule import Options

ENDLESS = 10**12
"""A greatest value of this much or more is there for arithmetic, and is not worth saying."""

PLAIN = {Decimal: "number", int: "whole number", bool: "true or false", str: "text"}


@dataclass(frozen=True)
class OptionWords:
    """One option as people read it.

    Parameters
    ----------
    name
        How it is called in a scenario.
    takes
        What it takes, with its unit and range.
    default
        What stands for it where it is left out; empty for nothing, "needed" where it must be given.
    says
        What it is for.
    """

    name: str
    takes: str
    default: str
    says: str


def option_words(options: type[Options]) -> list[OptionWords]:
    """The options of a model, in its order."""
    return [
        OptionWords(name, takes(field), default(field), field.description or "")
        for name, field in options.model_fields.items()
    ]


def takes(field: FieldInfo) -> str:
    """What an option takes: its type, its range and its unit."""
    said = _kind(field.annotation)
    bounds = [*_bounds(field.metadata), *_bounds(_inner(field.annotation))]
    least = max((low for low, _ in bounds if low is not None), default=None)
    most = min((high for _, high in bounds if high is not None), default=ENDLESS)
    if least is not None:
        said += f", {least} or more" if most >= ENDLESS else f", {least} to {most}"
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    if "table" in extra:
        said = f"{said}; left out, those of the table {extra['table']}"
    return f"{said}; {extra['unit']}" if "unit" in extra else said


def default(field: FieldInfo) -> str:
    """What stands for an option that is left out."""
    if field.is_required():
        return "needed"
    value = field.get_default()
    if value is None or value == ():
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _kind(annotation: Any) -> str:  # noqa: ANN401 - any type that an option may have
    """A type in words."""
    if annotation in PLAIN:
        return PLAIN[annotation]
    arguments = get_args(annotation)
    if get_origin(annotation) is Literal:
        return "one of " + ", ".join(map(str, arguments))
    if get_origin(annotation) is Annotated:
        return _kind(arguments[0])
    if get_origin(annotation) is tuple:
        return _list(arguments)
    if _is_row(annotation):
        return f"a row of {_columns(annotation)}"
    return _kind(next(each for each in arguments if each is not NoneType))


def _list(arguments: tuple[Any, ...]) -> str:
    """A list in words, by the types of what it holds."""
    first = arguments[0]
    if arguments[-1] is not Ellipsis:
        texts = f"list of {arguments.count(str)} texts"
        return texts if set(arguments) == {str} else f"{texts} and a {_kind(arguments[-1])}"
    if _is_row(first):
        return f"rows of {_columns(first)}"
    return "list of texts" if first is str else f"list, each a {_kind(first)}"


def _columns(row: type[BaseModel]) -> str:
    return ", ".join(field.alias or name for name, field in row.model_fields.items())


def _is_row(annotation: Any) -> bool:  # noqa: ANN401
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _inner(annotation: Any) -> Iterator[Any]:  # noqa: ANN401
    """What is said about the types that an option may have, beside nothing."""
    for each in get_args(annotation):
        if get_origin(each) is Annotated:
            yield from each.__metadata__
            yield from _inner(each)


def _bounds(metadata: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    """The least and greatest values that are said somewhere in metadata."""
    for each in metadata:
        if isinstance(each, FieldInfo):
            yield from _bounds(each.metadata)
        else:
            yield getattr(each, "ge", None), getattr(each, "le", None)
