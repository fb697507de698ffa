from typing import Any


def test_users_are_fully_met_from_the_whole_of_their_need_on(figures: Any) -> None:
    assert figures.of("users_fully_met", [12, 11, 13], [12, 12, 12]) == {"users_fully_met": 2}


def test_a_user_without_a_need_is_not_fully_met(figures: Any) -> None:
    assert figures.of("users_fully_met", [0, 12], [0, 12]) == {"users_fully_met": 1}
