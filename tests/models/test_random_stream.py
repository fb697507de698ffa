"""Random streams: the same everywhere, without a favourite number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.errors import OptionError
from metneed.models.random_stream import RandomStream, Words


def scripted(*words: int) -> RandomStream:
    """A stream of these words, one after the other."""
    queue = list(words)

    def take(size: int) -> Words:
        taken = [queue.pop(0) for _ in range(size)]
        return np.array(taken, dtype=np.uint64)

    return RandomStream(take)


def test_a_seed_means_the_same_numbers_for_good() -> None:
    assert RandomStream.of(0, "held").below(1000, 8).tolist() == HELD_BELOW
    assert RandomStream.of(2**63 - 1, "held").permutation(8).tolist() == HELD_PERMUTATION


HELD_BELOW = [419, 928, 556, 240, 435, 368, 480, 738]
HELD_PERMUTATION = [7, 5, 0, 4, 2, 6, 3, 1]


def test_a_stream_goes_on_where_it_stopped() -> None:
    at_once = RandomStream.of(5, "x").below(10**9, 30)
    stream = RandomStream.of(5, "x")
    assert np.concatenate([stream.below(10**9, 10), stream.below(10**9, 20)]).tolist() == (
        at_once.tolist()
    )


@pytest.mark.parametrize(("seed", "name"), [(6, "x"), (5, "y")])
def test_another_seed_or_name_gives_other_numbers(seed: int, name: str) -> None:
    first = RandomStream.of(5, "x").below(2**60, 20)
    assert not (first == RandomStream.of(seed, name).below(2**60, 20)).any()


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(OptionError, match="seed"):
        RandomStream.of(seed, "x")


def test_words_of_the_incomplete_last_block_are_drawn_anew() -> None:
    # 2^64 = 3 x 6148914691236517205 + 1, so only the last word of all would favour 0.
    assert scripted(2**64 - 2, 2**64 - 1, 2**64 - 1, 4).below(3, 2).tolist() == [2, 1]


def test_a_power_of_two_throws_no_word_away() -> None:
    assert scripted(2**64 - 1, 2**63).below(2**63, 2).tolist() == [2**63 - 1, 0]


def test_each_bound_of_many_has_its_own_incomplete_block() -> None:
    stream = scripted(2**64 - 1, 2**64 - 1, 7)
    assert stream.below_each(np.array([3, 4])).tolist() == [1, 3]


@given(bounds=st.lists(st.integers(1, 2**62), min_size=1, max_size=20), seed=st.integers(0, 99))
@settings(deadline=None, derandomize=True, max_examples=100)
def test_one_bound_and_many_equal_bounds_give_the_same_numbers(
    bounds: list[int], seed: int
) -> None:
    each = RandomStream.of(seed, "x").below_each(np.array(bounds))
    assert ((each >= 0) & (each < bounds)).all()
    same = RandomStream.of(seed, "x").below_each(np.full(len(bounds), bounds[0]))
    assert same.tolist() == RandomStream.of(seed, "x").below(bounds[0], len(bounds)).tolist()


@pytest.mark.parametrize("bound", [0, -1, 2**63 + 1])
def test_a_bound_that_has_no_number_below_it_is_refused(bound: int) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        RandomStream.of(0, "x").below(bound, 1)


def test_a_bound_of_0_among_many_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        RandomStream.of(0, "x").below_each(np.array([3, 0]))


def test_every_number_comes_about_equally_often() -> None:
    counts = np.bincount(RandomStream.of(1, "x").between(5, 14, 100_000), minlength=15)
    assert counts[:5].sum() == 0
    # 10,000 each, standard deviation 95: five of them to either side.
    assert abs(counts[5:] - 10_000).max() < 475


def test_choices_come_as_often_as_their_weights_say() -> None:
    counts = np.bincount(RandomStream.of(2, "x").choices([1, 0, 3], 40_000), minlength=3)
    assert counts[1] == 0
    assert abs(counts[0] - 10_000) < 450


def test_a_chance_of_nought_never_happens_and_of_a_thousand_always() -> None:
    stream = RandomStream.of(3, "x")
    assert not stream.chance(0, 1000).any()
    assert stream.chance(1000, 1000).all()
    assert 150 < stream.chance(np.full(1000, 200), 1000).sum() < 250


def test_a_permutation_holds_every_number_once_and_every_order_comes_up() -> None:
    stream = RandomStream.of(4, "x")
    orders = [tuple(stream.permutation(3).tolist()) for _ in range(600)]
    assert {tuple(sorted(order)) for order in orders} == {(0, 1, 2)}
    assert min(orders.count(order) for order in set(orders)) > 60
    assert len(set(orders)) == 6


def test_equal_keys_of_a_permutation_are_drawn_anew() -> None:
    assert scripted(7, 7, 9, 8).permutation(2).tolist() == [1, 0]


def test_the_bell_has_mean_0_and_standard_deviation_1() -> None:
    numbers = RandomStream.of(5, "x").bell(50_000)
    assert abs(numbers.mean()) < 0.03
    assert abs(numbers.std() - 1) < 0.03
    assert abs(numbers).max() <= 6
