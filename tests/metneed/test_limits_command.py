"""Limits beside the budget on the command line: checked, kept, costed, verified, explained."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from metneed.__main__ import run

USERS = """user_id,points,need,basic_need,area
U1,5,10,5,north
U2,3,10,6,north
U3,4,9,4,south
"""
PACKAGES = """user_id,package_id,cost,met_need
U1,a,2,5
U1,b,4,8
U1,c,7,10
U2,a,3,6
U2,b,5,7
U2,c,6,10
U3,a,4,4
U3,b,8,9
"""
SCENARIO = """schema_version = 1
name = "limits"
budget = 12
money_decimals = 0
need_decimals = 0
quantity_decimals = 0
"""
FLOOR = '[constraints.basic]\nkind = "floor"\n'
HOURS = '[constraints.hours]\nkind = "capacity"\n'


def folder(path: Path, constraints: str, *, packages: str = "whole") -> Path:
    path.mkdir()
    (path / "users.csv").write_text(USERS)
    (path / "packages.csv").write_text(PACKAGES)
    (path / "scenario.toml").write_text(f'{SCENARIO}packages = "{packages}"\n{constraints}')
    if "capacity" in constraints:
        (path / "services.csv").write_text("service_id,unit,capacity\nhome,hours,9\n")
        rows = [line.split(",") for line in PACKAGES.split()[1:]]
        uses = "".join(f"{user},{package},home,{cost}\n" for user, package, cost, _ in rows)
        (path / "uses.csv").write_text(f"user_id,package_id,service_id,amount\n{uses}")
    return path


Said = Callable[..., str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """A function that runs a command and gives all it says, its exit code checked."""

    def command(*arguments: object, code: int = 0) -> str:
        found = run([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        assert found == code, shown.out + shown.err
        return shown.out + ("" if "--json" in arguments else shown.err)

    return command


@pytest.mark.parametrize("packages", ["whole", "divisible"])
@pytest.mark.parametrize("constraints", [FLOOR, HOURS, FLOOR + "share = 0.5\n" + HOURS])
def test_what_is_solved_under_limits_is_verified(
    tmp_path: Path, said: Said, constraints: str, packages: str
) -> None:
    instance = folder(tmp_path / "council", constraints, packages=packages)
    rule = "met_need_whole" if packages == "whole" else "met_need_lp"
    said("solve", instance, "--rule", rule, "--out", tmp_path / "out")

    checked = said("verify", tmp_path / "out", instance)

    assert "checked: limits kept, by everyone and together: budget" in checked
    not_shown = [line for line in checked.splitlines() if line.startswith("not shown")]
    # A search of whole packages may go below what multipliers prove, and then says so.
    assert all("a search went below their bound" in line for line in not_shown)
    assert not not_shown or packages == "whole"
    assert checked.splitlines()[-1] == "verified"


def test_a_result_that_breaks_a_limit_is_refused(tmp_path: Path, said: Said) -> None:
    free = folder(tmp_path / "free", "")
    limited = folder(tmp_path / "limited", HOURS)
    said("solve", free, "--rule", "met_need_whole", "--out", tmp_path / "out")
    said("solve", limited, "--rule", "met_need_whole", "--out", tmp_path / "kept")
    record = json.loads((tmp_path / "kept" / "result.json").read_text())
    assert (
        record["met_need"] != json.loads((tmp_path / "out" / "result.json").read_text())["met_need"]
    )

    assert "refused" in said("verify", tmp_path / "out", limited, code=2)


def test_check_finds_every_faulty_limit_with_its_place(tmp_path: Path, said: Said) -> None:
    wrong = '[constraints.a]\nkind = "flor"\n[constraints.b]\nkind = "cap"\namount = -1\n'
    instance = folder(tmp_path / "council", wrong)

    output = said("check", instance, code=2)

    assert "2 faults" in output
    assert "constraints.a" in output
    assert "constraints.b" in output


def test_compare_says_what_each_rule_breaks_and_what_each_limit_costs(
    tmp_path: Path, said: Said
) -> None:
    instance = folder(tmp_path / "council", FLOOR + HOURS)
    (instance / "services.csv").write_text("service_id,unit,capacity\nhome,hours,10\n")

    output = said("compare", instance, "--rules", "points_proportional,met_need_whole")

    assert "What each limit beside the budget costs" in output
    assert "with hours: met need" in output
    document = json.loads(
        said("compare", instance, "--rules", "points_proportional,met_need_whole", "--json")
    )
    assert {limit["name"] for limit in document["limit_costs"]["limits"]} == {"basic", "hours"}
    assert [step["with"] for step in document["limit_costs"]["ladder"]] == [
        "budget",
        "basic",
        "hours",
    ]


def test_limits_that_cannot_be_kept_are_an_answer_with_the_conflict(
    tmp_path: Path, said: Said
) -> None:
    instance = folder(tmp_path / "council", FLOOR + HOURS)
    (instance / "services.csv").write_text("service_id,unit,capacity\nhome,hours,6\n")

    output = said("solve", instance, "--rule", "met_need_whole", "--out", tmp_path / "out", code=3)

    assert "together these cannot be kept: basic, hours" in output.replace("\n", " ")
    assert "verified" in said("verify", tmp_path / "out", instance)
