import numpy as np
import pytest

from metneed.models.arrays import frozen, greatest, least, owners, picked

OFFSETS = np.array([0, 2, 2, 5])
VALUES = np.array([4, 7, 3, 9, 1])


def test_a_frozen_array_cannot_be_written_to_and_leaves_its_source_alone() -> None:
    source = np.array([1, 2])
    array = frozen(source)

    with pytest.raises(ValueError, match="read-only"):
        array[0] = 5
    source[0] = 3
    assert source.tolist() == [3, 2]


def test_freezing_whole_numbers_makes_no_copy() -> None:
    source = np.array([1, 2])

    assert np.shares_memory(frozen(source), source)


def test_anything_that_numpy_reads_as_whole_numbers_becomes_int64() -> None:
    assert frozen([1, 2]).dtype == np.int64
    assert frozen(np.array([1, 2], dtype=np.int32)).dtype == np.int64


def test_the_owner_of_a_package_is_the_row_of_its_user() -> None:
    assert owners(OFFSETS).tolist() == [0, 0, 2, 2, 2]


def test_an_empty_menu_has_the_value_given_for_it() -> None:
    assert greatest(VALUES, OFFSETS, empty=-1).tolist() == [7, -1, 9]
    assert least(VALUES, OFFSETS, empty=99).tolist() == [4, 99, 1]


def test_an_empty_menu_at_the_end_takes_nothing_from_the_one_before() -> None:
    offsets = np.array([0, 0, 5, 5])

    assert greatest(VALUES, offsets, empty=0).tolist() == [0, 9, 0]


def test_there_may_be_no_package_and_no_user_at_all() -> None:
    nothing = np.array([], dtype=np.int64)

    assert greatest(nothing, np.array([0, 0]), empty=0).tolist() == [0]
    assert least(nothing, np.array([0]), empty=0).tolist() == []


def test_a_pick_of_minus_one_is_nothing_and_not_the_last_package() -> None:
    assert picked(VALUES, np.array([1, -1, 4])).tolist() == [7, 0, 1]
    assert picked(VALUES, np.array([-1]), nothing=8).tolist() == [8]


def test_nothing_can_be_picked_where_there_are_no_packages() -> None:
    assert picked(np.array([], dtype=np.int64), np.array([-1, -1])).tolist() == [0, 0]
