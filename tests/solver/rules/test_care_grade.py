import pandas as pd
import pytest

from metneed.models.errors import OptionError
from metneed.models.instance import Instance

from .tabled import column, council, lines, outcome, pounds, reasons, refusal

EURO = {"currency": "EUR"}
PEOPLE: dict[str, dict[str, str]] = {
    # Sums 2, 0, 0, 8, 1, 0 as in the published example: 27.5 points, grade 2.
    "bea": {"1.5": "2", "4.1": "3", "4.4": "3", "4.5": "2", "5.1": "1 a day"},
    # Modules 2 and 3: weighted 3.75 and 15; total 15 + 20 + 15 = 50, grade 3.
    "col": {
        "2.1": "2",
        "3.1": "3",
        "3.2": "3",
        "4.8": "2",
        "4.1": "1",
        "4.11": "3",
        "urine": "fully incontinent",
        "5.1": "4 a day",
        "5.8": "1 a week",
        "5.13": "1 a week",
    },
    "dot": {"hardship": "yes", "1.1": "3"},
}


def needs(people: dict[str, dict[str, str]] = PEOPLE) -> pd.DataFrame:
    found = [
        (user, "pflegegrad", item, answer)
        for user, answers in people.items()
        for item, answer in answers.items()
    ]
    return pd.DataFrame(found, columns=["user_id", "instrument", "outcome", "severity"])


def germany(**changes: object) -> Instance:
    return council(keys=EURO, needs=needs(), **changes)  # type: ignore[arg-type]


def paid(**options: object) -> list[float]:
    return pounds(germany(), "care_grade", unanswered="nothing", **options)


def test_answers_become_points_grades_and_a_years_money() -> None:
    four, options = germany(), {"unanswered": "nothing"}

    assert column(four, "care_grade", "total", **options) == [0, 27_500, 50_000, 2_500]
    assert column(four, "care_grade", "care grade", **options) == [0, 2, 3, 5]
    assert paid() == [0, 12 * (347 + 131), 12 * (599 + 131), 12 * (990 + 131)]
    assert reasons(four, "care_grade", **options) == ["not assessed", "", "", ""]
    assert lines(four, "care_grade", **options)["users of grade 2"] == 1


def test_the_account_shows_each_module_and_each_benefit() -> None:
    four, options = germany(), {"unanswered": "nothing"}

    assert column(four, "care_grade", "module 4, self-care: points", **options) == [0, 8, 10, 0]
    assert column(four, "care_grade", "module 4, self-care: weighted", **options) == [
        0,
        20_000,
        20_000,
        0,
    ]
    assert column(four, "care_grade", "cash, euro a month", **options) == [
        0,
        34_700,
        59_900,
        99_000,
    ]
    assert column(four, "care_grade", "relief, euro a month", **options)[1:] == [13_100] * 3


def test_every_form_is_paid_by_its_own_table() -> None:
    assert paid(form="in_kind", relief=False) == [0, 12 * 796, 12 * 1497, 12 * 2299]
    assert paid(form="residential") == [0, 12 * 805, 12 * 1319, 12 * 2096]
    half = [0, 6 * (796 + 347), 6 * (1497 + 599), 6 * (2299 + 990)]
    assert paid(form="combination", relief=False) == half


def test_more_services_mean_less_cash_and_more_money_in_all() -> None:
    awards = [paid(form="combination", relief=False, in_kind=str(s))[1] for s in (0, 0.6, 1)]

    assert awards == [12 * 347, round(12 * (0.4 * 347 + 0.6 * 796), 2), 12 * 796]


def test_day_care_relief_respite_and_months_each_raise_what_is_paid() -> None:
    start = paid(relief=False)[2]

    assert paid(relief=False, day_care="0.5")[2] == start + 6 * 1357
    assert paid(relief=True)[2] == start + 12 * 131
    assert paid(relief=False, respite=True)[2] == start + 3539
    assert paid(relief=False, months=6)[2] == start / 2


def test_people_may_each_have_a_form_of_their_own() -> None:
    forms = ["cash", "in_kind", "residential", "cash"]
    four = germany(users={"form": forms})

    found = pounds(four, "care_grade", unanswered="nothing", form_column="form", relief=False)

    assert found == [0, 12 * 796, 12 * 1319, 12 * 990]
    gold = germany(users={"form": ["cash", "gold", "cash", "cash"]})
    with pytest.raises(OptionError, match="form_column: there is no form of benefit called 'gold'"):
        outcome(gold, "care_grade", unanswered="nothing", form_column="form")
    with pytest.raises(OptionError, match="form_column: there is no column of groups of users"):
        outcome(germany(), "care_grade", unanswered="nothing", form_column="forms")


