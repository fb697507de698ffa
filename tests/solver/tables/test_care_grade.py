from fractions import Fraction

import numpy as np
import pytest

from metneed.models.columns import Labels
from metneed.models.errors import OptionError
from metneed.solver.tables.care_benefits import FORMS, Claim, a_year, benefits, for_period
from metneed.solver.tables.care_grade import (
    Answers,
    Graded,
    Sums,
    Unanswered,
    grade_of,
    grades,
    module_sums,
)
from metneed.solver.tables.care_system import german_care_grades

SYSTEM = german_care_grades()
BANDS = {
    "1": ([1, 3, 5, 9, 15], [0, 250, 500, 750, 1000]),
    "2": ([1, 5, 10, 16, 33], [0, 375, 750, 1125, 1500]),
    "3": ([0, 2, 4, 6, 65], [0, 375, 750, 1125, 1500]),
    "4": ([2, 7, 18, 36, 54], [0, 1000, 2000, 3000, 4000]),
    "5": ([0, 1, 3, 5, 15], [0, 500, 1000, 1500, 2000]),
    "6": ([0, 3, 6, 11, 18], [0, 375, 750, 1125, 1500]),
}
"""Greatest sum and weighted points (hundredths) of every band, SGB XI, annex 2."""


def graded(*sums: list[int], hardship: bool = False, infant: bool = False) -> Graded:
    n = len(sums)
    found = Sums(
        np.array(sums), np.full(n, hardship), np.full(n, infant), np.ones(n, dtype=np.bool_)
    )
    return grades(SYSTEM, found)


def answered(*people: dict[str, str], unanswered: Unanswered = "nothing") -> Sums:
    rows = [(user, *pair) for user, person in enumerate(people) for pair in person.items()]
    items, levels = (sorted({row[at] for row in rows}) for at in (1, 2))
    return module_sums(
        SYSTEM,
        Answers(
            np.array([row[0] for row in rows], dtype=np.int64),
            Labels(np.array([items.index(row[1]) for row in rows], dtype=np.int64), tuple(items)),
            Labels(np.array([levels.index(row[2]) for row in rows], dtype=np.int64), tuple(levels)),
            len(people),
        ),
        unanswered,
    )


def sums(*people: dict[str, str]) -> list[list[int]]:
    found: list[list[int]] = answered(*people).modules.tolist()
    return found


def test_the_published_example_has_27_and_a_half_points_and_grade_2() -> None:
    """Example 1 ("Frau Zimmer") of menschen-pflegen.de: sums of modules, weighted points, grade."""
    found = graded([2, 0, 0, 8, 1, 0])

    assert found.weighted.tolist() == [[250, 0, 0, 2000, 500, 0]]
    assert (found.total.tolist(), found.grade.tolist()) == ([2750], [2])


@pytest.mark.parametrize("code", list(BANDS))
def test_every_band_of_every_module_begins_and_ends_where_the_statute_says(code: str) -> None:
    place = list(BANDS).index(code)
    upper, weighted = BANDS[code]
    low = 0
    for high, points in zip(upper, weighted, strict=True):
        rows = np.zeros((2, 6), dtype=np.int64)
        rows[:, place] = [low, high]
        assert graded(*rows.tolist()).weighted[:, place].tolist() == [points, points]
        low = high + 1

    message = f"module {code} .* cannot have a sum of {low}: its sums are 0 to {upper[-1]}"
    with pytest.raises(OptionError, match=message):
        graded([low if each == code else 0 for each in BANDS])


def test_only_the_higher_of_modules_2_and_3_counts() -> None:
    found = graded([0, 33, 0, 0, 0, 0], [0, 33, 2, 0, 0, 0], [0, 2, 65, 0, 0, 0])

    assert found.total.tolist() == [1500, 1500, 1500]
    assert found.weighted[1].tolist() == [0, 1500, 375, 0, 0, 0]


def test_all_modules_at_their_greatest_are_100_points() -> None:
    assert graded([15, 33, 65, 54, 15, 18]).total.tolist() == [10_000]


def test_totals_are_sums_of_weighted_points() -> None:
    found = graded([5, 2, 0, 0, 0, 2], [4, 2, 0, 0, 0, 4], [9, 0, 1, 18, 5, 11])

    assert found.total.tolist() == [
        500 + 375 + 375,
        500 + 375 + 750,
        750 + 375 + 2000 + 1500 + 1125,
    ]
    assert found.grade.tolist() == [1, 1, 3]


