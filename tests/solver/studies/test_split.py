from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from metneed.models.allocation import Infeasible
from metneed.models.arrays import frozen
from metneed.models.errors import OptionError, UnknownNameError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.scenario import Scenario
from metneed.models.units import Units
from metneed.solver.rules import rule, rules
from metneed.solver.studies.own_need import MOST_USERS, OwnNeed, own_need
from metneed.solver.studies.split import Split, State, split
from metneed.solver.studies.split_figures import split_figures, unchanged
from metneed.solver.studies.split_states import path_of, two_instances

from ..conftest import make_problem
from .stage_problems import POINTS, numbers

OPTIONS = POINTS.options()


def people(budget: int, **points: int) -> Problem:
    """Users by name with their points, and one package each."""
    n = len(points)
    problem = make_problem([*range(n + 1)], [10] * n, [5] * n, budget, [*points.values()])
    users = replace(problem.users, ids=np.array([*points], dtype=object))
    return problem.replace(users=users)


def done(before: Problem, after: Problem) -> Split:
    found = split((before, OPTIONS), (after, OPTIONS), POINTS)
    assert isinstance(found, Split)
    return found


def taken_apart(before: Problem, after: Problem, *users: str) -> OwnNeed:
    states: tuple[State, State] = (before, OPTIONS), (after, OPTIONS)
    return own_need(done(before, after), *states, POINTS, users)


def test_two_people_by_hand() -> None:
    # By money and people: 50 and 50, 40 and 40 (less money), 25 and 75 (more need), 20 and 60.
    found = done(people(100, ann=1, bea=1), people(80, ann=1, bea=3))

    assert found.money_only.tolist() == [40, 40]
    assert found.need_only.tolist() == [25, 75]
    # The budget's parts are -7.5 and -12.5: the first halfpenny goes up, the next down.
    assert found.budget.tolist() == [-7, -13]
    assert found.need.tolist() == [-23, 23]
    assert found.budget_share == 20 / 66
    assert found.budget_share_of_variation == (-7 * -30 + -13 * 10) / (30**2 + 10**2)
    assert found.log_budget.tolist() == pytest.approx([np.log(0.8)] * 2)
    assert found.log_need.tolist() == pytest.approx([np.log(0.5), np.log(1.5)])


def test_sizes_of_logarithms_are_compared_by_hand() -> None:
    after = people(80, ann=1, bea=3)
    rows = list(split_figures(done(people(100, ann=1, bea=1), after), after))
    of = {row.measure: row.value for row in rows if not row.group_by}
    by_budget, by_need = 2 * np.log(1.25), np.log(2) + np.log(1.5)

    assert of["users_with_logs"] == 2
    assert of["budget_share_of_logs"] == pytest.approx(by_budget / (by_budget + by_need))


def test_with_the_same_people_everything_comes_from_the_budget() -> None:
    found = done(people(100, ann=1, bea=3), people(80, ann=1, bea=3))

    assert found.budget.tolist() == found.change.tolist() == [-5, -15]
    assert found.need.tolist() == [0, 0]
    assert found.budget_share == found.budget_share_of_variation == 1


def test_with_the_same_money_everything_comes_from_the_need() -> None:
    found = done(people(100, ann=1, bea=1), people(100, ann=1, bea=3))

    assert found.need.tolist() == found.change.tolist() == [-25, 25]
    assert found.budget_share == found.budget_share_of_variation == 0


def test_the_same_instance_twice_has_nothing_to_split() -> None:
    found = done(people(100, ann=1, bea=3), people(100, ann=1, bea=3))

    assert not found.budget.any()
    assert not found.need.any()
    assert found.budget_share is found.budget_share_of_variation is None


def test_who_joins_and_who_leaves_stands_apart_and_counts_as_others_need() -> None:
    # Cid leaves and Dan joins with more points: the money is the same, Ann has less.
    found = done(people(90, ann=1, bea=1, cid=1), people(90, ann=1, bea=1, dan=4))

    assert found.ids.tolist() == ["ann", "bea"]
    assert found.change.tolist() == found.need.tolist() == [-15, -15]
    assert (found.joined[0].tolist(), found.joined[1].tolist()) == (["dan"], [60])
    assert (found.left[0].tolist(), found.left[1].tolist()) == (["cid"], [30])
    assert int(found.after.sum()) + 60 - int(found.before.sum()) - 30 == 0


def test_ones_own_need_and_that_of_others_by_hand() -> None:
    before, after = people(100, ann=1, bea=1), people(80, ann=1, bea=3)
    parts = taken_apart(before, after)

    # Ann's need did not change and her award did: all of it comes from Bea, and the other way.
    assert parts.ids.tolist() == ["ann", "bea"]
    assert parts.own.tolist() == [0, 23]
    assert parts.others.tolist() == [-23, 0]


