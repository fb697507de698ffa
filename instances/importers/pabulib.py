"""Participatory budgeting elections of Pabulib: projects, one budget, and what ballots name.

A .pb file has three parts, META, PROJECTS and VOTES, each with a row of headings, and cells
between semicolons. A project becomes a user with one package, which is bought or not; its met
need is the number of ballots that name it, whatever points or ranks they give.
"""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from metneed.instances.faults import Fault
from metneed.instances.files import defused
from metneed.instances.grammar import PLAIN, explain
from metneed.instances.importers.published import (
    NO_CURRENCY,
    ProblemFormat,
    ProblemOptions,
    Published,
    scenario_name,
)
from metneed.instances.importers.tokens import exact, fitting, refuse, text_of
from metneed.instances.schemas import MOST_DECIMALS
from metneed.instances.write import Columns
from metneed.models.arrays import TextArray
from metneed.models.limits import SUM_LIMIT

_PARTS = ("META", "PROJECTS", "VOTES")
_NEEDED = {
    "PROJECTS": ("project_id", "cost"),
    "VOTES": ("vote",),
}
_REMEDY = "Check that it is a whole .pb file; the format is described at pabulib.org/format"
_SHOWN = 5


class Options(ProblemOptions):
    """Options of the format."""

    value: Literal["votes", "votes_times_cost"] = Field(
        default="votes", description="what a project is worth: ballots that name it, or x its cost"
    )


@dataclass
class _Part:
    """The rows of one part of the file: line, and cells by heading."""

    headings: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)


def run(file: Path, options: Options) -> list[Published]:
    """The one election of a file.

    Raises
    ------
    InputError
        Where the file is something else, or not whole.
    """
    parts = _parts(file)
    meta = {cells["key"]: (line, cells["value"]) for line, cells in parts["META"].rows}
    costs = _costs(file, parts["PROJECTS"])
    ballots = _ballots(file, parts["VOTES"], costs)
    if "budget" not in meta:
        refuse(file.name, Fault("not-this-format", "META says no budget", _REMEDY))
    budget = _amount(file, *meta["budget"])
    decimals = fitting(
        file.name, [*costs.values(), budget], MOST_DECIMALS["money_decimals"], "costs"
    )
    # Money with parts has two decimals, as people write it.
    decimals = max(decimals, 2) if decimals else 0
    cost = exact(list(costs.values()), decimals)
    value = np.array([ballots[project] for project in costs], dtype=np.int64)
    need_decimals = 0
    if options.value == "votes_times_cost":
        if int(value.max()) * int(cost.max()) >= SUM_LIMIT:
            fault = Fault("too-large", "ballots times costs are too large", "Use value=votes")
            refuse(file.name, fault)
        # Ballots times smallest units of money: need then has the decimals of money.
        value, need_decimals = value * cost, decimals
    currency = meta.get("currency", (0, ""))[1].strip()
    is_code = len(currency) == 3 and currency.isascii() and currency.isupper()
    scenario = {
        "schema_version": 1,
        "name": scenario_name(file),
        "description": meta.get("description", (0, ""))[1],
        "budget": budget,
        "currency": currency if is_code else NO_CURRENCY,
        "money_decimals": decimals,
        "need_decimals": need_decimals,
        "groups": [],
    }
    tables: dict[str, Columns] = {
        "users": {"user_id": list(costs), **_names(parts["PROJECTS"])},
        "packages": {
            "user_id": list(costs),
            "package_id": ["project"] * len(costs),
            "cost": cost,
            "met_need": value,
        },
    }
    return [Published("", tables, scenario, list(_notes(parts, ballots, len(costs))))]


FORMAT = ProblemFormat("pabulib", "Participatory budgeting election (Pabulib .pb)", run, Options)


def _parts(file: Path) -> dict[str, _Part]:
    """The three parts of the file."""
    parts: dict[str, _Part] = {}
    name, line = "", 0
    reader = csv.reader(io.StringIO(text_of(file), newline=""), delimiter=";")
    for cells in _rows(file, reader):
        line, first = reader.line_num, line + 1
        title = cells[0].strip().upper() if cells else ""
        if not any(cells):
            continue
        if title in _PARTS and not any(cells[1:]):
            if title in parts:
                problem = f"a second part {title}"
                refuse(file.name, Fault("not-this-format", problem, _REMEDY), first)
            name, parts[title] = title, _Part()
        elif not name:
            problem = "the file does not begin with META"
            refuse(file.name, Fault("not-this-format", problem, _REMEDY), first)
        else:
            _add(file, name, parts[name], first, cells)
    for name in _PARTS:
        if name not in parts or not parts[name].rows:
            refuse(file.name, Fault("not-this-format", f"there is no part {name}", _REMEDY))
    return parts


