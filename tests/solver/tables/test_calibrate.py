from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metneed.models.arrays import IntArray
from metneed.models.columns import Labels
from metneed.models.errors import OptionError
from metneed.solver.tables.accuracy import accuracy, accuracy_by_group, shape
from metneed.solver.tables.calibrate import Calibrated, Sample, Trial, calibrate
from metneed.solver.tables.curve import Knots, Line
from metneed.solver.tables.fits import (
    LEAST,
    Fit,
    Method,
    Ties,
    band_means,
    isotonic,
    linear,
    per_point,
    percentile,
)

METHODS: list[Method] = ["percentile", "linear", "isotonic", "per_point", "bands"]
WHOLE = Trial(per_cent_held_back=0, step=1)

people = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 500)), min_size=3, max_size=14
).filter(lambda rows: len({points for points, _ in rows}) > 1)


def columns(rows: list[tuple[int, int]]) -> tuple[IntArray, IntArray]:
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])


def test_the_person_at_a_percentile_of_points_gets_the_cost_at_that_percentile() -> None:
    points, cost = columns([(10, 900), (30, 100), (20, 400), (40, 300)])
    table = percentile(points, cost)

    assert table.amounts(np.array([10, 20, 30, 40])).tolist() == [100, 300, 400, 900]
    # Between and beyond the points of the sample: as many people are below as at the last one.
    assert table.amounts(np.array([5, 25, 99])).tolist() == [100, 300, 900]


@pytest.mark.parametrize(("ties", "expected"), [("highest", 400), ("lowest", 100), ("mean", 250)])
def test_people_with_the_same_points_share_their_ranks_as_said(ties: Ties, expected: int) -> None:
    points, cost = columns([(10, 900), (10, 100), (20, 400)])

    assert percentile(points, cost, ties).amounts(np.array([10, 20])).tolist() == [expected, 900]


@given(people, st.sampled_from(["highest", "mean", "lowest"]), st.sampled_from(["step", "line"]))
def test_a_percentile_table_never_falls(
    rows: list[tuple[int, int]], ties: Ties, between: str
) -> None:
    table = percentile(*columns(rows), ties, between)  # type: ignore[arg-type]

    assert (np.diff(table.amounts(np.arange(-1, 14))) >= 0).all()


@given(people)
def test_a_percentile_table_gives_the_sample_its_own_costs_again(
    rows: list[tuple[int, int]],
) -> None:
    points, cost = columns(rows)
    distinct = np.argsort(np.argsort(points, kind="stable"), kind="stable")
    given_out = percentile(distinct, cost).amounts(distinct)

    assert sorted(given_out.tolist()) == sorted(cost.tolist())


@given(people)
def test_with_ties_the_mean_keeps_the_total_and_the_others_lie_on_its_two_sides(
    rows: list[tuple[int, int]],
) -> None:
    points, cost = columns(rows)

    def total(ties: Ties) -> Fraction:
        table = percentile(points, cost, ties)
        return sum((table.exact[table.points.tolist().index(each)] for each in points), Fraction())

    assert total("lowest") <= total("mean") == cost.sum() <= total("highest")


def test_least_squares_by_hand() -> None:
    line = linear(*columns([(0, 100), (1, 300), (2, 200)]))

    assert (line.base, line.rate) == (150, 50)


@given(people)
def test_no_other_line_has_smaller_squares(rows: list[tuple[int, int]]) -> None:
    points, cost = columns(rows)
    best = linear(points, cost)

    def squares(base: Fraction, rate: Fraction) -> Fraction:
        return sum(((base + rate * x - y) ** 2 for x, y in rows), Fraction())

    least = squares(best.base, best.rate)
    for move, turn in product((-1, 0, 1), repeat=2):
        assert squares(best.base + Fraction(move, 7), best.rate + Fraction(turn, 9)) >= least


def test_pooling_by_hand() -> None:
    table = isotonic(*columns([(1, 300), (2, 100), (3, 800), (3, 400), (4, 500)]))

    # 300 and 100 pool to 200; 600 (two people) and 500 to 1700 / 3.
    assert table.exact == (200, 200, Fraction(1700, 3), Fraction(1700, 3))