@pytest.mark.parametrize(
    ("total", "grade", "infant"),
    [
        (0, 0, 0),
        (1249, 0, 0),
        (1250, 1, 2),
        (2699, 1, 2),
        (2700, 2, 3),
        (4749, 2, 3),
        (4750, 3, 4),
        (6999, 3, 4),
        (7000, 4, 5),
        (8999, 4, 5),
        (9000, 5, 5),
        (10_000, 5, 5),
    ],
)
def test_grades_begin_at_the_totals_of_the_statute_and_one_higher_for_infants(
    total: int, grade: int, infant: int
) -> None:
    yes, no = np.array([True]), np.array([False])

    assert grade_of(SYSTEM, np.array([total]), no, no).tolist() == [grade]
    assert grade_of(SYSTEM, np.array([total]), yes, no).tolist() == [infant]
    assert grade_of(SYSTEM, np.array([total]), no, yes).tolist() == [5]


def test_infants_are_a_grade_higher_and_hardship_is_grade_5() -> None:
    sums_of = [2, 0, 0, 8, 1, 0]

    assert graded(sums_of, infant=True).grade.tolist() == [3]
    assert graded([0] * 6, infant=True).grade.tolist() == [0]
    assert graded([15, 33, 65, 54, 15, 18], infant=True).grade.tolist() == [5]
    assert graded(sums_of, hardship=True).grade.tolist() == [5]
    # Section 15(7) has its own grades for infants, in place of section 15(4) on hardship.
    assert graded(sums_of, hardship=True, infant=True).grade.tolist() == [3]


def test_answers_add_up_by_module() -> None:
    person = {"1.4": "mostly independent", "1.5": "3", "2.3": "absent", "3.2": "daily"}
    person |= {"3.11": "2", "6.4": "dependent"}

    assert sums(person, {"1.1": "0"}) == [[4, 3, 8, 0, 0, 3], [0] * 6]


@pytest.mark.parametrize(
    ("item", "points"),
    [
        ("4.1", [0, 1, 2, 3]),
        ("4.8", [0, 3, 6, 9]),
        ("4.9", [0, 2, 4, 6]),
        ("4.10", [0, 2, 4, 6]),
        ("4.13", [0, 6, 3]),
        ("3.1", [0, 1, 3, 5]),
        ("5.16", [0, 1, 2, 3]),
    ],
)
def test_each_level_of_each_kind_of_item_has_its_points(item: str, points: list[int]) -> None:
    found = sums(*({item: str(level)} for level in range(len(points))))

    assert [sum(each) for each in found] == points


def test_part_feeding_by_tube_counts_more_than_complete_feeding() -> None:
    assert sums({"4.13": "partial"}, {"4.13": "complete"}, {"4.13": "none"}) == [
        [0, 0, 0, 6, 0, 0],
        [0, 0, 0, 3, 0, 0],
        [0, 0, 0, 0, 0, 0],
    ]


