"""The made-up council: what holds for everybody in it, and what it has from published figures."""

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from metneed.instances.generators import Generated, demo_council, generate
from metneed.instances.generators.bundled import bundled
from metneed.instances.generators.council import CLOSED
from metneed.instances.generators.council_figures import england
from metneed.instances.generators.council_people import draw_people
from metneed.instances.generators.council_profile import (
    CLIENT_GROUPS,
    MAIN_SERVICES,
    profile,
)
from metneed.models.arrays import greatest
from metneed.solver.compare import compare

PUBLISHED = Path(__file__).parents[2].parent / "shared" / "data" / "asc-england-2013-14"
needs_published = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason=f"the published tables are not at {PUBLISHED.name}"
)


@pytest.fixture(scope="module")
def council() -> Generated:
    return generate("council", users=4000, seed=11)


@pytest.fixture(scope="module")
def demo() -> Generated:
    return demo_council()


def test_the_demo_council_has_two_thousand_users_and_is_the_same_each_time(
    demo: Generated,
) -> None:
    again = demo_council().tables["packages"]["cost"]
    assert len(demo.tables["users"]["user_id"]) == 2000
    assert demo.tables["packages"]["cost"].tolist() == again.tolist()


def test_everybody_has_a_need_and_packages_that_meet_no_more_than_it(council: Generated) -> None:
    instance = council.instance()
    users, menus = instance.users, instance.menus
    assert users.basic_need is not None
    assert menus.basic_met_need is not None
    assert users.need.min() > 0
    assert (users.basic_need <= users.need).all()
    assert (menus.met_need <= users.need[menus.user]).all()
    assert (menus.basic_met_need <= users.basic_need[menus.user]).all()
    assert (menus.basic_met_need <= menus.met_need).all()
    assert menus.cost.min() > 0


def test_most_have_seven_to_eleven_packages_to_choose_from(council: Generated) -> None:
    sizes = np.diff(council.offsets)
    assert 8 < sizes.mean() < 11
    assert (sizes >= 2).all()
    assert ((sizes >= 7) & (sizes <= 11)).mean() > 0.95


def test_the_full_package_meets_nearly_all_need(council: Generated) -> None:
    instance = council.instance()
    best = greatest(instance.menus.met_need, instance.menus.offsets, 0)
    assert 0.95 < best.sum() / instance.users.need.sum() < 1


def test_basic_packages_meet_the_basic_needs_in_full(council: Generated) -> None:
    packages, users = council.tables["packages"], council.tables["users"]
    basic = packages["package_id"] == "basic"
    row = np.searchsorted(users["user_id"], packages["user_id"][basic])
    assert (packages["basic_met_need"][basic] == users["basic_need"][row]).all()


def test_packages_of_today_stand_on_the_menu_as_they_are_recorded(council: Generated) -> None:
    packages, previous = council.tables["packages"], council.tables["previous"]

    def rows(table: object, picked: object) -> Iterator[tuple[object, ...]]:
        columns = ("user_id", "cost", "met_need", "basic_met_need")
        return zip(*(table[name][picked] for name in columns), strict=True)  # type: ignore[index]

    on_menu = set(rows(packages, packages["package_id"] == "current"))
    assert set(rows(previous, previous["package_id"] == "current")) == on_menu


def test_closed_packages_are_off_the_menu_and_as_many_as_said(council: Generated) -> None:
    previous = council.tables["previous"]
    assert CLOSED not in set(council.tables["packages"]["package_id"])
    closed = (previous["package_id"] == CLOSED).mean()
    assert 0.02 < closed < 0.04


def test_people_without_a_package_arrived_last(council: Generated) -> None:
    users, previous = council.tables["users"], council.tables["previous"]
    has = np.isin(users["user_id"], previous["user_id"])
    assert sorted(users["arrival"].tolist()) == list(range(1, 4001))
    assert users["arrival"][has].max() < users["arrival"][~has].min()
    assert 0.04 < (~has).mean() < 0.06


def test_no_new_people_and_no_closed_services_are_made_where_none_are_asked_for() -> None:
    council = generate("council", users=300, seed=1, new_users=0, off_menu=0)
    assert len(council.tables["previous"]["user_id"]) == 300
    assert set(council.tables["previous"]["package_id"]) == {"current"}


def test_the_budget_is_the_stated_share_of_what_today_costs() -> None:
    council = generate("council", users=300, seed=1, budget_share="0.75", top_slice="0.2")
    scenario = council.instance().scenario
    assert scenario.total_budget == int(council.tables["previous"]["cost"].sum()) * 3 // 4
    assert scenario.held_back == scenario.total_budget // 5
    assert scenario.period == "week"


def test_client_groups_and_services_come_in_englands_proportions() -> None:
    clients = england().clients_table()
    people = draw_people(profile(), clients, 10_000, 0, seed=5)
    cells = Counter(zip(people.group.tolist(), people.service.tolist(), strict=True))
    for (group, service), count in cells.items():
        exact = 10_000 * clients[group, service] / clients.sum()
        assert abs(count - exact) < 1, (CLIENT_GROUPS[group], MAIN_SERVICES[service])


