"""A council with every table of the points systems, and a way to spoil it."""

from pathlib import Path

import pytest

from metneed.__main__ import run

SCENARIO = 'schema_version = 1\nname = "council"\nbudget = 1700\n'

COUNCIL = {
    "users.csv": (
        "user_id,points,age,hours,contribution,plan_cost,told,client_group\n"
        "ann,12,84,10,20,310,1,older\nbob,30,45,0,0,640,0,younger\n"
        "cat,7.5,70,4.5,15.5,120,1,older\ndan,22,33,0,0,480,0,younger\n"
    ),
    "packages.csv": (
        "user_id,package_id,cost,met_need\n"
        "ann,day,90,4\nann,full,300,12\nbob,day,150,10\nbob,full,650,30\n"
        "cat,full,130,7.5\ndan,day,120,8\ndan,full,450,22\n"
    ),
    "previous.csv": "user_id,package_id\nann,day\nbob,full\ncat,full\ndan,day\n",
    "needs.csv": (
        "user_id,instrument,outcome,severity,informal,eligible\n"
        "ann,,hygiene,some,0.5,yes\nbob,,hygiene,much,0,yes\nbob,,nutrition,much,0,yes\n"
        "cat,,nutrition,some,0.25,yes\ndan,,hygiene,much,0,no\n"
        "ann,conditions,stroke,severe,0,yes\nbob,conditions,dementia,mild,0,yes\n"
    ),
    "points.csv": (
        "outcome,severity,points\n"
        "hygiene,some,4\nhygiene,much,12\nnutrition,some,5\nnutrition,much,10\n"
    ),
    "bands.csv": "from,to,amount\n0,4,50\n5,14,150\n15,24,320\n25,,600\n",
    "rates.csv": "service_id,rate,market_rate\nhome_care,18.50,21\nmeals,6,\n",
    "reckoner.csv": (
        "outcome,severity,service_id,units\nhygiene,some,home_care,5\nhygiene,much,home_care,14\n"
        "nutrition,some,meals,7\nnutrition,much,meals,14\n"
    ),
    "tariff.csv": "condition,severity,amount\nstroke,severe,200\ndementia,mild,150\n",
    "ages.csv": "from,to,factor\n0,64,1\n65,,1.2\n",
    "shares.csv": "group,share\nolder,0.45\nyounger,0.5\n",
    "sample.csv": "points,cost\n2,30\n4,70\n5,80\n7,110\n9,160\n12,200\n14,260\n16,300\n",
}

CONDITIONS = ["solve", "--rule", "condition_tariff", "--option", "instrument=conditions"]
FROM_NEEDS = ["solve", "--rule", "points_proportional", "--option", "points_from=needs"]
SHARES = ["solve", "--rule", "funding_shares", "--option", "column=client_group"]


def solve(rule: str, *options: str) -> list[str]:
    return ["solve", "--rule", rule, *(word for one in options for word in ("--option", one))]


def stated(rule: str, line: str) -> dict[str, str]:
    """A scenario with one option of a rule."""
    return {"scenario.toml": f"{SCENARIO}[rules.{rule}]\n{line}\n"}


def on_path(lines: str) -> dict[str, str]:
    return {"scenario.toml": f"{SCENARIO}[path]\nyears = 3\n{lines}\n"}


def changed(name: str, old: str, new: str) -> dict[str, str]:
    assert old in COUNCIL[name]
    return {name: COUNCIL[name].replace(old, new)}


def refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str | None],
    command: list[str],
) -> str:
    """What is said by a command that has to end with code 2 and may write nothing."""
    folder, out = tmp_path / "council", tmp_path / "out"
    folder.mkdir()
    for name, text in {"scenario.toml": SCENARIO, **COUNCIL, **files}.items():
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")

    assert run([command[0], str(folder), *command[1:], "--out", str(out)]) == 2
    assert not out.exists()
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return said.err
