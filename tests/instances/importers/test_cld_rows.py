from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FREQUENCY, PLANNED = "Cost Frequency (Unit Type)", "Planned units per week"
HOME = {
    "Service Type": "Long Term Support: Residential Care",
    "Service Component": "Long Term Residential Care",
    "Unit Cost": "800",
    FREQUENCY: "Weekly",
    PLANNED: "",
}


def test_a_long_term_service_in_force_is_used(extract: Any, row: Any) -> None:
    assert extract.fates([row()]) == {"used": 1}


@pytest.mark.parametrize(
    ("cells", "fate"),
    [
        ({"Client Type": "Carer"}, "carer"),
        ({"Client Type": "Carer known by association"}, "carer"),
        ({"Client Type": "Dog"}, "unknown-client-type"),
        ({"Event Type": "Request"}, "no-service"),
        ({"Event Type": "Assessment"}, "no-service"),
        ({"Event Type": "Review"}, "no-service"),
        ({"Event Type": ""}, "unknown-event"),
        ({"Event Type": "Servise"}, "unknown-event"),
        ({"Service Type": "Carer Support: Direct to Carer"}, "carer-support"),
        ({"Service Type": "Short Term Support: ST-Max"}, "short-term"),
        ({"Service Type": "Short Term Support: Other Short Term"}, "short-term"),
        ({"Service Type": ""}, "unknown-service-type"),
        ({"Event Start Date": ""}, "no-start"),
        ({"Event Start Date": "31/02/2024"}, "bad-date"),
        ({"Event Start Date": "1 April 2024"}, "bad-date"),
        ({"Event Start Date": "01/04/24"}, "bad-date"),
        ({"Event End Date": "01/01/1700"}, "bad-date"),
        ({"Event End Date": "31/03/2024"}, "ends-before-start"),
        ({"Event End Date": "30/03/2025"}, "ended"),
        ({"Event Start Date": "01/04/2025"}, "not-begun"),
        ({"Date of Death": "30/03/2025"}, "died"),
        ({FREQUENCY: "One-off"}, "one-off"),
        ({FREQUENCY: ""}, "no-frequency"),
        ({FREQUENCY: "Per visit"}, "unknown-frequency"),
        ({"Unit Cost": ""}, "no-cost"),
        ({"Unit Cost": "0.00"}, "no-cost"),
        ({"Unit Cost": "£20"}, "bad-cost"),
        ({"Unit Cost": "-20"}, "bad-cost"),
        ({"Unit Cost": "1,200.00"}, "bad-cost"),
        ({"Unit Cost": "1000001"}, "bad-cost"),
        ({PLANNED: ""}, "no-units"),
        ({PLANNED: "0"}, "no-units"),
        ({PLANNED: "nine"}, "bad-units"),
        ({PLANNED: "1001"}, "bad-units"),
        ({FREQUENCY: "Weekly"}, "units-disagree"),
        ({FREQUENCY: "Monthly", PLANNED: "1"}, "units-disagree"),
        ({FREQUENCY: "Per session"}, "unit-disagrees"),
        ({FREQUENCY: "Daily"}, "unit-disagrees"),
        ({"Service Component": "Telecare"}, "unmapped"),
        ({"Service Component": ""}, "unmapped"),
        ({"Unit Cost": "99999", PLANNED: "40"}, "too-large"),
        ({"LA Person Unique Identifier": ""}, "no-person"),
        ({"LA Person Unique Identifier": "ann "}, "no-person"),
    ],
)
def test_every_other_row_is_set_aside_for_its_reason(
    extract: Any, row: Any, cells: dict[str, str], fate: str
) -> None:
    assert extract.fates([row("bob"), row("ann", cells)]) == {"used": 1, fate: 1}


