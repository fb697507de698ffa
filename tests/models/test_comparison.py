from dataclasses import replace

import pytest

from metneed.models.certificate import Certificate
from metneed.models.comparison import Comparison, Figure, Footing
from metneed.models.instance import Instance

FOOTING = Footing(
    kept=(18_000, 1_100),
    rounds=(18_000, 1_100),
    optimum=19_000,
    optimum_at_same_spend=18_500,
    lp_bound=20_250,
    proof=Certificate(value=19_000, upper_bound=19_000, proof="proved"),
    proof_at_same_spend=Certificate(value=18_500, upper_bound=18_500, proof="proved"),
)


@pytest.fixture
def comparison(instance: Instance) -> Comparison:
    figures = [
        Figure("points", "", "", "met_need", 18_000, "need"),
        Figure("points", "", "", "spent", 1_150, "money"),
        Figure("points", "", "", "gini", 0.25, "index"),
        Figure("points", "band", "low", "met_need", 12_000, "need"),
        Figure("points", "band", "high", "met_need", None, "need"),
        Figure("best", "", "", "met_need", 19_000, "need"),
        Figure("best", "", "", "spent", 1_200, "money"),
        Figure("best", "", "", "gini", None, "index"),
    ]
    return Comparison(instance, "points", {}, figures, FOOTING)


def test_the_table_has_a_row_a_rule_and_a_column_a_figure(comparison: Comparison) -> None:
    table = comparison.table

    assert table.index.tolist() == ["points", "best"]
    assert table.columns.tolist() == ["met_need", "spent", "gini"]


def test_the_table_is_in_pounds_and_units_of_need(comparison: Comparison) -> None:
    assert comparison.table.loc["points"].tolist() == [18.0, 11.5, 0.25]


def test_a_figure_that_is_not_known_is_missing(comparison: Comparison) -> None:
    assert comparison.table["gini"].isna().tolist() == [False, True]


def test_groups_have_a_row_for_each_rule_and_group(comparison: Comparison) -> None:
    table = comparison.by_group("band")

    assert table.index.tolist() == [("points", "low"), ("points", "high")]
    assert table.loc[("points", "low"), "met_need"] == 12.0


def test_the_loss_of_the_points_rule_is_not_spent_or_spent_otherwise() -> None:
    assert FOOTING.not_spent == 500
    assert FOOTING.spent_otherwise == 500
    assert FOOTING.not_spent + FOOTING.spent_otherwise == FOOTING.optimum - FOOTING.kept[0]


def test_a_footing_is_proved_where_both_of_its_optima_are() -> None:
    open_ = Certificate(value=19_000, upper_bound=19_001, proof="proved", stopped="time limit")

    assert FOOTING.is_proved
    assert not replace(FOOTING, proof=open_).is_proved
    assert not replace(FOOTING, proof_at_same_spend=open_).is_proved


def test_limits_are_those_of_the_rules_and_of_what_was_needed_beside_them(
    comparison: Comparison,
) -> None:
    ended = Certificate(value=1, upper_bound=2, proof="proved", stopped="memory limit")
    beside = {"the optimum": ended, "the baseline": Certificate(value=1)}

    assert comparison.limits == {}
    assert replace(comparison, beside=beside).limits == {"the optimum": "memory limit"}
