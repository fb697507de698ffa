from typing import Any


def test_mean_share_is_not_the_ratio_of_sums(figures: Any) -> None:
    assert figures.of("mean_share", [10, 0], [10, 30]) == {"mean_share": 0.5}


def test_users_without_a_need_have_no_share(figures: Any) -> None:
    assert figures.of("mean_share", [3, 7, 12], [12, 0, 16]) == {"mean_share": 0.5}


def test_mean_share_is_not_known_where_nobody_has_a_need(figures: Any) -> None:
    assert figures.of("mean_share", [0], [0]) == {"mean_share": None}


def test_mean_share_of_a_group_counts_its_members_only(figures: Any) -> None:
    assert figures.of("mean_share", [12, 8, 4], [16, 16, 16], rows=[2]) == {"mean_share": 0.25}
