"""Repeating a result as it was run, and notes that are said once."""

import json
from pathlib import Path
from typing import Any

import pytest

from metneed.__main__ import run
from metneed.models.problem import Problem
from metneed.models.settings import Settings
from metneed.solver import solve as solving

NO_POINTS = "rules that divide money by points do not apply"


@pytest.fixture
def council(tmp_path: Path) -> Path:
    """Two users without points."""
    folder = tmp_path / "council"
    folder.mkdir()
    (folder / "scenario.toml").write_text('schema_version = 1\nname = "two"\nbudget = 5\n')
    (folder / "users.csv").write_text("user_id,need\na,3\nb,4\n")
    (folder / "packages.csv").write_text("user_id,package_id,cost,met_need\na,p,2,3\nb,p,3,4\n")
    return folder


@pytest.fixture
def solved(council: Path, tmp_path: Path) -> Path:
    """The best packages, found within limits that are not the usual ones."""
    limits = ["--time-limit", "7.5", "--memory-limit", "0.25", "--engine", "numpy"]
    out = tmp_path / "solved"
    given = ["solve", str(council), "--rule", "met_need_whole", "--out", str(out)]
    assert run([*given, *limits]) == 0
    return out


def test_a_result_says_how_it_was_run_and_is_repeated_so(
    council: Path, solved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record = json.loads((solved / "result.json").read_text(encoding="utf-8"))
    assert record["settings"] == {
        "solver": "HiGHS",
        "time_limit": 7.5,
        "memory_limit": 0.25,
        "engine": "numpy",
    }
    seen: list[Settings] = []
    plain = solving.run

    def watched(rule: Any, problem: Problem, options: Any = None) -> Any:
        seen.append(problem.settings)
        return plain(rule, problem, options)

    monkeypatch.setattr(solving, "run", watched)
    assert run(["verify", str(solved), str(council), "--rerun"]) == 0
    assert seen == [Settings(time_limit=7.5, memory_limit=0.25, engine="numpy")]
    assert "byte for byte" in capsys.readouterr().out


def test_settings_that_cannot_be_are_refused_with_their_place(
    council: Path, solved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from metneed.cli import verify  # noqa: PLC0415
    from metneed.solver.verify import Report  # noqa: PLC0415

    path = solved / "result.json"
    path.write_text(path.read_text(encoding="utf-8").replace("7.5", "-7.5"), encoding="utf-8")
    monkeypatch.setattr(verify, "_report", lambda *_: Report([], [], []))
    capsys.readouterr()

    assert run(["verify", str(solved), str(council), "--rerun"]) == 2
    assert "result.json, settings.time_limit: input should be greater than 0" in (
        capsys.readouterr().err
    )


def test_missing_points_are_a_note_of_check_and_where_a_rule_of_the_scenario_needs_them(
    council: Path, solved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert solved.exists()
    assert NO_POINTS not in capsys.readouterr().err
    assert run(["check", str(council)]) == 0
    told = capsys.readouterr()
    assert NO_POINTS in told.out + told.err

    with (council / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write('baseline = "points_proportional"\n')
    assert run(["solve", str(council), "--rule", "met_need_whole"]) == 0
    assert NO_POINTS in capsys.readouterr().err


def test_importing_a_problem_says_once_that_it_has_no_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "three.txt", tmp_path / "three"
    file.write_text("2\n2 2\n4 1\n2 6\n2 2\n1 2\n4 3\n2 2\n4 1\n2 6\n2 2\n1 2\n4 3\n")

    assert run(["import", "gap", str(file), "--out", str(out)]) == 0
    assert capsys.readouterr().err.count(NO_POINTS) == 1
    assert run(["solve", str(out / "1"), "--rule", "met_need_whole"]) == 0
    assert NO_POINTS not in capsys.readouterr().err
