"""Three users with three, three and two packages: small enough to check by hand."""

import numpy as np
import pytest

from metneed.models.columns import Labels
from metneed.models.instance import Instance, Previous, Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.scenario import Scenario


@pytest.fixture
def users() -> Users:
    return Users(
        ids=np.array(["007", "NA", "é"], dtype=object),
        need=np.array([10_000, 10_000, 9_000]),
        points=np.array([5_000, 3_000, 4_000]),
        basic_need=np.array([5_000, 5_000, 4_000]),
        weight=np.array([1_000, 2_000, 1_000]),
        arrival=np.array([3, 1, 2]),
        groups={"band": Labels(np.array([1, 0, 1]), ("high", "low"))},
    )


@pytest.fixture
def menus() -> Menus:
    return Menus.of(
        [0, 3, 6, 8],
        [200, 400, 700, 300, 500, 600, 400, 800],
        [5_000, 8_000, 10_000, 6_000, 7_000, 10_000, 4_000, 9_000],
        basic_met_need=[5_000, 5_000, 5_000, 4_000, 5_000, 5_000, 2_000, 4_000],
    )


@pytest.fixture
def previous() -> Previous:
    return Previous(
        held=np.array([True, False, True]),
        package_ids=np.array(["old", "", "b"], dtype=object),
        cost=np.array([900, 0, 800]),
        met_need=np.array([9_500, 0, 9_000]),
        basic_met_need=np.array([5_000, 0, 4_000]),
    )


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(schema_version=1, name="three users", budget="15.00", top_slice="0.2")


@pytest.fixture
def instance(users: Users, menus: Menus, previous: Previous, scenario: Scenario) -> Instance:
    package_ids = Labels(np.array([0, 1, 2, 0, 1, 2, 0, 1]), ("a", "b", "c"))
    return Instance(scenario, users, menus, package_ids, previous)


@pytest.fixture
def problem(instance: Instance) -> Problem:
    return Problem.of(instance)
