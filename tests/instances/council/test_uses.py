"""Services, uses and forms of care of a built instance."""

from pathlib import Path

import pytest

from metneed.instances.council.menus import council_menus, today_of
from metneed.instances.council.record import Council
from metneed.instances.council.write import instance_tables
from metneed.instances.read import read
from metneed.instances.write import write_instance
from metneed.models.allocation import Allocation
from metneed.models.errors import OptionError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.solver.rules import rule
from metneed.solver.solve import run

from .conftest import Faults, Read

STOCKED = """service_id,unit,unit_cost,step,capacity,fixed_cost,least_members,paid_anyway,form
home_care,hour,20.00,0.5,12.5,,,,managed
day_centre,session,40.00,1,1,25.00,2,yes,day care
"""
TWO = """user_id,outcome,severity
ann,hygiene,2
ann,relationships,1
bea,hygiene,2
bea,relationships,1
"""
SCENARIO = 'schema_version = 1\nname = "by hand"\nbudget = 400.00\n'


def built(council: Council, folder: Path) -> Instance:
    """The instance that is written and read again."""
    tables = instance_tables(council, council_menus(council), today_of(council))
    write_instance(folder, tables, council.scenario.model_dump())
    return read(folder)


def used(instance: Instance, package: str) -> dict[str, int]:
    """What the first person's package uses of each service, in thousandths."""
    assert instance.uses is not None
    assert instance.services is not None
    names = instance.package_ids.text(range(instance.menus.n_packages)).tolist()
    mine = instance.uses.package == names.index(package)
    service, amount = instance.uses.service[mine], instance.uses.amount[mine]
    return dict(zip(instance.services.ids[service].tolist(), amount.tolist(), strict=True))


def test_hours_and_sessions_of_packages_are_those_worked_out_by_hand(
    council: Read, tmp_path: Path
) -> None:
    made = built(council(services=STOCKED), tmp_path / "it")

    assert used(made, "full") == {"day_centre": 1_000, "home_care": 7_000}
    assert used(made, "full_50") == {"day_centre": 1_000, "home_care": 3_500}
    assert used(made, "current") == {"home_care": 9_000}
    services = made.services
    assert services is not None
    assert services.ids.tolist() == ["day_centre", "home_care"]
    assert services.unit.tolist() == ["session", "hour"]
    assert services.capacity.tolist() == [1_000, 12_500]
    assert services.fixed_cost.tolist() == [25_00, 0]
    assert services.least_members.tolist() == [2, 0]
    assert services.paid_anyway.tolist() == [True, False]


def test_the_form_of_a_package_is_that_of_its_services(council: Read, tmp_path: Path) -> None:
    made = built(council(services=STOCKED), tmp_path / "it")
    assert made.forms is not None
    every = range(made.menus.n_packages)
    forms = dict(
        zip(
            made.package_ids.text(every).tolist(),
            made.forms.text(every).tolist(),
            strict=True,
        )
    )

    assert forms["full"] == "managed and day care"
    assert forms["current"] == forms["basic"] == "managed"


def test_without_capacities_and_limits_nothing_is_said_of_services(
    council: Read, tmp_path: Path
) -> None:
    made = built(council(), tmp_path / "it")

    assert made.services is None
    assert made.uses is None
    assert made.forms is None


def test_a_limit_in_the_scenario_asks_for_what_packages_use(council: Read, tmp_path: Path) -> None:
    fence = 'budget = 400.00\n[constraints.out]\nkind = "spend"\nservices = ["day_centre"]\n'
    scenario = SCENARIO.replace("budget = 400.00\n", fence) + "at_most = 50.00\n"
    made = built(council(scenario__toml=scenario), tmp_path / "it")

    assert used(made, "full") == {"day_centre": 1_000, "home_care": 7_000}
    assert made.services is not None
    assert made.services.capacity.tolist() == [-1, -1]


def test_the_one_place_at_the_day_centre_goes_to_one_of_two(council: Read, tmp_path: Path) -> None:
    scenario = SCENARIO + '[constraints.places]\nkind = "capacity"\n'
    tables = {"services": STOCKED, "needs": TWO, "current": None}
    free = built(council(**tables, scenario__toml=SCENARIO), tmp_path / "free")
    kept = built(council(**tables, scenario__toml=scenario), tmp_path / "kept")

    def met(instance: Instance) -> list[int]:
        outcome = run(rule("met_need_whole"), Problem.of(instance))
        assert isinstance(outcome, Allocation)
        return sorted(outcome.met_need.tolist())

    # Both in full take 360; with one session one of them has basic needs only, 7 hours, and the
    # other 5.5 of the 12.5: 4.714 of hygiene and 3.
    assert met(free) == [9_000, 9_000]
    assert met(kept) == [6_000, 7_714]


def test_packages_that_agree_but_use_other_services_are_kept_apart_where_that_matters(
    council: Read,
) -> None:
    # A session at the club costs and does what one at the day centre does.
    swap = "from,to,rate,package_id\nday_centre,club,1,club\n"
    prices = "service_id,unit,unit_cost,step,replaces_all,capacity\n"
    rows = "home_care,hour,20.00,0.5,no,\nday_centre,session,40.00,1,no,{}\n"
    club = "club,session,40.00,1,no,\n"
    reckoner = (
        "outcome,severity,service_id,units,reach\nhygiene,2,home_care,7,1\n"
        "relationships,1,day_centre,1,1\nrelationships,1,club,1,1\n"
    )

    def names(capacity: str) -> set[str]:
        services = prices + rows.format(capacity) + club
        made = council_menus(council(services=services, swaps=swap, reckoner=reckoner))
        return {made.plans[plan].package_id for plan in made.plan.tolist()}

    assert "club" not in names("")
    assert "club" in names("1")


def test_fewer_decimals_than_units_have_are_refused_with_what_to_write(council: Read) -> None:
    scenario = SCENARIO + "quantity_decimals = 0\n"
    made = council(services=STOCKED, scenario__toml=scenario)

    with pytest.raises(OptionError, match=r"packages use 12.5 units.*write quantity_decimals = 3"):
        instance_tables(made, council_menus(made), None)


def test_rows_of_one_service_that_disagree_in_capacity_are_a_fault(faults: Faults) -> None:
    prices = (
        "service_id,unit_cost,client_group,capacity\nhome_care,20.00,,12\n"
        "home_care,22.00,north,13\nday_centre,40.00,,\n"
    )
    users = "user_id,client_group\nann,north\n"
    found = faults(services=prices, users=users)

    assert [(item.column, item.row, item.code) for item in found if item.severity == "error"] == [
        ("capacity", 3, "contradiction")
    ]


def test_capacities_are_announced_as_not_used_where_only_costs_are_known(
    council: Read,
) -> None:
    made = council(
        services=STOCKED,
        needs=None,
        points=None,
        reckoner=None,
        users="user_id,points\nann,9\n",
    )

    assert made.evidence == "C"
    assert "services" not in instance_tables(made, council_menus(made), None)
    assert any(item.code == "not-used" for item in made.warnings)
