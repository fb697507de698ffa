import json
import shutil
from pathlib import Path

import pytest

from metneed.__main__ import run

from .planned_council import change, make_council, rows_of


@pytest.fixture
def council(tmp_path: Path) -> Path:
    return make_council(tmp_path / "council")


@pytest.fixture
def later(council: Path, tmp_path: Path) -> Path:
    """The same council with a fifth less money, one person's points doubled, one gone, one new."""
    folder = tmp_path / "later"
    shutil.copytree(council, folder)
    scenario = folder / "scenario.toml"
    text = scenario.read_text(encoding="utf-8")
    assert "budget = 2000" in text
    scenario.write_text(text.replace("budget = 2000", "budget = 1600"), encoding="utf-8")
    for name in ("users.csv", "previous.csv"):
        text = (folder / name).read_text(encoding="utf-8").replace("P010", "P013")
        (folder / name).write_text(text, encoding="utf-8")
    change(folder, points=[124, 55, 70, 58, 34, 38, 29, 41, 15, 12, 18, 16])
    return folder


def test_split_takes_the_change_apart_to_the_penny(
    council: Path, later: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    command = ["split", str(council), str(later), "--rule", "points_proportional", "--own"]
    assert run([*command, "--out", str(out)]) == 0
    text = capsys.readouterr().out
    people = rows_of(out / "split.csv")
    both = [row for row in people if row["status"] == "both times"]

    assert "money to allocate £1,900.00 before, £1,520.00 after (-20.0%)" in text
    assert "1 user joined, with" in text
    assert "Of 10 people whose points are the same, 10 have another award." in text
    assert {row["status"]: row["user_id"] for row in people if row["status"] != "both times"} == {
        "joined": "P013",
        "left": "P010",
    }
    assert len(both) == 11
    for row in both:
        pence = {
            name: round(float(row[name]) * 100)
            for name in ("before", "after", "change", "budget_part", "need_part")
        }
        assert pence["before"] + pence["change"] == pence["after"]
        assert pence["budget_part"] + pence["need_part"] == pence["change"]
        parts = (float(row["own_need"]) + float(row["others_needs"])) * 100
        assert round(parts) == pence["need_part"]
    assert {row["own_need"] for row in both if row["user_id"] != "P001"} == {"0.00"}
    record = json.loads((out / "split.json").read_text(encoding="utf-8"))
    assert len(record["inputs"]) == 2
    assert record["steps"][0]["left"] == 1


def test_split_of_an_instance_with_itself_is_nothing(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["split", str(council), str(council), "--rule", "points_proportional"]) == 0

    assert "Nobody's award changes." in capsys.readouterr().out


def test_split_goes_along_a_path_of_budgets_and_points(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(council, points_next=[10] * 12)
    path = ["--budgets", "2000,1600,1600", "--points", "points,points,points_next"]
    assert run(["split", str(council), "--rule", "points_proportional", *path]) == 0
    text = capsys.readouterr().out

    assert "step 1 to 2: money to allocate £1,900.00 before, £1,520.00 after" in text
    assert "100.0% comes from the budget and 0.0% from the need" in text
    assert "step 2 to 3: money to allocate £1,520.00 before, £1,520.00 after (+0.0%)" in text
    assert "0.0% comes from the budget and 100.0% from the need" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "name a second instance"),
        (["--budgets", "100"], "here are 1"),
        (["--budgets", "100,x"], "budgets: 'x'"),
        (["--points", "points,next"], "no column of numbers 'next'"),
        (["--budgets", "2000,1600", "--user", "P999"], "P999"),
    ],
)
def test_split_refuses_what_cannot_be_with_a_remedy(
    council: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert run(["split", str(council), "--rule", "points_proportional", *arguments]) == 2
    message = capsys.readouterr().err

    assert told in message
    assert "Traceback" not in message


def test_a_path_and_a_second_instance_do_not_go_together(
    council: Path, later: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [str(council), str(later), "--budgets", "1,2"]
    assert run(["split", *paths, "--rule", "points_proportional"]) == 2

    assert "go with one instance" in capsys.readouterr().err
