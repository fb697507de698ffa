from typing import Any

import pytest

from metneed.models.errors import InputError

NEEDS = "user_id,outcome,severity\n"


def fates(extract: Any, rows: Any, points: str) -> dict[str, int]:
    extract.write(rows, points)
    return {tally.code: tally.rows for tally in extract.run().tallies["points.csv"]}


def test_needs_by_outcome_are_taken_over_as_they_stand(extract: Any, row: Any) -> None:
    text = "user_id,severity,outcome,informal,colour\nann,two,hygiene,0.5,red\n"
    extract.write([row()], text)
    made = extract.run()

    assert extract.table(made, "needs") == [
        {
            "user_id": "ann",
            "outcome": "hygiene",
            "severity": "two",
            "informal": "0.5",
            "source": "points export",
        }
    ]
    assert "points" not in extract.table(made, "users")[0]


def test_total_points_go_to_the_users(extract: Any, row: Any) -> None:
    extract.write([row("bob"), row("ann")], "user_id,points\nann,7.5\nbob,12\n")
    made = extract.run()

    assert [(u["user_id"], u["points"]) for u in extract.table(made, "users")] == [
        ("ann", "7.500"),
        ("bob", "12.000"),
    ]
    assert "needs" not in made.tables


@pytest.mark.parametrize(
    ("points", "fate"),
    [
        ("zoe,3\n", "no-such-person"),
        ("Ann,3\n", "no-such-person"),
        (",3\n", "no-person"),
        (" ann,3\n", "no-person"),
        ("bob,many\n", "bad-points"),
        ("bob,-3\n", "bad-points"),
        ("ann,5.0\n", "same-row"),
        ("cid,3\n", "no-service"),
    ],
)
def test_rows_of_points_that_cannot_be_used_are_set_aside(
    extract: Any, row: Any, points: str, fate: str
) -> None:
    rows = [row("ann"), row("bob"), row("cid", {"Event End Date": "2025-01-01"})]

    assert fates(extract, rows, f"user_id,points\nann,5\n{points}") == {"used": 1, fate: 1}


def test_rows_that_contradict_each_other_are_all_set_aside(extract: Any, row: Any) -> None:
    rows = [row("ann"), row("bob")]

    assert fates(extract, rows, "user_id,points\nann,5\nann,6\nbob,3\n") == {
        "used": 1,
        "contradiction": 2,
    }
    assert extract.table(extract.run(), "users")[0]["user_id"] == "bob"


def test_two_outcomes_of_a_person_do_not_contradict_each_other(extract: Any, row: Any) -> None:
    text = NEEDS + "ann,hygiene,2\nann,nutrition,1\nann,hygiene,2\nann,nutrition,3\n"

    assert fates(extract, [row()], text) == {"used": 1, "same-row": 1, "contradiction": 2}


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("user_id,outcome\nann,hygiene\n", "severity"),
        ("user_id,severity\nann,2\n", "outcome"),
        ("person,points\nann,2\n", "user_id"),
        ("user_id,outcomes,severity\nann,hygiene,2\n", "outcomes"),
    ],
)
def test_an_export_that_is_neither_needs_nor_totals_is_refused(
    extract: Any, row: Any, text: str, column: str
) -> None:
    extract.write([row()], text)
    with pytest.raises(InputError) as caught:
        extract.run()

    assert column in {item.column for item in caught.value.findings.errors}


def test_faults_of_both_files_are_told_together(extract: Any, row: Any) -> None:
    extract.write([{k: v for k, v in row().items() if k != "Unit Cost"}], "user_id,severity\na,1\n")
    with pytest.raises(InputError) as caught:
        extract.run()

    assert {item.file for item in caught.value.findings.errors} == {"return.csv", "points.csv"}


@pytest.mark.parametrize(
    ("points", "tables", "level"),
    [
        (NEEDS + "ann,hygiene,2\n", ("points", "reckoner"), "A, needs by outcome"),
        (NEEDS + "ann,hygiene,2\n", (), "A, needs by outcome, once points.csv"),
        ("user_id,points\nann,5\n", ("points", "reckoner"), "B, total points"),
        ("user_id,points\nann,5\n", (), "C, today's package only"),
    ],
)
def test_the_level_of_evidence_is_told(
    extract: Any, row: Any, points: str, tables: tuple[str, ...], level: str
) -> None:
    extract.write([row()], points)
    own = extract.folder / "own"
    own.mkdir()
    for name in ("swaps", *tables):
        (own / f"{name}.csv").write_text("a\n", encoding="utf-8")
    told = {item.name: item.value for item in extract.run(tables=own).assumptions}

    assert told["evidence"].startswith(level)
