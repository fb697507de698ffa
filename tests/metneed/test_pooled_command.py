"""Pooled services on the command line: solved, told, verified, and refused where tampered with."""

import hashlib
import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from metneed.__main__ import run

FORGERY = runpy.run_path(str(Path(__file__).parents[1] / "solver" / "forgery.py"))
reseal = FORGERY["reseal"]
POOLED = '[constraints.shared]\nkind = "pooled"\n'
PEOPLE = [f"p{row:02}" for row in range(1, 21)]

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


def centre(
    path: Path,
    budget: str,
    *,
    least: int = 19,
    anyway: str = "no",
    packages: str = "whole",
    top_slice: str = "0",
    constraints: str = POOLED,
) -> Path:
    """Twenty people: care at home for 3,000 each, or a day centre for 60,000 and 800 a head."""
    path.mkdir()
    users = "".join(f"{user},{10 + row}\n" for row, user in enumerate(PEOPLE))
    (path / "users.csv").write_text(f"user_id,points\n{users}")
    offers = "".join(f"{user},home,3000.00,4\n{user},day,800.00,9\n" for user in PEOPLE)
    (path / "packages.csv").write_text(f"user_id,package_id,cost,met_need\n{offers}")
    (path / "services.csv").write_text(
        "service_id,unit,fixed_cost,least_members,paid_anyway\n"
        f"day centre,places,60000.00,{least},{anyway}\n"
    )
    (path / "uses.csv").write_text("package_id,service_id,amount\nday,day centre,1\n")
    (path / "scenario.toml").write_text(
        f'schema_version = 1\nname = "day centre"\nbudget = {budget}\ntop_slice = {top_slice}\n'
        f'packages = "{packages}"\n{constraints}'
    )
    return path