def brute_isotonic(values: list[Fraction], weights: list[int]) -> tuple[Fraction, ...]:
    """The best of all ways to cut a row into blocks whose means rise."""
    best: tuple[Fraction, tuple[Fraction, ...]] | None = None
    for cuts in product((False, True), repeat=len(values) - 1):
        starts = [0, *(place + 1 for place, cut in enumerate(cuts) if cut), len(values)]
        found: list[Fraction] = []
        for low, high in pairwise(starts):
            people = sum(weights[low:high])
            total = sum((values[at] * weights[at] for at in range(low, high)), Fraction())
            found += [total / people] * (high - low)
        if any(low > high for low, high in pairwise(found)):
            continue
        squares = sum(
            (
                weight * (fit - value) ** 2
                for fit, value, weight in zip(found, values, weights, strict=True)
            ),
            Fraction(),
        )
        if best is None or squares < best[0]:
            best = squares, tuple(found)
    assert best is not None
    return best[1]


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 20)), min_size=2, max_size=10).filter(
        lambda rows: len({points for points, _ in rows}) > 1
    )
)
def test_pooling_finds_the_least_squares_of_all_that_never_fall(
    rows: list[tuple[int, int]],
) -> None:
    distinct = sorted({points for points, _ in rows})
    groups = [[cost for points, cost in rows if points == each] for each in distinct]
    means = [Fraction(sum(group), len(group)) for group in groups]

    table = isotonic(*columns(rows))

    assert table.exact == brute_isotonic(means, [len(group) for group in groups])


def test_one_price_per_point_is_all_costs_over_all_points() -> None:
    line = per_point(*columns([(10, 100), (30, 220)]))

    assert (line.base, line.rate) == (0, 8)


def test_band_means_by_hand() -> None:
    points, cost = columns([(5, 100), (12, 200), (19, 400), (25, 900)])
    table = band_means(points, cost, [0, 10, 20])

    assert table.amounts(np.array([0, 9, 10, 19, 20, 50])).tolist() == [
        100,
        100,
        300,
        300,
        900,
        900,
    ]


def test_bands_that_cannot_be_are_refused_with_place_and_remedy() -> None:
    points, cost = columns([(5, 100), (25, 200)])
    with pytest.raises(
        OptionError, match=r"nobody in the part of the sample .* from 10 points: jo"
    ):
        band_means(points, cost, [0, 10, 20])
    with pytest.raises(OptionError, match="edges of bands must rise: 10 comes before 10"):
        band_means(points, cost, [0, 10, 10])
    with pytest.raises(OptionError, match="there are no edges of bands: say edges"):
        band_means(points, cost, [])


@given(people)
def test_costs_that_are_a_line_of_points_are_found_again_by_every_method(
    rows: list[tuple[int, int]],
) -> None:
    points = np.array([row[0] for row in rows])
    cost = 7 * points

    for method in METHODS[:-1]:
        found = calibrate(Sample(points, cost), Fit(method), WHOLE)
        assert found.fit_error is not None
        assert found.fit_error.mean_error == 0


def test_errors_by_hand() -> None:
    found = accuracy(np.array([100, 110, 121, 0]), np.array([100, 100, 100, 0]))

    assert found is not None
    assert (found.people, found.median_error, found.mean_error) == (4, 5, Fraction(31, 4))
    assert found.bias == Fraction(31, 4)
    assert (found.within_10, found.within_20) == (Fraction(3, 4), Fraction(3, 4))
    assert accuracy(np.array([120]), np.array([100])).within_20 == 1  # type: ignore[union-attr]
    assert accuracy(np.array([1]), np.array([0])).within_20 == 0  # type: ignore[union-attr]


def test_errors_by_group_leave_out_groups_without_anyone() -> None:
    amount, cost = np.array([110, 90, 100]), np.array([100, 100, 100])

    found = accuracy_by_group(amount, cost, np.array([0, 2, 0]), 3)

    assert [each and each.bias for each in found] == [5, None, -10]


