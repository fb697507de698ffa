import pytest

from metneed.models.errors import OptionError

from .tabled import account, column, council, lines, outcome, pounds, reasons, refusal, rows

NEEDS = rows(
    "user_id,outcome,severity,informal,eligible",
    "bea,wash,2,0.5,yes",
    "col,wash,1,0,yes",
    "col,meals,2,0.25,yes",
    "dot,meals,1,0,no",
)
RECKONER = rows(
    "outcome,severity,service_id,units",
    "wash,1,home_care,100",
    "wash,2,home_care,300",
    "wash,2,day_care,20",
    "meals,2,meals,52",
)
RATES = rows(
    "service_id,rate,market_rate", "home_care,14.16,16.16", "day_care,50,40", "meals,4.99,"
)
TARIFF = rows(
    "condition,severity,amount",
    "wash,1,200",
    "wash,2,1000",
    "meals,1,50",
    "meals,2,400",
    "heart,1,100",
)
AGES = rows("from,to,factor", "0,64,1", "65,89,1.2", "90,,1.5")


def reckoned(**options: object) -> list[float]:
    four = council(needs=NEEDS, reckoner=RECKONER, rates=RATES)
    return pounds(four, "ready_reckoner", **options)


def test_assessed_hours_times_rates_by_hand() -> None:
    # Bea: 300 x 14.16 + 20 x 50; Col: 100 x 14.16 + 52 x 4.99; Ann and Dot have no eligible need.
    assert reckoned() == [0, 5248, 1675.48, 0]
    four = council(needs=NEEDS, reckoner=RECKONER, rates=RATES)
    assert reasons(four, "ready_reckoner") == ["no eligible need", "", "", "no eligible need"]
    assert column(four, "ready_reckoner", "amount: home_care") == [0, 424_800, 141_600, 0]


def test_what_unpaid_carers_meet_is_taken_off_where_that_is_said() -> None:
    assert reckoned(informal="deducted") == [0, 2624, 1610.61, 0]


def test_hours_that_occur_twice_double_and_rates_that_rise_raise() -> None:
    assert reckoned(times="2") == [0, 10_496, 3350.96, 0]
    # 14.7264 and 5.1896 to the penny, and 52.
    assert reckoned(uplift="0.04") == [0, 5459, 1742.88, 0]
    assert reckoned(uplift="0.04", uplift_rounding="down") == [0, 5456, 1741.36, 0]


def test_items_are_rounded_one_by_one() -> None:
    assert reckoned(rounding="whole_down") == [0, 5248, 1416 + 259, 0]
    assert reckoned(rounding="whole_up") == [0, 5248, 1416 + 260, 0]
    rates = [
        {"service_id": "home_care", "rate": "14.16"},
        {"service_id": "day_care", "rate": "50"},
        {"service_id": "meals", "rate": "4.99", "rounding": "whole_up"},
    ]
    assert reckoned(rates=rates) == [0, 5248, 1416 + 260, 0]


def test_rates_below_the_market_leave_a_shortfall_and_the_same_awards() -> None:
    four = council(needs=NEEDS, reckoner=RECKONER, rates=RATES)

    assert lines(four, "ready_reckoner")["market shortfall"] == 80_000
    assert lines(four, "ready_reckoner")["users with a market shortfall"] == 2
    assert column(four, "ready_reckoner", "market shortfall") == [0, 60_000, 20_000, 0]
    dearer = RATES.replace("16.16", "17.16")
    more = council(needs=NEEDS, reckoner=RECKONER, rates=dearer)
    assert lines(more, "ready_reckoner")["market shortfall"] == 120_000
    assert pounds(more, "ready_reckoner") == reckoned()


