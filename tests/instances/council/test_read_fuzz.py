"""Whatever stands in a council's tables, there is an answer: a council, or findings."""

import csv
import random
from pathlib import Path

import pytest

from metneed.instances.council.menus import council_menus, today_of
from metneed.instances.council.read import examine_council
from metneed.instances.council.report import build_report
from metneed.instances.council.template import SCENARIO_TEXT, template_tables

CELLS = (
    *(
        "",
        "0",
        "-1",
        "x",
        "1.5",
        "1e9",
        "99999999",
        "0.3333",
        " ",
        "100",
        "NaN",
        "é",
        "1" + "0" * 21,
    ),
    *("*", "total", "home_care", "nursing", "hygiene", "yes", "full", "75 50", "EXAMPLE-1"),
)


def damaged(seed: int) -> dict[str, dict[str, list[str]]]:
    """The tables of the template with one to four faults."""
    choose = random.Random(seed)
    tables = template_tables()
    for _ in range(choose.randint(1, 4)):
        name = choose.choice(list(tables))
        table = tables[name]
        heading = choose.choice(list(table))
        rows = len(table[heading])
        match choose.choice(("table", "column", "rows", "twice", *["cell"] * 8)):
            case "table" if len(tables) > 1:
                del tables[name]
            case "column" if len(table) > 1:
                del table[heading]
            case "rows":
                tables[name] = {other: [] for other in table}
            case "twice" if rows:
                row = choose.randrange(rows)
                tables[name] = {other: [*cells, cells[row]] for other, cells in table.items()}
            case _ if rows:
                table[heading][choose.randrange(rows)] = choose.choice(CELLS)
    return tables


@pytest.mark.parametrize("start", range(0, 120, 20))
def test_damaged_tables_give_findings_or_a_council_whose_packages_stay_within_need(
    tmp_path: Path, start: int
) -> None:
    for seed in range(start, start + 20):
        folder = tmp_path / str(seed)
        folder.mkdir()
        for name, table in damaged(seed).items():
            with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([list(table), *zip(*table.values(), strict=True)])
        (folder / "scenario.toml").write_text(SCENARIO_TEXT, encoding="utf-8")

        council, findings = examine_council(folder)

        assert (council is None) == bool(findings.errors)
        if council is not None:
            built = council_menus(council)
            assert build_report(council, built, today_of(council))["people"] == len(council)
            assert (built.met_need <= built.need[built.user]).all()
            assert (built.basic_met_need <= built.met_need).all()
