"""DataFrames are read by the same rules as files."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import pandas as pd
import pytest

from metneed.instances.read import from_frames, read
from metneed.models.errors import InputError
from metneed.models.findings import Findings
from metneed.models.instance import Instance
from metneed.models.scenario import Scenario

Write: TypeAlias = Callable[..., Path]
Same: TypeAlias = Callable[[Instance, Instance], bool]

SCENARIO = {"schema_version": 1, "name": "small", "budget": "100.00"}


def codes(findings: Findings) -> list[str]:
    return [finding.code for finding in findings]


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


def test_frames_give_the_same_instance_as_files(written: Write, same: Same) -> None:
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