def test_devons_printed_rates_come_from_a_rise_that_each_service_rounds_in_its_own_way() -> None:
    """Rates of two years: 14.16 to 14.72 an hour, 396 to 412 and 414 to 431 a week.

    Doubtful: 14.16 x 1.04 is 14.7264, so the hourly rate was rounded down or cut off, while 411.84
    and 430.56 were rounded to the nearest pound, or up; Devon does not say how.
    """
    rates = [
        {"service_id": "hourly", "rate": "14.16", "uplift_rounding": "down"},
        {"service_id": "residential", "rate": "396", "uplift_rounding": "whole_nearest"},
        {"service_id": "nursing", "rate": "414", "uplift_rounding": "whole_nearest"},
    ]
    hours = [{"service_id": row["service_id"], "column": row["service_id"]} for row in rates]
    four = council(
        users={
            "hourly": ["1", "0", "0", "0"],
            "residential": ["0", "1", "0", "0"],
            "nursing": ["0", "0", "1", "0"],
        }
    )

    found = pounds(four, "ready_reckoner", rates=rates, hours=hours, uplift="0.04")

    assert found == [14.72, 412, 431, 0]


def test_hours_can_stand_in_columns_of_users() -> None:
    hours = [{"service_id": "home_care", "column": "hours"}]
    four = council(rates=RATES)

    assert pounds(four, "ready_reckoner", hours=hours, times="52") == [0, 1840.80, 7363.20, 736.32]
    assert reasons(four, "ready_reckoner", hours=hours)[0] == "no hours that count"


def test_a_service_in_use_without_a_rate_is_refused_by_name() -> None:
    hours = [{"service_id": "night care", "column": "nights"}]
    with pytest.raises(OptionError, match="'night care' is in use by 2 users and has no rate: add"):
        outcome(council(rates=RATES), "ready_reckoner", hours=hours)
    rates = [{"service_id": "home_care", "rate": "1"}, {"service_id": "day_care", "rate": "1"}]
    with pytest.raises(OptionError, match="'meals' is in use by 1 users and has no rate"):
        outcome(council(needs=NEEDS, reckoner=RECKONER), "ready_reckoner", rates=rates)


def test_a_reckoner_that_says_nothing_of_a_need_is_refused() -> None:
    short = RECKONER.iloc[:3]
    four = council(needs=NEEDS, reckoner=short, rates=RATES)
    with pytest.raises(
        OptionError, match="outcome 'meals', severity '2', which 1 user has; add one"
    ):
        outcome(four, "ready_reckoner")


def test_a_reckoner_without_its_tables_says_which_to_add() -> None:
    with pytest.raises(OptionError, match=r"needs rates \(service_id, rate\): add rates.csv"):
        outcome(council(needs=NEEDS), "ready_reckoner")
    with pytest.raises(OptionError, match=r"ready_reckoner needs hours: add reckoner.csv"):
        outcome(council(needs=NEEDS, rates=RATES), "ready_reckoner")
    assert "no table of assessed needs" in refusal(council(rates=RATES), "ready_reckoner")
    twice = [{"service_id": "home_care", "rate": "1"}] * 2
    with pytest.raises(OptionError, match="rates: home_care: has two rates; keep one row"):
        outcome(council(needs=NEEDS, reckoner=RECKONER), "ready_reckoner", rates=twice)


def tariffs(**options: object) -> list[float]:
    four = council(needs=NEEDS, tariff=TARIFF)
    return pounds(four, "condition_tariff", **options)


def test_conditions_are_worth_their_tariff_by_hand() -> None:
    assert tariffs() == [0, 1000, 600, 0]
    four = council(needs=NEEDS, tariff=TARIFF)
    assert column(four, "condition_tariff", "amount: meals") == [0, 0, 40_000, 0]
    assert reasons(four, "condition_tariff") == ["no eligible need", "", "", "no eligible need"]


def test_the_age_factor_multiplies_and_bands_of_age_have_both_ends() -> None:
    four = council(needs=NEEDS, tariff=TARIFF, ages=AGES)

    # Bea is 64, Col 65; nobody of 90 has an eligible need.
    assert pounds(four, "condition_tariff") == [0, 1000, 720, 0]
    older = council(
        needs=NEEDS, tariff=TARIFF, ages=AGES, users={"years": ["1", "65", "90.5", "1"]}
    )
    assert pounds(older, "condition_tariff", age="years") == [0, 1200, 900, 0]


def test_a_discount_lowers_awards_for_several_conditions_only() -> None:
    assert tariffs(discount="0.5") == [0, 1000, 500, 0]
    assert tariffs(discount="1") == [0, 1000, 400, 0]
    four = council(needs=NEEDS, tariff=TARIFF)
    assert lines(four, "condition_tariff", discount="0.5")["taken off for overlaps"] == -10_000
    assert column(four, "condition_tariff", "taken off for overlaps", discount="0.5") == [
        0,
        0,
        -10_000,
        0,
    ]


