from collections import Counter
from itertools import permutations

import numpy as np
import pytest

from metneed.models.random_stream import RandomStream
from metneed.solver.engines.lots import drawn


def stream(seed: int = 1) -> RandomStream:
    return RandomStream.of(seed, "lots of a test")


def test_everyone_is_drawn_once() -> None:
    weights = np.random.default_rng(1).integers(0, 50, 500)

    assert sorted(drawn(stream(), 500).tolist()) == list(range(500))
    assert sorted(drawn(stream(), 500, weights).tolist()) == list(range(500))


def test_a_seed_gives_the_same_order_again_and_another_seed_another() -> None:
    weights = np.arange(1, 51)

    assert drawn(stream(), 50, weights).tolist() == drawn(stream(), 50, weights).tolist()
    assert drawn(stream(), 50, weights).tolist() != drawn(stream(2), 50, weights).tolist()


def test_weighted_orders_come_as_often_as_drawing_one_by_one_has_them_come() -> None:
    weights, source, times = np.array([1, 2, 3]), stream(), 20_000
    found = Counter(tuple(drawn(source, 3, weights).tolist()) for _ in range(times))

    for order in permutations(range(3)):
        first, second = (int(weights[row]) for row in order[:2])
        chance = first / 6 * second / (6 - first)
        # Five standard errors of a count.
        room = 5 * (times * chance * (1 - chance)) ** 0.5
        assert abs(found[order] - times * chance) < room, order


def test_without_weights_every_order_comes_as_often_as_any_other() -> None:
    source, times = stream(), 12_000
    found = Counter(tuple(drawn(source, 3).tolist()) for _ in range(times))

    assert len(found) == 6
    assert all(abs(count - times / 6) < 5 * (times * 5 / 36) ** 0.5 for count in found.values())


def test_those_without_a_weight_come_last_in_any_order() -> None:
    weights, source = np.array([0, 5, 0, 1]), stream()
    orders = {tuple(drawn(source, 4, weights).tolist()) for _ in range(200)}

    assert {order[:2] for order in orders} == {(1, 3), (3, 1)}
    assert {order[2:] for order in orders} == {(0, 2), (2, 0)}


def test_weights_that_double_from_one_to_the_next_come_to_an_end() -> None:
    order = drawn(stream(), 62, 2 ** np.arange(62))

    assert sorted(order.tolist()) == list(range(62))


def test_weights_beyond_64_bits_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^weights of lots must add up to less than 2\^63$"):
        drawn(stream(), 2, np.array([2**62, 2**62]))
