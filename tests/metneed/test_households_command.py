"""Households from a scenario to a verified result."""

import json
from pathlib import Path

import pytest

from metneed.__main__ import run

PAIRS = """
[constraints.couple]
kind = "together"
incompatible = [["ann", "respite", "bea", "respite"]]
bonus = [["ann", "day centre", "bea", "day centre", "1.5"]]
"""


@pytest.fixture
def council(tmp_path: Path) -> Path:
    """A couple and a third person."""
    folder = tmp_path / "council"
    folder.mkdir()
    (folder / "users.csv").write_text("user_id,points\nann,9\nbea,9\ncarl,5\n")
    menus = "user_id,package_id,cost,met_need\n"
    for user in ("ann", "bea"):
        menus += f"{user},day centre,20,6\n{user},respite,30,9\n"
    (folder / "packages.csv").write_text(menus + "carl,visits,10,5\n")
    return folder


def scenario(folder: Path, packages: str, budget: int = 60) -> None:
    text = f'schema_version = 1\nname = "couple"\nbudget = {budget}\npackages = "{packages}"\n'
    (folder / "scenario.toml").write_text(text + PAIRS)


@pytest.mark.parametrize(
    ("packages", "rule"), [("whole", "met_need_whole"), ("divisible", "met_need_lp")]
)
def test_a_couple_is_solved_and_verified(
    council: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    packages: str,
    rule: str,
) -> None:
    scenario(council, packages)
    out = tmp_path / "out"
    assert run(["solve", str(council), "--rule", rule, "--out", str(out)]) == 0
    screen = capsys.readouterr().out
    record = json.loads((out / "result.json").read_text(encoding="utf-8"))

    # Respite for one, the centre for the other, and the visits: 9 + 6 + 5 for 60.
    assert record["met_need"] == "20.000"
    assert record["certificate"]["value"] == "20000"
    assert "What counted was met need with what packages of a household add to each other" in screen
    assert run(["verify", str(out), str(council), "--rerun"]) == 0
    told = capsys.readouterr().out
    assert "budget, 2 pairs of packages" in told
    assert told.endswith("verified\n")


def test_what_counts_is_on_the_screen_beside_what_is_met(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario(council, "whole", budget=50)

    # Both at the centre and the visits: 6 + 6 + 5, and 1.5 for going together.
    assert run(["solve", str(council), "--rule", "met_need_whole"]) == 0
    screen = capsys.readouterr().out
    assert "met need 17.0 (" in screen
    assert "add to each other: 18.5." in screen
    assert "optimal (proved)" in screen


def test_a_comparison_says_which_rules_break_a_pair_and_what_the_pairs_cost(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario(council, "whole", budget=80)

    assert run(["compare", str(council)]) == 0
    screen = capsys.readouterr().out
    assert "couple: ann respite and not bea respite" in screen
    costs = screen.partition("What each limit beside the budget costs")[2]
    assert "couple  together                  3.0              no money would" in costs
    assert "with couple: met need 20.0, 3.0 less" in costs


def test_where_more_than_met_need_counts_there_is_no_headline_of_met_need(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario(council, "whole", budget=20)

    assert run(["compare", str(council), "--rules", "points_proportional,met_need_whole"]) == 0
    screen = capsys.readouterr().out
    assert "No headline: the optimum makes met need with what packages of a household add" in screen


def test_disturbed_scores_are_tried_beside_limits(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario(council, "whole", budget=60)
    given = ["--rules", "met_need_whole", "--score-error", "0.3", "--draws", "2"]

    assert run(["compare", str(council), *given]) == 0
    screen = capsys.readouterr().out
    assert "Scores off by 30% (2 draws)" in screen
    assert "swap their costs" not in screen


def test_a_household_too_large_for_a_bonus_is_a_fault_with_its_place(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario(council, "whole")
    rows = "".join(f"{user},p{k},{k},{k}\n" for user in ("ann", "bea") for k in range(50))
    with (council / "packages.csv").open("a") as file:
        file.write(rows)

    assert run(["solve", str(council), "--rule", "met_need_whole"]) == 2
    told = capsys.readouterr().err
    assert "couple: ann day centre with bea day centre: this household has more than 2,000" in told
    assert "shorten their menus" in told