@pytest.mark.parametrize(("item", "finding"), [("4.11", "urine"), ("4.12", "bowel")])
def test_coping_with_incontinence_counts_only_where_it_was_found(item: str, finding: str) -> None:
    other = {"urine": "bowel", "bowel": "urine"}[finding]

    found = sums(
        {item: "3"},
        {item: "3", finding: "mostly continent"},
        {item: "3", other: "fully incontinent"},
        {item: "3", finding: "mostly incontinent"},
        {item: "2", finding: "fully incontinent"},
        {item: "1", finding: "artificial outlet"},
    )

    assert [each[3] for each in found] == [0, 0, 0, 3, 2, 1]


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({"5.1": "6 a week"}, 0),
        ({"5.1": "7 a week"}, 1),  # once a day
        ({"5.1": "30 a month"}, 1),
        ({"5.1": "29 a month"}, 0),
        ({"5.1": "3 a day"}, 1),
        ({"5.1": "3 a day", "5.6": "1 a month"}, 2),  # more than three times a day
        ({"5.1": "3 a day", "5.6": "1 a day"}, 2),  # the example in annex 1: four a day
        ({"5.1": "4 a day", "5.7": "4 a day"}, 2),
        ({"5.1": "4 a day", "5.7": "4 a day, 1 a month"}, 3),  # more than eight times
        ({"5.8": "4 a month"}, 0),
        ({"5.8": "1 a week"}, 1),
        ({"5.8": "5 a month"}, 1),
        ({"5.8": "6 a week"}, 1),
        ({"5.8": "7 a week"}, 2),
        ({"5.11": "2 a day, 6 a week"}, 2),
        ({"5.11": "2 a day, 7 a week"}, 3),
        ({"5.9": "3 a day"}, 3),
        ({"5.13": "4 a month"}, 0),
        ({"5.13": "1 a week"}, 1),
        ({"5.14": "1 a week", "5.13": "4 a month"}, 1),  # 8.3
        ({"5.14": "1 a week", "5.13": "1 a week"}, 2),  # 8.6 exactly
        ({"5.15": "1 a week"}, 2),
        ({"5.15": "6 a month"}, 2),  # 12.0
        ({"5.13": "1 a week", "5.15": "1 a week"}, 3),  # 12.9 exactly
        ({"5.12": "6 a week"}, 3),  # 51.6
        ({"5.12": "6 a week", "5.15": "4 a month"}, 3),  # 59.6
        ({"5.12": "6 a week", "5.15": "5 a month"}, 6),  # 61.6
        ({"5.12": "1 a day"}, 6),
        ({"5.K": "1 a week"}, 1),
        ({"5.1": "9 a day", "5.8": "3 a day", "5.12": "1 a day", "5.16": "3"}, 15),
        ({"5.1": "never", "5.8": "0"}, 0),
    ],
)
def test_help_with_illness_counts_by_how_often_it_is_needed(
    answers: dict[str, str], points: int
) -> None:
    assert sums(answers) == [[0, 0, 0, 0, points, 0]]


def test_for_infants_grave_problems_of_feeding_stand_for_all_of_self_care() -> None:
    found = sums(
        {"infant": "yes", "4.K": "yes", "4.1": "3"},
        {"infant": "yes", "4.1": "3"},
        {"infant": "no", "4.K": "yes", "4.1": "3"},
    )

    assert [each[3] for each in found] == [20, 0, 3]


