from typing import Any

import pytest

# Met need of the three users of L3 under each rule, in 33rds or thousandths, and the Gini index.
BY_RULE = {
    "utilitarian": ([12, 12, 2], 12, 0.2564),
    "inequality aversion 0.5": ([36, 32, 8], 36, 0.2456),
    "Nash, equal money": ([12, 8, 4], 12, 0.2222),
    "inequality aversion 2": ([9098, 7429, 5253], 12000, 0.1177),
    "points 3, 4, 5": ([9, 8, 5], 12, 0.1212),
    "points 2, 1, 1": ([12, 6, 3], 12, 0.2857),
    "proportional to full cost": ([216, 216, 216], 396, 0.0),
    "Talmud": ([6, 6, 7], 12, 0.0351),
    "equal losses": ([6, 16, 26], 36, 0.2778),
}


@pytest.mark.parametrize("rule", BY_RULE)
def test_gini_is_that_worked_out_by_hand_for_each_rule(figures: Any, rule: str) -> None:
    met_need, need, expected = BY_RULE[rule]

    found = figures.of("gini", met_need, [need] * 3)["gini"]

    assert found == pytest.approx(expected, abs=5e-5)


def test_gini_is_of_shares_and_not_of_amounts(figures: Any) -> None:
    assert figures.of("gini", [1, 10], [2, 20]) == {"gini": 0.0}


def test_users_without_a_need_do_not_raise_the_gini(figures: Any) -> None:
    assert figures.of("gini", [6, 0], [12, 0]) == {"gini": 0.0}


def test_gini_is_zero_where_nobody_has_anything(figures: Any) -> None:
    assert figures.of("gini", [0, 0], [12, 12]) == {"gini": 0.0}


def test_gini_is_not_known_where_nobody_has_a_need(figures: Any) -> None:
    assert figures.of("gini", [0], [0]) == {"gini": None}
