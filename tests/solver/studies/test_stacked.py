from dataclasses import replace

import numpy as np
import pytest

from metneed.models.allocation import Allocation
from metneed.models.arrays import frozen
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.services import Services, Uses
from metneed.solver.rules import rule
from metneed.solver.solve import run
from metneed.solver.studies.stacked import stacked

from .noise_problems import assessment
from .stage_problems import labels, numbers


@pytest.fixture
def full(d3: Problem) -> Problem:
    """The hand-solved problem with every column there is."""
    columns = {"age": numbers(7, 8, 9), "hours": numbers(15, 25, None, decimals=1)}
    return d3.replace(
        users=replace(d3.users, numbers=columns, weight=frozen([1, 2, 3])),
        package_ids=labels(*"abcabcab"),
        forms=labels(*["x"] * 8),
        paid={"nhs": frozen(range(8))},
        services=services("bus", "home"),
        uses=Uses(frozen([0, 3, 7]), frozen([0, 1, 0]), frozen([5, 6, 7])),
        assessment=assessment([(0, "eating", "low"), (2, "home", "high")]),
    )


def services(*ids: str) -> Services:
    zeros = frozen([0] * len(ids))
    texts = np.array(ids, dtype=object)
    return Services(texts, texts, zeros - 1, zeros, zeros, frozen(zeros, np.bool_))


def test_the_first_people_of_two_stacked_problems_are_the_first_problem(full: Problem) -> None:
    other = full.replace(menus=full.menus.replace(cost=full.menus.cost + 1))
    both = stacked(full, other)

    for rows, expected in ((np.arange(3), full), (np.arange(3, 6), other)):
        part = both.subset(rows)
        assert part.menus.cost.tolist() == expected.menus.cost.tolist()
        assert part.users.ids.tolist() == expected.users.ids.tolist()
        for name in ("greatest_need", "current", "points_proportional", "met_need_whole"):
            chosen = rule(name)
            got, wanted = (run(chosen, p, chosen.options()) for p in (part, expected))
            assert isinstance(got, Allocation)
            assert isinstance(wanted, Allocation)
            assert got.cost.tolist() == wanted.cost.tolist()


def test_every_column_is_stacked(full: Problem) -> None:
    part = stacked(full, full).subset(np.arange(3, 6))

    assert part.users.numbers["age"].values.tolist() == [7, 8, 9]
    assert part.users.numbers["hours"].stated.tolist() == [True, True, False]
    assert part.users.groups["half"].text().tolist() == ["even", "odd", "even"]
    assert part.package_ids is not None
    assert part.package_ids.text().tolist() == list("abcabcab")
    assert part.paid is not None
    assert part.paid["nhs"].tolist() == list(range(8))
    assert part.uses is not None
    assert part.uses.package.tolist() == [0, 3, 7]
    assert part.uses.amount.tolist() == [5, 6, 7]
    assert part.assessment is not None
    assert part.assessment.user.tolist() == [0, 2]
    assert part.assessment.outcome.text().tolist() == ["eating", "home"]
    assert part.previous is not None
    assert part.previous.cost.tolist() == [6, 9, 0]


def test_numbers_with_other_decimals_are_made_alike(full: Problem) -> None:
    finer = {**full.users.numbers, "age": numbers(705, 800, 900, decimals=2)}
    other = full.replace(users=replace(full.users, numbers=finer))
    age = stacked(full, other).users.numbers["age"]

    assert age.decimals == 2
    assert age.values.tolist() == [700, 800, 900, 705, 800, 900]


def test_what_only_one_of_them_has_is_left_out(full: Problem) -> None:
    bare = full.replace(
        users=replace(full.users, points=None, numbers={}, groups={}),
        previous=None,
        uses=None,
        services=None,
        forms=None,
        package_ids=None,
        paid=None,
        assessment=None,
    )
    for both in (stacked(full, bare), stacked(bare, full)):
        assert both.users.points is None
        assert both.users.numbers == both.users.groups == {}
        for name in ("previous", "uses", "services", "forms", "package_ids", "paid", "assessment"):
            assert getattr(both, name) is None


def test_other_services_are_refused(full: Problem) -> None:
    with pytest.raises(OptionError, match="same service_ids"):
        stacked(full, full.replace(services=services("bus", "homes")))