def _add(file: Path, name: str, part: _Part, line: int, cells: list[str]) -> None:
    """Add a row to a part, or its headings."""
    if name == "META":
        # Some files leave the headings key and value out, and some values hold semicolons.
        part.rows.append((line, {"key": cells[0].strip(), "value": ";".join(cells[1:]).strip()}))
    elif not part.headings:
        part.headings = [cell.strip() for cell in cells]
        missing = [heading for heading in _NEEDED[name] if heading not in part.headings]
        if missing:
            problem = f"{name} has no column {missing[0]}"
            refuse(file.name, Fault("not-this-format", problem, _REMEDY), line)
    elif len(cells) != len(part.headings):
        problem = f"{len(cells)} cells, and {len(part.headings)} headings"
        refuse(file.name, Fault("ragged-row", problem, _REMEDY), line)
    else:
        part.rows.append((line, dict(zip(part.headings, cells, strict=True))))


def _rows(file: Path, reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        line = getattr(reader, "line_num", 0)
        refuse(file.name, Fault("not-this-format", f"cannot be read: {error}", _REMEDY), line)


def _costs(file: Path, projects: _Part) -> dict[str, str]:
    """What each project costs, in the order of the file."""
    costs: dict[str, str] = {}
    for line, cells in projects.rows:
        project = cells["project_id"].strip()
        if not project:
            refuse(file.name, Fault("blank-id", "a project without project_id", _REMEDY), line)
        if project in costs:
            fault = Fault("duplicate-project", "the project stands there twice", "Keep one row")
            refuse(file.name, fault, line, project)
        costs[project] = _amount(file, line, cells["cost"])
    if not costs:
        refuse(file.name, Fault("no-rows", "there are no projects", _REMEDY))
    return costs


def _amount(file: Path, line: int, text: str) -> str:
    """A plain amount; the format writes a comma for the point in some files."""
    plain = text.strip().replace(",", ".", 1)
    if not PLAIN.fullmatch(plain):
        refuse(file.name, explain(text.strip(), MOST_DECIMALS["money_decimals"]), line, text)
    return plain


def _ballots(file: Path, votes: _Part, projects: Mapping[str, str]) -> Counter[str]:
    """How many ballots name each project."""
    named: Counter[str] = Counter()
    for line, cells in votes.rows:
        ballot = {name.strip() for name in cells["vote"].split(",") if name.strip()}
        strange = sorted(ballot - projects.keys())
        if strange:
            fault = Fault("unknown-project", "PROJECTS has no such project", _REMEDY)
            refuse(file.name, fault, line, strange[0])
        named.update(ballot)
    return named


def _names(projects: _Part) -> dict[str, TextArray]:
    if "name" not in projects.headings:
        return {}
    names = [_seen(cells["name"]) for _, cells in projects.rows]
    return {"project": defused(np.array(names, dtype=object))}


def _seen(name: str) -> str:
    """A name on one line, without characters that nobody sees."""
    kept = (char for char in name if unicodedata.category(char) != "Cf")
    return " ".join("".join(kept).split())


def _notes(parts: Mapping[str, _Part], ballots: Counter[str], projects: int) -> Iterator[str]:
    yield f"{projects:,} projects and {len(parts['VOTES'].rows):,} ballots"
    if "votes" in parts["PROJECTS"].headings:
        other = [
            cells["project_id"]
            for _, cells in parts["PROJECTS"].rows
            if cells["votes"].strip() != str(ballots[cells["project_id"].strip()])
        ]
        if other:
            shown = ", ".join(other[:_SHOWN]) + (" ..." if len(other) > _SHOWN else "")
            yield (
                "the ballots are counted; the column votes of PROJECTS says something else of "
                f"{shown} ({len(other):,} in all)"
            )