@pytest.mark.parametrize(
    "cells",
    [
        {"Event End Date": "31/03/2025"},
        {"Event Start Date": "31/03/2025"},
        {"Event Start Date": "2024-04-01"},
        {"Event Start Date": "2024-04-01 00:00:00"},
        {"Event Start Date": "01/04/2024 00:00"},
        {"Date of Death": "31/03/2025"},
        {"Event Type": " SERVICE "},
        {"Service Type": "long term support:  community"},
        {"Service Component": "home support "},
        {"Client Type": "service user"},
        {FREQUENCY: " HOURLY"},
        {"Unit Cost": " 20.00 "},
        {FREQUENCY: "Weekly", PLANNED: "1"},
        {FREQUENCY: "Weekly", PLANNED: ""},
        {FREQUENCY: "Weekly", PLANNED: "0"},
        {FREQUENCY: "Monthly", PLANNED: "0.23"},
        {"Service Type": "Long Term Support: Prison"},
    ],
)
def test_other_spellings_and_the_day_itself_are_no_reason(
    extract: Any, row: Any, cells: dict[str, str]
) -> None:
    assert extract.fates([row("bob"), row("ann", cells)]) == {"used": 2}


def test_dates_of_a_column_with_the_month_first_are_not_guessed(extract: Any, row: Any) -> None:
    american = row("bob", {"Event Start Date": "12/25/2023"})
    either = row("cid", {"Event Start Date": "03/04/2024"})
    neither = row("dan", {"Event Start Date": "04/04/2024"})

    assert extract.fates([american, either, neither, row()]) == {
        "used": 1,
        "bad-date": 1,
        "ambiguous-date": 2,
    }


def test_the_first_reason_that_fits_is_the_one_that_is_told(extract: Any, row: Any) -> None:
    broken = row("ann", {"Service Type": "Short Term Support: ST-Max", "Unit Cost": "£"})

    assert extract.fates([broken]) == {"used": 0, "short-term": 1}


def test_a_row_that_says_the_same_again_is_set_aside(extract: Any, row: Any) -> None:
    assert extract.fates([row(), row(), row()]) == {"used": 1, "same-row": 2}


def test_two_rows_of_one_service_that_differ_are_added_up(extract: Any, row: Any) -> None:
    extract.write([row(), row("ann", {"Unit Cost": "30", PLANNED: "2"})])
    made = extract.run()

    assert [(r["units"], r["recorded_cost"]) for r in extract.table(made, "current")] == [
        ("11.000", "240.00")
    ]
    assert any("added up" in note for note in made.notes)


def test_two_care_homes_at_once_are_both_set_aside(extract: Any, row: Any) -> None:
    nursing = HOME | {
        "Service Type": "Long Term Support: Nursing Care",
        "Service Component": "Long Term Nursing Care",
    }

    assert extract.fates([row("ann", HOME), row("ann", nursing), row("bob", HOME)]) == {
        "used": 1,
        "two-homes": 2,
    }


def test_people_without_points_are_set_aside(extract: Any, row: Any) -> None:
    assert extract.fates([row("ann"), row("bob")], "user_id,points\nann,5\n") == {
        "used": 1,
        "no-points": 1,
    }


CELLS = {
    "Client Type": ["Service User", "Carer", "", "?"],
    "Event Type": ["Service", "Review", "x"],
    "Event Start Date": ["01/04/2024", "", "2026-01-01", "99"],
    "Event End Date": ["", "2025-03-31", "2025-01-01", "2020-01-01"],
    "Service Type": ["Long Term Support: Community", "Short Term Support: ST-Max", "x"],
    "Service Component": ["Home Support", "Day Support", "Direct Payment", "Shared Lives", "x"],
    "Unit Cost": ["20", "0", "", "x", "99999"],
    FREQUENCY: ["Hourly", "Weekly", "Monthly", "Per session", "One-off", "Daily", "x", ""],
    PLANNED: ["", "1", "7", "0.23", "x"],
}
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "cid", ""]),
        st.fixed_dictionaries({k: st.sampled_from(v) for k, v in CELLS.items()}),
    ),
    min_size=1,
    max_size=30,
)


@settings(
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ROWS)
def test_no_row_is_ever_lost(extract: Any, row: Any, rows: list[Any]) -> None:
    extract.write([row(person, cells) for person, cells in rows])
    made = extract.run()
    tallies = made.tallies["return.csv"]

    assert sum(tally.rows for tally in tallies) == len(rows)
    odd = sum(tally.rows for tally in tallies if tally.odd)
    assert sum(file == "return.csv" for file in made.odd_rows["file"]) == odd
    used = next(tally.rows for tally in tallies if tally.code == "used")
    assert len(made.tables["current"]["user_id"]) <= used
