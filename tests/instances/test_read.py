"""What a sound folder becomes."""

import runpy
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.read import read
from metneed.models.findings import Findings
from metneed.models.instance import Instance

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "cases.py"))
Write: TypeAlias = Callable[..., Path]
Same: TypeAlias = Callable[[Instance, Instance], bool]


def codes(findings: Findings) -> list[str]:
    return [finding.code for finding in findings]


def test_users_and_packages_are_sorted_by_code_point(written: Write) -> None:
    folder = written(
        users__csv="user_id,points\nb,1\nB,2\nä,3\na,4\n",
        packages__csv="user_id,package_id,cost,met_need\n"
        "b,z,1,1\na,z,2,2\nä,x,5,5\nB,z,3,3\na,Z,4,4\n",
    )
    instance = read(folder)

    assert instance.users.ids.tolist() == ["B", "a", "b", "ä"]
    assert instance.users.points.tolist() == [2000, 4000, 1000, 3000]
    assert instance.menus.offsets.tolist() == [0, 1, 3, 4, 5]
    assert instance.menus.cost.tolist() == [300, 400, 200, 100, 500]
    assert instance.package_ids.text().tolist() == ["z", "Z", "z", "z", "x"]


def test_without_a_stated_need_the_best_package_is_the_need(written: Write) -> None:
    assert read(written()).users.need.tolist() == [3000, 4000, 125]


def test_a_stated_need_is_the_base_of_every_share(written: Write) -> None:
    folder = written(users__csv="user_id,points,need\nA1,1,5\nB2,1,6\nC3,1,7\n")

    assert read(folder).users.need.tolist() == [5000, 6000, 7000]


def test_every_column_of_numbers_is_kept_in_smallest_units(written: Write) -> None:
    folder = written(
        users__csv="user_id,points,basic_need,arrival,weight\n"
        "A1,1,0.5,3,1\nB2,1,1,1,1.5\nC3,1,0,2,2\n",
        packages__csv="user_id,package_id,cost,met_need,basic_met_need\n"
        "A1,home,1,3,0.125\nB2,home,1,4,4\nC3,home,1,1,0\n",
    )
    instance = read(folder)

    assert instance.users.basic_need.tolist() == [500, 1000, 0]
    assert instance.users.arrival.tolist() == [3, 1, 2]
    assert instance.users.weight.tolist() == [1000, 1500, 2000]
    assert instance.menus.basic_met_need.tolist() == [125, 4000, 0]


def test_the_decimals_of_the_scenario_are_kept(written: Write) -> None:
    toml = CORPUS["SCENARIO"] + "money_decimals = 0\nneed_decimals = 1\n"
    folder = written(
        scenario__toml=toml,
        users__csv="user_id,points\nA1,1.5\n",
        packages__csv="user_id,package_id,cost,met_need\nA1,home,12.00,0.3\n",
    )
    instance = read(folder)

    assert (instance.users.points.tolist(), instance.menus.cost.tolist()) == ([15], [12])
    assert instance.menus.met_need.tolist() == [3]


def test_columns_of_text_with_few_values_are_groups(written: Write) -> None:
    people = range(60)
    users = "user_id,points,area,band,name,age,note\n" + "".join(
        f"U{i},1,{'North' if i % 2 else 'South'},{i % 3},Name {i},{20 + i % 7},note {i % 55}\n"
        for i in people
    )
    packages = "user_id,package_id,cost,met_need\n" + "".join(f"U{i},p,1,1\n" for i in people)
    instance = read(written(users__csv=users, packages__csv=packages))

    assert set(instance.users.groups) == {"area", "band"}
    assert instance.users.groups["area"].names == ("North", "South")
    assert instance.users.groups["band"].names == ("0", "1", "2")


def test_the_scenario_may_name_the_groups(written: Write) -> None:
    folder = written(
        scenario__toml=CORPUS["SCENARIO"] + 'groups = ["points"]\n',
    )
    instance = read(folder)

    assert set(instance.users.groups) == {"points"}
    assert instance.users.groups["points"].text().tolist() == ["10", "5.5", "0.125"]


def test_a_heading_near_a_standard_one_is_meant_where_the_scenario_names_it(written: Write) -> None:
    users = CORPUS["USERS"].replace("area", "height")
    folder = written(scenario__toml=CORPUS["SCENARIO"] + 'groups = ["height"]\n', users__csv=users)

    assert set(read(folder).users.groups) == {"height"}


def test_users_of_no_group_are_counted_as_such(written: Write) -> None:
    folder = written(users__csv=CORPUS["USERS"].replace("B2,5.5,South", "B2,5.5,"))
    instance = read(folder)

    assert instance.users.groups["area"].text().tolist() == ["North", "(not stated)", "North"]
    assert codes(instance.warnings) == ["no-group"]


def test_a_user_without_packages_is_kept_with_an_empty_menu(written: Write) -> None:
    instance = read(written(users__csv=CORPUS["USERS"] + "B3,1,North\n"))

    assert instance.users.ids.tolist() == ["A1", "B2", "B3", "C3"]
    assert instance.menus.offsets.tolist() == [0, 2, 3, 3, 4]
    assert instance.users.need.tolist() == [3000, 4000, 0, 125]


def test_previous_packages_take_from_the_menu_what_is_not_recorded(written: Write) -> None:
    folder = written(previous__csv="user_id,package_id\nC3,home\nA1,day\n")
    previous = read(folder).previous

    assert previous.held.tolist() == [True, False, True]
    assert previous.package_ids.tolist() == ["day", "", "home"]
    assert previous.cost.tolist() == [400, 0, 525]
    assert previous.met_need.tolist() == [1500, 0, 125]
    assert previous.basic_met_need is None


def test_recorded_amounts_of_previous_packages_win_over_the_menu(written: Write) -> None:
    folder = written(
        previous__csv="user_id,package_id,cost,met_need,basic_met_need\n"
        "A1,home,99,1,0.5\nB2,closed,7,2,0\n"
    )
    previous = read(folder).previous

    assert previous.package_ids.tolist() == ["home", "closed", ""]
    assert previous.cost.tolist() == [9900, 700, 0]
    assert previous.basic_met_need.tolist() == [500, 0, 0]


def test_previous_packages_take_basic_need_from_the_menu_with_the_met_need(written: Write) -> None:
    menu = "user_id,package_id,cost,met_need,basic_met_need\nA1,home,1,3,2\nB2,home,1,4,4\n"
    folder = written(
        users__csv="user_id,points\nA1,1\nB2,1\n",
        packages__csv=menu,
        previous__csv="user_id,package_id\nA1,home\n",
    )

    assert read(folder).previous.basic_met_need.tolist() == [2000, 0]


def test_the_sha256_of_every_file_is_kept(written: Write) -> None:
    folder = written(previous__csv="user_id,package_id\nA1,home\n")
    inputs = read(folder).inputs

    assert set(inputs) == {"scenario.toml", "users.csv", "packages.csv", "previous.csv"}
    assert all(len(digest) == 64 for digest in inputs.values())


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.randoms(use_true_random=False))
def test_reading_does_not_depend_on_the_order_of_rows(
    same: Same, tmp_path_factory: pytest.TempPathFactory, shuffler: Random
) -> None:
    folder = tmp_path_factory.mktemp("order")
    first = None
    for _ in range(2):
        for name, text in CORPUS["SOUND"].items():
            heading, *rows = text.splitlines(keepends=True)
            if name.endswith(".csv"):
                shuffler.shuffle(rows)
            (folder / name).write_text(heading + "".join(rows))
        instance = read(folder)
        first = first or instance

        assert same(instance, first)
