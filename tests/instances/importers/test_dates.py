from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.importers.dates import Dates, Read, ages, read_dates
from metneed.instances.tables import Text


def dates(*cells: str | None) -> Dates:
    return read_dates(Text.of(list(cells)))


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_both_ways_of_writing_a_day_mean_the_same(day: date) -> None:
    found = dates(day.isoformat(), day.strftime("%d/%m/%Y"), f"{day.day}/{day.month}/{day.year}")

    assert found.day.tolist() == [day.toordinal()] * 3
    assert (found.read == Read.GOOD).all()


@pytest.mark.parametrize(
    "text",
    ["31/02/2024", "2024-13-01", "29/02/2023", "1/4/24", "2024/04/01", "45382", "01-04-2024", "x"],
)
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert dates(text).read.tolist() == [Read.UNREADABLE]


def test_nothing_is_blank() -> None:
    assert dates("", None, "  ").read.tolist() == [Read.BLANK] * 3


def test_an_hour_other_than_midnight_is_no_date() -> None:
    assert dates("2024-04-01 00:00:00", "2024-04-01T13:00:00").read.tolist() == [
        Read.GOOD,
        Read.UNREADABLE,
    ]


def test_a_month_first_anywhere_makes_the_other_dates_of_the_column_ambiguous() -> None:
    found = dates("05/06/2024", "06/06/2024", "25/06/2024", "06/25/2024", "2024-06-05")

    assert found.read.tolist() == [
        Read.AMBIGUOUS,
        Read.GOOD,
        Read.GOOD,
        Read.UNREADABLE,
        Read.GOOD,
    ]


def test_ages_are_whole_years_on_the_day() -> None:
    born = dates("1960-03-31", "1960-04-01", "1960-02-29", "2025-04-01", "", "2025-03-31")

    assert ages(born, date(2025, 3, 31)).tolist() == [65, 64, 65, -1, -1, 0]


def test_who_is_born_on_a_leap_day_has_birthday_on_the_first_of_march() -> None:
    born = dates("1960-02-29")

    assert ages(born, date(2025, 2, 28)).tolist() == [64]
    assert ages(born, date(2025, 3, 1)).tolist() == [65]
