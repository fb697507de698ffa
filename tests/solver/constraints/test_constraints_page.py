"""The page on constraints says what the constraints are."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from metneed.solver.bound import bind_constraints
from metneed.solver.constraints import constraints
from metneed.solver.option_words import option_words

PAGE = (Path(__file__).parents[3] / "docs" / "constraints.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| ?(.*?) ?\| (.+) \|$", re.MULTILINE)


def section(kind: str) -> str:
    _, _, after = PAGE.partition(f"\n## {kind}\n")
    return after.partition("\n## ")[0]


def test_the_table_of_kinds_says_what_the_kinds_say() -> None:
    rows = re.findall(r"^\| \[`(\w+)`\]\(#(\w+)\) \| (.+?) \| ?(.*?) ?\|$", PAGE, re.MULTILINE)

    assert rows == [
        (kind, kind, item.title, ", ".join(item.needs)) for kind, item in constraints().items()
    ]


@pytest.mark.parametrize("kind", constraints())
def test_the_table_of_options_says_what_the_options_say(kind: str) -> None:
    rows = [tuple(text.strip("`") for text in row) for row in ROW.findall(section(kind))]

    assert rows == [
        (option.name, option.takes, option.default, option.says)
        for option in option_words(constraints()[kind].options)
    ]


@pytest.mark.parametrize("kind", constraints())
def test_the_examples_of_every_kind_can_be_bound(kind: str) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```$", section(kind), re.MULTILINE | re.DOTALL)
    tables = tomllib.loads("".join(blocks), parse_float=Decimal)["constraints"]

    assert {item.constraint.kind for item in bind_constraints(tables)} == {kind}


def test_the_page_has_no_section_of_a_kind_that_does_not_exist() -> None:
    sections = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)

    about_all = [
        "What limits cost",
        "When limits cannot be kept",
        "Whole packages under limits",
        "Proof",
    ]
    assert sections == [*constraints(), "A kind of your own", *about_all]


def test_ranges_units_and_defaults_are_read_off_the_models() -> None:
    words = {option.name: option for option in option_words(constraints()["transition"].options)}

    assert words["at_least"].takes == "number, 0 to 1; share"
    assert words["gain_at_most"].takes == "number, 0 to 100; share"
    assert words["losers_at_most"].takes == "whole number, 0 or more; users"
    assert words["values"].takes == "list of texts"
    assert words["of"].default == "met_need"
    assert option_words(constraints()["group_gap"].options)[0].default == "needed"
