import json
from pathlib import Path

import pytest

from metneed.__main__ import run

from .planned_council import make_council, rows_of


@pytest.fixture
def council(tmp_path: Path) -> Path:
    return make_council(tmp_path / "council")


def test_noise_tells_what_the_error_does_and_writes_it(
    council: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    command = ["noise", str(council), "--rule", "points_proportional", "--draws", "10"]
    assert run([*command, "--out", str(out)]) == 0
    text = capsys.readouterr().out
    record = json.loads((out / "noise.json").read_text(encoding="utf-8"))

    assert "points of each person off by 10%; 10 draws" in text
    assert text.endswith("A scenario test: it never decides about a person.\n")
    assert (record["error"], record["draws"], record["seed"]) == (0.1, 10, 0)
    assert {"mean_change", "mean_change_low", "mean_change_high"} <= {
        row["measure"] for row in rows_of(out / "noise.csv")
    }
    assert run([*command, "--assessor", "assessor", "--bias", "0.2", "--seed", "7", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["error"], document["bias"], document["seed"]) == (0, 0.2, 7)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--error", "1.2"], "120%"),
        (["--bias", "0.1"], "name the column"),
        (["--assessor", "nurse"], "no column of text 'nurse'"),
        (["--severity-error", "0.1"], "add the table needs"),
        (["--draws", "1"], "1 draws"),
        (["--over", "-1"], "over = -1"),
        (["--seed", "-1"], "seed"),
    ],
)
def test_noise_refuses_what_cannot_be_with_a_remedy(
    council: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert run(["noise", str(council), "--rule", "points_proportional", *arguments]) == 2
    message = capsys.readouterr().err

    assert told in message
    assert "Traceback" not in message


def test_severities_of_an_assessment_are_disturbed_by_the_table_of_points(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs = [f"P{row:03d},eating,{'high' if row % 2 else 'low'}\n" for row in range(1, 13)]
    (council / "needs.csv").write_text("user_id,outcome,severity\n" + "".join(needs))
    (council / "points.csv").write_text("outcome,severity,points\neating,low,5\neating,high,9\n")
    command = ["noise", str(council), "--rule", "points_proportional", "--severity-error", "0.5"]
    assert run([*command, "--draws", "5"]) == 0

    assert "50% of severities off by one; 5 draws" in capsys.readouterr().out


def test_the_tariff_of_the_rule_ranks_the_severities_of_its_questionnaire(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs = [
        f"P{row:03d},asthma,{'mild' if row % 2 else 'severe'},conditions\n" for row in range(1, 13)
    ]
    (council / "needs.csv").write_text("user_id,outcome,severity,instrument\n" + "".join(needs))
    tariff = "condition,severity,amount\nasthma,mild,100\nasthma,severe,200\n"
    (council / "tariff.csv").write_text(tariff)
    command = ["noise", str(council), "--rule", "condition_tariff", "--draws", "3"]
    command += ["--option", "instrument=conditions", "--severity-error", "1", "--json"]
    assert run(command) == 0
    document = json.loads(capsys.readouterr().out)
    changed = [
        row["value"] for row in document["figures"] if row["measure"] == "share_changed_much"
    ]

    assert document["instrument"] == "conditions"
    assert set(changed) == {"1"}  # every answer flips, in every draw
