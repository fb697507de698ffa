"""Council tables that are written: the template, and those of a made-up council."""

from pathlib import Path

import numpy as np
import pytest

from metneed.instances.council.instance import instance_of, with_response
from metneed.instances.council.menus import council_menus, today_of
from metneed.instances.council.read import examine_council, read_council
from metneed.instances.council.schemas import (
    COUNCIL_SCHEMAS,
    council_schema_text,
    write_council_schemas,
)
from metneed.instances.council.settings import CARE_ACT
from metneed.instances.council.template import (
    EXAMPLE,
    help_text,
    template_tables,
    write_template,
    write_template_workbook,
)
from metneed.instances.council.write import instance_tables, write_council
from metneed.instances.generators import Generated, generate
from metneed.instances.read import read
from metneed.instances.response import STRAIGHT_LINE
from metneed.instances.scenario_file import as_scenario
from metneed.instances.scenario_text import scenario_text
from metneed.instances.write import write_instance
from metneed.models.errors import OutputError
from metneed.models.instance import Instance

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas" / "council"


@pytest.fixture(scope="module")
def made() -> Generated:
    return generate("council", users=300, seed=5, tables="yes")


@pytest.fixture(scope="module")
def folder(made: Generated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("council")
    text = scenario_text(as_scenario(made.scenario))
    write_council(path, made.council, {"scenario.toml": text})
    return path


def assert_same(one: Instance, other: Instance) -> None:
    """Users, menus, today's packages and scenario agree to the last unit."""
    assert one.scenario == other.scenario
    for name in ("ids", "need", "points", "basic_need", "arrival"):
        assert np.array_equal(getattr(one.users, name), getattr(other.users, name)), name
    assert {name: labels.text().tolist() for name, labels in one.users.groups.items()} == {
        name: labels.text().tolist() for name, labels in other.users.groups.items()
    }
    for name in ("offsets", "cost", "met_need", "basic_met_need"):
        assert np.array_equal(getattr(one.menus, name), getattr(other.menus, name)), name
    assert one.package_ids.text().tolist() == other.package_ids.text().tolist()
    assert one.previous is not None
    assert other.previous is not None
    for name in ("held", "package_ids", "cost", "met_need", "basic_met_need"):
        assert np.array_equal(getattr(one.previous, name), getattr(other.previous, name)), name


def test_building_the_tables_of_a_made_up_council_gives_the_very_same_instance(
    made: Generated, folder: Path, tmp_path: Path
) -> None:
    council = read_council(folder)
    tables = instance_tables(council, council_menus(council), today_of(council))
    write_instance(tmp_path, tables, council.scenario.model_dump())
    built = read(tmp_path)

    assert built.evidence == "A"
    assert not council.warnings.errors
    assert_same(made.instance(), built)


def test_the_order_of_people_and_of_their_needs_and_services_does_not_matter(
    made: Generated, folder: Path, tmp_path: Path
) -> None:
    generator = np.random.Generator(np.random.PCG64(4))
    shuffled = dict(made.council)
    for name in ("users", "needs", "current"):
        order = generator.permutation(len(shuffled[name]["user_id"]))
        shuffled[name] = {heading: cells[order] for heading, cells in shuffled[name].items()}
    text = scenario_text(as_scenario(made.scenario))
    write_council(tmp_path, shuffled, {"scenario.toml": text})
    one, other = council_menus(read_council(folder)), council_menus(read_council(tmp_path))

    for name in ("offsets", "plan", "origin", "cost", "met_need", "basic_met_need", "dominated"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert one.origins == other.origins


def test_the_instance_in_memory_is_the_one_that_is_written(folder: Path, tmp_path: Path) -> None:
    council = read_council(folder)
    built, today = council_menus(council), today_of(council)
    write_instance(tmp_path, instance_tables(council, built, today), council.scenario.model_dump())
    memory, written = instance_of(council, built, today), read(tmp_path)

    assert memory.evidence == written.evidence == "A"
    assert np.array_equal(memory.menus.met_need, written.menus.met_need)
    assert memory.package_ids.text().tolist() == written.package_ids.text().tolist()
    assert np.array_equal(
        with_response(council, STRAIGHT_LINE).menus.met_need, written.menus.met_need
    )


def test_what_users_pay_themselves_is_the_same_in_memory_as_written(
    made: Generated, tmp_path: Path
) -> None:
    person, folder = made.council["users"]["user_id"][0], tmp_path / "council"
    text = scenario_text(as_scenario({**made.scenario, "basis": "net"}))
    write_council(folder, made.council, {"scenario.toml": text})
    (folder / "contributions.csv").write_text(f"user_id,amount\n{person},20.00\n")
    council = read_council(folder)
    built = council_menus(council)
    write_instance(
        tmp_path / "it", instance_tables(council, built, None), council.scenario.model_dump()
    )
    memory, written = instance_of(council, built, None), read(tmp_path / "it")

    assert memory.paid is not None
    assert written.paid is not None
    assert memory.paid.keys() == written.paid.keys() == {"user"}
    assert memory.paid["user"].any()
    assert memory.paid["user"].tolist() == written.paid["user"].tolist()


def test_the_tables_are_given_only_where_they_are_asked_for(made: Generated) -> None:
    plain = generate("council", users=300, seed=5)

    assert plain.council == {}
    assert plain.tables["packages"]["cost"].tolist() == made.tables["packages"]["cost"].tolist()


def test_a_second_council_does_not_mix_with_the_first(made: Generated, folder: Path) -> None:
    with pytest.raises(OutputError, match=r"needs\.csv.* of another council"):
        write_council(folder, {"users": made.council["users"]}, {})


def test_the_template_builds_as_it_is_and_every_row_says_that_it_is_an_example(
    tmp_path: Path,
) -> None:
    write_template(tmp_path)
    council, findings = examine_council(tmp_path)

    assert list(findings) == []
    assert council is not None
    assert len(council) == 3
    assert {note.sources for note in council.notes.values()} == {(EXAMPLE,)}
    assert all(note.assumed == note.rows for note in council.notes.values())
    assert set(council.notes) == set(COUNCIL_SCHEMAS)
    assert set(council.outcomes) == set(CARE_ACT)


def test_the_workbook_says_the_same_as_the_folder(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="the extra excel is not installed")
    pytest.importorskip("python_calamine", reason="the extra excel is not installed")
    write_template(tmp_path / "folder")
    write_template_workbook(tmp_path / "council.xlsx")
    folder, workbook = read_council(tmp_path / "folder"), read_council(tmp_path / "council.xlsx")
    one, other = council_menus(folder), council_menus(workbook)

    assert one.cost.tolist() == other.cost.tolist()
    assert one.met_need.tolist() == other.met_need.tolist()
    assert folder.scenario.budget == workbook.scenario.budget


def test_a_fault_in_a_workbook_is_named_by_its_cell(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="the extra excel is not installed")
    pytest.importorskip("python_calamine", reason="the extra excel is not installed")
    path = tmp_path / "council.xlsx"
    tables = template_tables()
    tables["reckoner"]["reach"][1] = "1.5"
    with xlsxwriter.Workbook(path) as book:
        for name, table in tables.items():
            sheet = book.add_worksheet(name)
            for place, (heading, cells) in enumerate(table.items()):
                sheet.write_column(0, place, [heading, *cells])
    _, findings = examine_council(path)
    found = {(item.file, item.row, item.code) for item in findings}

    assert ("sheet reckoner of council.xlsx", 3, "too-large") in found
    assert any(item.code == "missing-file" and "scenario" in item.file for item in findings)


def test_help_names_every_column_of_every_table() -> None:
    text = help_text()

    assert all(field.name in text for schema in COUNCIL_SCHEMAS.values() for field in schema.fields)


@pytest.mark.parametrize("name", COUNCIL_SCHEMAS)
def test_the_published_schema_says_what_the_reader_holds_the_table_to(name: str) -> None:
    published = SCHEMAS / f"{name}.json"

    assert published.read_text(encoding="utf-8") == council_schema_text(name)


def test_schemas_are_written_for_every_table(tmp_path: Path) -> None:
    write_council_schemas(tmp_path)

    assert {path.stem for path in tmp_path.iterdir()} == set(COUNCIL_SCHEMAS)
