"""Both modules of kernels give the same as plain Python, and so the same as each other."""

import importlib
from collections.abc import Callable, Iterator
from typing import cast

import numpy as np
import pytest

from metneed.models.errors import OptionError
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.solver.engines import kernels as selection
from metneed.solver.engines import kernels_numba
from metneed.solver.engines.chunks import CHUNK, key_room
from metneed.solver.engines.hull import check_magnitudes
from metneed.solver.engines.kernels import Kernels, chosen, kernels_for

Cases = Callable[..., Iterator[tuple[Menus, Choice, int]]]
MULTIPLIERS = ((0, 1), (1, 1), (7, 5), (1, 1000))


@pytest.fixture(params=["numpy", "numba"])
def kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kernels:
    """Each of the two, with chunks and ranges so small that there are several."""
    monkeypatch.setattr("metneed.solver.engines.chunks.CHUNK", 8)
    monkeypatch.setattr("metneed.solver.engines.march._CHUNK", 8)
    monkeypatch.setattr(kernels_numba, "_AT_ONCE", 2)
    module = importlib.import_module(f"metneed.solver.engines.kernels_{request.param}")
    return cast("Kernels", module)


def options(menus: Menus, choice: Choice, user: int) -> list[tuple[int, int, int]]:
    """Position, cost and value of what a user may have, nothing first where it may be chosen."""
    rows = range(menus.offsets[user], menus.offsets[user + 1])
    menu = [(j, int(menus.cost[j]), int(menus.value[j])) for j in rows]
    nothing = [(-1, 0, 0)] if choice == "at_most_one" or not menu else []
    return nothing + menu


def cases(small_cases: Cases, count: int) -> Iterator[tuple[Menus, Choice]]:
    for menus, choice, _ in small_cases(count, seed=5, users=9, most=6):
        check_magnitudes(menus)
        yield menus, choice


def test_a_favourite_is_the_first_package_of_greatest_surplus(
    kernels: Kernels, small_cases: Cases
) -> None:
    for menus, choice in cases(small_cases, 150):
        if 1001 * (int(menus.value.max(initial=0)) + int(menus.cost.max(initial=0))) >> 40:
            continue
        found = kernels.favourites(menus, choice, MULTIPLIERS)
        for (p, q), picks in zip(MULTIPLIERS, found, strict=True):
            for user, pick in enumerate(picks.tolist()):
                menu = options(menus, choice, user)
                best = max(q * v - p * c for _, c, v in menu)
                assert pick == next(j for j, c, v in menu if q * v - p * c == best)


def test_ends_are_the_cheapest_and_the_dearest_of_greatest_surplus(
    kernels: Kernels, small_cases: Cases
) -> None:
    for menus, choice in cases(small_cases, 150):
        for p, q in MULTIPLIERS:
            pairs = zip(*kernels.ends(menus, choice, (p, q)), strict=True)
            for user, (low, high) in enumerate(pairs):
                menu = options(menus, choice, user)
                best = max(q * v - p * c for _, c, v in menu)
                tied = [(c, j) for j, c, v in menu if q * v - p * c == best]
                assert low == min(tied, key=lambda pair: pair[0])[1]
                assert high == max(tied, key=lambda pair: pair[0])[1]


def test_surplus_and_what_is_near_a_pick_are_what_a_reader_would_count(
    kernels: Kernels, small_cases: Cases
) -> None:
    for menus, choice in cases(small_cases, 150):
        for p, q in MULTIPLIERS:
            surplus = kernels.surplus(menus, choice, (p, q))
            picks, _ = kernels.ends(menus, choice, (p, q))
            near = kernels.near(menus, picks, (p, q), 3)
            expected = []
            for user in range(menus.n_users):
                menu = options(menus, choice, user)
                best = max(q * v - p * c for _, c, v in menu)
                assert surplus[user] == best
                expected += [
                    j
                    for j, c, v in menu
                    if j >= 0 and j != picks[user] and best - q * v + p * c <= 3
                ]
            assert near.tolist() == expected


def test_totals_and_what_lies_between_two_picks(kernels: Kernels, small_cases: Cases) -> None:
    for menus, choice in cases(small_cases, 150):
        _, most = kernels.ends(menus, choice, (0, 1))
        least, _ = kernels.ends(menus, choice, (1, 1))
        cost, value = kernels.totals(menus, most)
        assert cost == sum(int(menus.cost[j]) for j in most if j >= 0)
        assert value == sum(int(menus.value[j]) for j in most if j >= 0)
        users = np.flatnonzero(most != least)
        counts, rows = kernels.between(menus, users, least[users], most[users])
        expected = []
        for user in users.tolist():
            own = {j: (c, v) for j, c, v in [*options(menus, choice, user), (-1, 0, 0)]}
            (c0, v0), (_, v1) = own[int(least[user])], own[int(most[user])]
            expected.append([j for j, (c, v) in own.items() if c > c0 and v0 < v <= v1])
        assert counts.tolist() == [len(part) for part in expected]
        assert rows.tolist() == [j for part in expected for j in part]


def test_hulls_have_the_same_points_from_both(small_cases: Cases) -> None:
    for menus, choice in cases(small_cases, 400):
        first, second = (
            kernels_for(menus, engine).hull_points(menus, choice) for engine in ("numpy", "numba")
        )
        assert first[0].tolist() == second[0].tolist()
        assert first[1].tolist() == second[1].tolist()


def test_long_menus_have_the_same_hull_from_both() -> None:
    rng = np.random.default_rng(2)
    for most in (5, 50, 10**6):
        cost, value = rng.integers(0, most + 1, (2, 1200))
        menus = Menus.of([0, 700, 700, 730, 1200], cost, value)
        for choice in ("at_most_one", "exactly_one"):
            first, second = (
                kernels_for(menus, engine).hull_points(menus, choice)
                for engine in ("numpy", "numba")
            )
            assert [part.tolist() for part in first] == [part.tolist() for part in second]


def test_numbers_whose_low_bits_rise_are_sorted(kernels: Kernels) -> None:
    rng = np.random.default_rng(1)
    for n, top in ((0, 1), (1, 5), (1000, 3), (5000, 2**52)):
        bits = max(1, n.bit_length())
        key = (rng.integers(0, top, n) << bits if top < 2**50 else rng.integers(0, 2**50, n)) | 0
        key = (key >> bits << bits) | np.arange(n)
        expected = sorted(key.tolist())
        kernels.sort(key, bits)
        assert key.tolist() == expected


def test_numba_is_taken_by_itself_only_where_it_is_worth_its_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    menus = Menus.of([0, 1, 2], [1, 1], [1, 1])

    assert chosen(menus, "auto") == "numpy"
    assert chosen(menus, "numba") == "numba"
    monkeypatch.setattr(selection, "WORTH_STARTED", 2)
    assert chosen(menus, "auto") == "numba"
    monkeypatch.setattr(selection, "find_spec", lambda _: None)
    assert chosen(menus, "auto") == "numpy"
    with pytest.raises(OptionError, match=r"metneed\[speed\]"):
        chosen(menus, "numba")


def test_a_place_in_a_chunk_leaves_room_for_the_rest_of_a_key() -> None:
    assert key_room(Menus.of([0, 1], [1], [1])) == 62 - CHUNK.bit_length()
    many = np.ones(2**17, dtype=np.int64)
    assert key_room(Menus.of([0, 2**17], many, many)) == 62 - 18
