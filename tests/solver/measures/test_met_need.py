from typing import Any


def test_met_need_is_the_sum_over_users(figures: Any) -> None:
    assert figures.of("met_need", [12, 8, 4], [12, 12, 12]) == {"met_need": 24}


def test_met_need_of_a_group_counts_its_members_only(figures: Any) -> None:
    assert figures.of("met_need", [12, 8, 4], [12, 12, 12], rows=[0, 2]) == {"met_need": 16}


def test_met_need_of_an_empty_group_is_zero(figures: Any) -> None:
    assert figures.of("met_need", [12, 8, 4], [12, 12, 12], rows=[]) == {"met_need": 0}


def test_met_need_beyond_64_bits_is_exact(figures: Any) -> None:
    need = [2**62, 2**62, 2**62 - 1]

    assert figures.of("met_need", need, need) == {"met_need": 3 * 2**62 - 1}
