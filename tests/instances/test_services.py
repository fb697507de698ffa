"""The tables services and uses, in every form that an instance can have."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metneed.instances.read import examine, from_frames, read
from metneed.instances.workbook_pack import pack_workbook
from metneed.instances.workbook_unpack import unpack_workbook
from metneed.instances.write import write_instance
from metneed.models.errors import InputError, OutputError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.services import NO_LIMIT, Uses

Write: TypeAlias = Callable[..., Path]

SERVICES = (
    "service_id,unit,capacity,fixed_cost,least_members,paid_anyway\n"
    "night,hours,,0,0,no\n"
    "day centre,places,12.5,300.00,2,yes\n"
)
USES = (
    "user_id,package_id,service_id,amount\n"
    "B2,home,night,7.25\n"
    "A1,day,day centre,1\n"
    "A1,home,night,3\n"
    "A1,home,day centre,0.5\n"
    "C3,home,night,0\n"
)


def uses(instance: Instance) -> list[tuple[str, str, str, int]]:
    """Every use as user, package, service and amount."""
    services, used = instance.services, instance.uses
    assert services is not None
    assert used is not None
    return [
        (
            instance.users.ids[instance.menus.user[package]],
            instance.package_ids.text()[package],
            services.ids[service],
            amount,
        )
        for package, service, amount in zip(
            used.package.tolist(), used.service.tolist(), used.amount.tolist(), strict=True
        )
    ]


ALL = [
    ("A1", "day", "day centre", 100),
    ("A1", "home", "day centre", 50),
    ("A1", "home", "night", 300),
    ("B2", "home", "night", 725),
]


def found(folder: Path) -> list[tuple[str, int, str, str]]:
    _, findings = examine(folder)
    return [(item.file, item.row, item.column, item.code) for item in findings.errors]


def test_services_and_uses_are_read_in_the_order_of_their_identifiers(written: Write) -> None:
    instance = read(written(services__csv=SERVICES, uses__csv=USES))
    services = instance.services

    assert services is not None
    assert services.ids.tolist() == ["day centre", "night"]
    assert services.unit.tolist() == ["places", "hours"]
    assert services.capacity.tolist() == [1250, NO_LIMIT]
    assert services.fixed_cost.tolist() == [30000, 0]
    assert services.least_members.tolist() == [2, 0]
    assert services.paid_anyway.tolist() == [True, False]
    assert uses(instance) == ALL
    assert set(instance.inputs) == {
        "scenario.toml",
        "users.csv",
        "packages.csv",
        "services.csv",
        "uses.csv",
    }


def test_only_the_identifier_of_a_service_is_needed(written: Write) -> None:
    instance = read(written(services__csv="service_id\nnight\n"))

    assert instance.services is not None
    assert instance.services.capacity.tolist() == [NO_LIMIT]
    assert instance.services.fixed_cost.tolist() == [0]
    assert instance.services.least_members.tolist() == [0]
    assert instance.services.paid_anyway.tolist() == [False]
    assert instance.services.unit.tolist() == [""]
    assert instance.uses is None


def test_the_scenario_says_how_many_decimals_quantities_have(
    written: Write, tmp_path: Path
) -> None:
    folder = written(
        services__csv="service_id,capacity\nnight,2.125\n",
        uses__csv="user_id,package_id,service_id,amount\nA1,home,night,0.125\n",
    )

    assert found(folder) == [
        ("services.csv", 2, "capacity", "too-many-decimals"),
        ("uses.csv", 2, "amount", "too-many-decimals"),
    ]
    _, findings = examine(folder)
    assert "set quantity_decimals = 3 in scenario.toml" in findings.errors[0].remedy
    scenario = (tmp_path / "scenario.toml").read_text(encoding="utf-8")
    (tmp_path / "scenario.toml").write_text(scenario + "quantity_decimals = 3\n", encoding="utf-8")
    assert uses(read(folder)) == [("A1", "home", "night", 125)]


def test_all_faults_of_both_tables_are_found_at_once(written: Write) -> None:
    folder = written(
        services__csv=(
            "service_id,capacity,least_members,paid_anyway\n"
            "night,-5,0,no\nnight,1,0,no\nday,1,1.5,perhaps\n ,1,0,no\n"
        ),
        uses__csv=(
            "user_id,package_id,service_id,amount\n"
            "A1,home,night,-1\nZ9,home,night,1\nA1,gone,night,1\nB2,day,night,1\n"
            "A1,home,nigth,1\nA1,day,night,1\nA1,day,night,2\nA1,home,day,\n"
        ),
    )

    assert sorted(found(folder)) == sorted(
        [
            ("services.csv", 2, "capacity", "negative"),
            ("services.csv", 3, "service_id", "duplicate-service"),
            ("services.csv", 4, "least_members", "too-many-decimals"),
            ("services.csv", 4, "paid_anyway", "yes-or-no"),
            ("services.csv", 5, "service_id", "spaces"),
            ("uses.csv", 2, "amount", "negative"),
            ("uses.csv", 3, "user_id", "unknown-user"),
            ("uses.csv", 4, "package_id", "unknown-package"),
            ("uses.csv", 5, "package_id", "unknown-package"),
            ("uses.csv", 6, "service_id", "unknown-service"),
            ("uses.csv", 8, "service_id", "duplicate-use"),
            ("uses.csv", 9, "amount", "blank"),
        ]
    )
    _, findings = examine(folder)
    assert any("Did you mean 'night'?" in item.remedy for item in findings.errors)
    assert any("as in row 7" in item.problem for item in findings.errors)


def test_uses_need_services(written: Write) -> None:
    assert found(written(uses__csv=USES)) == [("uses.csv", 0, "", "no-services")]


def test_required_columns_that_are_missing_are_named(written: Write) -> None:
    folder = written(services__csv="name\nnight\n", uses__csv="user_id,package_id\nA1,home\n")

    assert found(folder) == [
        ("services.csv", 1, "service_id", "missing-column"),
        ("uses.csv", 1, "service_id", "missing-column"),
        ("uses.csv", 1, "amount", "missing-column"),
    ]


def test_amounts_that_leave_exact_arithmetic_are_refused(written: Write) -> None:
    folder = written(
        scenario__toml='schema_version = 1\nname = "x"\nbudget = 1\nquantity_decimals = 4\n',
        services__csv="service_id,capacity\nnight,1000000000000\n",
        uses__csv="user_id,package_id,service_id,amount\nA1,home,night,1000000000000\n",
    )

    assert found(folder) == [
        ("services.csv", 0, "", "numbers-too-large"),
        ("uses.csv", 0, "", "numbers-too-large"),
    ]


def test_a_councils_price_list_beside_an_instance_is_left_alone(written: Write) -> None:
    prices = "service_id,unit,unit_cost,client_group\nhome,hour,20.00,a\nhome,hour,21.00,b\n"
    instance, findings = examine(written(services__csv=prices))

    assert [(item.file, item.code) for item in findings] == [("services.csv", "not-read")]
    assert instance is not None
    assert instance.services is None


def test_an_instance_may_be_written_beside_a_price_list_and_not_beside_uses(
    tmp_path: Path,
) -> None:
    tables = {
        "users": {"user_id": ["a"]},
        "packages": {"user_id": ["a"], "package_id": ["x"], "cost": ["1"], "met_need": ["1"]},
    }
    keys = {"schema_version": 1, "name": "it", "budget": "3"}
    (tmp_path / "services.csv").write_text("service_id,unit_cost\nhome,20\n", encoding="utf-8")
    write_instance(tmp_path, tables, keys)

    assert read(tmp_path).services is None
    (tmp_path / "uses.csv").write_text("package_id,service_id,amount\n", encoding="utf-8")
    with pytest.raises(OutputError, match=r"uses\.csv"):
        write_instance(tmp_path, tables, keys)


def test_without_users_a_row_is_about_everyone_who_has_the_package(written: Write) -> None:
    instance = read(
        written(
            services__csv=SERVICES,
            uses__csv="package_id,service_id,amount\nhome,night,7\nday,day centre,1\n",
        )
    )

    assert uses(instance) == [
        ("A1", "day", "day centre", 100),
        ("A1", "home", "night", 700),
        ("B2", "home", "night", 700),
        ("C3", "home", "night", 700),
    ]
    assert found(written(uses__csv="package_id,service_id,amount\nhom,night,7\n")) == [
        ("uses.csv", 2, "package_id", "unknown-package")
    ]


def test_a_catalogue_says_once_what_its_packages_use(written: Write) -> None:
    folder = written(
        packages__csv=None,
        catalogue__csv="area,package_id,cost,met_need\nNorth,home,5,1\n*,day,2,1\n",
        services__csv=SERVICES,
        uses__csv="package_id,service_id,amount\nhome,night,2\nday,night,1\n",
    )

    assert uses(read(folder)) == [
        ("A1", "day", "night", 100),
        ("A1", "home", "night", 200),
        ("B2", "day", "night", 100),
        ("C3", "day", "night", 100),
        ("C3", "home", "night", 200),
    ]


def test_a_workbook_holds_the_same_and_gives_it_back(written: Write, tmp_path: Path) -> None:
    limits = '[constraints.places]\nkind = "capacity"\nservices = ["day centre", "night"]\n'
    folder = written(services__csv=SERVICES, uses__csv=USES)
    with (folder / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write(limits)
    pack_workbook(folder, tmp_path / "it.xlsx")
    instance = read(tmp_path / "it.xlsx")
    unpack_workbook(tmp_path / "it.xlsx", tmp_path / "back")

    assert uses(instance) == ALL
    assert instance.services is not None
    assert instance.services.capacity.tolist() == [1250, NO_LIMIT]
    assert instance.scenario.constraints == {
        "places": {"kind": "capacity", "services": ["day centre", "night"]}
    }
    again = read(tmp_path / "back")
    assert again.scenario == instance.scenario
    assert uses(again) == ALL


@pytest.mark.parametrize("parquet", [False, True])
def test_what_is_written_is_read_again(tmp_path: Path, parquet: bool) -> None:
    if parquet:
        pytest.importorskip("pyarrow", reason="Parquet is an extra")
    tables = {
        "users": {"user_id": ["a", "b"]},
        "packages": {
            "user_id": ["a", "b"],
            "package_id": ["x", "x"],
            "cost": np.array([100, 200]),
            "met_need": np.array([1000, 1000]),
        },
        "services": {"service_id": ["s", "t"], "capacity": np.array([NO_LIMIT, 125])},
        "uses": {
            "user_id": ["a", "b"],
            "package_id": ["x", "x"],
            "service_id": ["t", "t"],
            "amount": np.array([50, 75]),
        },
    }
    limits = {"limits": {"kind": "capacity"}}
    keys = {"schema_version": 1, "name": "it", "budget": "3", "constraints": limits}
    write_instance(tmp_path, tables, keys, parquet=parquet)
    instance = read(tmp_path)

    assert instance.services is not None
    assert instance.services.capacity.tolist() == [NO_LIMIT, 125]
    assert uses(instance) == [("a", "x", "t", 50), ("b", "x", "t", 75)]
    assert instance.scenario.constraints == limits


def test_data_frames_hold_services_and_uses_too() -> None:
    instance = from_frames(
        pd.DataFrame({"user_id": ["a"]}),
        pd.DataFrame({"user_id": ["a"], "package_id": ["x"], "cost": [1], "met_need": [1]}),
        {"schema_version": 1, "name": "it", "budget": "3"},
        services=pd.DataFrame({"service_id": ["s", "t"], "capacity": [1.5, np.nan]}),
        uses=pd.DataFrame({"package_id": ["x"], "service_id": ["s"], "amount": [0.25]}),
    )

    assert instance.services is not None
    assert instance.services.capacity.tolist() == [150, NO_LIMIT]
    assert uses(instance) == [("a", "x", "s", 25)]


@pytest.mark.parametrize("name", ["a.b", "", "-x", "a/b", "x" * 65])
def test_limits_have_names_that_files_and_sheets_can_hold(name: str, written: Write) -> None:
    folder = written()
    text = (folder / "scenario.toml").read_text(encoding="utf-8")
    added = f'[constraints."{name}"]\nkind = "capacity"\n'
    (folder / "scenario.toml").write_text(text + added, encoding="utf-8")

    assert found(folder) == [("scenario.toml", 4, "constraints", "bad-value")]


def test_a_limit_must_be_a_table(written: Write) -> None:
    folder = written()
    text = (folder / "scenario.toml").read_text(encoding="utf-8")
    (folder / "scenario.toml").write_text(text + "constraints.x = 5\n", encoding="utf-8")

    with pytest.raises(InputError, match="constraints"):
        read(folder)


def test_a_part_of_the_users_keeps_its_own_uses(written: Write) -> None:
    problem = Problem.of(read(written(services__csv=SERVICES, uses__csv=USES)))
    part = problem.subset(np.array([1, 0, 0]))

    assert part.uses is not None
    assert part.services is problem.services
    # B2 has one package, then A1 day and home, then the same person again.
    assert part.uses.package.tolist() == [0, 1, 2, 2, 3, 4, 4]
    assert part.uses.service.tolist() == [1, 0, 0, 1, 0, 0, 1]
    assert part.uses.amount.tolist() == [725, 100, 50, 300, 100, 50, 300]
    assert problem.replace(seed=1).uses is problem.uses


@given(
    rows=st.sets(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=25),
    chosen=st.lists(st.integers(0, 9), max_size=12),
)
def test_a_subset_of_uses_is_what_each_chosen_package_uses(
    rows: set[tuple[int, int]], chosen: list[int]
) -> None:
    ordered = sorted(rows)
    amounts = [1 + 7 * package + service for package, service in ordered]
    table = np.array(ordered, dtype=np.int64).reshape(-1, 2)
    whole = Uses(table[:, 0], table[:, 1], np.array(amounts, dtype=np.int64))
    part = whole.subset(np.array(chosen, dtype=np.int64))
    found = list(
        zip(part.package.tolist(), part.service.tolist(), part.amount.tolist(), strict=True)
    )

    assert found == [
        (place, service, amount)
        for place, wanted in enumerate(chosen)
        for (package, service), amount in zip(ordered, amounts, strict=True)
        if package == wanted
    ]
