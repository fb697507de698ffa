"""The published schemas, and the page that explains them, say what the reader holds files to."""

import json
import re
from pathlib import Path

import pytest

from metneed.instances.schemas import MOST_DECIMALS, SCHEMAS, schema_text, write_schemas
from metneed.models.scenario import Scenario

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "file-formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schema_is_the_one_the_reader_uses(name: str) -> None:
    published = (ROOT / "docs" / "schemas" / f"{name}.json").read_text(encoding="utf-8")

    assert published == schema_text(name)


def test_writing_the_schemas_gives_a_file_for_each_table(tmp_path: Path) -> None:
    write_schemas(tmp_path)

    assert {path.stem for path in tmp_path.iterdir()} == set(SCHEMAS)
    for path in tmp_path.iterdir():
        assert json.loads(path.read_text())["missingValues"] == [""]


def test_columns_of_a_family_belong_to_it() -> None:
    field = SCHEMAS["packages"].field("paid_nhs")

    assert field is not None
    assert (field.name, field.kind) == ("paid_", "money")
    assert SCHEMAS["users"].field("paid_nhs") is None


def test_the_decimals_offered_are_those_the_scenario_allows() -> None:
    for key, most in MOST_DECIMALS.items():
        bounds = [item.le for item in Scenario.model_fields[key].metadata if hasattr(item, "le")]

        assert bounds == [most]


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_page_explains_every_column(name: str) -> None:
    section = PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]
    missing = [
        field.name
        for field in SCHEMAS[name].fields
        if not re.search(rf"`{field.name}(\.\.\.)?`", section)
    ]

    assert missing == []


def test_the_page_explains_every_key_of_the_scenario() -> None:
    section = PAGE.split("\n## scenario.toml\n")[1].split("\n## ")[0]

    assert [key for key in Scenario.model_fields if f"`{key}`" not in section] == [
        "rules",
        "constraints",
    ]
    assert "`[rules.NAME]`" in section
    assert "`[constraints.NAME]`" in section


READERS = [
    "bands",
    "catalogue",
    "csv_bytes",
    "csv_file",
    "folder",
    "frames",
    "grammar",
    "groups",
    "headings",
    "identifiers",
    "magnitude",
    "matching",
    "menu_rows",
    "needs",
    "package_notes",
    "packages",
    "parquet_file",
    "previous",
    "read",
    "reading",
    "scenario_file",
    "services",
    "small_tables",
    "users",
    "uses",
]


def test_the_page_names_every_kind_of_finding() -> None:
    section = PAGE.split("Their short names")[1].split("\n## ")[0]
    named = {name for row in section.splitlines() for name in re.findall(r"`([a-z-]+)`", row)}
    used = set()
    for module in READERS:
        source = (ROOT / "instances" / f"{module}.py").read_text(encoding="utf-8")
        used |= set(re.findall(r'(?:Fault|_refuse)\(\s*"([a-z]+(?:-[a-z]+)*)"', source))
    used |= {"same-letters", "look-alike", "yes-or-no"}

    assert used <= named, used - named
    assert named <= used, named - used
