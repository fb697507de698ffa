from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.solver.engines.slopes import slope_order


def by_fractions(pairs: list[tuple[int, int]]) -> list[int]:
    return sorted(range(len(pairs)), key=lambda i: -Fraction(*pairs[i]))


def ordered(pairs: list[tuple[int, int]]) -> list[int]:
    value, cost = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return slope_order(value, cost).tolist()


def test_no_slopes_have_no_order() -> None:
    assert ordered([]) == []


def test_steeper_comes_first_and_equal_slopes_stay_in_the_order_given() -> None:
    assert ordered([(1, 2), (3, 1), (2, 4), (6, 2), (1, 1)]) == [1, 3, 4, 0, 2]


def test_slopes_with_the_same_float_are_ordered_exactly() -> None:
    pairs = [(2**30 + k + 1, 2**30 + k) for k in (5, 0, 9, 3, 5, 1)]
    assert len({value / cost for value, cost in pairs}) < len(set(pairs))

    assert ordered(pairs) == [1, 5, 3, 0, 4, 2]


def test_runs_of_equal_floats_do_not_disturb_one_another() -> None:
    close = [(2**30 + k + 1, 2**30 + k) for k in range(50)]
    pairs = [*reversed(close), (1, 2), (2, 1), *((2 * value, cost) for value, cost in close)]

    assert ordered(pairs) == by_fractions(pairs)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    pairs=st.lists(
        st.one_of(
            st.tuples(st.integers(1, 6), st.integers(1, 6)),
            st.tuples(st.integers(2**29, 2**30), st.integers(2**29, 2**30)),
            st.tuples(st.integers(2**51 - 99, 2**51), st.integers(1, 2**9)),
            st.tuples(st.integers(1, 2**8), st.integers(2**52 - 99, 2**52)),
        ),
        max_size=30,
    )
)
def test_the_order_is_that_of_exact_fractions(pairs: list[tuple[int, int]]) -> None:
    assert ordered(pairs) == by_fractions(pairs)
