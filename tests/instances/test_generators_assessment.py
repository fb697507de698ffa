"""The made-up council with what points systems need to know of its people."""

import hashlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from metneed.instances.generators import Generated, demo_council, generate
from metneed.instances.generators.bundled import bundled
from metneed.instances.read import examine
from metneed.instances.write import write_instance
from metneed.models.arrays import IntArray
from metneed.models.assessment import PARTS, Assessment
from metneed.models.instance import Instance
from metneed.solver.tables.care_grade import Answers, grades, module_sums
from metneed.solver.tables.care_system import german_care_grades

HELD = "e627bb440ae2956b8ffa60dc0584e9fa6677fae93ea08440dd8d3fac646553de"
NUMBERS = (
    "age",
    "informal_hours",
    "second_carer_hours",
    "carer_points",
    "income",
    "contribution",
    "plan_cost",
    "told",
    "choice",
    "days_to_plan",
)


@pytest.fixture(scope="module")
def made() -> Generated:
    return generate("council", users=1500, seed=11, assessment=True)


@pytest.fixture(scope="module")
def instance(made: Generated) -> Instance:
    return made.instance()


def assessed(instance: Instance, instrument: str) -> Assessment:
    assert instance.assessment is not None
    return instance.assessment.of(instrument)


def numbers(instance: Instance, name: str, decimals: int = 2) -> IntArray:
    return instance.users.numbers[name].units(decimals)


def fingerprint(generated: Generated) -> str:
    """One sha256 over every table, cell by cell, and the scenario."""
    digest = hashlib.sha256()
    for name, table in sorted(generated.tables.items()):
        for heading, column in sorted(table.items()):
            cells = "\x1f".join(map(str, column.tolist()))
            digest.update(f"{name}\x1d{heading}\x1e{cells}\x1c".encode())
    scenario = {key: str(value) for key, value in sorted(generated.scenario.items())}
    digest.update(repr(scenario).encode())
    return digest.hexdigest()


def test_a_seed_means_the_same_assessments_for_good() -> None:
    assert fingerprint(generate("council", users=60, seed=7, assessment=True)) == HELD


def test_all_that_there_is_without_assessments_stays_as_it_is(made: Generated) -> None:
    plain = generate("council", users=1500, seed=11)

    assert plain.scenario == made.scenario
    for name, table in plain.tables.items():
        for heading, column in table.items():
            assert np.array_equal(made.tables[name][heading], column), (name, heading)


def test_what_is_written_is_read_without_a_word_and_is_the_same(
    made: Generated, instance: Instance, tmp_path: Path
) -> None:
    write_instance(tmp_path, made.tables, made.scenario)
    again, findings = examine(tmp_path)

    assert list(findings) == []
    assert again is not None
    assert again.tables == instance.tables
    assert list(again.users.numbers) == list(instance.users.numbers) == list(NUMBERS)
    assert list(again.users.groups) == list(instance.users.groups)
    for name, column in instance.users.numbers.items():
        other = again.users.numbers[name]
        assert column.decimals == other.decimals
        assert np.array_equal(column.values, other.values)
        assert np.array_equal(column.stated, other.stated)
    one, other_needs = instance.assessment, again.assessment
    assert one is not None
    assert other_needs is not None
    for name in ("user", "informal", "eligible"):
        assert np.array_equal(getattr(one, name), getattr(other_needs, name))
    for name in ("instrument", "outcome", "severity"):
        assert getattr(one, name).names == getattr(other_needs, name).names
        assert np.array_equal(getattr(one, name).codes, getattr(other_needs, name).codes)


def test_points_of_the_table_less_unpaid_care_are_the_points_of_users(instance: Instance) -> None:
    needs, table = assessed(instance, ""), instance.tables["points"]
    worth = {(row["outcome"], row["severity"]): int(row["points"]) * 1000 for row in table}
    answers = zip(needs.outcome.text().tolist(), needs.severity.text().tolist(), strict=True)
    each = np.array([worth[answer] for answer in answers]) * (PARTS - needs.informal) // PARTS
    total = np.bincount(needs.user, each, len(instance.users)).astype(np.int64)

    assert instance.users.points is not None
    assert total.tolist() == instance.users.points.tolist()


