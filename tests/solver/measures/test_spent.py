from typing import Any


def test_spent_is_the_sum_of_costs(figures: Any) -> None:
    assert figures.of("spent", [1, 1, 1], [1, 1, 1], [400, 300, 401]) == {"spent": 1101}


def test_spent_on_a_group_counts_its_members_only(figures: Any) -> None:
    assert figures.of("spent", [1, 1], [1, 1], [400, 300], rows=[1]) == {"spent": 300}
