"""Importers: from what councils already have to a council's tables. One file is one format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

from metneed.instances.importers import cld
from metneed.instances.importers.imported import Assumption, Imported, Tally
from metneed.instances.importers.parts import Request
from metneed.models.errors import UnknownNameError

__all__ = ["Assumption", "Format", "Imported", "Request", "Tally", "formats", "import_extract"]

Run: TypeAlias = Callable[[Request], Imported]


@dataclass(frozen=True)
class Format:
    """A format that can be imported.

    Parameters
    ----------
    name, title
        Name on the command line, and a few words for a screen.
    run
        ``run(request)``.
    """

    name: str
    title: str
    run: Run


def formats() -> Mapping[str, Format]:
    """Every format by name."""
    listed = (Format("cld", "Client Level Data return of an English council (CSV)", cld.run),)
    return {each.name: each for each in listed}


def import_extract(  # noqa: PLR0913 - one argument for each thing a council brings
    name: str,
    file: Path,
    points: Path,
    on: date,
    *,
    mapping: Path | None = None,
    tables: Path | None = None,
    encoding: str = "utf-8",
) -> Imported:
    """A council's tables from an extract.

    Parameters
    ----------
    name
        Format: ``cld``.
    file
        The extract.
    points
        Points export: user_id, outcome, severity; or user_id, points.
    on
        The day whose services are today's.
    mapping
        Rows that say which service a combination of codes is, ahead of those of metneed.
    tables
        Folder of the council's own tables (points, reckoner, services, ...) that go along.
    encoding
        Of CSV files that do not say it themselves.

    Raises
    ------
    UnknownNameError
        Where there is no such format.
    InputError
        Where a file cannot be read as what it should be; odd rows are no error.
    OptionError
        Where there is no such encoding.
    """
    known = formats()
    if name not in known:
        raise UnknownNameError("format", name, known)
    return known[name].run(Request(file, points, on, mapping, tables, encoding))
