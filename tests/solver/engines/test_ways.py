import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.solver.engines.changes import Changes
from metneed.solver.engines.ways import Ways, in_order

P, Q = 3, 2

UP = st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda c: P * c[0] >= Q * c[1])
DOWN = st.tuples(st.integers(-9, -1), st.integers(-9, -1)).filter(lambda c: P * c[0] >= Q * c[1])
USERS = st.lists(st.lists(st.one_of(UP, DOWN), min_size=1, max_size=3), min_size=1, max_size=4)


def changes_of(users: list[list[tuple[int, int]]]) -> Changes:
    cost, value = np.array([c for user in users for c in user], dtype=np.int64).T
    return Changes(
        np.cumsum([0, *map(len, users)]),
        np.arange(len(users)),
        np.arange(len(cost)),
        cost,
        value,
        P * cost - Q * value,
    )


def test_the_steepest_way_up_and_the_flattest_way_down_take_turns() -> None:
    changes = changes_of([[(4, 4)], [(-3, -6)], [(2, 3)], [(-2, -3)], [(5, 1)]])

    order, ways = in_order(changes)

    assert order.tolist() == [2, 3, 0, 1, 4]
    assert ways[0] == Ways(up=(4, 4), down=(3, 2))
    assert ways[2] == Ways(up=(1, 5), down=(6, 3))
    assert ways[4] == Ways(up=(0, 1), down=(1, 0))


def test_the_last_user_leaves_no_way_to_come() -> None:
    nothing = Ways(up=(0, 1), down=(1, 0))
    cost, value = np.array([3, 3, 4]), np.array([5, 4, 9])

    assert nothing.may_reach([(3, 5)], cost, value).tolist() == [True, False, False]


@settings(deadline=None, derandomize=True, max_examples=250)
@given(
    users=USERS,
    cost=st.integers(-20, 20),
    value=st.integers(-20, 20),
    most_cost=st.integers(-20, 20),
    least_value=st.integers(-20, 20),
)
def test_no_state_is_given_up_that_could_still_reach_a_target(
    users: list[list[tuple[int, int]]], cost: int, value: int, most_cost: int, least_value: int
) -> None:
    order, ways = in_order(changes_of(users))
    for step in range(len(users)):
        to_come = [[(0, 0), *users[user]] for user in order[step + 1 :]]
        reaches = any(
            cost + sum(c for c, _ in made) <= most_cost
            and value + sum(v for _, v in made) >= least_value
            for made in itertools.product(*to_come)
        )
        kept = ways[step].may_reach([(most_cost, least_value)], np.array([cost]), np.array([value]))
        assert kept[0] or not reaches


def test_amounts_whose_products_leave_64_bits_are_kept_rather_than_misjudged() -> None:
    ways = Ways(up=(10**9, 1), down=(2**30, 2**30))
    far = np.array([-(2**62), 2**62])

    assert ways.may_reach([(0, 2**61)], far, np.zeros(2, dtype=np.int64)).tolist() == [True, False]
    assert ways.may_reach([(0, 0)], far, np.array([0, 2**62])).tolist() == [True, True]
