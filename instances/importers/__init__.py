"""Importers: councils' extracts as their tables, published problems as instances.

One file is one format.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

from metneed.instances.importers import cld, gap, hbp, mckp, mmkp, pabulib
from metneed.instances.importers.imported import Assumption, Imported, Tally
from metneed.instances.importers.parts import Request
from metneed.instances.importers.published import ProblemFormat, Problems, Published
from metneed.models.errors import UnknownNameError

__all__ = [
    "Assumption",
    "Format",
    "Imported",
    "ProblemFormat",
    "Problems",
    "Published",
    "Request",
    "Tally",
    "formats",
    "import_extract",
    "import_problems",
    "problem_formats",
]

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


def problem_formats() -> Mapping[str, ProblemFormat]:
    """Every format of published problems by name."""
    listed = (gap.FORMAT, hbp.FORMAT, mckp.FORMAT, mmkp.FORMAT, pabulib.FORMAT)
    return {each.name: each for each in listed}


def import_problems(name: str, file: str | Path, **options: object) -> Problems:
    """The published problems of a file as instances.

    Parameters
    ----------
    name
        Format: ``gap``, ``hbp``, ``mckp``, ``mmkp`` or ``pabulib``.
    file
        The file; for ``hbp`` also the folder of its two files.
    options
        Options of the format.

    Raises
    ------
    UnknownNameError
        Where there is no such format or option.
    OptionError
        Where an option does not fit.
    InputError
        Where the file is something else, or not whole; the finding names its line.
    """
    known = problem_formats()
    if name not in known:
        raise UnknownNameError("format", name, {**known, **formats()})
    chosen = known[name]
    bound = chosen.bound(options)
    return Problems(name, Path(file), bound, chosen.run(Path(file), bound))


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
        raise UnknownNameError("format", name, {**known, **problem_formats()})
    return known[name].run(Request(file, points, on, mapping, tables, encoding))
