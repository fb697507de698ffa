"""Finding the rules or measures of a folder, and those of third parties."""

import importlib
import pkgutil
from importlib.metadata import entry_points
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def discover(package: ModuleType, attribute: str, kind: type[T], group: str) -> dict[str, T]:
    """What every file of a folder offers under `attribute`, by name in alphabetical order.

    Parameters
    ----------
    package
        The folder, as an imported package.
    attribute
        Name that each of its modules must define: ``RULE`` or ``MEASURE``.
    kind
        Class that it must be of.
    group
        Entry-point group through which other distributions add theirs.

    Raises
    ------
    TypeError
        Where a file offers nothing of that kind, calls it by another name than its own, or an
        entry point takes a name that is already used.
    """
    found: dict[str, T] = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        item = _of_kind(getattr(module, attribute, None), kind, f"{module.__name__}.{attribute}")
        if getattr(item, "name", None) != info.name:
            raise TypeError(f"{module.__name__}.{attribute} must be named {info.name!r}")
        found[info.name] = item
    for point in entry_points(group=group):
        if point.name in found:
            raise TypeError(f"{point.value} takes the name {point.name!r}, which is in use")
        found[point.name] = _of_kind(point.load(), kind, point.value)
    return dict(sorted(found.items()))


def _of_kind(item: object, kind: type[T], place: str) -> T:
    if not isinstance(item, kind):
        raise TypeError(f"{place} must be a {kind.__name__}, not {type(item).__name__}")
    return item