def test_another_currency_needs_a_rate_and_a_dearer_euro_raises_awards() -> None:
    pounds_sterling = council(needs=needs())
    with pytest.raises(
        OptionError, match=r"benefits are in EUR and the scenario is in GBP: say mon"
    ):
        outcome(pounds_sterling, "care_grade", unanswered="nothing")
    for rate in ("0.85", "0.9"):
        found = pounds(pounds_sterling, "care_grade", unanswered="nothing", money_per_euro=rate)

        assert found[1] == round(12 * (347 + 131) * float(rate), 2)


def test_a_week_is_a_part_of_the_year_and_longer_years_make_it_smaller() -> None:
    weekly = council(keys={**EURO, "period": "week"}, needs=needs())

    def found(**options: str) -> float:
        return pounds(weekly, "care_grade", unanswered="nothing", relief=False, **options)[1]

    assert found() == round(12 * 347 * 7 / 365, 2)
    assert found(weeks_per_year="52") == round(12 * 347 / 52, 2)
    assert found(rounding="whole_up") == 80


def test_totals_can_stand_in_the_column_points() -> None:
    four = council(keys=EURO, users={"points": ["12.499", "12.5", "69.99", "100"]})

    assert column(four, "care_grade", "care grade") == [0, 1, 3, 5]
    assert pounds(four, "care_grade") == [0, 12 * 131, 12 * (599 + 131), 12 * (990 + 131)]
    assert reasons(four, "care_grade")[0] == "below the first grade"
    assert pounds(four, "care_grade", relief=False)[1] == 0
    assert reasons(four, "care_grade", relief=False)[1] == (
        "nothing is paid in this form for this grade"
    )


def test_points_that_are_no_totals_make_the_rule_not_apply() -> None:
    assert refusal(council(keys=EURO), "care_grade") == (
        "user col has 116.000 points, and totals of care grades are 0 to 100: give totals, or "
        "answers in the table needs"
    )


def test_answers_are_taken_where_both_are_there_unless_it_is_said() -> None:
    both = germany(users={"points": ["90", "90", "90", "90"]})

    assert column(both, "care_grade", "care grade", unanswered="nothing") == [0, 2, 3, 5]
    assert column(both, "care_grade", "care grade", answers_from="points") == [5, 5, 5, 5]
    with pytest.raises(OptionError, match="no answers with instrument = 'nba'"):
        outcome(both, "care_grade", answers_from="needs", instrument="nba")
    with pytest.raises(OptionError, match="no answers with instrument = 'nba'"):
        outcome(both, "care_grade", instrument="nba")


def test_unanswered_items_are_refused_with_the_user_unless_they_count_nothing() -> None:
    with pytest.raises(OptionError, match=r"user bea has not answered item 1\.1 \(changing"):
        outcome(germany(), "care_grade")


def test_an_answer_that_does_not_exist_is_refused_with_those_that_do() -> None:
    people = {"bea": {"4.13": "sometimes"}}
    four = council(keys=EURO, needs=needs(people))
    with pytest.raises(
        OptionError, match=r"item 4\.13 .* 'sometimes': its answers are none, partial"
    ):
        outcome(four, "care_grade", unanswered="nothing")


def test_a_part_of_services_finer_than_a_per_cent_is_refused() -> None:
    with pytest.raises(OptionError, match=r"in_kind: 0\.333 is not a whole per cent"):
        paid(form="combination", in_kind="0.333")


def test_what_the_law_pays_beyond_the_money_is_a_funding_gap_or_is_scaled() -> None:
    poor = council(budget="20000", keys=EURO, needs=needs())

    # 5,736 + 8,760 + 13,452 = 27,948.
    assert "a funding gap of €7,948.00" in refusal(poor, "care_grade", unanswered="nothing")
    scaled = pounds(poor, "care_grade", unanswered="nothing", affordability="totals")
    assert sum(scaled) == 20_000


def test_excluded_people_stay_in_every_figure_with_their_reason() -> None:
    assert paid(exclude=["col"])[2] == 0
    found = reasons(germany(), "care_grade", unanswered="nothing", exclude=["col"])
    assert found[2] == "excluded by the scenario"
    assert (
        column(germany(), "care_grade", "care grade", unanswered="nothing", exclude=["col"])[2] == 3
    )
