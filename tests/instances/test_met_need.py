"""Met need of packages: by hand, against the definition in fractions, and its properties."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.met_need import Needs, Reckoner, _counted, met_need, stated_need
from metneed.models.arrays import IntArray


class Case(NamedTuple):
    needs: Needs
    reckoner: Reckoner
    units: IntArray


def by_definition(case: Case) -> tuple[int, int]:
    """Met need and met basic need of one package of the first user, in fractions."""
    needs, reckoner = case.needs, case.reckoner
    level, basic = needs.level[0], needs.basic[0]
    start = [Fraction(int(share), 1000) for share in needs.informal[0]]
    met = list(start)
    order = [0] * len(level) if needs.order is None else needs.order[0].tolist()
    tiers = [(not is_basic, place) for is_basic, place in zip(basic, order, strict=True)]
    for service, units in enumerate(case.units.tolist()):
        full = [int(reckoner.units[i, service]) for i in level]
        reach = [Fraction(int(reckoner.reach[i, service]), 1000) for i in level]
        served = [d for d in range(len(level)) if full[d]]
        left = Fraction(units)
        before = list(met)
        for tier in sorted(set(tiers)):
            mine = [d for d in served if tiers[d] == tier]
            required = {d: full[d] * (1 - before[d]) for d in mine}
            total = sum(required.values())
            for d in mine:
                if reckoner.replaces_all[service]:
                    given = min(Fraction(units), full[d]) * (1 - before[d])
                else:
                    given = required[d] * min(1, left / total) if total else Fraction(0)
                met[d] = before[d] + reach[d] * given / full[d]
            left -= min(left, total)
    points = [int(reckoner.points[i]) for i in level]
    gained = [p * (x - i) for p, x, i in zip(points, met, start, strict=True)]
    basics = [value for value, is_basic in zip(gained, basic, strict=True) if is_basic]
    return int(sum(gained)), int(sum(basics, Fraction(0)))


def measured(case: Case) -> tuple[int, int]:
    met, basic = met_need(case.needs, case.reckoner, np.array([0]), case.units[None])
    return int(met[0]), int(basic[0])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    outcomes, services, levels = draw(st.integers(1, 4)), draw(st.integers(1, 4)), 4
    shape = (levels, services)

    def table(numbers: st.SearchStrategy[int], size: tuple[int, ...]) -> IntArray:
        cells = draw(st.lists(numbers, min_size=int(np.prod(size)), max_size=int(np.prod(size))))
        return np.array(cells, dtype=np.int64).reshape(size)

    units = table(st.sampled_from([0, 333, 500, 1000, 2500, 7000]), shape)
    reach = table(st.sampled_from([250, 500, 777, 1000]), shape)
    points = table(st.integers(0, 12_000), (levels,))
    units[0], points[0] = 0, 0
    reach[units == 0] = 0
    return Case(
        Needs(
            table(st.integers(0, levels - 1), (1, outcomes)),
            table(st.sampled_from([0, 0, 250, 500, 123, 1000]), (1, outcomes)),
            table(st.integers(0, 1), (1, outcomes)).astype(bool),
            order=draw(st.sampled_from([None, table(st.integers(0, 3), (1, outcomes))])),
        ),
        Reckoner(points, units, reach, table(st.sampled_from([0, 0, 0, 1]), (services,)) > 0),
        table(st.sampled_from([0, 250, 500, 1000, 1500, 3333, 10_000]), (services,)),
    )


@given(case=cases())
@settings(deadline=None, derandomize=True, max_examples=200)
def test_met_need_is_what_the_definition_says_in_fractions(case: Case) -> None:
    assert measured(case) == by_definition(case)


@given(case=cases(), service=st.integers(0, 3), more=st.integers(1, 5000))
@settings(deadline=None, derandomize=True, max_examples=120)
def test_more_units_never_meet_less_need(case: Case, service: int, more: int) -> None:
    units = case.units.copy()
    units[service % len(units)] += more
    assert measured(case._replace(units=units))[0] >= measured(case)[0]


@given(case=cases())
@settings(deadline=None, derandomize=True, max_examples=120)
def test_met_need_never_exceeds_need_and_basic_never_exceeds_all(case: Case) -> None:
    need, basic_need = (int(part[0]) for part in stated_need(case.needs, case.reckoner))
    met, basic = measured(case)
    assert 0 <= basic <= met <= need
    assert basic <= basic_need <= need


@given(case=cases(), factor=st.integers(2, 9))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_the_size_of_a_unit_does_not_matter(case: Case, factor: int) -> None:
    reckoner = case.reckoner
    smaller = Reckoner(
        reckoner.points, reckoner.units * factor, reckoner.reach, reckoner.replaces_all
    )
    assert measured(case._replace(reckoner=smaller, units=case.units * factor)) == measured(case)


def scarce(services: int) -> Case:
    """Services that all fall short by awkward fractions, so that denominators multiply."""
    primes = np.array([[7013, 7019, 7027], [8009, 8011, 8017], [9001, 9007, 9011]])
    units = np.zeros((4, services), dtype=np.int64)
    units[1:] = primes[:, np.arange(services) % 3] + np.arange(services)
    reach = np.where(units > 0, 777, 0)
    points = np.array([0, 6001, 3001, 1999])
    needs = Needs(np.array([[1, 2, 3]]), np.array([[123, 0, 457]]), np.array([[True, True, False]]))
    reckoner = Reckoner(points, units, reach, np.zeros(services, dtype=bool))
    return Case(needs, reckoner, np.full(services, 1009))


def test_a_package_whose_fractions_outgrow_64_bits_is_still_exact() -> None:
    case = scarce(6)
    row = np.array([0])
    subset = case.needs.subset(row)
    _, fits = _counted(subset, case.reckoner, case.units[None], np.dtype(np.int64))
    assert not fits.any()
    assert measured(case) == by_definition(case)


def test_large_and_small_fractions_stand_side_by_side() -> None:
    case = scarce(6)
    packages = np.stack([np.zeros(6, dtype=np.int64), case.units, case.units * [1, 0, 0, 0, 0, 0]])
    met, _ = met_need(case.needs, case.reckoner, np.zeros(3, dtype=np.int64), packages)
    expected = [by_definition(case._replace(units=units))[0] for units in packages]
    assert met.tolist() == expected
    assert met[0] == 0


def test_a_care_home_serves_every_need_at_once_and_hours_only_one() -> None:
    # Two needs of 4 points, each wants one unit: a shared service halves itself, a home does not.
    needs = Needs(np.array([[1, 1]]), np.array([[0, 0]]), np.array([[False, False]]))
    for replaces_all, expected in ((True, 8000), (False, 4000)):
        reckoner = Reckoner(
            np.array([0, 4000]),
            np.array([[0], [1000]]),
            np.array([[0], [1000]]),
            np.array([replaces_all]),
        )
        assert measured(Case(needs, reckoner, np.array([1000])))[0] == expected


def test_half_a_week_in_a_care_home_meets_half_of_what_a_week_meets() -> None:
    needs = Needs(np.array([[1]]), np.array([[0]]), np.array([[True]]))
    reckoner = Reckoner(
        np.array([0, 4000]), np.array([[0], [1000]]), np.array([[0], [900]]), np.array([True])
    )
    assert measured(Case(needs, reckoner, np.array([500]))) == (1800, 1800)


@pytest.mark.parametrize(
    ("points", "units", "reach", "message"),
    [
        ([0, 1], [[0], [1]], [[0], [1001]], "between 0 and 1"),
        ([0, 1], [[0], [1]], [[0], [-1]], "between 0 and 1"),
        ([0, -1], [[0], [1]], [[0], [1000]], "negative"),
        ([0, 1], [[0], [-1]], [[0], [1000]], "negative"),
        ([1, 1], [[0], [1]], [[0], [1000]], "row 0"),
        ([0, 1], [[0], [0]], [[0], [1000]], "no units"),
    ],
)
def test_a_reckoner_that_cannot_be_is_refused(
    points: list[int], units: list[list[int]], reach: list[list[int]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Reckoner(np.array(points), np.array(units), np.array(reach), np.array([False]))
