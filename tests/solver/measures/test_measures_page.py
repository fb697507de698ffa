"""The page on measures says what the measures are."""

import re
from pathlib import Path

import pytest

from metneed.solver.measures import measures

PAGE = (Path(__file__).parents[3] / "docs" / "measures.md").read_text(encoding="utf-8")
PARTS = ("**In words.**", "**Formula.**", "**Unit", "**What it ignores.**")


def section(name: str) -> str:
    _, _, after = PAGE.partition(f"\n## {name}\n")
    return after.partition("\n## ")[0]


@pytest.mark.parametrize("name", measures())
@pytest.mark.parametrize("part", PARTS)
def test_every_measure_has_a_section_with_all_its_parts(name: str, part: str) -> None:
    assert part in section(name)


def test_the_page_has_no_section_of_a_measure_that_does_not_exist() -> None:
    assert set(re.findall(r"^## (.+)$", PAGE, re.MULTILINE)) == set(measures())


def test_the_table_gives_measure_unit_and_grouping_of_every_figure() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| \[(\w+)\]\(#(\w+)\) \| ([\w ]+) \| (\w+) \|$", PAGE, re.MULTILINE
    )

    assert sorted(rows) == sorted(
        (figure, name, name, unit, "yes" if item.by_group else "no")
        for name, item in measures().items()
        for figure, unit in item.units.items()
    )
