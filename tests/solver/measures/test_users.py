from typing import Any


def test_users_without_a_need_are_counted_apart_and_in_all(figures: Any) -> None:
    found = figures.of("users", [0, 5, 0], [0, 12, 12])

    assert found == {"users": 3, "users_without_need": 1}


def test_a_group_may_be_empty(figures: Any) -> None:
    assert figures.of("users", [0], [0], rows=[]) == {"users": 0, "users_without_need": 0}
