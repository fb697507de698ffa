from fractions import Fraction

import numpy as np
import pytest

from metneed.models.errors import OptionError
from metneed.solver.tables.reckoner import Rate, raised, reckon

HOURS = np.array([[1000, 0, 250], [333, 100, 0], [0, 0, 0]])  # hundredths of an hour
HOME, DAY, NIGHT = Rate("home care", 1416), Rate("day care", 5000), Rate("night", None)


def test_hours_times_rates_by_hand() -> None:
    found = reckon(HOURS, [HOME, DAY, Rate("night", 1000)])

    assert found.items.tolist() == [[14160, 0, 2500], [4715, 5000, 0], [0, 0, 0]]
    assert found.amount.tolist() == [16660, 9715, 0]
    assert found.shortfall.tolist() == [0, 0, 0]


def test_each_item_is_rounded_in_its_own_way() -> None:
    hours = np.array([[333]])  # 47.1528 pounds

    def amount(how: str) -> int:
        return int(reckon(hours, [Rate("home care", 1416, how)]).amount[0])  # type: ignore[arg-type]

    assert amount("nearest") == amount("down") == 4715
    assert amount("up") == 4716
    assert (amount("whole_down"), amount("whole_up")) == (4700, 4800)


def test_weekly_hours_are_counted_for_as_many_weeks_as_said_and_rounded_once() -> None:
    found = reckon(np.array([[333]]), [Rate("home care", 1416, times=Fraction(52))])

    assert found.amount.tolist() == [245195]  # 2,451.9456; 52 times 47.15 would be 2,451.80


def test_a_higher_rate_raises_the_amount_of_those_who_use_the_service_only() -> None:
    more = reckon(HOURS, [Rate("home care", 1500), DAY, Rate("night", 1000)])

    assert more.amount.tolist() == [17500, 9995, 0]


def test_a_service_in_use_without_a_rate_is_refused_by_name() -> None:
    with pytest.raises(OptionError, match=r"'night' is in use by 1 users and has no rate: add one"):
        reckon(HOURS, [HOME, DAY, NIGHT])


def test_a_service_that_nobody_uses_needs_no_rate() -> None:
    assert reckon(HOURS[1:], [HOME, DAY, NIGHT]).amount.tolist() == [9715, 0]


def test_negative_hours_and_rates_are_refused() -> None:
    with pytest.raises(OptionError, match="'home care' has a negative quantity"):
        reckon(-HOURS, [HOME, DAY, NIGHT])
    with pytest.raises(OptionError, match="'home care' has a negative rate"):
        reckon(HOURS, [Rate("home care", -1), DAY, NIGHT])
    with pytest.raises(OptionError, match="'home care' occurs -1 times: say 0 or more"):
        reckon(HOURS, [Rate("home care", 1, times=Fraction(-1)), DAY, NIGHT])


def test_a_direct_payment_below_the_market_leaves_a_shortfall() -> None:
    rates = [Rate("home care", 1200, market=1500), Rate("day care", 5000, market=4000)]
    found = reckon(HOURS[:, :2], rates)

    # 10 hours at 3.00 less than the market; the day centre is cheaper than its rate, which does
    # not make up for anything.
    assert found.amount.tolist() == [12000, 3996 + 5000, 0]
    assert found.shortfall.tolist() == [3000, 999, 0]


def test_a_dearer_market_raises_the_shortfall_and_no_award() -> None:
    def at(market: int) -> tuple[list[int], list[int]]:
        found = reckon(HOURS[:, :1], [Rate("home care", 1200, market=market)])
        return found.amount.tolist(), found.shortfall.tolist()

    assert at(1500)[0] == at(1600)[0]
    assert at(1600)[1] == [4000, 1332, 0]


def test_devons_rates_rise_by_four_per_cent_and_are_rounded_item_by_item() -> None:
    """Devon's published rates of two years.

    Doubtful: the hourly rate is printed as 14.72, and 14.16 x 1.04 is 14.7264, so it was rounded
    down or cut off; the weekly rates 411.84 and 430.56 are printed as 412 and 431, so they were
    rounded to the nearest pound (up does as well). Each item must have its own rounding.
    """
    four_per_cent = Fraction(4, 100)

    assert raised(1416, four_per_cent, "down") == 1472
    assert raised(1416, four_per_cent, "nearest") == 1473
    assert raised(39600, four_per_cent, "whole_nearest") == 41200
    assert raised(41400, four_per_cent, "whole_nearest") == 43100
    assert raised(39600, four_per_cent, "whole_down") == 41100


def test_cambridgeshires_add_ons_sum_to_the_published_total() -> None:
    """R (KM) v Cambridgeshire: 61,000 for 55 points, and three items for severe cases.

    Doubtful: hourly rates and 364 days are what the printed sums imply, and are not themselves
    printed. The 20,384 is read as 14 hours a day at 4.00; the sentence about it breaks off in the
    public text, and with 12 hours the rate would be 4.667.
    """
    days = Fraction(364)
    items = [
        Rate("second carer", 1410, "whole_nearest", times=days),
        Rate("specialist care", 400, "whole_nearest", times=days),
        Rate("second specialist carer", 400, "whole_nearest", times=days),
    ]
    found = reckon(np.array([[50, 1400, 50]]), items)

    assert found.items.tolist() == [[2_566_00, 20_384_00, 728_00]]
    assert 61_000_00 + int(found.amount[0]) == 84_678_00
