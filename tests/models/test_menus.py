import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.menus import Menus


def test_value_is_met_need_unless_it_is_given(menus: Menus) -> None:
    assert menus.value is menus.met_need
    assert Menus.of([0, 1], [5], [7], value=[9]).value.tolist() == [9]


def test_users_and_packages_are_counted(menus: Menus) -> None:
    assert (menus.n_users, menus.n_packages) == (3, 8)
    assert Menus.of([0, 0], [], []).n_users == 1


def test_each_package_belongs_to_a_user(menus: Menus) -> None:
    assert menus.user.tolist() == [0, 0, 0, 1, 1, 1, 2, 2]


def test_the_best_met_need_of_an_empty_menu_is_zero() -> None:
    menus = Menus.of([0, 2, 2], [3, 4], [7, 9])

    assert menus.best_met_need.tolist() == [9, 0]


def test_full_cost_is_that_of_the_cheapest_of_the_best() -> None:
    menus = Menus.of([0, 4, 4, 5], [3, 9, 8, 1, 0], [7, 9, 9, 2, 0])

    assert menus.full_cost.tolist() == [8, 0, 0]


def test_what_is_remembered_is_made_once(menus: Menus) -> None:
    made = []

    assert menus.memo("key", lambda: made.append(1) or "first") == "first"
    assert menus.memo("key", lambda: made.append(2) or "second") == "first"
    assert made == [1]


def test_changed_menus_remember_nothing_of_the_old_ones(menus: Menus) -> None:
    assert menus.best_met_need.tolist() == [10_000, 10_000, 9_000]
    halved = menus.replace(met_need=menus.met_need // 2)

    assert halved.best_met_need.tolist() == [5_000, 5_000, 4_500]


def test_menus_cannot_be_written_to(menus: Menus) -> None:
    with pytest.raises(ValueError, match="read-only"):
        menus.cost[0] = 1


def test_a_subset_has_the_menus_of_its_users_in_the_order_given(menus: Menus) -> None:
    part = menus.subset(np.array([2, 0]))

    assert part.offsets.tolist() == [0, 2, 5]
    assert part.cost.tolist() == [400, 800, 200, 400, 700]
    assert part.basic_met_need is not None
    assert part.basic_met_need.tolist() == [2_000, 4_000, 5_000, 5_000, 5_000]


def test_a_subset_keeps_what_is_maximised() -> None:
    menus = Menus.of([0, 1, 2], [1, 2], [3, 4], value=[30, 40])

    part = menus.subset(np.array([1]))

    assert part.value.tolist() == [40]
    assert part.basic_met_need is None


def test_a_subset_of_nobody_is_empty(menus: Menus) -> None:
    nobody = menus.subset(np.array([], dtype=np.int64))

    assert (nobody.n_users, nobody.n_packages) == (0, 0)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(sizes=st.lists(st.integers(0, 4), min_size=1, max_size=8), data=st.data())
def test_positions_are_those_of_each_user_in_turn(sizes: list[int], data: st.DataObject) -> None:
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    menus = Menus.of(offsets, np.arange(offsets[-1]), np.arange(offsets[-1]))
    rows = data.draw(st.lists(st.integers(0, len(sizes) - 1), max_size=10))

    found = menus.positions(np.array(rows, dtype=np.int64))

    expected = [place for row in rows for place in range(offsets[row], offsets[row + 1])]
    assert found.tolist() == expected