def record_of(folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return record


@pytest.mark.parametrize("packages", ["whole", "divisible"])
@pytest.mark.parametrize(
    ("budget", "line", "spent", "anyway"),
    [
        (
            "80000.00",
            "day centre: open, 20 members (least 19), fixed cost £60,000.00.",
            76_000,
            "no",
        ),
        ("64000.00", "day centre: closed.", 60_000, "no"),
        ("64000.00", "day centre: closed, unused block cost £60,000.00.", None, "yes"),
        (
            "76000.00",
            "day centre: open, 20 members (least 19), fixed cost £60,000.00 (paid in any case).",
            76_000,
            "yes",
        ),
    ],
)
def test_every_penny_is_held_back_or_spent_on_packages_or_services_or_left(  # noqa: PLR0917
    tmp_path: Path,
    said: Said,
    packages: str,
    budget: str,
    line: str,
    spent: int | None,
    anyway: str,
) -> None:
    instance = centre(tmp_path / "council", budget, packages=packages, anyway=anyway)
    rule = "met_need_whole" if packages == "whole" else "met_need_lp"
    out = said("solve", instance, "--rule", rule, "--out", tmp_path / "out")
    record = record_of(tmp_path / "out")

    assert line in out.splitlines()
    rows = (tmp_path / "out" / "allocation.csv").read_text().splitlines()[1:]
    pence = sum(round(100 * float(row.split(",")[4])) for row in rows)
    amounts = {
        key: round(100 * float(record[key]))
        for key in ("budget", "held_back", "spent", "unspent", "fixed_costs", "unused_block_cost")
    }
    assert amounts["spent"] == pence + amounts["fixed_costs"]
    assert amounts["budget"] == amounts["held_back"] + amounts["spent"] + amounts["unspent"]
    assert spent is None or amounts["spent"] == 100 * spent
    assert (amounts["unused_block_cost"] > 0) == ("unused block cost" in line)
    assert "verified" in said("verify", tmp_path / "out", instance)


def test_the_result_names_what_is_open_for_whom_and_at_what_cost(
    tmp_path: Path, said: Said
) -> None:
    instance = centre(tmp_path / "council", "100000.00", top_slice="0.2")
    said("solve", instance, "--rule", "met_need_whole", "--out", tmp_path / "out")
    record = record_of(tmp_path / "out")

    assert record["pooled_services"] == [
        {
            "service": "day centre",
            "open": True,
            "members": "20",
            "least_members": 19,
            "fixed_cost": "60000.00",
            "paid_anyway": False,
        }
    ]
    assert record["certificate"]["openings"][0]["valued"] is True


def test_verify_says_what_is_shown_over_all_choices_and_what_only_the_search_shows(
    tmp_path: Path, said: Said
) -> None:
    instance = centre(tmp_path / "council", "75999.00")
    said("solve", instance, "--rule", "met_need_whole", "--out", tmp_path / "out")

    checked = said("verify", tmp_path / "out", instance, "--rerun")

    assert "checked: 1 of 1 services open, with their members; they cost £60,000.00" in checked
    assert "checked: whichever of the 2 choices of open services is taken" in checked
    assert "not shown: the bound: not by the multipliers: a search went below" in checked
    assert "running the rule again gives the same files, byte for byte" in checked


def lower_bound(record: dict[str, Any]) -> None:
    record["certificate"] |= {"upper_bound": "1", "gap": "0"}


TAMPERED: dict[str, Callable[[dict[str, Any]], None]] = {
    "no fixed cost": lambda record: record.update(fixed_costs="0.00", spent="16000.00"),
    "fixed cost spent twice": lambda record: record.update(fixed_costs="64000.00"),
    "other members": lambda record: record["pooled_services"][0].update(members="19"),
    "another least": lambda record: record["pooled_services"][0].update(least_members=3),
    "closed": lambda record: record["pooled_services"][0].update(open=False),
    "no services at all": lambda record: record.pop("pooled_services"),
    "no proof": lambda record: record["certificate"].pop("openings"),
    "a proof of nothing": lambda record: record["certificate"].update(openings=[{"valued": True}]),
    "a number for a proof": lambda record: record["certificate"].update(openings=5),
    "a bound below the value": lower_bound,
    "a fixed cost that is no number": lambda record: record.update(fixed_costs="much"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_result_that_was_tampered_with_is_refused(tmp_path: Path, said: Said, how: str) -> None:
    instance = centre(tmp_path / "council", "80000.00")
    said("solve", instance, "--rule", "met_need_whole", "--out", tmp_path / "out")
    reseal(tmp_path / "out", TAMPERED[how])

    assert said("verify", tmp_path / "out", instance, code=2).splitlines()[-1] == "refused"


def test_a_result_for_fewer_members_is_refused_for_more(tmp_path: Path, said: Said) -> None:
    few = centre(tmp_path / "few", "75200.00")
    many = centre(tmp_path / "many", "75200.00", least=20)
    said("solve", few, "--rule", "met_need_whole", "--out", tmp_path / "out")
    digests = record_of(tmp_path / "out")["inputs"]
    digests |= {"services.csv": sha256(many / "services.csv")}
    reseal(tmp_path / "out", lambda record: record.update(inputs=digests))

    assert "fewer members than its least" in said("verify", tmp_path / "out", many, code=2)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_fixed_costs_that_no_limit_counts_are_a_note_with_what_to_do(
    tmp_path: Path, said: Said
) -> None:
    without = centre(tmp_path / "without", "80000.00", constraints="")
    assert 'add a table with kind = "pooled"' in said("check", without)
    assert "no limit of the scenario counts" not in said(
        "check", centre(tmp_path / "council", "80000.00")
    )


def test_compare_says_who_fills_the_centre_without_paying_for_it(
    tmp_path: Path, said: Said
) -> None:
    instance = centre(tmp_path / "council", "80000.00", least=25)
    rules = ("--rules", "points_proportional,met_need_whole")
    shown = said("compare", instance, *rules)

    broken = "points_proportional does not keep shared: day centre"
    assert f"{broken}: 20 users, by £60,000.00, by 5 members." in shown
    assert "with shared: met need" in shown
    document = json.loads(said("compare", instance, *rules, "--json"))
    assert [item["members"] for item in document["breaches"]] == [5]


def test_compare_counts_fixed_costs_in_what_is_spent(tmp_path: Path, said: Said) -> None:
    instance = centre(tmp_path / "council", "80000.00")
    rules = ("--rules", "points_proportional,met_need_whole")
    document = json.loads(said("compare", instance, *rules, "--json"))
    spent = {
        item["rule"]: item["value"]
        for item in document["figures"]
        if item["measure"] == "spent" and not item["group_by"]
    }
    assert spent == {"points_proportional": "16000.00", "met_need_whole": "76000.00"}


def test_a_workbook_says_what_became_of_the_services(tmp_path: Path, said: Said) -> None:
    calamine = pytest.importorskip("python_calamine")
    instance = centre(tmp_path / "council", "80000.00")
    said("solve", instance, "--rule", "met_need_whole", "--xlsx", tmp_path / "out.xlsx")
    book = calamine.CalamineWorkbook.from_path(str(tmp_path / "out.xlsx"))
    rows = dict(row[:2] for row in book.get_sheet_by_name("about").to_python() if len(row) > 1)

    assert rows["fixed costs in what is spent"] == "£60,000.00"
    assert rows["service day centre"] == "open, 20 members (least 19), fixed cost £60,000.00"
