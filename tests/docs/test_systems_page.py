"""The page of the systems says what the library says."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from metneed.instances.systems import system, systems

DOCS = Path(__file__).parents[2] / "docs"


def load() -> ModuleType:
    """The script that writes the page."""
    spec = importlib.util.spec_from_file_location("systems_page", DOCS / "systems.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


written = load()
PAGE = (DOCS / "systems.md").read_text(encoding="utf-8")


def test_the_page_is_what_the_library_says() -> None:
    assert PAGE.splitlines() == written.page().splitlines(), "run docs/systems.py"


@pytest.mark.parametrize("key", systems())
def test_every_system_is_told_with_its_source_its_parameters_and_its_answer(key: str) -> None:
    item = system(key)
    _, _, told = PAGE.partition(f"\n### {key} {item.title}\n")
    told = told.partition("\n### ")[0]

    assert f"`metneed demo --system {key}`" in told
    assert told.count("\n- Source: ") == told.count("\n- It leaves out: ") == 1
    for parameter in item.parameters:
        assert f"| `{parameter.key}` | " in told
    assert "\nBy hand, in " in told
    assert item.hand.words.split(". ")[0] in told


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert written._table(["a"], [["x|y"]]) == "| a |\n| --- |\n| x\\|y |\n"
