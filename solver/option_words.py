"""Options in words, for screens and pages: what each takes, its unit, range and default."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

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
    extra = field.json_schema_extra
    return f"{said}; {extra['unit']}" if isinstance(extra, dict) and "unit" in extra else said


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
        if arguments[-1] is Ellipsis:
            return "list of texts" if arguments[0] is str else f"list, each a {_kind(arguments[0])}"
        return f"list of {len(arguments)} texts"
    return _kind(next(each for each in arguments if each is not NoneType))


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
