"""Response curves: by hand, against fractions, and what they do to met need."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.met_need import Needs, Reckoner, _counted, met_need, stated_need
from metneed.instances.response import STRAIGHT_LINE, Knots, Response


def height(knots: Knots, support: Fraction) -> Fraction:
    """The curve at a share of support, read off between its knots."""
    for (left, low), (right, high) in pairwise(knots):
        if support * 1000 <= right:
            return (low + (support * 1000 - left) * Fraction(high - low, right - left)) / 1000
    return Fraction(1)


def reckoner(knots: Knots, reach: int = 1000) -> Reckoner:
    """One need of 6 points for which one service takes 7 units."""
    return Reckoner(
        points=np.array([0, 6000]),
        units=np.array([[0], [7000]]),
        reach=np.array([[0], [reach]]),
        replaces_all=np.array([False]),
        response=Response((knots,), np.zeros(2, dtype=np.int64)),
    )


def needs(informal: int = 0) -> Needs:
    return Needs(np.array([[1]]), np.array([[informal]]), np.array([[True]]))


HALF_MEETS_75: Knots = ((0, 0), (500, 750), (1000, 1000))


@pytest.mark.parametrize(
    ("units", "met"), [(0, 0), (1750, 2250), (3500, 4500), (5250, 5250), (7000, 6000), (9000, 6000)]
)
def test_half_the_support_meets_75_percent_and_between_knots_it_is_straight(
    units: int, met: int
) -> None:
    found, _ = met_need(needs(), reckoner(HALF_MEETS_75), np.array([0]), np.array([[units]]))
    assert found.tolist() == [met]


@st.composite
def curves(draw: st.DrawFn) -> Knots:
    supports = sorted(draw(st.sets(st.integers(1, 999), max_size=4)))
    heights = draw(
        st.lists(st.integers(0, 1000), min_size=len(supports), max_size=len(supports)).map(sorted)
    )
    return ((0, 0), *zip(supports, heights, strict=True), (1000, 1000))


@given(
    knots=curves(),
    units=st.integers(0, 9000),
    informal=st.integers(0, 1000),
    reach=st.integers(1, 1000),
)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_met_need_is_the_curve_with_support_less_the_curve_without(
    knots: Knots, units: int, informal: int, reach: int
) -> None:
    unpaid = Fraction(informal, 1000)
    wanted = 7000 * (1 - unpaid)
    part = min(Fraction(1), units / wanted) if wanted else Fraction(0)
    supported = unpaid + Fraction(reach, 1000) * part * (1 - unpaid)
    before = height(knots, unpaid)

    found, _ = met_need(needs(informal), reckoner(knots, reach), np.array([0]), np.array([[units]]))
    need, _ = stated_need(needs(informal), reckoner(knots, reach))

    assert found.tolist() == [int(6000 * (height(knots, supported) - before))]
    assert need.tolist() == [int(6000 * (1 - before))]


def test_a_curve_whose_slopes_outgrow_64_bits_is_still_exact() -> None:
    primes = (101, 211, 307, 401, 503, 601, 701, 809, 907, 997)
    knots: Knots = ((0, 0), *((p, p // 2 + 1) for p in primes), (1000, 1000))
    case = needs(), reckoner(knots)
    _, fits = _counted(*case, np.array([[3501]]), np.dtype(np.int64))
    found, _ = met_need(*case, np.array([0]), np.array([[3501]]))

    assert not fits.any()
    assert found.tolist() == [int(6000 * height(knots, Fraction(3501, 7000)))]


def test_without_curves_and_with_straight_ones_nothing_changes() -> None:
    plain = Response()
    straight = Response((STRAIGHT_LINE,), np.zeros(2, dtype=np.int64))

    assert plain.is_straight
    assert straight.is_straight
    assert plain.scale == straight.scale == 1
    assert not Response((HALF_MEETS_75,), np.zeros(2, dtype=np.int64)).is_straight


@pytest.mark.parametrize(
    ("knots", "message"),
    [
        (((0, 0), (500, 600), (400, 700), (1000, 1000)), "does not rise"),
        (((0, 0), (500, 600), (500, 700), (1000, 1000)), "does not rise"),
        (((0, 0), (500, 600), (700, 500), (1000, 1000)), "falls"),
        (((0, 10), (1000, 1000)), "from \\(0, 0\\)"),
        (((0, 0), (1000, 900)), "to \\(1, 1\\)"),
    ],
)
def test_what_is_no_response_is_refused(knots: Knots, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Response((knots,), np.zeros(1, dtype=np.int64))
