from typing import Any


def test_worst_off_share_is_the_least_share_not_the_least_met_need(figures: Any) -> None:
    assert figures.of("worst_off_share", [2, 3], [2, 12]) == {"worst_off_share": 0.25}


def test_users_without_a_need_are_never_the_worst_off(figures: Any) -> None:
    assert figures.of("worst_off_share", [0, 9], [0, 12]) == {"worst_off_share": 0.75}


def test_worst_off_share_is_not_known_where_nobody_has_a_need(figures: Any) -> None:
    assert figures.of("worst_off_share", [0], [0]) == {"worst_off_share": None}
