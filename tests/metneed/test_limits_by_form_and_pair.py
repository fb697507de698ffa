"""Limits by form, by payer and by pairs of packages on the command line, against enumeration.

Three users have 3 x 4 x 4 choices, nothing among them: what is best under a limit is found here by
looking at every one of them, in plain Python that shares nothing with the solver.
"""

import csv
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from metneed.__main__ import run
from metneed.instances.workbook_pack import pack_workbook

USERS = "user_id,points\nann,5\nbea,3\ncol,4\n"
HEADINGS = "user_id,package_id,cost,met_need,form,paid_nhs\n"
ROWS = (
    "bea,full,6,10,direct payment,\n"
    "col,full,8,9,direct payment,5\n"
    "ann,some,4,8,home care,1\n"
    "bea,few,3,6,home care,0\n"
    "ann,full,7,10,direct payment,6\n"
    "col,some,4,4,home care,\n"
    "bea,some,5,7,,2\n"
    "ann,few,2,5,home care,\n"
)
"""In no order: what is read must stay with its package."""

SCENARIO = """schema_version = 1
name = "forms and pairs"
budget = {budget}
"""
WHOLE_UNITS = "money_decimals = 0\nneed_decimals = 0\n"
FENCE = '[constraints.fence]\nkind = "spend"\n'
COUPLE = '[constraints.couple]\nkind = "together"\n'

Package = Mapping[str, str]
Choice = dict[str, Package]
Keeps = Callable[[Choice], bool]
Said = Callable[..., str]


def choices(budget: int) -> Iterator[Choice]:
    """Every choice within the budget: the package of each user who has one."""
    menus: dict[str, list[Package]] = {}
    for row in csv.DictReader((HEADINGS + ROWS).splitlines()):
        menus.setdefault(row["user_id"], []).append(row)
    for picks in itertools.product(*([None, *menu] for menu in menus.values())):
        choice = {pick["user_id"]: pick for pick in picks if pick is not None}
        if total(choice.values(), "cost") <= budget:
            yield choice


def total(packages: Iterable[Package], column: str) -> int:
    return sum(int(package[column] or 0) for package in packages)


def direct(choice: Choice) -> int:
    return total((p for p in choice.values() if p["form"] == "direct payment"), "cost")


def nhs(choice: Choice) -> int:
    return total(choice.values(), "paid_nhs")


def has(choice: Choice, user: str, package: str) -> bool:
    return user in choice and choice[user]["package_id"] == package


CASES: dict[str, tuple[int, str, Keeps]] = {
    "at most 7 for direct payments": (
        21,
        FENCE + 'forms = ["direct payment"]\nat_most = 7\n',
        lambda choice: direct(choice) <= 7,
    ),
    "half of the money for direct payments": (
        14,
        FENCE + 'forms = ["direct payment"]\nat_least_share = 0.5\n',
        lambda choice: direct(choice) >= 7,
    ),
    "no more than 3 for what has no form": (
        14,
        FENCE + 'forms = ["", "home care"]\nat_most = 3\n',
        lambda choice: total(choice.values(), "cost") - direct(choice) <= 3,
    ),
    "at most 4 from the NHS": (
        21,
        FENCE + 'payer = "nhs"\nat_most = 4\n',
        lambda choice: nhs(choice) <= 4,
    ),
    "a half of the money from the NHS as well": (
        15,
        FENCE + 'payer = "paid_nhs"\nat_least_share = 0.5\n',
        lambda choice: 2 * nhs(choice) >= 15,
    ),
    "an incompatible pair": (
        21,
        COUPLE + 'incompatible = [["ann", "full", "bea", "full"]]\n',
        lambda choice: not (has(choice, "ann", "full") and has(choice, "bea", "full")),
    ),
    "a required pair": (
        12,
        COUPLE + 'required = [["bea", "full", "col", "full"]]\n',
        lambda choice: not has(choice, "bea", "full") or has(choice, "col", "full"),
    ),
    "a pair and a fence": (
        15,
        COUPLE
        + 'required = [["ann", "some", "col", "some"]]\n'
        + FENCE
        + 'forms = ["home care"]\nat_least = 7\n',
        lambda choice: (
            (not has(choice, "ann", "some") or has(choice, "col", "some"))
            and total((p for p in choice.values() if p["form"] == "home care"), "cost") >= 7
        ),
    ),
}