def test_own_and_others_where_both_change() -> None:
    # Money 120 all along. Ann 1 -> 2, Bea 1 -> 4: Ann 60, alone 80, others only 24, both 40.
    before, after = people(120, ann=1, bea=1), people(120, ann=2, bea=4)
    parts = taken_apart(before, after)

    assert parts.own.tolist()[0] == ((80 - 60) + (40 - 24)) // 2
    assert parts.others.tolist()[0] == ((24 - 60) + (40 - 80)) // 2


def test_only_the_users_that_are_named_are_taken_apart() -> None:
    before, after = people(100, ann=1, bea=1, cid=2), people(80, ann=1, bea=3, cid=2)
    everyone, one = taken_apart(before, after), taken_apart(before, after, "bea")

    assert one.ids.tolist() == ["bea"]
    assert one.own.tolist() == [everyone.own.tolist()[1]]
    with pytest.raises(UnknownNameError, match="dan"):
        taken_apart(before, after, "dan")


def test_too_many_users_must_be_named() -> None:
    many = {f"u{row:04d}": 1 for row in range(MOST_USERS + 1)}
    before, after = people(10_000, **many), people(9_000, **many)

    with pytest.raises(OptionError, match="501 users; name"):
        taken_apart(before, after)
    assert taken_apart(before, after, "u0003").own.tolist() == [0]


def test_menus_count_as_need() -> None:
    # By cost of need: Ann's full package costs 10 before and 30 after.
    costs = rule("proportional_cost")
    before = make_problem([0, 1, 2], [10, 10], [5, 5], 20, [1, 1])
    after = make_problem([0, 1, 2], [30, 10], [5, 5], 20, [1, 1])
    state = costs.options()
    found = split((before, state), (after, state), costs)

    assert isinstance(found, Split)
    assert not found.budget.any()
    assert found.need.tolist() == found.change.tolist() != [0, 0]


def test_of_a_rule_that_chooses_packages_the_costs_are_split() -> None:
    best = rule("met_need_whole")
    before, after = people(20, ann=1, bea=1), people(10, ann=1, bea=1)
    found = split((before, best.options()), (after, best.options()), best)

    assert isinstance(found, Split)
    assert found.before.tolist() == [10, 10]
    assert int(found.budget.sum()) == -10


def test_a_rule_without_an_allocation_is_the_answer() -> None:
    queue = rule("greatest_need")
    rich, poor = (people(money, ann=1, bea=1).replace(choice="exactly_one") for money in (20, 5))

    assert isinstance(split((rich, queue.options()), (poor, queue.options()), queue), Infeasible)


def test_different_units_and_strangers_are_refused() -> None:
    before, after = people(100, ann=1), people(100, bea=1)
    with pytest.raises(OptionError, match="nobody is there both"):
        done(before, after)
    with pytest.raises(OptionError, match="same currency, period and decimals"):
        done(before, people(100, ann=1).replace(units=Units("GBP", 2, 0)))


def test_figures_add_up_over_groups_and_say_who_came_and_went() -> None:
    before = people(90, ann=1, bea=1, cid=1)
    after = people(80, ann=1, bea=1, dan=4)
    rows = list(split_figures(done(before, after), after))
    of = {(row.rule, row.group_by, row.group, row.measure): row.value for row in rows}

    for name in ("users", "before", "after", "change", "budget_part", "need_part"):
        parts = [v for (r, by, _, m), v in of.items() if (r, by, m) == ("both times", "half", name)]
        assert sum(parts) == of["both times", "", "", name]  # type: ignore[arg-type]
    assert of["joined", "", "", "users"] == of["left", "", "", "users"] == 1
    assert of["left", "", "", "award"] == 30
    assert unchanged(done(before, after), before, after) == (2, 2)
    assert (
        unchanged(
            done(before, after), before, after.replace(users=replace(after.users, points=None))
        )
        is None
    )


scores = st.lists(st.integers(1, 10**6), min_size=3, max_size=3)
money = st.integers(0, 10**9)


@settings(max_examples=150, deadline=None)
@given(scores, scores, money, money)
def test_parts_are_the_change_to_the_penny(
    first: list[int], second: list[int], old: int, new: int
) -> None:
    names = ("ann", "bea", "cid")
    before = people(old, **dict(zip(names, first, strict=True)))
    after = people(new, **dict(zip(names, second, strict=True)))
    found, back = done(before, after), done(after, before)

    assert (found.budget + found.need).tolist() == found.change.tolist()
    # Halfpennies in turn: all parts together are the budget's change to the nearest penny.
    assert abs(2 * int(found.budget.sum()) - 2 * (new - old)) <= 1
    # The way back is the same parts with the other sign, but for a halfpenny each.
    assert (np.abs(found.budget + back.budget) <= 1).all()
    known = ~np.isnan(found.log_budget)
    logs = (found.log_budget + found.log_need)[known]
    assert logs == pytest.approx(np.log(found.after[known] / found.before[known]))
    parts = taken_apart(before, after)
    assert (parts.own + parts.others).tolist() == found.need.tolist()


