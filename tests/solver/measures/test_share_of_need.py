from typing import Any


def test_share_of_need_is_the_ratio_of_sums(figures: Any) -> None:
    assert figures.of("share_of_need", [10, 0], [10, 30]) == {"share_of_need": 0.25}


def test_users_without_a_need_are_in_neither_sum(figures: Any) -> None:
    assert figures.of("share_of_need", [3, 7], [12, 0]) == {"share_of_need": 0.25}


def test_share_of_need_is_not_known_where_nobody_has_a_need(figures: Any) -> None:
    assert figures.of("share_of_need", [0, 0], [0, 0]) == {"share_of_need": None}
    assert figures.of("share_of_need", [1], [1], rows=[]) == {"share_of_need": None}
