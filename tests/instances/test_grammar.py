"""The grammar of numbers: what is a number, and why something is not."""

import re
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.grammar import explain, parse
from metneed.instances.schemas import LARGEST

LIKE_NUMBERS = st.text(alphabet="0123456789.,-+eE £%()_\x00١", max_size=30)
DECIMALS = st.integers(min_value=0, max_value=6)


def parsed(*texts: str, decimals: int = 2, largest: int = LARGEST) -> list[int | None]:
    units, good = parse(np.array(texts, dtype=object), decimals, largest)
    return [int(unit) if fine else None for unit, fine in zip(units, good, strict=True)]


def by_definition(text: str, decimals: int, largest: int) -> int | None:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text, re.ASCII):
        return None
    scaled = Decimal(text).scaleb(decimals)
    if scaled != scaled.to_integral_value() or Decimal(text) > largest:
        return None
    return int(scaled)


def test_plain_decimals_become_whole_smallest_units() -> None:
    assert parsed("0", "12.50", "7", "0007.1", "61200.005") == [0, 1250, 700, 710, None]


def test_zeros_after_the_kept_decimals_are_harmless() -> None:
    assert parsed("1.25000", "1." + "0" * 50) == [125, 100]


def test_nothing_but_plain_digits_is_a_number() -> None:
    assert (
        parsed("", ".", "1.", ".5", "1e3", "-1", "+1", " 1", "1,5", "１", "1.2.3", "1\0")
        == [None] * 12
    )


def test_the_greatest_amount_fits_and_a_penny_more_does_not() -> None:
    assert parsed(str(LARGEST), f"{LARGEST}.01", "9" * 22, "9" * 60) == [LARGEST * 100, *[None] * 3]


def test_a_share_is_at_most_1_in_billionths() -> None:
    assert parsed("1", "0.6", "1.000000001", "1000000000000", decimals=9, largest=1) == [
        10**9,
        600_000_000,
        None,
        None,
    ]


def test_no_texts_give_no_numbers() -> None:
    assert parsed() == []


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.lists(LIKE_NUMBERS, max_size=20), DECIMALS)
def test_many_texts_are_read_as_each_one_is_by_definition(texts: list[str], decimals: int) -> None:
    expected = [by_definition(text, decimals, LARGEST) for text in texts]

    assert parsed(*texts, decimals=decimals) == expected


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.decimals(min_value=0, max_value=LARGEST, places=3), DECIMALS)
def test_every_decimal_that_fits_is_read_exactly(value: Decimal, decimals: int) -> None:
    text = format(value, "f")

    assert parsed(text, decimals=decimals) == [by_definition(text, decimals, LARGEST)]


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(max_size=40) | LIKE_NUMBERS, DECIMALS)
def test_whatever_is_refused_is_explained(text: str, decimals: int) -> None:
    if parsed(text, decimals=decimals) == [None]:
        fault = explain(text, decimals, "need_decimals")

        assert re.fullmatch("[a-z-]+", fault.code)
        assert fault.problem
        assert fault.remedy


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("1.2345", "Round it to 2, or set money_decimals = 4 in scenario.toml"),
        ("1.23456", "Round it to 2"),
    ],
)
def test_more_decimals_are_offered_as_far_as_there_are_more(text: str, remedy: str) -> None:
    assert explain(text, 2, "money_decimals").remedy == remedy


def test_a_comma_that_may_mean_two_things_is_said_to() -> None:
    assert "thousands or decimals" in explain("1,234", 2).problem
    assert "decimal comma" in explain("1,23", 2).problem
    assert "between thousands" in explain("1,234.50", 2).problem