@settings(max_examples=50, deadline=None)
@given(scores, money)
def test_own_need_that_does_not_change_has_no_part(points: list[int], new: int) -> None:
    before = people(10**6, ann=points[0], bea=points[1])
    after = people(new, ann=points[0], bea=points[2])

    assert taken_apart(before, after, "ann").own.tolist() == [0]


def instance(problem: Problem, budget: str, **scenario: object) -> Instance:
    base = {"schema_version": 1, "name": "x", "money_decimals": 0, "need_decimals": 0}
    return Instance(
        Scenario.model_validate({**base, "budget": budget, **scenario}),
        problem.users,
        problem.menus,
        package_ids=None,  # type: ignore[arg-type]
    )


def test_a_path_takes_budgets_and_points_step_by_step() -> None:
    problem = people(0, ann=1, bea=1)
    users = replace(
        problem.users, numbers={"next": numbers(1, 3), "half": numbers(5, 15, decimals=1)}
    )
    whole = instance(problem.replace(users=users), "125", top_slice=Decimal("0.2"))

    states = path_of(
        whole, "points_proportional", ["125", "100", " 100"], ["points", "points", "next"]
    )
    assert [state[0].allocable for state in states] == [100, 80, 80]
    assert [state[0].users.points.tolist() for state in states] == [[1, 1], [1, 1], [1, 3]]  # type: ignore[union-attr]
    steps = [split(a, b, POINTS) for a, b in pairwise(states)]
    assert [step.budget.tolist() for step in steps if isinstance(step, Split)] == [
        [-10, -10],
        [0, 0],
    ]
    only = path_of(whole, "points_proportional", (), ["points", "next"])
    assert [state[0].allocable for state in only] == [100, 100]


@pytest.mark.parametrize(
    ("budgets", "points", "told"),
    [
        ((), (), "here are 0"),
        (("100",), (), "here are 1"),
        (("100", "90"), ("points",), "name as many of each"),
        (("100", "cheap"), (), "budgets: 'cheap'"),
        (("100", "-5"), (), "budgets: '-5'"),
        ((), ("points", "nxt"), "no column of numbers 'nxt'; there are: next"),
        ((), ("points", "next"), "column next: not stated for 1 user"),
    ],
)
def test_paths_that_cannot_be_are_refused(
    budgets: tuple[str, ...], points: tuple[str, ...], told: str
) -> None:
    problem = people(0, ann=1, bea=1)
    users = replace(problem.users, numbers={"next": numbers(1, None)})
    with pytest.raises(OptionError, match=told):
        path_of(
            instance(problem.replace(users=users), "125"), "points_proportional", budgets, points
        )


def test_a_rule_that_was_changed_too_must_be_said_whose_it_is() -> None:
    problem = people(0, ann=1, bea=1)
    by = [{"rules": {"greatest_need": {"by": by}}} for by in ("points", "need")]
    before, after = (instance(problem, "100", **scenario) for scenario in by)

    with pytest.raises(OptionError, match=r"not the same by before and after.*--rule-of"):
        two_instances(before, after, "greatest_need")
    for whose, expected in (("before", "points"), ("after", "need")):
        states = two_instances(before, after, "greatest_need", None, whose)  # type: ignore[arg-type]
        assert {state[1].by for state in states} == {expected}  # type: ignore[attr-defined]
    same = two_instances(before, after, "greatest_need", {"by": "need"})
    assert same[0][1] == same[1][1]


def test_under_every_rule_that_applies_the_parts_are_the_change(d3: Problem) -> None:
    after = d3.replace(allocable=9, budget=9, users=replace(d3.users, points=frozen([6, 3, 1])))
    taken_apart_under = set()
    for name, chosen in rules().items():
        try:
            options = chosen.options()
            found = split((d3, options), (after, options), chosen)
        except (OptionError, ValidationError):
            continue  # the rule takes a table that these people have not
        if isinstance(found, Split):
            taken_apart_under.add(name)
            assert (found.budget + found.need).tolist() == found.change.tolist()
            assert (found.before + found.change).tolist() == found.after.tolist()

    assert {"points_proportional", "equal_money", "met_need_whole", "talmud"} <= taken_apart_under