def folder(path: Path, budget: int, constraints: str, keys: str = WHOLE_UNITS) -> Path:
    path.mkdir()
    (path / "users.csv").write_text(USERS)
    (path / "packages.csv").write_text(HEADINGS + ROWS)
    (path / "scenario.toml").write_text(SCENARIO.format(budget=budget) + keys + constraints)
    return path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """A function that runs a command and gives all it says, its exit code checked."""

    def command(*arguments: object, code: int = 0) -> str:
        found = run([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        assert found == code, shown.out + shown.err
        return shown.out + shown.err

    return command


def chosen(result: Path) -> Choice:
    """The packages that a result gives, with all that the instance says of them."""
    rows = list(csv.DictReader((HEADINGS + ROWS).splitlines()))
    packages = {(row["user_id"], row["package_id"]): row for row in rows}
    with (result / "allocation.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["user_id"]: packages[row["user_id"], row["package_id"]]
            for row in csv.DictReader(file)
            if row["package_id"]
        }


@pytest.mark.parametrize("name", CASES)
def test_a_limit_gives_the_best_of_the_choices_that_keep_it(
    name: str, tmp_path: Path, said: Said
) -> None:
    budget, constraints, keeps = CASES[name]
    met = {True: 0, False: 0}
    for choice in choices(budget):
        met[keeps(choice)] = max(met[keeps(choice)], total(choice.values(), "met_need"))
    assert met[True] < met[False], "a limit that binds nobody would show nothing"
    instance = folder(tmp_path / "council", budget, constraints)

    said("solve", instance, "--rule", "met_need_whole", "--out", tmp_path / "out")
    choice = chosen(tmp_path / "out")

    assert keeps(choice)
    assert total(choice.values(), "met_need") == met[True]
    record = json.loads((tmp_path / "out" / "result.json").read_text())
    assert record["met_need"] == str(met[True])
    assert record["certificate"]["proof"] == "proved"
    checked = said("verify", tmp_path / "out", instance)
    assert "checked: limits kept" in checked
    assert checked.splitlines()[-1] == "verified"


@pytest.mark.parametrize("name", CASES)
def test_a_result_of_a_free_scenario_is_refused_where_it_breaks_the_limit(
    name: str, tmp_path: Path, said: Said
) -> None:
    budget, constraints, keeps = CASES[name]
    free = folder(tmp_path / "free", budget, "")
    said("solve", free, "--rule", "met_need_whole", "--out", tmp_path / "out")
    assert not keeps(chosen(tmp_path / "out"))
    limited = folder(tmp_path / "limited", budget, constraints)

    assert "refused" in said("verify", tmp_path / "out", limited, code=2)


@pytest.mark.parametrize("name", CASES)
def test_a_workbook_gives_the_same_packages_as_its_folder(
    name: str, tmp_path: Path, said: Said
) -> None:
    budget, constraints, _ = CASES[name]
    instance = folder(tmp_path / "council", budget, constraints)
    pack_workbook(instance, tmp_path / "council.xlsx")

    for source in (instance, tmp_path / "council.xlsx"):
        said("solve", source, "--rule", "met_need_whole", "--out", tmp_path / source.suffix[1:])

    assert chosen(tmp_path / "xlsx") == chosen(tmp_path)


@pytest.mark.parametrize("name", CASES)
def test_part_packages_under_the_limit_reach_past_whole_ones_and_are_verified(
    name: str, tmp_path: Path, said: Said
) -> None:
    budget, constraints, keeps = CASES[name]
    met = max(total(c.values(), "met_need") for c in choices(budget) if keeps(c))
    # Pence and thousandths: parts are rounded to them.
    instance = folder(tmp_path / "council", budget, constraints, 'packages = "divisible"\n')

    said("solve", instance, "--rule", "met_need_lp", "--out", tmp_path / "out")

    record = json.loads((tmp_path / "out" / "result.json").read_text())
    assert Decimal(record["met_need"]) >= met
    assert said("verify", tmp_path / "out", instance).splitlines()[-1] == "verified"


def test_check_names_a_form_a_payer_and_a_package_that_nobody_has(
    tmp_path: Path, said: Said
) -> None:
    constraints = (
        FENCE + 'forms = ["direct payments"]\nat_most = 7\n'
        '[constraints.health]\nkind = "spend"\npayer = "nsh"\nat_most = 4\n'
        + COUPLE
        + 'required = [["ann", "most", "col", "full"]]\n'
    )
    instance = folder(tmp_path / "council", 12, constraints)

    output = " ".join(said("check", instance, code=2).split())

    assert "did you mean direct payment?" in output
    assert "did you mean nhs?" in output
    assert "user 'ann' has no package 'most'; the menu has 'few', 'full', 'some'" in output


def test_check_says_what_a_limit_needs_where_packages_lack_the_column(
    tmp_path: Path, said: Said
) -> None:
    constraints = (
        FENCE + 'forms = ["direct payment"]\nat_most = 7\n'
        '[constraints.health]\nkind = "spend"\npayer = "nhs"\nat_most = 4\n'
    )
    instance = folder(tmp_path / "council", 12, constraints)
    plain = [",".join(line.split(",")[:4]) for line in (HEADINGS + ROWS).splitlines()]
    (instance / "packages.csv").write_text("\n".join(plain) + "\n")

    output = " ".join(said("check", instance, code=2).split())

    assert "this limit needs the column form in packages" in output
    assert "this limit needs columns paid_... in packages" in output
