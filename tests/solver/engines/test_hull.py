import itertools
import tracemalloc
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.errors import NumbersTooLargeError
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.solver.engines.hull import Hulls, upper_hulls

Cases = Callable[..., Iterator[tuple[Menus, Choice, int]]]


def points(hulls: Hulls, user: int = 0) -> list[tuple[int, int, int]]:
    """The hull of a user as (package, cost, value)."""
    part = slice(*hulls.offsets[user : user + 2])
    columns = (hulls.package[part], hulls.cost[part], hulls.value[part])
    return list(zip(*(column.tolist() for column in columns), strict=True))


def hull_of(cost: list[int], value: list[int], choice: Choice = "at_most_one") -> list[int]:
    """The packages on the hull of a single menu."""
    return [
        point[0] for point in points(upper_hulls(Menus.of([0, len(cost)], cost, value), choice))
    ]


def by_definition(menu: list[tuple[int, int, int]], choice: Choice) -> list[tuple[int, int, int]]:
    """The same by comparing exact slopes one after the other."""
    menu = menu if menu and choice == "exactly_one" else [(-1, 0, 0), *menu]
    first = min(cost for _, cost, _ in menu)
    here = max((p for p in menu if p[1] == first), key=lambda p: p[2])
    chain = [here]
    while further := [p for p in menu if p[2] > here[2]]:
        here = max(
            further,
            key=lambda p: (Fraction(p[2] - chain[-1][2], p[1] - chain[-1][1]), p[1], -p[0]),
        )
        chain.append(here)
    return chain


def test_packages_under_the_hull_of_three_users_are_left_out(d3: Menus) -> None:
    hulls = upper_hulls(d3, "at_most_one")

    assert hulls.n_users == 3
    assert points(hulls, 0) == [(-1, 0, 0), (0, 2, 5), (1, 4, 8), (2, 7, 10)]
    assert points(hulls, 1) == [(-1, 0, 0), (3, 3, 6), (5, 6, 10)]
    assert points(hulls, 2) == [(-1, 0, 0), (7, 8, 9)]


def test_whoever_must_have_one_starts_from_the_cheapest(d3: Menus) -> None:
    hulls = upper_hulls(d3, "exactly_one")

    assert [points(hulls, user)[0][0] for user in range(3)] == [0, 3, 6]


def test_of_the_cheapest_the_one_worth_most_is_the_base_and_then_the_first() -> None:
    assert hull_of([5, 3, 3, 3], [9, 2, 4, 4], "exactly_one") == [2, 0]


def test_a_free_package_is_the_base_where_it_is_worth_something() -> None:
    assert hull_of([0, 0, 4, 0], [1, 3, 5, 3]) == [1, 2]
    assert hull_of([0, 4], [0, 5]) == [-1, 1]


def test_an_empty_menu_has_nothing_even_where_everyone_must_have_one() -> None:
    hulls = upper_hulls(Menus.of([0, 0, 1, 1], [3], [2]), "exactly_one")

    assert [points(hulls, user) for user in range(3)] == [[(-1, 0, 0)], [(0, 3, 2)], [(-1, 0, 0)]]


def test_a_package_on_the_line_between_two_others_is_no_corner() -> None:
    assert hull_of([2, 1, 3], [4, 2, 6]) == [-1, 2]


def test_of_identical_packages_the_first_is_taken() -> None:
    assert hull_of([3, 3, 5, 5, 3], [4, 4, 5, 5, 4]) == [-1, 0, 2]


def test_nobody_at_all_has_no_points() -> None:
    assert upper_hulls(Menus.of([0], [], []), "at_most_one").offsets.tolist() == [0]


@pytest.mark.parametrize("seed", range(2))
def test_every_hull_is_that_of_the_definition(small_cases: Cases, seed: int) -> None:
    for menus, choice, _ in small_cases(500, seed, users=6, most=9):
        hulls = upper_hulls(menus, choice)
        for user, (first, last) in enumerate(itertools.pairwise(menus.offsets.tolist())):
            part = range(first, last)
            menu = [(i, int(menus.cost[i]), int(menus.value[i])) for i in part]
            assert points(hulls, user) == by_definition(menu, choice)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    menu=st.lists(
        st.tuples(st.integers(0, 2**30 - 1), st.integers(0, 2**31 - 2)), min_size=1, max_size=12
    ),
    choice=st.sampled_from(["at_most_one", "exactly_one"]),
)
def test_large_amounts_are_compared_exactly(menu: list[tuple[int, int]], choice: Choice) -> None:
    cost, value = zip(*menu, strict=True)
    hulls = upper_hulls(Menus.of([0, len(menu)], cost, value), choice)

    numbered = [(i, c, v) for i, (c, v) in enumerate(menu)]
    assert points(hulls) == by_definition(numbered, choice)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    seed=st.integers(0, 2**32),
    greatest=st.sampled_from([3, 50, 10**6]),
    choice=st.sampled_from(["at_most_one", "exactly_one"]),
)
def test_a_long_menu_has_the_hull_of_the_definition(
    seed: int, greatest: int, choice: Choice
) -> None:
    cost, value = np.random.default_rng(seed).integers(0, greatest + 1, (2, 300))
    hulls = upper_hulls(Menus.of([0, 300], cost, value), choice)

    menu = list(zip(range(300), cost.tolist(), value.tolist(), strict=True))
    assert points(hulls) == by_definition(menu, choice)


def test_slopes_that_differ_by_less_than_a_float_shows_are_told_apart() -> None:
    cost, value = [2**30 - 3, 2**30 - 2], [2**30 - 2, 2**30 - 1]
    assert value[0] / cost[0] == pytest.approx(value[1] / cost[1], rel=1e-15)

    assert hull_of(cost, value) == [-1, 0, 1]


def test_one_very_long_menu_needs_no_room_for_the_others() -> None:
    long = np.arange(1, 10_001)
    sizes = np.append(np.full(20_000, 3), len(long))
    cost = np.concatenate([np.tile([1, 2, 3], 20_000), long])
    value = np.concatenate([np.tile([5, 8, 9], 20_000), 20_000 * long - long**2])
    menus = Menus.of(np.concatenate([[0], np.cumsum(sizes)]), cost, value)

    tracemalloc.start()
    hulls = upper_hulls(menus, "at_most_one")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert np.diff(hulls.offsets).tolist() == [4] * 20_000 + [10_001]
    assert peak < 100 * 2**20


@pytest.mark.parametrize(
    ("cost", "value", "decimals"),
    [(2**31, 2**30, "1 decimal "), (10**12, 10**9, "3 decimals"), (2**54, 1, "1 decimal ")],
)
def test_amounts_too_large_for_exact_arithmetic_are_refused_with_the_decimals_that_fit(
    cost: int, value: int, decimals: str
) -> None:
    with pytest.raises(NumbersTooLargeError, match=f"with {decimals}.*money_decimals"):
        upper_hulls(Menus.of([0, 1], [cost], [value]), "at_most_one")


def test_sums_that_leave_64_bits_are_refused() -> None:
    users = 2**11
    menus = Menus.of(np.arange(users + 1), np.full(users, 2**53 - 1), np.ones(users))

    with pytest.raises(NumbersTooLargeError):
        upper_hulls(menus, "at_most_one")


def test_the_largest_amounts_that_are_promised_to_fit_do_fit() -> None:
    assert hull_of([2**30, 2**30], [2**31 - 1, 1]) == [-1, 0]
