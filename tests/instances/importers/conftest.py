"""A small return that can be changed cell by cell."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from metneed.instances.importers import Imported, import_extract, import_problems
from metneed.models.errors import InputError
from metneed.models.instance import Instance

ON = date(2025, 3, 31)
PERSON = "LA Person Unique Identifier"
SERVICE = {
    PERSON: "ann",
    "NHS Number": "9990001112",
    "Client Type": "Service User",
    "Date of Birth": "01/02/1940",
    "Primary Support Reason": "Physical Support: Personal care support",
    "Event Type": "Service",
    "Event Start Date": "01/04/2024",
    "Event End Date": "",
    "Service Type": "Long Term Support: Community",
    "Service Component": "Home Support",
    "Delivery Mechanism": "CASSR Managed Personal Budget",
    "Unit Cost": "20.00",
    "Cost Frequency (Unit Type)": "Hourly",
    "Planned units per week": "9",
}
Row: TypeAlias = dict[str, str]


@dataclass(frozen=True)
class Extract:
    """Files of an extract in a folder, and what an import makes of them."""

    folder: Path

    def write(self, rows: Sequence[Row], points: str | None = None) -> None:
        """Write the return, and a points export in which everyone has 5 points."""
        with (self.folder / "return.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(k for row in rows for k in row)))
            writer.writeheader()
            writer.writerows(rows)
        if points is None:
            people = dict.fromkeys(row.get(PERSON, "") for row in rows)
            lines = [f"{name},5" for name in people if name and name == name.strip()]
            points = "\n".join(["user_id,points", *lines, ""])
        (self.folder / "points.csv").write_text(points, encoding="utf-8")

    def run(self, on: date = ON, **options: Any) -> Imported:
        """Import what was written."""
        files = self.folder / "return.csv", self.folder / "points.csv"
        return import_extract("cld", *files, on, **options)

    def fates(self, rows: Sequence[Row], points: str | None = None) -> dict[str, int]:
        """How many rows of the return meet each fate."""
        self.write(rows, points)
        return {tally.code: tally.rows for tally in self.run().tallies["return.csv"]}

    def table(self, made: Imported, name: str) -> list[Row]:
        """A table of an import as it is read back from its file."""
        made.write(self.folder / "council")
        with (self.folder / "council" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def extract(tmp_path: Path) -> Extract:
    return Extract(tmp_path)


@pytest.fixture
def row() -> Callable[..., Row]:
    """Nine hours of home care for Ann, with some cells changed."""

    def changed(person: str = "ann", *cells: Row) -> Row:
        result = SERVICE | {PERSON: person}
        for each in cells:
            result = result | each
        return result

    return changed


DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture
def published() -> Path:
    """The folder of public problems with known answers; the test is skipped without it."""
    if not DATA.is_dir():
        pytest.skip("the public problems are not in ../shared/data")
    return DATA


def _import_one(name: str, file: Path, folder: Path, **options: object) -> Instance:
    """The instance of a file that holds one problem, written and read back."""
    written = import_problems(name, file, **options).write(folder)
    assert list(written) == [""]
    return written[""]


@pytest.fixture(scope="session")
def import_one() -> Callable[..., Instance]:
    return _import_one


def _refusal(name: str, file: Path, **options: object) -> list[tuple[int, str, str]]:
    """Line, code and value of each finding that a file is refused for."""
    with pytest.raises(InputError) as caught:
        import_problems(name, file, **options)
    return [(item.row, item.code, item.value) for item in caught.value.findings.errors]


@pytest.fixture(scope="session")
def refusal() -> Callable[..., list[tuple[int, str, str]]]:
    return _refusal


def _used(instance: Instance) -> list[tuple[str, str, str, int]]:
    """Every use as user, package, service and smallest units."""
    assert instance.services is not None
    assert instance.uses is not None
    uses = zip(instance.uses.package, instance.uses.service, instance.uses.amount, strict=True)
    names = instance.package_ids.text()
    return [
        (
            instance.users.ids[instance.menus.user[package]],
            names[package],
            instance.services.ids[service],
            int(amount),
        )
        for package, service, amount in uses
    ]


@pytest.fixture(scope="session")
def used() -> Callable[[Instance], list[tuple[str, str, str, int]]]:
    return _used