def test_findings_are_read() -> None:
    found = answered({"hardship": "yes"}, {"infant": "yes"}, {"hardship": "no"})

    assert found.hardship.tolist() == [True, False, False]
    assert found.infant.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("person", "message"),
    [
        ({"1.6": "1"}, r"there is no item '1.6': the items are 1.1, 1.2, .*, hardship, infant"),
        (
            {"1.1": "4"},
            r"item 1.1 \(changing position in bed\) has no answer '4': its answers are .*0 to 3",
        ),
        ({"4.13": "3"}, r"item 4.13 .* none, partial, complete \(or 0 to 2\)"),
        ({"5.1": "often"}, r"item 5.1 \(medication\) has no answer 'often': .* 2 a day, 2 a week"),
        ({"5.13": "1 a day"}, r"item 5.13 .* are never, or so many times: 2 a week, 2 a month"),
        ({"urine": "dry"}, r"item urine \(continence of urine\) .* continent, mostly continent, m"),
    ],
)
def test_items_and_levels_that_do_not_exist_are_refused_with_those_that_do(
    person: dict[str, str], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        answered(person)


def full() -> dict[str, str]:
    asked = [code for module in SYSTEM.modules.values() for code in module.asked()]
    return dict.fromkeys(asked, "0")


def test_people_must_have_answered_every_item_or_none_unless_it_is_said() -> None:
    person = full()
    assert answered(person, unanswered="refused").modules.tolist() == [[0] * 6]
    del person["4.9"]

    with pytest.raises(OptionError, match=r"row 1 has not answered item 4.9 \(drinking\): answer"):
        answered(full(), person, unanswered="refused")
    assert answered(full(), {}, unanswered="refused").assessed.tolist() == [True, False]
    assert answered(full(), person).assessed.tolist() == [True, True]


def test_infants_need_not_answer_the_items_of_self_care() -> None:
    person = {code: each for code, each in full().items() if not code.startswith("4.")}

    assert answered({**person, "infant": "yes"}, unanswered="refused").infant.tolist() == [True]


def test_an_item_that_is_answered_twice_is_refused() -> None:
    twice = Answers(
        np.array([0, 1, 1]),
        Labels(np.array([0, 0, 0]), ("1.1",)),
        Labels(np.array([0, 0, 1]), ("1", "2")),
        2,
    )
    with pytest.raises(OptionError, match=r"row 1 answers item 1\.1 twice: keep one of them"):
        module_sums(SYSTEM, twice, "nothing")


BENEFITS = {
    "cash": [0, 0, 347, 599, 800, 990],
    "in_kind": [0, 0, 796, 1497, 1859, 2299],
    "residential": [0, 131, 805, 1319, 1855, 2096],
}


def claimed(
    form: str, in_kind: int = 0, day_care: int = 0, **changes: bool
) -> dict[str, list[int]]:
    """Every benefit for grades 0 to 5 in cents."""
    six = np.ones(6, dtype=np.int64)
    claim = Claim(
        FORMS.index(form) * six,  # type: ignore[arg-type]
        in_kind * six,
        day_care * six,
        **{"relief": False, **changes},
    )
    found = benefits(SYSTEM, np.arange(6), claim)
    return {name: amounts.tolist() for name, amounts in found.items()}


@pytest.mark.parametrize("form", list(BENEFITS))
def test_every_amount_of_the_table_since_2025_is_paid_in_its_form_only(form: str) -> None:
    found = claimed(form)

    for name, amounts in found.items():
        expected = BENEFITS[form] if name == form else [0] * 6
        assert amounts == [100 * each for each in expected]


def test_day_care_relief_and_respite_come_on_top_at_home_only() -> None:
    at_home = claimed("cash", day_care=100, relief=True, respite=True)

    assert at_home["day_care"] == [0, 0, 72_100, 135_700, 168_500, 208_500]
    assert at_home["relief"] == [0, *[13_100] * 5]
    assert at_home["respite_a_year"] == [0, 0, *[353_900] * 4]
    assert at_home["cash"] == claimed("cash")["cash"]
    in_a_home = claimed("residential", day_care=100, relief=True, respite=True)
    assert {name for name, amounts in in_a_home.items() if any(amounts)} == {"residential"}


def test_who_uses_a_part_of_the_services_gets_the_rest_of_the_cash_allowance() -> None:
    sixty = claimed("combination", in_kind=60)

    assert sixty["in_kind"] == [0, 0, 47_760, 89_820, 111_540, 137_940]
    assert sixty["cash"] == [0, 0, 13_880, 23_960, 32_000, 39_600]
    assert claimed("combination", in_kind=100) == claimed("in_kind")
    assert claimed("combination", in_kind=0) == claimed("cash")


def test_more_day_care_raises_its_amount_alone() -> None:
    half, whole = claimed("in_kind", day_care=50), claimed("in_kind", day_care=100)

    assert half["day_care"][3] * 2 == whole["day_care"][3]
    assert half["in_kind"] == whole["in_kind"]


def test_a_year_is_twelve_months_and_what_is_paid_by_the_year() -> None:
    amounts = benefits(
        SYSTEM,
        np.array([2]),
        Claim(np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(1, np.int64), respite=True),
    )
    yearly = a_year(amounts)

    assert yearly.tolist() == [(12 * (347 + 131) + 3539) * 100]


def test_a_week_is_its_part_of_a_year() -> None:
    assert for_period(np.array([364_00]), Fraction(52), "week").tolist() == [700]
    assert for_period(np.array([364_00]), Fraction(365, 7), "week").tolist() == [698]
    assert for_period(np.array([364_00]), Fraction(52), "year").tolist() == [36_400]


def test_what_cannot_be_claimed_is_refused() -> None:
    zero = np.zeros(1, dtype=np.int64)
    with pytest.raises(OptionError, match="care grades are 0 to 5"):
        benefits(SYSTEM, zero + 6, Claim(zero, zero, zero))
    with pytest.raises(OptionError, match="forms of benefit are cash, in_kind, combination, resid"):
        benefits(SYSTEM, zero, Claim(zero + 4, zero, zero))
    with pytest.raises(OptionError, match="the part of day care that is used is 0 to 100 per cent"):
        benefits(SYSTEM, zero, Claim(zero, zero, zero + 101))