def test_everybody_has_one_to_three_conditions_that_the_tariff_knows(instance: Instance) -> None:
    needs = assessed(instance, "conditions")
    known = {(row["condition"], row["severity"]) for row in instance.tables["tariff"]}
    answers = set(zip(needs.outcome.text().tolist(), needs.severity.text().tolist(), strict=True))
    counts = np.bincount(needs.user, minlength=len(instance.users))

    assert answers <= known
    assert set(counts.tolist()) == {1, 2, 3}


def test_more_points_go_with_more_severe_conditions(instance: Instance) -> None:
    needs, points = assessed(instance, "conditions"), instance.users.points
    assert points is not None
    severe = needs.severity.text() == "severe"
    high = points[needs.user] >= 25_000

    assert severe[high].mean() > 2 * severe[~high].mean()


def test_every_item_of_the_german_assessment_is_answered_and_all_grades_occur(
    instance: Instance,
) -> None:
    needs, system = assessed(instance, "pflegegrad"), german_care_grades()
    answers = Answers(needs.user, needs.outcome, needs.severity, len(instance.users))
    graded = grades(system, module_sums(system, answers))

    assert set(graded.grade.tolist()) == {0, 1, 2, 3, 4, 5}
    assert instance.users.points is not None
    assert np.corrcoef(graded.total, instance.users.points)[0, 1] > 0.5


def test_ages_lie_in_their_bands(instance: Instance) -> None:
    bands = instance.users.groups["age_band"].text()
    ages = numbers(instance, "age", 0).tolist()

    for band, age in zip(bands, ages, strict=True):
        if band == "85 and over":
            assert 85 <= age <= 97
        else:
            least, most = map(int, str(band).split("-"))
            assert least <= age <= most


def test_unpaid_hours_and_carers_points_belong_to_those_with_unpaid_care(
    instance: Instance,
) -> None:
    needs = assessed(instance, "")
    helped = np.bincount(needs.user, needs.informal, len(instance.users)) > 0
    hours, carer = numbers(instance, "informal_hours", 1), instance.users.numbers["carer_points"]

    assert not (hours[~helped] > 0).any()
    assert (hours[helped] > 0).mean() > 0.95
    assert not (carer.stated & ~helped).any()
    assert 0.25 < carer.stated[helped].mean() < 0.45
    assert carer.values[carer.stated].min() >= 1


def test_hours_of_a_second_carer_are_half_of_those_where_two_are_needed_less_unpaid_care(
    made: Generated, instance: Instance
) -> None:
    needs = assessed(instance, "")
    severities = np.array(needs.severity.names)[needs.severity.codes]
    outcomes = np.array(needs.outcome.names)[needs.outcome.codes]
    reckoner = made.tables["reckoner"]
    hours = {
        outcome: Fraction(str(units))
        for outcome, severity, units in zip(
            reckoner["outcome"], reckoner["severity"], reckoner["units"], strict=True
        )
        if severity == "3 two carers"
    }
    wanted = [Fraction(0)] * len(instance.users)
    for row in np.flatnonzero(severities == "3 two carers").tolist():
        left = Fraction(1000 - int(needs.informal[row]), 1000)
        wanted[needs.user[row]] += hours[outcomes[row]] / 2 * left

    assert hours.keys() == {"hygiene", "toilet", "clothed"}
    found = numbers(instance, "second_carer_hours", 1).tolist()
    assert found == [int(each * 10) for each in wanted]
    assert 0.1 < np.mean(np.array(found) > 0) < 0.4


