import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metneed.instances.generators.client_return import Extract, client_return
from metneed.instances.importers import Imported, import_extract
from metneed.instances.ledger import reconcile_folder
from metneed.models.errors import OptionError, UnknownNameError

ON = date(2025, 3, 31)


def imported(folder: Path, made: Extract) -> Imported:
    made.write(folder)
    return import_extract(
        "cld", folder / "return.csv", folder / "points.csv", ON, tables=folder / "tables"
    )


def digest(made: Extract) -> str:
    found = hashlib.sha256()
    for name in sorted(made.files):
        for heading, column in made.files[name].items():
            found.update("\x1f".join([name, heading, *column]).encode())
    return found.hexdigest()


@pytest.mark.parametrize("odd", ["0", "0.03", "1"])
@pytest.mark.parametrize("points", ["outcomes", "totals"])
def test_every_row_meets_the_fate_that_was_made_for_it(
    tmp_path: Path, odd: str, points: str
) -> None:
    made = client_return(400, 7, odd=odd, points=points)
    found = imported(tmp_path, made)

    for file, known in made.known.items():
        met = {tally.code: tally.rows for tally in found.tallies[file]}
        assert met == {"used": 0} | {fate: rows for fate, rows in known.items() if rows}


def test_a_return_without_odd_rows_agrees_with_its_ledger(tmp_path: Path) -> None:
    imported(tmp_path, client_return(400, 3, odd="0")).write(tmp_path / "council")
    held = reconcile_folder(tmp_path / "council", tmp_path / "ledger.csv")

    assert held.found.differences == ()
    for line in held.found.lines:
        assert line.people == line.ledger_people
        # Monthly costs are rounded to the penny before they are stated.
        assert line.ledger_cost is not None
        assert abs(line.cost - line.ledger_cost) <= 1 + (line.people or 0)


def test_what_is_missing_in_the_ledger_s_eyes_is_among_the_odd_rows(tmp_path: Path) -> None:
    imported(tmp_path, client_return(400, 3, odd="0.2")).write(tmp_path / "council")
    held = reconcile_folder(tmp_path / "council", tmp_path / "ledger.csv")

    assert held.found.differences
    assert all(line.cost < (line.ledger_cost or 0) for line in held.found.lines)


def test_a_seed_always_gives_the_same_files() -> None:
    assert digest(client_return(50, 5)) == digest(client_return(50, 5))
    assert digest(client_return(50, 5)) != digest(client_return(50, 6))


def test_the_files_of_a_seed_are_those_they_have_always_been() -> None:
    assert digest(client_return(50, 1)) == (
        "849761b4fda135697628edd2d9e499a3e8261e80454bede7b8ebbfe74143b103"
    )


@pytest.mark.parametrize(
    ("users", "options", "error"),
    [
        (0, {}, OptionError),
        (10, {"odd": "2"}, OptionError),
        (10, {"points": "none"}, OptionError),
        (10, {"on": "yesterday"}, OptionError),
        (10, {"od": "0"}, UnknownNameError),
    ],
)
def test_options_that_cannot_be_used_are_refused(
    users: int, options: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        client_return(users, 1, **options)
