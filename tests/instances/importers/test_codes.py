import csv
from pathlib import Path
from typing import Any

import pytest

from metneed.instances.importers.codes import (
    LEFT_OUT,
    UNITS,
    UNMAPPED,
    bundled_mapping,
    meanings,
    read_mapping,
)
from metneed.instances.money_time import letters
from metneed.models.errors import InputError
from metneed.models.findings import Findings

DATA = Path(__file__).parents[3] / "instances" / "data" / "cld"
COMMUNITY = "Long Term Support: Community"


@pytest.mark.parametrize("table", ["codes", "frequencies", "services"])
def test_every_row_of_the_bundled_tables_names_its_source(table: str) -> None:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert rows
    assert all(row["source"].strip() for row in rows)


def test_codes_with_the_same_letters_mean_the_same() -> None:
    with (DATA / "codes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = {(row["field"], letters(row["value"])) for row in rows}

    assert len({(*key, meanings(key[0])[key[1]]) for key in keys}) == len(keys)
    assert {(row["field"], letters(row["value"]), row["meaning"]) for row in rows} == {
        (*key, meanings(key[0])[key[1]]) for key in keys
    }


def test_services_are_counted_in_known_units() -> None:
    assert {service.unit for service in bundled_mapping().services.values()} <= set(UNITS)


@pytest.mark.parametrize(
    ("component", "mechanism", "service"),
    [
        ("Home Support", "", "home_care"),
        ("Home Support", "CASSR Commissioned Support", "home_care"),
        ("Home Support", "Direct Payment", "direct_payment"),
        ("Direct Payment", "", "direct_payment"),
        ("Telecare", "Direct Payment", "direct_payment"),
        ("Telecare", "", UNMAPPED),
        ("  HOME   support", "", "home_care"),
        ("Day Support", "", "day_care"),
        ("Shared Lives", "", "shared_lives"),
    ],
)
def test_delivery_mechanism_says_more_than_component(
    component: str, mechanism: str, service: str
) -> None:
    assert bundled_mapping().service_of(COMMUNITY, component, mechanism) == service


def mapping(path: Path, text: str) -> Any:
    (path / "own.csv").write_text(text, encoding="utf-8")
    findings = Findings()
    return read_mapping(path / "own.csv", findings), findings


def test_rows_of_a_council_come_before_those_of_metneed(tmp_path: Path) -> None:
    found, findings = mapping(
        tmp_path,
        "service_component,service_id,unit,replaces_all\n"
        "Telecare,telecare,week,no\nHome Support,visits,hour,\nMeals,-,,\nTransport,?,,\n",
    )

    assert not findings.errors
    assert found.service_of(COMMUNITY, "Telecare", "") == "telecare"
    assert found.service_of(COMMUNITY, "Home Support", "") == "visits"
    assert found.service_of(COMMUNITY, "Home Support", "Direct Payment") == "direct_payment"
    assert found.service_of(COMMUNITY, "Meals", "") == LEFT_OUT
    assert found.service_of(COMMUNITY, "Transport", "") == "transport"
    assert found.services["telecare"].unit == "week"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("service_component,service_id,unit\nTelecare,telecare,furlong\n", "unknown-unit"),
        ("service_component,service_id,unit\nTelecare,telecare,\n", "unknown-unit"),
        ("service_component,service_id,unit\nTelecare,,week\n", "no-service"),
        (
            "service_component,service_id,unit,replaces_all\nTelecare,t,week,perhaps\n",
            "yes-or-no",
        ),
        ("service_component,unit\nTelecare,week\n", "missing-column"),
    ],
)
def test_faults_of_a_mapping_are_findings(tmp_path: Path, text: str, code: str) -> None:
    _, findings = mapping(tmp_path, text)

    assert [item.code for item in findings.errors] == [code]


def test_an_import_with_a_faulty_mapping_is_refused(extract: Any, row: Any) -> None:
    extract.write([row()])
    path = extract.folder / "own.csv"
    path.write_text("service_component,service_id,unit\nTelecare,telecare,furlong\n", "utf-8")
    with pytest.raises(InputError, match="Write one of hour, session"):
        extract.run(mapping=path)


def test_combinations_left_out_are_told_and_their_people_are_no_users(
    extract: Any, row: Any
) -> None:
    extract.write([row(), row("bob", {"Service Component": "Meals"})])
    path = extract.folder / "own.csv"
    path.write_text("service_component,service_id\nMeals,-\n", encoding="utf-8")
    made = extract.run(mapping=path)

    assert {t.code: t.rows for t in made.tallies["return.csv"]} == {"used": 1, "left-out": 1}
    assert [u["user_id"] for u in extract.table(made, "users")] == ["ann"]


def test_the_mapping_that_is_written_can_be_given_back(extract: Any, row: Any) -> None:
    telecare = row("bob", {"Service Component": "Telecare", "Unit Cost": "7"})
    extract.write([row(), row("cid", {"Service Component": "HOME SUPPORT"}), telecare])
    made = extract.run()
    combinations = extract.table(made, "mapping")

    assert [(c["service_component"], c["service_id"], c["rows"]) for c in combinations] == [
        ("Home Support", "home_care", "2"),
        ("Telecare", UNMAPPED, "1"),
    ]
    again = extract.run(mapping=extract.folder / "council" / "mapping.csv")
    assert extract.table(again, "current") == extract.table(made, "current")
