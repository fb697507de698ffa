"""Folders of rules and measures are read as they stand, and fail loudly."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from metneed.models.allocation import NotApplicable, Outcome
from metneed.models.errors import UnknownNameError
from metneed.models.problem import Problem
from metneed.solver import discovery
from metneed.solver.discovery import discover
from metneed.solver.measures import measure, measures
from metneed.solver.rule import Options, Rule
from metneed.solver.rules import rule, rules

MakeFolder = Callable[[dict[str, str]], ModuleType]

RULE = """
from metneed.solver.rule import Rule

RULE = Rule(name={name!r}, title="a rule", family="money", run=lambda problem, options: None)
"""


class Point:
    """An entry point of another distribution."""

    def __init__(self, name: str, item: object) -> None:
        self.name, self.value, self._item = name, f"elsewhere:{name}", item

    def load(self) -> object:
        return self._item


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeFolder:
    """A package of rules made of the texts given by file name."""

    def make(files: dict[str, str]) -> ModuleType:
        name = f"rules_of_{tmp_path.name.replace('-', '_')}"
        place = tmp_path / name
        place.mkdir()
        for stem, text in {"__init__": "", **files}.items():
            (place / f"{stem}.py").write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        return __import__(name)

    yield make
    for name in [name for name in sys.modules if name.startswith("rules_of_")]:
        del sys.modules[name]


def nothing(problem: Problem, options: Options) -> Outcome:
    return NotApplicable("a rule of this test")


def offer(monkeypatch: pytest.MonkeyPatch, name: str, item: object) -> None:
    """Have another distribution offer something under a name."""

    def entry_points(group: str) -> list[Point]:
        return [Point(name, item)]

    monkeypatch.setattr(discovery, "entry_points", entry_points)


def found(package: ModuleType) -> dict[str, Rule]:
    return discover(package, "RULE", Rule, "metneed.test_rules")


def test_every_file_of_a_folder_is_found_in_alphabetical_order(folder: MakeFolder) -> None:
    package = folder({name: RULE.format(name=name) for name in ("second", "first")})

    assert list(found(package)) == ["first", "second"]


def test_a_file_without_a_rule_fails_loudly(folder: MakeFolder) -> None:
    package = folder({"first": RULE.format(name="first"), "helper": ""})

    with pytest.raises(TypeError, match=r"helper.RULE must be a Rule, not NoneType$"):
        found(package)


def test_a_file_that_offers_something_else_fails_loudly(folder: MakeFolder) -> None:
    with pytest.raises(TypeError, match=r"first.RULE must be a Rule, not str$"):
        found(folder({"first": "RULE = 'first'"}))


def test_a_rule_must_be_called_as_its_file(folder: MakeFolder) -> None:
    with pytest.raises(TypeError, match=r"first.RULE must be named 'first'$"):
        found(folder({"first": RULE.format(name="other")}))


def test_other_distributions_add_theirs(
    folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = Rule(name="theirs", title="theirs", family="package", run=nothing)
    offer(monkeypatch, "theirs", item)

    assert list(found(folder({"zebra": RULE.format(name="zebra")}))) == ["theirs", "zebra"]


def test_other_distributions_cannot_take_a_name_in_use(
    folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, "first", None)

    with pytest.raises(TypeError, match=r"elsewhere:first takes the name 'first', which is in use"):
        found(folder({"first": RULE.format(name="first")}))


def test_other_distributions_must_offer_the_right_kind(
    folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, "theirs", 5)

    with pytest.raises(TypeError, match=r"elsewhere:theirs must be a Rule, not int$"):
        found(folder({}))


def test_our_own_folders_are_sound() -> None:
    assert rule("points_proportional") is rules()["points_proportional"]
    assert measure("gini") is measures()["gini"]


@pytest.mark.parametrize(
    ("ask", "name", "near"), [(rule, "equal_mony", "equal_money"), (measure, "ginny", "gini")]
)
def test_a_misspelt_name_is_answered_with_the_right_one(
    ask: Callable[[str], object], name: str, near: str
) -> None:
    with pytest.raises(UnknownNameError, match=f"did you mean .*{near}"):
        ask(name)
