"""Solvers and engines that cannot be used are refused before anything runs."""

from pathlib import Path

import pytest

from metneed.__main__ import run

RULE = ["--rule", "met_need_whole"]
PEOPLE = Path(__file__).parents[2] / "docs" / "examples" / "three-people"


@pytest.mark.parametrize("command", ["solve", "compare"])
def test_a_solver_that_is_asked_for_by_name_is_refused_at_once(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    rule = RULE if command == "solve" else []

    assert run([command, str(PEOPLE), *rule, "--solver", "NOPE"]) == 2
    assert "'NOPE' cannot be used here; available: " in capsys.readouterr().err


@pytest.mark.parametrize("command", ["solve", "compare", "frontier"])
def test_an_engine_that_is_not_installed_is_refused(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.setattr("metneed.solver.engines.kernels.find_spec", lambda _: None)
    rule = RULE if command == "solve" else []

    assert run([command, str(PEOPLE), *rule, "--engine", "numba"]) == 2
    assert "numba is not installed" in capsys.readouterr().err
    assert run([command, str(PEOPLE), *rule, "--engine", "numpy"]) == 0