def test_plans_cost_more_or_less_than_the_own_full_package_and_never_follow_points(
    instance: Instance,
) -> None:
    ratio = numbers(instance, "plan_cost") / instance.menus.full_cost
    points = instance.users.points
    assert points is not None
    same = [np.flatnonzero(points == value) for value in np.unique(points)]
    spread = [np.unique(numbers(instance, "plan_cost")[rows]) for rows in same if len(rows) > 1]

    assert ratio.min() >= 0.54
    assert ratio.max() <= 1.25
    assert 0.85 < ratio.mean() < 0.95
    assert all(len(costs) > 1 for costs in spread)
    assert abs(np.corrcoef(ratio, points)[0, 1]) < 0.1


def test_charges_are_what_incomes_leave_and_never_more_than_the_plan(instance: Instance) -> None:
    income, age = numbers(instance, "income"), numbers(instance, "age", 0)
    charge, plan = numbers(instance, "contribution"), numbers(instance, "plan_cost")
    left = np.where(age >= 65, 18_175, 12_838)

    assert np.array_equal(charge, np.minimum(np.maximum(income - left, 0), plan))
    assert (charge > 0).any()
    assert (charge == 0).any()


def test_bands_hold_all_points_and_never_fall(instance: Instance) -> None:
    bands = [{key: float(cell) for key, cell in row.items()} for row in instance.tables["bands"]]
    amounts = [band["amount"] for band in bands]
    assert instance.users.points is not None

    assert bands[0]["from"] == 0
    assert bands[-1]["to"] * 1000 > instance.users.points.max()
    assert amounts == sorted(amounts)
    assert amounts[0] > 0
    assert len(set(amounts)) > 5


def test_the_ready_reckoner_has_one_service_for_each_need_and_its_rate(instance: Instance) -> None:
    reckoner, rates = instance.tables["reckoner"], instance.tables["rates"]
    needs = [(row["outcome"], row["severity"]) for row in reckoner]
    priced = {row["service_id"] for row in rates}

    assert len(needs) == len(set(needs)) == len(bundled("points"))
    assert {row["service_id"] for row in reckoner} == {"home_care", "day_care"} & priced
    assert all(float(row["market_rate"]) > float(row["rate"]) > 0 for row in rates)


def test_shares_add_up_and_name_the_groups_of_users(instance: Instance) -> None:
    shares = instance.tables["shares"]

    assert sum(round(float(row["share"]) * 10**6) for row in shares) == 10**6
    assert [row["group"] for row in shares] == list(instance.users.groups["client_group"].names)


def test_the_sample_is_of_people_who_are_there(instance: Instance) -> None:
    sample = instance.tables["sample"]
    units = instance.scenario.units
    assert instance.users.points is not None
    people = {
        (units.need(points), units.money(cost))
        for points, cost in zip(
            instance.users.points.tolist(), numbers(instance, "plan_cost").tolist(), strict=True
        )
    }

    assert len(sample) == 300
    assert {(row["points"], row["cost"]) for row in sample} <= people


@pytest.mark.parametrize("users", [1, 2, 7])
def test_a_few_users_have_assessments_too(users: int) -> None:
    for seed in range(5):
        made = generate("council", users=users, seed=seed, assessment=True).instance()

        assert made.assessment is not None
        assert set(made.assessment.user.tolist()) == set(range(users))


def test_the_council_of_the_demo_has_them_when_asked() -> None:
    assert "needs" not in demo_council().tables
    assert {"needs", "bands", "ages"} <= demo_council(assessment=True).tables.keys()


def test_about_half_were_told_the_sum_or_had_a_choice_and_telling_saves_days() -> None:
    instance = generate("council", users=2000, seed=11, assessment=True).instance()
    told, choice = (numbers(instance, name) == 100 for name in ("told", "choice"))
    days = numbers(instance, "days_to_plan")

    assert 0.45 <= told.mean() <= 0.55
    assert 0.45 <= choice.mean() <= 0.55
    assert 0.2 <= (told & choice).mean() <= 0.3
    assert 300 <= days[~told].mean() - days[told].mean() <= 700