def test_no_more_people_are_made_than_there_are_clients() -> None:
    people = draw_people(profile(), np.array([[3, 0, 1, 0, 2]] * 4), None, 0, seed=5)
    assert len(people) == 24


def test_everybody_has_at_least_two_needs() -> None:
    people = draw_people(profile(), england().clients_table(), 5000, 0, seed=5)
    assert (people.needs.level > 0).sum(axis=1).min() == 2


def test_people_in_nursing_care_need_more_than_those_with_home_care() -> None:
    people = draw_people(profile(), england().clients_table(), 5000, 0, seed=5)
    points = profile().reckoner.points[people.needs.level].sum(axis=1)
    nursing, home_care = (
        points[people.service == MAIN_SERVICES.index(name)].mean()
        for name in ("nursing", "home_care")
    )
    assert nursing > 1.5 * home_care


def test_people_of_the_same_points_differ_in_what_full_care_costs(council: Generated) -> None:
    instance = council.instance()
    need, cost = instance.users.need, instance.menus.full_cost
    same = need == Counter(need.tolist()).most_common(1)[0][0]
    assert same.sum() > 50
    assert np.percentile(cost[same], 90) > 1.5 * np.percentile(cost[same], 10)


def test_personal_care_by_two_carers_takes_twice_the_hours_for_the_same_points() -> None:
    assessed = profile()
    hygiene = assessed.outcomes.index("hygiene")
    one, two = assessed.level[hygiene, 3:]
    hours = assessed.reckoner.units[:, assessed.services.index("home_care")]
    assert hours[two] == 2 * hours[one] > 0
    assert assessed.reckoner.points[two] == assessed.reckoner.points[one]


def test_the_texts_of_a_user_fit_together(council: Generated) -> None:
    users = council.tables["users"]
    ages = {(row["client_group"], row["age_band"]) for row in bundled("age_bands")}
    assert set(zip(users["client_group"], users["age_band"], strict=True)) == ages
    assert len(set(users["locality"])) == 8
    assert set(users["band"]) == {"1 low", "2 moderate", "3 high", "4 very high"}
    assert (users["band"] == "1 low").tolist() == (users["need"] < 15_000).tolist()


def test_a_care_home_is_the_only_service_of_its_package(council: Generated) -> None:
    packages = council.tables["packages"]
    in_home = np.isin(packages["package_id"], ["residential", "nursing"])
    assert set(packages["form"][in_home]) == {"care home"}
    assert set(packages["form"]) == {
        "managed",
        "direct payment",
        "managed and direct payment",
        "care home",
    }


def test_the_optimum_meets_visibly_more_than_points_but_not_absurdly_more(
    demo: Generated,
) -> None:
    footing = compare(demo.instance()).footing
    assert footing is not None
    assert 1.05 < footing.optimum / footing.rounds[0] < 1.25
    assert 1.05 < footing.optimum_at_same_spend / footing.kept[0] < 1.25


def test_todays_packages_cost_about_what_is_published_for_a_client() -> None:
    people = 30_000
    council = generate("council", users=people, seed=3, new_users=0, off_menu=0)
    drawn = draw_people(profile(), england().clients_table(), people, 0, seed=3)
    cost = council.tables["previous"]["cost"] / 100
    for group, service in (("65+", "home_care"), ("18-64 learning disability", "direct_payment")):
        clients = (drawn.group == CLIENT_GROUPS.index(group)) & (
            drawn.service == MAIN_SERVICES.index(service)
        )
        published = float(england().unit_costs[group, service, "client-week"])
        assert abs(cost[clients].mean() / published - 1) < 0.05


def test_every_default_has_a_source() -> None:
    folder = files("metneed.instances") / "data" / "council"
    for table in folder.iterdir():
        rows = bundled(table.name.removesuffix(".csv"))
        assert rows
        assert all(row["source"] and None not in row for row in rows), table.name


@needs_published
def test_the_bundled_unit_costs_are_the_published_ones() -> None:
    with (PUBLISHED / "england.csv").open(encoding="utf-8", newline="") as file:
        published = {
            (row["client_group"], row["service"], row["per"]): Decimal(row["unit_cost_gbp"])
            for row in csv.DictReader(file)
        }
    for key, cost in england().unit_costs.items():
        assert published[key] == cost


@needs_published
def test_the_bundled_clients_are_the_published_ones() -> None:
    with (PUBLISHED / "england.csv").open(encoding="utf-8", newline="") as file:
        units = {
            (row["client_group"], row["service"], row["per"]): int(row["denominator_units"])
            for row in csv.DictReader(file)
        }
    for (group, service), count in england().clients.items():
        if service in {"residential", "nursing"}:
            assert count == round(units[group, service, "week"] / 52)
        else:
            assert count == units[group, service, "client-week"]
