"""Claims, bands and lots on the command line, on a council of four."""

import csv
from pathlib import Path

import pytest

from metneed.__main__ import run

FILES = {
    "users.csv": """user_id,points,band,plan_cost,priority
ann,5,critical,6500,1.5
bea,3,moderate,2500.50,1
col,4,critical,7000,
dan,1,moderate,0,2
""",
    "packages.csv": """user_id,package_id,cost,met_need
ann,some,4000,8
ann,full,7000,10
bea,full,6000,10
col,some,4000,4
col,full,8000,9
dan,full,1000,2
""",
    "scenario.toml": 'schema_version = 1\nname = "four"\nbudget = 12000\nseed = 4\n',
}


@pytest.fixture
def council(tmp_path: Path) -> Path:
    folder = tmp_path / "council"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def solved(council: Path, rule: str, *options: str) -> list[dict[str, str]]:
    """The table of awards of a result, which is verified by running the rule again."""
    out = council.parent / "result"
    pairs = [part for option in options for part in ("--option", option)]
    assert run(["solve", str(council), "--rule", rule, *pairs, "--out", str(out)]) == 0
    assert run(["verify", "--rerun", str(out), str(council)]) == 0
    with (out / "awards.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(rows: list[dict[str, str]], name: str) -> list[str]:
    return [row[name] for row in rows]


def test_claims_and_weights_are_read_from_columns_of_the_users(council: Path) -> None:
    rows = solved(
        council,
        "equal_awards",
        "claim=column",
        "claim_column=plan_cost",
        "weights=column",
        "weight_column=priority",
    )

    # 9,000.50 are claimed by those with a priority; col has none, and gets the rest.
    assert column(rows, "claim") == ["6500.00", "2500.50", "7000.00", "0.00"]
    assert column(rows, "weight") == ["1.500", "1.000", "0.000", "2.000"]
    assert column(rows, "award") == ["6500.00", "2500.50", "2999.50", "0.00"]
    assert column(rows, "reason") == [
        "the claim is paid in full",
        "the claim is paid in full",
        "",
        "no claim",
    ]


def test_bands_are_listed_with_commas(council: Path) -> None:
    rows = solved(council, "severity_priority", "band=band", "order=moderate,critical")

    # 7,000 for the moderate band; 5,000 of 15,000 for the critical one.
    assert column(rows, "award") == ["2333.33", "6000.00", "2666.67", "1000.00"]
    assert column(rows, "place of the band") == ["2", "1", "2", "1"]


def test_the_draw_of_a_lottery_is_written_with_everyones_place(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = solved(council, "lottery", "weights=points")

    assert sorted(column(rows, "place in the draw")) == ["1", "2", "3", "4"]
    assert column(rows, "weight in the draw") == ["5.000", "3.000", "4.000", "1.000"]
    assert column(rows, "award") == [""] * 4
    assert "seed of the draw: 4\n  chances: in proportion to points" in capsys.readouterr().out


def test_the_draw_is_in_the_workbook_too(council: Path) -> None:
    calamine = pytest.importorskip("python_calamine", reason="the extra excel is not installed")
    pytest.importorskip("xlsxwriter", reason="the extra excel is not installed")
    file = council.parent / "result.xlsx"
    rows = solved(council, "lottery")
    command = ["solve", str(council), "--rule", "lottery", "--out", str(council.parent / "again")]
    assert run([*command, "--xlsx", str(file)]) == 0

    sheet = calamine.load_workbook(file).get_sheet_by_name("awards").to_python()
    start = next(place for place, row in enumerate(sheet) if "place in the draw" in row)
    place = sheet[start].index("place in the draw")
    assert [row[place] for row in sheet[start + 1 : start + 5]] == [
        float(text) for text in column(rows, "place in the draw")
    ]


@pytest.mark.parametrize(
    ("rule", "option", "words"),
    [
        ("severity_priority", "band=bnd", "did you mean band?"),
        ("severity_priority", "last_band=split", "'proportional', 'equal'"),
        ("equal_losses", "claim=points_price", 'needs price as well, as in claim = "points_price"'),
        ("lottery", "seed=soon", "valid integer"),
        ("random_arrival", "draws=0", "greater than or equal to 1"),
        ("claims_rule", "division=fair", "'adjusted_proportional'"),
    ],
)
def test_options_that_cannot_be_used_are_refused_with_what_can(
    council: Path, capsys: pytest.CaptureFixture[str], rule: str, option: str, words: str
) -> None:
    command = ["solve", str(council), "--rule", rule, "--option", option]

    assert run([*command, "--out", str(council.parent / "result")]) == 2
    assert words in capsys.readouterr().err
