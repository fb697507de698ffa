import numpy as np
import pytest

from metneed.models.errors import OptionError
from metneed.models.units import Units
from metneed.solver.tables.bands import BELOW, Bands, bands_of

UNITS = Units()
NORFOLK = [
    (70, 115, 500),
    (116, 130, 1000),
    (131, 145, 1500),
    (146, 160, 2800),
    (161, 170, 4000),
    (171, 185, 6000),
]
"""Norfolk County Council's table for children of primary age, pounds a year, as far as it is
published; the page says both "0-69" and "under 69" of the scores that get nothing."""


def bands(rows: list[tuple[int, int, int]]) -> Bands:
    """A table from whole points and pounds."""
    return bands_of([(a * 1000, b * 1000, c * 100) for a, b, c in rows], UNITS)


def pounds(table: Bands, *points: float) -> list[float]:
    thousandths = np.array([round(each * 1000) for each in points])
    return [each / 100 for each in table.amounts(thousandths).tolist()]


@pytest.mark.parametrize(
    ("below", "at"),
    [
        ((69, 0), (70, 500)),
        ((115, 500), (116, 1000)),
        ((130, 1000), (131, 1500)),
        ((145, 1500), (146, 2800)),
        ((160, 2800), (161, 4000)),
        ((170, 4000), (171, 6000)),
    ],
)
def test_every_boundary_of_norfolks_table_is_to_the_pound(
    below: tuple[int, int], at: tuple[int, int]
) -> None:
    table = bands(NORFOLK)

    assert pounds(table, below[0], at[0]) == [below[1], at[1]]


def test_points_above_the_last_band_are_worth_as_much_as_it() -> None:
    assert pounds(bands(NORFOLK), 185, 186, 999) == [6000, 6000, 6000]


def test_of_points_above_the_last_band_it_is_said_where_that_ends() -> None:
    said = bands(NORFOLK).beyond(186_000)

    assert said.startswith("points of 186 are above the last band, which ends at 185: add a band")


def test_places_tell_who_is_below_the_first_band_and_above_the_last() -> None:
    places = bands(NORFOLK).place(np.array([0, 69_999, 70_000, 185_999, 186_000]))

    assert places.tolist() == [BELOW, BELOW, 0, 5, 6]


def test_points_between_two_bands_count_in_the_lower_one() -> None:
    assert pounds(bands(NORFOLK), 115.999, 116, 185.999) == [500, 1000, 6000]


def test_bands_may_meet_at_tenths() -> None:
    rows = [(0, 9_900, 100), (10_000, 20_000, 200)]

    found = bands_of(rows, UNITS).amounts(np.array([9_900, 9_999, 10_000]))

    assert found.tolist() == [100, 100, 200]


def test_the_last_band_may_have_no_end_and_no_other_may() -> None:
    assert bands_of([(0, None, 7)], UNITS).amounts(np.array([0, 10**12])).tolist() == [7, 7]
    with pytest.raises(OptionError, match=r"band 1 \(0 and above\) has no end, and another begins"):
        bands_of([(0, None, 7), (10_000, None, 8)], UNITS)


def test_bands_may_come_in_any_order_and_a_band_may_be_worth_nothing() -> None:
    assert pounds(bands([(11, 20, 300), (0, 10, 0)]), 10, 11) == [0, 300]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [(70, 115, 1), (115, 130, 2)],
            r"band 1 \(70 to 115\) and band 2 \(115 to 130\) overlap: both hold 115; end",
        ),
        ([(0, 50, 1), (10, 20, 2)], r"band 1 .* and band 2 .* overlap: both hold 10"),
        (
            [(131, 145, 1), (116, 128, 2)],
            r"band 2 \(116 to 128\) and band 1 \(131 to 145\) leave a gap: .* between 128 and 131",
        ),
        ([(130, 116, 1)], r"band 1 \(130 to 116\) ends before it begins: exchange"),
        ([(1, 5, 1), (1, 5, 2)], r"band 1 .* and band 2 .* are the same: keep one"),
        ([(0, 5, -1)], r"band 1 \(0 to 5\) has a negative number"),
        ([], r"the table of bands is empty: give from, to and amount"),
    ],
)
def test_a_table_that_is_no_table_is_refused_with_place_and_remedy(
    rows: list[tuple[int, int, int]], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        bands(rows)