def test_a_third_condition_is_discounted_again_or_not() -> None:
    needs = rows("user_id,outcome,severity", "col,wash,1", "col,meals,2", "col,heart,1")
    four = council(needs=needs, tariff=TARIFF)

    # 400 in full, then 200 and 100 at a half, or at a half and a quarter.
    assert pounds(four, "condition_tariff", discount="0.5", overlap="flat")[2] == 550
    assert pounds(four, "condition_tariff", discount="0.5", overlap="compound")[2] == 525


def test_rounding_moves_each_line_of_a_tariff() -> None:
    assert tariffs(discount="0.333", rounding="whole_down") == [0, 1000, 533, 0]
    assert tariffs(discount="0.333") == [0, 1000, 533.40, 0]


def test_a_dearer_condition_raises_the_awards_of_those_who_have_it() -> None:
    four = council(needs=NEEDS, tariff=TARIFF.replace("400", "500"))

    assert pounds(four, "condition_tariff") == [0, 1000, 700, 0]


def test_another_questionnaire_has_other_conditions() -> None:
    needs = NEEDS.assign(instrument=["", "", "other", ""])
    four = council(needs=needs, tariff=TARIFF)

    assert pounds(four, "condition_tariff") == [0, 1000, 200, 0]
    assert pounds(four, "condition_tariff", instrument="other") == [0, 0, 400, 0]
    both = council(needs=needs, reckoner=RECKONER, rates=RATES)
    assert pounds(both, "ready_reckoner", instrument="other") == [0, 0, 259.48, 0]


def test_a_questionnaire_that_nobody_has_answered_is_refused() -> None:
    both = council(
        needs=NEEDS.assign(instrument="conditions"), tariff=TARIFF, reckoner=RECKONER, rates=RATES
    )
    message = "there is no questionnaire called 'condition'; did you mean conditions"
    for name in ("ready_reckoner", "condition_tariff"):
        with pytest.raises(OptionError, match=f"instrument: {message}"):
            outcome(both, name, instrument="condition")
        with pytest.raises(OptionError, match="say which, as instrument = 'conditions'"):
            outcome(both, name)


def test_what_the_tariff_does_not_know_is_refused() -> None:
    with pytest.raises(OptionError, match="condition 'meals', severity '2', which 1 user has; add"):
        outcome(council(needs=NEEDS, tariff=TARIFF.iloc[:3]), "condition_tariff")
    with pytest.raises(
        OptionError, match=r"needs a tariff \(condition, severity, amount\): add tariff"
    ):
        outcome(council(needs=NEEDS), "condition_tariff")
    assert "no table of assessed needs" in refusal(council(tariff=TARIFF), "condition_tariff")
    young = council(needs=NEEDS, tariff=TARIFF, ages=AGES.iloc[:2])
    with pytest.raises(OptionError, match="ages: user dot is 90, and no band of ages holds that"):
        outcome(young, "condition_tariff")
    ages = [{"from": 0, "to": 64, "factor": 1}, {"from": 60, "factor": 2}]
    with pytest.raises(OptionError, match=r"ages: band 1 \(0 to 64\) and band 2 .* overlap"):
        outcome(council(needs=NEEDS, tariff=TARIFF), "condition_tariff", ages=ages)
    unknown = council(needs=NEEDS, tariff=TARIFF, ages=AGES, users={"age": ["1", "", "2", "3"]})
    with pytest.raises(OptionError, match="ages: user bea has no age"):
        outcome(unknown, "condition_tariff")


def test_excluded_people_stay_in_every_figure_with_their_reason() -> None:
    both = council(needs=NEEDS, reckoner=RECKONER, rates=RATES, tariff=TARIFF)
    for rule in ("ready_reckoner", "condition_tariff"):
        found = account(both, rule, exclude=["col"])
        assert found.columns["amount"][0][2] > 0
        assert found.reasons is not None
        assert found.reasons.text()[2] == "excluded by the scenario"
        assert pounds(both, rule, exclude=["col"])[2] == 0
