import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from metneed.models.menus import Menus
from metneed.solver.engines.serial import best_within
from metneed.solver.engines.staircase import staircase

rows = st.lists(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=5), min_size=1, max_size=4
)


def test_a_user_climbs_from_package_to_package_as_money_rises() -> None:
    menus = Menus.of([0, 4], [2, 4, 5, 7], [5, 8, 7, 10])
    steps = staircase(menus, "at_most_one")

    # (5, 7) is never the best: 4 buy 8.
    assert steps.cost.tolist() == [2, 4, 7]
    assert steps.more.tolist() == [2, 2, 3]


@given(rows=rows, must=st.booleans(), money=st.integers(0, 7))
def test_it_says_what_the_best_package_within_any_sum_costs(
    rows: list[list[tuple[int, int]]], must: bool, money: int
) -> None:
    flat = [item for row in rows for item in row]
    offsets = np.cumsum([0, *map(len, rows)])
    menus = Menus.of(offsets, [c for c, _ in flat], [v for _, v in flat])
    choice = "exactly_one" if must else "at_most_one"
    picks = best_within(menus, choice, np.full(len(rows), money))
    steps = staircase(menus, choice)

    for user, pick in enumerate(picks.tolist()):
        reached = (steps.user == user) & (steps.cost <= money)
        cost = int(menus.cost[pick]) if pick >= 0 else 0
        assert int(steps.more[reached].sum()) == cost
        assert int(steps.cost[reached].max(initial=0)) == cost


def test_nobody_and_empty_menus_have_no_steps() -> None:
    assert len(staircase(Menus.of([0], [], []), "at_most_one").cost) == 0
    assert len(staircase(Menus.of([0, 0], [], []), "exactly_one").cost) == 0
