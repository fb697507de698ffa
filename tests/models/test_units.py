from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.errors import OptionError
from metneed.models.units import Units, decimal_text, read_decimal


def test_files_hold_exact_decimals_without_grouping() -> None:
    units = Units()

    assert units.money(6_120_000) == "61200.00"
    assert units.need(9_500) == "9.500"
    assert units.money(-5) == "-0.05"


def test_screens_show_a_symbol_and_groups_of_three() -> None:
    assert Units().show_money(6_120_000) == "£61,200.00"
    assert Units().show_money(-150) == "-£1.50"
    assert Units(currency="EUR").show_money(100) == "€1.00"


def test_a_currency_without_a_symbol_shows_its_code() -> None:
    assert Units(currency="NOK").show_money(100) == "NOK 1.00"


def test_screens_round_need() -> None:
    assert Units().show_need(1_204_460) == "1,204.5"
    assert Units().show_need(1_204_460, decimals=2) == "1,204.46"


def test_without_decimals_an_amount_is_a_whole_number() -> None:
    assert Units(money_decimals=0).money(7) == "7"
    assert Units(money_decimals=0).read_money("7.000") == 7


def test_reading_keeps_every_decimal_that_the_unit_has() -> None:
    assert Units().read_money("0.1") == 10
    assert Units().read_need(Decimal("9.5")) == 9_500
    assert Units().read_money("-3.05") == -305


def test_a_decimal_in_powers_of_ten_is_read_as_written_out() -> None:
    assert read_decimal(Decimal("1E+3"), 2) == 100_000


def test_zeros_beyond_the_unit_are_no_decimals() -> None:
    assert read_decimal("1.50000", 2) == 150


@pytest.mark.parametrize("text", ["", " 1", "1,000", "1e3", "+1", ".5", "5.", "nan", "١"])
def test_what_is_no_plain_decimal_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(OptionError) as caught:
        read_decimal(text, 2)

    assert str(caught.value) == f"{text!r} is not a plain decimal number such as 1250.00"


def test_more_decimals_than_are_kept_are_refused_and_not_rounded() -> None:
    with pytest.raises(OptionError) as caught:
        read_decimal("1.005", 2)

    assert str(caught.value) == "1.005 has more than 2 decimals, which would be lost"


@settings(deadline=None, derandomize=True, max_examples=200)
@given(amount=st.integers(-(10**30), 10**30), decimals=st.integers(0, 6))
def test_what_is_written_is_read_back(amount: int, decimals: int) -> None:
    assert read_decimal(decimal_text(amount, decimals), decimals) == amount
