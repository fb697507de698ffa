"""Published problems as instances: what an importer of problems gives, and how it is written."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from metneed.instances.files import sha256, write_text
from metneed.instances.publish import staging_in
from metneed.instances.read import read
from metneed.instances.write import Columns, write_instance
from metneed.models.errors import OptionError, OutputError, UnknownNameError
from metneed.models.instance import Instance

RECORD = "import.json"
NO_CURRENCY = "XXX"
"""The code of ISO 4217 for amounts that are in no currency."""

LIMITS: Mapping[str, Mapping[str, object]] = {"capacity": {"kind": "capacity"}}
"""The table of constraints that holds every service to its capacity."""


class ProblemOptions(BaseModel):
    """Base of the options of a format; a format without options uses it as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, eq=False)
class Published:
    """One problem of a file, as the tables and the scenario of an instance.

    Parameters
    ----------
    number
        Its number in the file, of equal length for all; empty where the file holds one problem.
    tables, scenario
        As `write_instance` takes them.
    notes
        What a reader must know: what was dropped, rounded or turned round.
    """

    number: str
    tables: Mapping[str, Columns]
    scenario: Mapping[str, object]
    notes: Sequence[str] = ()


Make: TypeAlias = Callable[[Path, Any], list[Published]]


@dataclass(frozen=True)
class ProblemFormat:
    """A format of published problems.

    Parameters
    ----------
    name, title
        Name on the command line, and a few words for a screen.
    run
        ``run(file, options)``: every problem of the file.
    options
        Options as a pydantic model.
    """

    name: str
    title: str
    run: Make
    options: type[ProblemOptions] = ProblemOptions

    def bound(self, given: Mapping[str, object]) -> ProblemOptions:
        """Options of this format.

        Raises
        ------
        OptionError
            Where one does not fit.
        UnknownNameError
            Where there is no such option.
        """
        for name in given:
            if name not in self.options.model_fields:
                raise UnknownNameError(f"option of {self.name}", name, self.options.model_fields)
        try:
            return self.options.model_validate(dict(given))
        except ValidationError as error:
            item = error.errors(include_url=False)[0]
            name = str(item["loc"][0]) if item["loc"] else ""
            meant = self.options.model_fields[name].description if name else ""
            message = item["msg"].removeprefix("Value error, ")
            raise OptionError(f"option {name} of {self.name}: {message} ({meant})") from error


@dataclass(frozen=True, eq=False)
class Problems:
    """Every problem of a file.

    Parameters
    ----------
    format_name, file, options
        What was imported, and how.
    problems
        In the order of the file.
    """

    format_name: str
    file: Path
    options: ProblemOptions
    problems: Sequence[Published]

    def write(self, folder: Path) -> Mapping[str, Instance]:
        """Write every problem to the folder, several to folders with their numbers; none or all.

        Returns
        -------
        Mapping
            The instances as they are read back, by the numbers of the problems.

        Raises
        ------
        InputError
            Where a problem is no valid instance: its numbers are too large, for example.
        OutputError
            Where the folder cannot be written, or holds other instances that would mix with
            these.
        """
        instances = {}
        with staging_in(folder) as staging:
            for problem in self.problems:
                place = staging / (problem.number or "it")
                self._write_one(problem, place)
                instances[problem.number] = read(place)
            for number in instances:
                taken = folder / number
                if number and taken.exists():
                    raise OutputError(f"{taken} is there already: write to another folder")
            for problem in self.problems:
                if problem.number:
                    (staging / problem.number).rename(folder / problem.number)
                else:
                    self._write_one(problem, folder)
        return instances

    def document(self, problem: Published) -> dict[str, object]:
        """Where an instance comes from, for machines."""
        return {
            "format": "metneed import",
            "metneed": version("metneed"),
            "from": self.format_name,
            "file": {self.file.name: sha256(self.file)} if self.file.is_file() else {},
            "number": problem.number,
            "options": self.options.model_dump(mode="json"),
            "notes": list(problem.notes),
        }

    def _write_one(self, problem: Published, folder: Path) -> None:
        write_instance(folder, problem.tables, problem.scenario)
        document = json.dumps(self.document(problem), ensure_ascii=False, indent=2)
        write_text(folder / RECORD, document + "\n")


def scenario_name(file: Path, number: str = "") -> str:
    """A name for a scenario from that of a file and the number of a problem in it."""
    stem = re.sub(r"[^A-Za-z0-9_.-]+", "_", file.stem).lstrip("_.-") or "problem"
    name = f"{stem[: 63 - len(number)]}-{number}" if number else stem[:64]
    # Names such as con.txt are none that every system takes for a folder.
    return name if "." not in name else name.replace(".", "_")


def numbered(prefix: str, count: int) -> list[str]:
    """Identifiers from 1 on, all of one length, so that their order is that of their numbers."""
    width = len(str(count))
    return [f"{prefix}{place:0{width}d}" for place in range(1, count + 1)]
