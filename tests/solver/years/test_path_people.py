"""Who is there in each year: leavers and joiners by lot, and users who say it themselves."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from metneed.models.arrays import frozen
from metneed.models.budget_path import BudgetPath
from metneed.models.columns import Numbers
from metneed.models.errors import OptionError
from metneed.models.instance import Users
from metneed.solver.years.path import YearOfRule, path
from metneed.solver.years.people import NEW, People, first_people, next_people

from .path_cases import make_instance, numbers, row, run

MENU = [(2, 2), (5, 5)]


def users(count: int, **columns: Numbers) -> Users:
    ids = np.array([f"u{number:02}" for number in range(count)], dtype=object)
    arrival = frozen(range(count))
    return Users(
        ids=frozen(ids, object), need=frozen(np.ones(count)), arrival=arrival, numbers=columns
    )


def after(count: int, years: int = 1, seed: int = 1, **plan: Any) -> list[People]:
    """The people of the first year and of those that follow."""
    stated, everyone = BudgetPath.model_validate(plan | {"years": years}), users(count)
    found = [first_people(everyone, stated)]
    for year in stated.numbers:
        found.append(next_people(found[-1], everyone, stated, year, seed))
    return found


def test_without_leavers_and_joiners_the_same_people_stay() -> None:
    first, second = after(10)

    assert second.ids.tolist() == first.ids.tolist()
    assert second.before.tolist() == list(range(10))
    assert (second.new, second.left) == (0, 0)


@pytest.mark.parametrize(
    ("share", "gone"), [("0", 0), ("0.1", 1), ("0.19", 1), ("0.5", 5), ("1", 10)]
)
def test_the_share_of_leavers_is_rounded_down(share: str, gone: int) -> None:
    _, second = after(10, leavers=share)

    assert (len(second), second.left) == (10 - gone, gone)


def test_leavers_are_a_share_of_who_is_still_there() -> None:
    assert [len(people) for people in after(10, years=3, leavers="0.5")] == [10, 5, 3, 2]


@pytest.mark.parametrize(("share", "new"), [("0", 0), ("0.1", 1), ("0.5", 5), ("1", 10)])
def test_joiners_are_copies_of_people_under_new_names(share: str, new: int) -> None:
    _, second = after(10, joiners=share)
    joined = np.flatnonzero(second.before == NEW)

    assert (len(second), second.new) == (10 + new, new)
    assert len(set(second.ids)) == 10 + new
    for place in joined:
        assert second.ids[place].startswith(f"u{second.rows[place]:02}+1.")


def test_people_stand_in_the_order_of_their_identifiers() -> None:
    for people in after(20, years=3, leavers="0.2", joiners="0.3"):
        assert people.ids.tolist() == sorted(people.ids)


def test_who_stays_is_found_again_in_the_year_before() -> None:
    years = after(20, years=3, leavers="0.2", joiners="0.3")

    for earlier, later in pairwise(years):
        known = later.before != NEW
        assert later.ids[known].tolist() == earlier.ids[later.before[known]].tolist()
        assert later.rows[known].tolist() == earlier.rows[later.before[known]].tolist()


def test_the_seed_decides_who_leaves_and_joins() -> None:
    one, again, other = (
        after(30, seed=seed, leavers="0.3", joiners="0.3")[1].ids.tolist() for seed in (1, 1, 2)
    )

    assert one == again != other


def test_a_new_identifier_is_never_one_that_is_taken() -> None:
    ids = np.array(["a", "a+1.1"], dtype=object)
    everyone = Users(ids=frozen(ids, object), need=frozen([1, 1]))
    plan = BudgetPath.model_validate({"joiners": "1", "years": 1})
    for seed in range(8):
        second = next_people(first_people(everyone, plan), everyone, plan, 1, seed)

        assert len(set(second.ids)) == 4


def test_who_joins_comes_after_everyone_in_the_order_of_arrival() -> None:
    people = after(5, years=2, joiners="0.4")[2]
    found = people.of(users(5))

    assert found.arrival is not None
    by_arrival = people.joined[np.argsort(found.arrival)]
    assert by_arrival.tolist() == sorted(by_arrival)


def test_columns_of_users_say_who_joins_and_who_leaves() -> None:
    everyone = users(4, joins=numbers([None, 1, 2, None]), leaves=numbers([None, 2, None, 1]))
    plan = BudgetPath(years=2)
    first = first_people(everyone, plan)
    second = next_people(first, everyone, plan, 1, 0)
    third = next_people(second, everyone, plan, 2, 0)

    assert [people.ids.tolist() for people in (first, second, third)] == [
        ["u00", "u03"],
        ["u00", "u01"],
        ["u00", "u02"],
    ]
    assert [(people.new, people.left) for people in (second, third)] == [(1, 1), (1, 1)]
    assert third.before.tolist() == [0, NEW]


def test_a_joiner_by_column_changes_what_there_is_for_each() -> None:
    plan = {"years": 1}
    early, late = (
        make_instance([[(5, 5)]] * 2, plan, budget=10, years={"joins": [None, joins]})
        for joins in (0, 1)
    )

    assert row(run(early, "equal_money"), "equal_money", "users") == [2, 2]
    assert row(run(late, "equal_money"), "equal_money", "users") == [1, 2]
    assert row(run(late, "equal_money"), "equal_money", "users_joined") == [0, 1]


def test_columns_and_lots_together_are_refused() -> None:
    with pytest.raises(OptionError, match="have a column joins"):
        first_people(users(1, joins=numbers([1])), BudgetPath.model_validate({"leavers": "0.1"}))


def test_who_leaves_before_joining_is_refused_by_name() -> None:
    everyone = users(2, joins=numbers([None, 5]), leaves=numbers([3, 5]))
    with pytest.raises(OptionError, match="'u01' joins in 5 and leaves in 5"):
        first_people(everyone, BudgetPath())


def test_years_with_decimals_are_refused_by_name() -> None:
    halves = Numbers(frozen([20, 15]), 1, frozen([True, True], np.bool_))
    with pytest.raises(OptionError, match="column leaves: user 'u01' has a year with decimals"):
        first_people(users(2, leaves=halves), BudgetPath())


def test_more_leavers_mean_fewer_users_and_a_higher_price_per_point() -> None:
    instance = make_instance([MENU] * 10, {"years": 1}, points=[1] * 10, budget=20)
    prices = [
        path(
            instance,
            plan=BudgetPath.model_validate({"years": 1, "leavers": leavers}),
            rules=["points_proportional"],
        ).value(1, "points_proportional", "price_per_point")
        for leavers in ("0", "0.5")
    ]

    assert prices == [2.0, 4.0]


def test_more_joiners_mean_a_lower_price_per_point() -> None:
    plan = {"years": 1, "joiners": "1"}
    instance = make_instance([MENU] * 10, plan, points=[1] * 10, budget=20)

    found = run(instance, "points_proportional")
    assert row(found, "points_proportional", "price_per_point") == [2.0, 1.0]


def test_who_joins_has_nothing_from_the_year_before_and_who_stays_keeps_it() -> None:
    plan = {"years": 2, "leavers": "0.4", "joiners": "0.6"}
    instance = make_instance([MENU] * 5, plan, previous=[(5, 5)] * 5, budget=25)
    kept: list[YearOfRule] = []
    path(instance, rules=["current"], keep=kept.append)

    for item in kept:
        previous = item.problem.previous
        assert previous is not None
        copies = np.array(["+" in user for user in item.problem.users.ids])
        assert previous.held.tolist() == (~copies).tolist()
        assert previous.cost.tolist() == np.where(copies, 0, 5).tolist()


def test_who_has_left_is_forgotten_by_limits_and_options() -> None:
    limits = {
        "cap": {"kind": "cap", "amount": "2", "exceptions": ["u1", "u2"]},
        "pairs": {"kind": "together", "incompatible": [["u1", "a", "u3", "a"]]},
    }
    instance = make_instance(
        [MENU] * 3,
        {"years": 2},
        budget=15,
        constraints=limits,
        years={"leaves": [1, None, None]},
    )
    found = run(instance, "met_need_whole")

    # First u1 and u2 are excepted (5 + 5) and u3 has 2; then u2 has 5 and u3 has 2.
    assert row(found, "met_need_whole", "met_need") == [12, 7, 7]


def test_a_rule_forgets_who_has_left_as_well() -> None:
    instance = make_instance(
        [MENU] * 2,
        {"years": 1},
        points=[1, 1],
        budget=10,
        rules={"points_proportional": {"exclude": ["u1"]}},
        years={"leaves": [1, None]},
    )
    found = run(instance, "points_proportional")

    assert row(found, "points_proportional", "users_with_nothing") == [1, 0]
