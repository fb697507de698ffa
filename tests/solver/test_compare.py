from dataclasses import replace
from decimal import Decimal

import pytest

from metneed.models.allocation import Allocation, Infeasible, NotApplicable
from metneed.models.comparison import Comparison
from metneed.models.errors import OptionError, UnknownNameError
from metneed.models.instance import Instance
from metneed.solver.compare import compare
from metneed.solver.solve import bind_all


def with_scenario(instance: Instance, **changes: object) -> Instance:
    return replace(instance, scenario=instance.scenario.model_copy(update=changes))


def value(comparison: Comparison, rule: str, measure: str, group: str = "") -> object:
    (found,) = [
        item.value
        for item in comparison.figures
        if (item.rule, item.measure, item.group) == (rule, measure, group)
    ]
    return found


def test_rules_are_compared_on_the_same_people_and_money(d3_instance: Instance) -> None:
    comparison = compare(d3_instance)

    table = comparison.table
    assert list(table.index[:3]) == ["current", "points_proportional", "met_need_whole"]
    assert "met_need_lp" not in table.index
    assert table.loc["met_need_whole", "met_need"] == 19
    assert table.loc["points_proportional", "spent"] == 11
    assert table.loc["current", "spent"] == 15


def test_the_same_footing_splits_the_loss_of_the_points_rule(d3_instance: Instance) -> None:
    footing = compare(d3_instance).footing

    # The points rule spends 11 of 12 for 18; with 11 the optimum is 18 too, with 12 it is 19.
    assert footing is not None
    assert footing.kept == (18, 11)
    assert footing.rounds == (18, 11)
    assert (footing.optimum, footing.optimum_at_same_spend, footing.lp_bound) == (19, 18, 20)
    assert (footing.not_spent, footing.spent_otherwise) == (1, 0)


def test_divisible_packages_are_compared_with_the_linear_programme(d3_instance: Instance) -> None:
    comparison = compare(with_scenario(d3_instance, packages="divisible"))

    assert "met_need_whole" not in comparison.outcomes
    assert comparison.table.loc["met_need_lp", "met_need"] == 20
    assert comparison.footing is not None
    assert comparison.footing.optimum == 20


def test_winners_and_losers_are_counted_against_today_where_it_is_known(
    d3_instance: Instance,
) -> None:
    comparison = compare(d3_instance)

    assert comparison.baseline == "current"
    # Today (9, 10, 0); the optimum (5, 10, 4) out of needs of 10, 10 and 9.
    assert value(comparison, "met_need_whole", "users_lost_over_5") == 1
    assert value(comparison, "met_need_whole", "users_same") == 1
    assert value(comparison, "met_need_whole", "users_gained_over_5") == 1


def test_without_today_the_points_rule_is_the_baseline(d3_instance: Instance) -> None:
    comparison = compare(replace(d3_instance, previous=None))

    assert comparison.baseline == "points_proportional"
    assert isinstance(comparison.outcomes["current"], NotApplicable)
    assert value(comparison, "points_proportional", "users_same") == 3


def test_without_today_and_points_nothing_is_the_baseline(d3_instance: Instance) -> None:
    users = replace(d3_instance.users, points=None)
    comparison = compare(replace(d3_instance, previous=None, users=users))

    assert comparison.baseline is None
    assert comparison.footing is None
    assert value(comparison, "met_need_whole", "users_same") is None


def test_the_scenario_may_name_another_baseline(d3_instance: Instance) -> None:
    comparison = compare(with_scenario(d3_instance, baseline="equal_money"), rules=["current"])

    assert comparison.baseline == "equal_money"
    assert list(comparison.outcomes) == ["current"]


def test_a_baseline_without_an_allocation_is_refused(d3_instance: Instance) -> None:
    with pytest.raises(OptionError, match="baseline met_need_lp gives no allocation"):
        compare(with_scenario(d3_instance, baseline="met_need_lp"))


def test_figures_are_also_given_for_every_group(d3_instance: Instance) -> None:
    comparison = compare(d3_instance, rules=["met_need_whole"], measures=["met_need", "unspent"])

    assert comparison.by_group("half")["met_need"].tolist() == [9, 10]
    assert "unspent" not in comparison.by_group("half").columns
    assert comparison.table.loc["met_need_whole", "unspent"] == 0


def test_infeasible_is_an_outcome_among_others(d3_instance: Instance) -> None:
    poor = with_scenario(d3_instance, choice="exactly_one", budget=Decimal(5))
    comparison = compare(poor)

    assert isinstance(comparison.outcomes["met_need_whole"], Infeasible)
    assert isinstance(comparison.outcomes["points_proportional"], Allocation)
    assert comparison.footing is None


def test_too_little_at_the_same_spend_leaves_no_footing(d3_instance: Instance) -> None:
    # With 9 everyone can have the cheapest package, but the points rule spends less than 9.
    comparison = compare(with_scenario(d3_instance, choice="exactly_one", budget=Decimal(9)))

    assert isinstance(comparison.outcomes["met_need_whole"], Allocation)
    assert comparison.footing is None
    assert comparison.no_footing == "the points rule leaves 2 users without the package that is due"
    broken = {(item.rule, item.limit): (item.users, item.money) for item in comparison.breaches}
    assert broken["points_proportional", "exactly_one"] == (2, 7)
    assert broken["current", "budget"] == (3, 6)


def test_rules_and_measures_of_no_known_name_are_refused(d3_instance: Instance) -> None:
    with pytest.raises(UnknownNameError, match="no rule called 'currant'"):
        compare(d3_instance, rules=["currant"])
    with pytest.raises(UnknownNameError, match="no measure called 'ginni'"):
        compare(d3_instance, measures=["ginni"])


def test_options_of_the_scenario_are_checked_and_used(d3_instance: Instance) -> None:
    by_need = with_scenario(d3_instance, rules={"greatest_need": {"by": "need"}})
    comparison = compare(by_need, rules=["greatest_need"])

    assert comparison.table.loc["greatest_need", "met_need"] == 17
    assert comparison.options == {"greatest_need": {"by": "need", "take": "best_affordable"}}
    with pytest.raises(OptionError, match=r"by: .*'height'"):
        bind_all({"greatest_need": {"by": "height"}}, [])
    with pytest.raises(OptionError, match=r"no option .colour.*its options: none"):
        bind_all({"current": {"colour": "red"}}, [])


def test_each_rule_is_announced_before_it_runs(d3_instance: Instance) -> None:
    told: list[str] = []
    compare(d3_instance, rules=["current", "equal_money", "current"], progress=told.append)

    assert told == ["current", "equal_money", "the same footing"]
