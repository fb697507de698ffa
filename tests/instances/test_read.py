"""Reading instances: what a sound folder becomes, and how faults are gathered."""

import runpy
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.read import examine, from_frames, read
from metneed.models.errors import InputError, OptionError
from metneed.models.findings import Findings
from metneed.models.instance import Instance
from metneed.models.scenario import Scenario

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "cases.py"))
Write: TypeAlias = Callable[..., Path]

SCENARIO = {"schema_version": 1, "name": "small", "budget": "100.00"}


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Write the sound instance with some of its files changed, and say where it is."""

    def write(**changed: str | None) -> Path:
        files = {
            **CORPUS["SOUND"],
            **{name.replace("__", "."): text for name, text in changed.items()},
        }
        for name, text in files.items():
            if text is not None:
                (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        return tmp_path

    return write


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


def test_a_previous_package_never_meets_more_than_the_need(written: Write) -> None:
    folder = written(
        users__csv="user_id,points,need\nA1,1,5\nB2,1,6\nC3,1,7\n",
        previous__csv="user_id,package_id,cost,met_need\nB2,old,1,6.001\n",
    )

    assert codes(examine(folder)[1].errors) == ["above-need"]


def test_the_sha256_of_every_file_is_kept(written: Write) -> None:
    folder = written(previous__csv="user_id,package_id\nA1,home\n")
    inputs = read(folder).inputs

    assert set(inputs) == {"scenario.toml", "users.csv", "packages.csv", "previous.csv"}
    assert all(len(digest) == 64 for digest in inputs.values())


def test_25_faults_in_a_file_are_25_findings_with_row_and_column(written: Write) -> None:
    cells = ["x", "-1", "1e3", "£5", "", "1.2345"] * 5
    users = "user_id,points\n" + "".join(f"U{i},{cell}\n" for i, cell in enumerate(cells[:25]))
    packages = "user_id,package_id,cost,met_need\nU0,home,1,1\n"
    _, findings = examine(written(users__csv=users, packages__csv=packages))

    assert [(f.row, f.column) for f in findings] == [(row, "points") for row in range(2, 27)]


def test_three_bad_files_are_reported_in_one_run(written: Write) -> None:
    folder = written(
        scenario__toml=CORPUS["SCENARIO"].replace("100.00", "-1"),
        users__csv=CORPUS["USERS"].replace("5.5", "x"),
        packages__csv=CORPUS["PACKAGES"].replace("20,4", "20,y"),
    )
    _, findings = examine(folder)

    assert {f.file for f in findings} == {"scenario.toml", "users.csv", "packages.csv"}


def test_twenty_thousand_bad_rows_are_all_counted_and_few_are_shown(written: Write) -> None:
    rows = "".join(f"U{i},x\n" for i in range(20_000))
    folder = written(
        users__csv="user_id,points\n" + rows,
        packages__csv="user_id,package_id,cost,met_need\nU0,home,1,1\n",
    )
    _, findings = examine(folder)

    assert len(findings.errors) == 20_000
    assert len(findings.summary().splitlines()) < 50


def test_beyond_a_hundred_thousand_rows_one_finding_counts_the_rest(written: Write) -> None:
    rows = "".join(f"U{i},x\n" for i in range(100_010))
    folder = written(
        users__csv="user_id,points\n" + rows,
        packages__csv="user_id,package_id,cost,met_need\nU0,home,1,1\n",
    )
    _, findings = examine(folder)

    assert len(findings) == 100_001
    assert findings.items[-1].problem.startswith("10 rows from here on")
    assert findings.items[-1].row == 100_002


def test_rows_are_numbered_as_a_spreadsheet_shows_them(written: Write) -> None:
    users = 'user_id,points,note\nA1,1,"two\nlines"\nB2,1,"three\n\nlines"\nC3,x,z\n'
    _, findings = examine(written(users__csv=users))

    assert [(f.row, f.column) for f in findings] == [(4, "points")]


def test_cp1252_is_read_where_it_is_named(written: Write) -> None:
    folder = written()
    text = CORPUS["USERS"].replace("North", "Nørth £")
    (folder / "users.csv").write_bytes(text.encode("cp1252"))

    assert codes(examine(folder)[1].errors) == ["bad-encoding", "bad-encoding"]
    assert "Nørth £" in read(folder, encoding="windows-1252").users.groups["area"].names


def test_an_encoding_that_there_is_not_is_refused_with_those_that_there_are(written: Write) -> None:
    with pytest.raises(OptionError, match="utf-8, utf-16, cp1252"):
        read(written(), encoding="rot13")


@pytest.mark.parametrize("place", ["missing", "users.csv", "a\0b", "x" * 5000])
def test_what_is_no_folder_is_a_finding(written: Write, place: str) -> None:
    folder = written()
    instance, findings = examine(folder / place)

    assert instance is None
    assert codes(findings) in (["no-folder"], ["unreadable"])


def test_a_table_that_is_a_folder_is_a_missing_file(written: Write) -> None:
    folder = written(users__csv=None)
    (folder / "users.csv").mkdir()

    assert codes(examine(folder)[1]) == ["missing-file"]


def test_a_catalogue_is_expanded_to_what_hand_expansion_gives(written: Write) -> None:
    folder = written(
        users__csv="user_id,points,need,basic_need,area,band\n"
        "A,1,10,5,North,1\nB,1,0.007,0.003,North,2\nC,1,7,7,South,1\nD,1,4,1,,2\n",
        packages__csv=None,
        catalogue__csv="area,band,package_id,cost,met_need,share_of_need,share_of_basic_need\n"
        "*,,day,5,,0.5,0.1\n"
        "North,1,home,10,8,,1\n"
        "South,,home,12,2.5,,0.25\n"
        ",2,bed,20,,0.333333333,0.5\n",
    )
    instance = read(folder)

    assert instance.package_ids.text().tolist() == [
        "day", "home",
        "bed", "day",
        "day", "home",
        "bed", "day",
    ]  # fmt: skip
    assert instance.menus.offsets.tolist() == [0, 2, 4, 6, 8]
    assert instance.menus.cost.tolist() == [500, 1000, 2000, 500, 500, 1200, 2000, 500]
    assert instance.menus.met_need.tolist() == [5000, 8000, 2, 3, 3500, 2500, 1333, 2000]
    assert instance.menus.basic_met_need.tolist() == [500, 5000, 1, 0, 700, 1750, 500, 100]


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    people=st.lists(
        st.tuples(*[st.sampled_from(["", "a", "b", "c"])] * 3), min_size=1, max_size=12
    ),
    rows=st.lists(st.tuples(*[st.sampled_from(["", "*", "a", "b"])] * 3), min_size=1, max_size=8),
)
def test_a_catalogue_offers_what_comparing_every_row_with_every_user_gives(
    tmp_path_factory: pytest.TempPathFactory,
    people: list[tuple[str, ...]],
    rows: list[tuple[str, ...]],
) -> None:
    folder = tmp_path_factory.mktemp("catalogue")
    (folder / "scenario.toml").write_text(CORPUS["SCENARIO"] + 'groups = ["x"]\n')
    (folder / "users.csv").write_text(
        "user_id,points,x,y,z\n"
        + "".join(f"U{i:02},1,{','.join(keys)}\n" for i, keys in enumerate(people))
    )
    (folder / "catalogue.csv").write_text(
        "x,y,z,package_id,cost,met_need\n"
        + "".join(f"{','.join(keys)},P{i},{i + 1},1\n" for i, keys in enumerate(rows))
    )
    instance, findings = examine(folder)
    offered = [
        [
            f"P{i}"
            for i, keys in enumerate(rows)
            if all(k in ("", "*", u) for k, u in zip(keys, user, strict=True))
        ]
        for user in people
    ]

    assert instance is not None, findings.summary()
    for user, expected in enumerate(offered):
        begin, end = instance.menus.offsets[user : user + 2]
        assert instance.package_ids.text(np.arange(begin, end)).tolist() == expected


def test_numbers_that_are_too_large_together_name_decimals_that_fit(written: Write) -> None:
    packages = CORPUS["PACKAGES"].replace("10.50,3", "9000000000,2000000")
    _, findings = examine(written(packages__csv=packages))
    (finding,) = findings.errors

    assert finding.code == "numbers-too-large"
    assert "money_decimals = 2 and need_decimals = 0" in finding.remedy
    toml = CORPUS["SCENARIO"] + "need_decimals = 0\n"
    rounded = packages.replace(",0.125", ",1").replace(",1.5", ",1")
    users = "user_id,points\nA1,1\nB2,1\nC3,1\n"
    folder = written(scenario__toml=toml, users__csv=users, packages__csv=rounded)
    assert read(folder).menus.cost.max() == 900_000_000_000


def same(one: Instance, other: Instance) -> bool:
    """Whether two instances hold the same, whatever files they came from."""
    arrays = [
        (one.users.ids, other.users.ids),
        (one.users.need, other.users.need),
        (one.users.points, other.users.points),
        (one.menus.offsets, other.menus.offsets),
        (one.menus.cost, other.menus.cost),
        (one.menus.met_need, other.menus.met_need),
        (one.package_ids.codes, other.package_ids.codes),
    ]
    groups = [
        {
            name: (labels.codes.tolist(), labels.names)
            for name, labels in instance.users.groups.items()
        }
        for instance in (one, other)
    ]
    return (
        all(np.array_equal(a, b) for a, b in arrays)
        and groups[0] == groups[1]
        and one.package_ids.names == other.package_ids.names
        and one.scenario == other.scenario
    )


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.randoms(use_true_random=False))
def test_reading_does_not_depend_on_the_order_of_rows(
    tmp_path_factory: pytest.TempPathFactory, shuffler: Random
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


def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    users = pd.DataFrame(
        {
            "user_id": ["A1", "B2", "C3"],
            "points": [10, 5.5, 0.125],
            "area": ["North", "South", "North"],
        }
    )
    packages = pd.DataFrame(
        {
            "user_id": ["A1", "A1", "B2", "C3"],
            "package_id": ["home", "day", "home", "home"],
            "cost": [Decimal("10.50"), 4, "20", 5.25],
            "met_need": [3, 1.5, 4, 0.125],
        }
    )
    return users, packages


def test_frames_give_the_same_instance_as_files(written: Write) -> None:
    users, packages = frames()

    assert same(from_frames(users, packages, SCENARIO), read(written()))


def test_a_scenario_may_be_given_as_such() -> None:
    scenario = Scenario(**SCENARIO, groups=["area"])
    instance = from_frames(*frames(), scenario)

    assert instance.scenario is scenario
    assert set(instance.users.groups) == {"area"}


def test_frames_may_hold_what_each_has_now() -> None:
    previous = pd.DataFrame({"user_id": ["B2"], "package_id": ["home"]})

    assert from_frames(*frames(), SCENARIO, previous).previous.cost.tolist() == [0, 2000, 0]


def test_faults_in_frames_are_found_as_in_files() -> None:
    users, packages = frames()
    users["points"] = [0.1 + 0.2, float("nan"), -1.0]
    packages["cost"] = [Decimal("0.125"), True, None, pd.Timestamp("2024-01-01")]
    packages["user_id"] = ["A1", "A1", 2, "Z9"]
    with pytest.raises(InputError) as caught:
        from_frames(users, packages, {**SCENARIO, "budget": 1.5})

    assert [(f.file, f.row, f.column, f.code) for f in caught.value.findings] == [
        ("packages", 2, "cost", "too-many-decimals"),
        ("packages", 3, "cost", "true-false"),
        ("packages", 4, "user_id", "wrong-type"),
        ("packages", 4, "cost", "blank"),
        ("packages", 5, "cost", "date"),
        ("packages", 5, "user_id", "unknown-user"),
        ("scenario", 0, "budget", "bad-value"),
        ("users", 2, "points", "too-many-decimals"),
        ("users", 3, "points", "blank"),
        ("users", 4, "points", "negative"),
    ]


def test_identifiers_in_frames_must_be_text() -> None:
    users, packages = frames()
    users["user_id"] = [1, 2, 3]
    with pytest.raises(InputError) as caught:
        from_frames(users, packages, SCENARIO)

    assert codes(caught.value.findings) == ["wrong-type"]


@pytest.mark.parametrize(
    "kind", ["int64", "uint8", "float64", "object", "Int64", "string", "category"]
)
def test_numbers_in_frames_may_be_of_any_sensible_type(kind: str) -> None:
    users, packages = frames()
    users["points"] = pd.Series([10, 5, 7]).astype(str if kind in ("string", "category") else kind)
    users["points"] = users["points"].astype(kind)

    assert from_frames(users, packages, SCENARIO).users.points.tolist() == [10_000, 5_000, 7_000]


def test_a_column_of_dates_in_frames_is_no_number() -> None:
    users, packages = frames()
    users["points"] = pd.to_datetime(["2024-01-01"] * 3)
    with pytest.raises(InputError) as caught:
        from_frames(users, packages, SCENARIO)

    assert codes(caught.value.findings) == ["wrong-type"]


def test_frames_with_a_heading_twice_or_no_rows_are_refused() -> None:
    users, packages = frames()
    users = pd.concat([users, users[["points"]]], axis=1)
    with pytest.raises(InputError) as caught:
        from_frames(users, packages.iloc[:0], SCENARIO)

    assert codes(caught.value.findings) == ["no-rows", "duplicate-column"]
