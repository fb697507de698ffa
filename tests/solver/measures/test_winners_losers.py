from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.allocation import Allocation
from metneed.models.problem import Problem
from metneed.solver.measure import Context
from metneed.solver.measures import measure
from metneed.solver.measures.winners_losers import BANDS

AMOUNTS = st.integers(0, 10**6)


def band_of(figures: Any, before: int, after: int, need: int) -> str:
    counts = figures.change([before], [after], [need])
    (name,) = (band for band in BANDS if counts[f"users_{band}"])
    return name


@pytest.mark.parametrize(
    ("after", "band"),
    [
        (0, "lost_over_5"),
        (4_499, "lost_over_5"),
        (4_500, "lost"),
        (4_999, "lost"),
        (5_000, "same"),
        (5_001, "gained"),
        (5_500, "gained"),
        (5_501, "gained_over_5"),
        (10_000, "gained_over_5"),
    ],
)
def test_a_change_of_exactly_five_points_belongs_to_the_smaller_change(
    figures: Any, after: int, band: str
) -> None:
    assert band_of(figures, 5_000, after, need=10_000) == band


@pytest.mark.parametrize(("change", "band"), [(4, "gained"), (5, "gained_over_5")])
def test_the_edge_is_exact_where_five_points_are_not_a_whole_number(
    figures: Any, change: int, band: str
) -> None:
    # 5 points of 99 are 4.95.
    assert band_of(figures, 0, change, need=99) == band


def test_the_edge_is_exact_beyond_the_precision_of_floats(figures: Any) -> None:
    need = 20 * (2**53 + 1)

    assert band_of(figures, 0, 2**53 + 1, need) == "gained"
    assert band_of(figures, 0, 2**53 + 2, need) == "gained_over_5"


def test_without_a_need_the_direction_alone_counts(figures: Any) -> None:
    assert band_of(figures, 900, 0, need=0) == "lost"
    assert band_of(figures, 0, 0, need=0) == "same"
    assert band_of(figures, 0, 900, need=0) == "gained"


def test_pounds_are_the_changes_in_cost_of_the_users_of_a_band(figures: Any) -> None:
    found = figures.change(
        before=[10, 10, 10, 10],
        after=[0, 10, 10, 12],
        need=[20, 20, 20, 20],
        cost_before=[500, 300, 200, 100],
        cost_after=[0, 250, 225, 190],
    )

    assert found == {
        "users_lost_over_5": 1,
        "users_lost": 0,
        "users_same": 2,
        "users_gained": 0,
        "users_gained_over_5": 1,
        "money_lost_over_5": -500,
        "money_lost": 0,
        "money_same": -25,
        "money_gained": 0,
        "money_gained_over_5": 90,
    }


def test_a_group_counts_its_members_only(figures: Any) -> None:
    found = figures.change([5, 5], [0, 9], [10, 10], rows=[1])

    assert found["users_gained_over_5"] == 1
    assert found["users_lost_over_5"] == 0


def test_nothing_is_known_without_a_baseline(d3: Problem, d3_points: Allocation) -> None:
    found = measure("winners_losers").compute(d3_points, Context(d3), np.arange(3))

    assert len(found) == 10
    assert set(found.values()) == {None}


def test_against_itself_everybody_is_the_same(d3: Problem, d3_points: Allocation) -> None:
    context = Context(d3, baseline=d3_points)
    found = measure("winners_losers").compute(d3_points, context, np.arange(3))

    assert found["users_same"] == 3
    assert found["money_same"] == 0


def test_the_optimum_takes_from_one_and_gives_to_another(
    d3: Problem, d3_points: Allocation, d3_best: Allocation
) -> None:
    context = Context(d3, baseline=d3_points)
    found = measure("winners_losers").compute(d3_best, context, np.arange(3))

    assert {name: value for name, value in found.items() if value} == {
        "users_lost_over_5": 1,
        "users_same": 1,
        "users_gained_over_5": 1,
        "money_lost_over_5": -2,
        "money_gained_over_5": 3,
    }


@settings(deadline=None, derandomize=True, max_examples=60)
@given(rows=st.lists(st.tuples(*[AMOUNTS] * 5), min_size=1, max_size=30))
def test_bands_part_the_users_and_pounds_add_up_to_the_difference_in_cost(
    figures: Any, rows: list[tuple[int, ...]]
) -> None:
    before, after, need, cost_before, cost_after = (
        list(column) for column in zip(*rows, strict=True)
    )

    found = figures.change(before, after, need, cost_before=cost_before, cost_after=cost_after)

    assert sum(found[f"users_{band}"] for band in BANDS) == len(rows)
    assert sum(found[f"money_{band}"] for band in BANDS) == sum(cost_after) - sum(cost_before)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(rows=st.lists(st.tuples(*[AMOUNTS] * 5), min_size=1, max_size=30))
def test_exchanging_the_two_allocations_exchanges_winners_and_losers(
    figures: Any, rows: list[tuple[int, ...]]
) -> None:
    before, after, need, cost_before, cost_after = (
        list(column) for column in zip(*rows, strict=True)
    )

    forth = figures.change(before, after, need, cost_before=cost_before, cost_after=cost_after)
    back = figures.change(after, before, need, cost_before=cost_after, cost_after=cost_before)

    for band, opposite in zip(BANDS, reversed(BANDS), strict=True):
        assert forth[f"users_{band}"] == back[f"users_{opposite}"]
        assert forth[f"money_{band}"] == -back[f"money_{opposite}"]
