import pytest

from metneed.models.comparison import Comparison, Figure, Footing
from metneed.models.instance import Instance

FOOTING = Footing(
    kept=(18_000, 1_100),
    rounds=(18_000, 1_100),
    optimum=19_000,
    optimum_at_same_spend=18_500,
    lp_bound=20_250,
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