def test_the_greatest_jump_between_neighbouring_points_is_found_where_it_is() -> None:
    table = Knots(np.array([0, 5, 9]), (Fraction(100), Fraction(500), Fraction(300)))
    found = shape(table, np.array([2, 8, 12]), 1)

    assert (found.monotone, found.jump, found.at) == (False, 400, 4)
    assert shape(Line(Fraction(0), Fraction(3)), np.array([2, 8]), 1).jump == 3


SIXTY = Sample(
    np.arange(60) % 20 * 1000,
    (np.arange(60) % 20) ** 2 * 1000 + np.arange(60) * 37 % 100 * 100,
    Labels(np.arange(60) % 3, ("a", "b", "c")),
)


def sixty(method: Method = "linear", **changes: object) -> Calibrated:
    fit = Fit(method, edges=(0, 5000, 10_000, 15_000))
    return calibrate(SIXTY, fit, replace(Trial(), **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
def test_errors_are_measured_on_people_whom_the_fit_has_not_seen(method: Method) -> None:
    found = sixty(method)

    assert (len(found.fitted_on), len(found.held_back)) == (42, 18)
    assert sorted([*found.fitted_on, *found.held_back]) == list(range(60))
    assert found.error is not None
    assert found.error == accuracy(
        found.curve.amounts(SIXTY.points[found.held_back]), SIXTY.cost[found.held_back]
    )
    assert sum(each.people for each in found.by_group.values()) == 18
    if method != "linear":
        assert found.shape.monotone


def test_isotonic_follows_a_bent_cost_better_than_a_line() -> None:
    line, bent = sixty("linear").error, sixty("isotonic").error

    assert line is not None
    assert bent is not None
    assert bent.mean_error < line.mean_error / 2


def test_more_held_back_leaves_fewer_to_fit_on() -> None:
    assert len(sixty(per_cent_held_back=50).fitted_on) == 30
    assert sixty(per_cent_held_back=0).error is None


def test_another_seed_holds_other_people_back_and_the_same_seed_the_same() -> None:
    assert sixty(seed=1).held_back.tolist() == sixty(seed=1).held_back.tolist()
    assert sixty(seed=1).held_back.tolist() != sixty(seed=2).held_back.tolist()


def test_a_coarser_rounding_changes_errors_and_jumps() -> None:
    assert sixty(rounding="whole_down").shape.jump % 100 == 0
    assert sixty(rounding="whole_down").error != sixty().error


def test_a_finer_step_of_points_makes_the_jumps_of_a_line_smaller() -> None:
    assert sixty(step=500).shape.jump < sixty(step=1000).shape.jump


@pytest.mark.parametrize("method", METHODS)
def test_a_sample_too_small_to_fit_is_refused_with_the_least(method: Method) -> None:
    small = Sample(np.arange(LEAST[method] - 1), np.arange(LEAST[method] - 1))
    message = f"leaves {len(small)} people to fit on, and method = {method} needs at least "
    with pytest.raises(OptionError, match=message):
        calibrate(small, Fit(method, edges=(0,)), WHOLE)


def test_what_nothing_can_be_fitted_on_is_refused_with_place_and_remedy() -> None:
    def tried(points: list[int], cost: list[int], held_back: int = 0) -> None:
        trial = Trial(per_cent_held_back=held_back)
        calibrate(Sample(np.array(points), np.array(cost)), Fit("linear"), trial)

    with pytest.raises(OptionError, match="row 3 has a negative cost: correct it, or leave"):
        tried([1, 2, 3, 4], [5, 5, -1, -2])
    with pytest.raises(OptionError, match="row 1 has a negative number of points"):
        tried([-1, 2, 3], [5, 5, 5])
    with pytest.raises(OptionError, match="all 3 people to fit on have the same points"):
        tried([2, 2, 2], [5, 6, 7])
    with pytest.raises(OptionError, match="95 per cent of a sample cannot be held back: say 0 to"):
        tried([1, 2, 3], [5, 6, 7], 95)
    with pytest.raises(OptionError, match="leaves 0 people to fit on"):
        tried([], [], 30)
