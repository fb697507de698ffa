from pathlib import Path

import numpy as np
import pytest

from metneed.instances.ledger import reconcile_folder
from metneed.instances.reconcile import (
    CONTRIBUTIONS,
    NOT_KNOWN,
    Accounts,
    Reconciliation,
    Records,
    reconcile,
)
from metneed.models.errors import InputError

SERVICES = "service_id,unit_cost\nhome_care,20\nday_care,40\n"
CURRENT = """user_id,service_id,units,recorded_cost
ann,home_care,9,180.00
ann,day_care,1,40.00
bob,home_care,5,
"""


def held(ledger: dict[str, tuple[int, int]], contributions: int | None = None) -> Reconciliation:
    """Two people with home care for 100 each, one of them with day care for 40."""
    records = Records(
        np.array([0, 1, 1]), ["home", "home", "day"], np.array([100_00, 100_00, 40_00])
    )
    accounts = Accounts(
        list(ledger),
        np.array([cost for cost, _ in ledger.values()], dtype=np.int64),
        np.array([people for _, people in ledger.values()], dtype=np.int64),
    )
    return reconcile(records, accounts, contributions)


def folder(path: Path, **tables: str) -> Path:
    texts = {"services": SERVICES, "current": CURRENT} | tables
    for name, text in texts.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def test_records_that_agree_with_the_ledger_have_no_differences() -> None:
    found = held({"home": (200_00, 2), "day": (40_00, 1)})

    assert found.differences == ()
    assert found.gross.cost == found.gross.ledger_cost == 240_00
    assert found.gross.people == 2


@pytest.mark.parametrize(
    ("ledger", "differs"), [(198_02, False), (198_01, True), (202_02, False), (202_03, True)]
)
def test_one_per_cent_of_the_ledger_is_allowed_and_a_penny_more_is_not(
    ledger: int, differs: bool
) -> None:
    found = held({"home": (ledger, NOT_KNOWN), "day": (40_00, NOT_KNOWN)})

    assert found.lines[0].cost_differs is differs


def test_people_are_compared_only_where_the_ledger_counts_them() -> None:
    found = held({"home": (200_00, 3), "day": (40_00, NOT_KNOWN)})

    assert [line.name for line in found.differences] == ["home"]
    assert found.lines[0].people_differ
    assert not found.lines[0].cost_differs
    assert not found.lines[1].people_differ


def test_services_of_one_side_only_are_listed() -> None:
    found = held({"home": (200_00, 2), "meals": (5_00, NOT_KNOWN)})

    assert [line.name for line in found.lines] == ["home", "meals", "day"]
    assert [line.name for line in found.differences] == ["meals", "day", "all services"]
    assert found.lines[2].ledger_cost is None
    assert found.lines[1].cost == 0


def test_contributions_are_taken_off_both_totals_and_off_no_service() -> None:
    ledger = {"home": (200_00, 2), "day": (40_00, 1), CONTRIBUTIONS: (30_00, NOT_KNOWN)}
    found = held(ledger, contributions=24_00)

    assert found.gross.ledger_cost == 240_00
    assert found.net is not None
    assert (found.net.cost, found.net.ledger_cost) == (216_00, 210_00)
    assert [line.name for line in found.differences] == [CONTRIBUTIONS, "net of contributions"]


def test_without_contributions_there_is_no_net() -> None:
    assert held({"home": (200_00, 2)}).net is None


def test_a_ledger_that_has_a_service_twice_is_refused() -> None:
    accounts = Accounts(["home", "home"], np.array([1, 2]), np.array([1, 2]))
    records = Records(np.array([0]), ["home"], np.array([1]))

    with pytest.raises(ValueError, match="twice"):
        reconcile(records, accounts)


def test_a_folder_is_held_against_a_ledger_of_a_year(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    ledger.write_text(
        "service_id,cost,people,period\nhome_care,14600.00,2,year\nday_care,40,1,\n",
        encoding="utf-8",
    )
    found = reconcile_folder(folder(tmp_path), ledger)

    # 14,600 pounds in 365/7 weeks are 280 a week; Bob's hours are taken at list price.
    assert [(x.name, x.cost, x.ledger_cost) for x in found.found.lines] == [
        ("home_care", 280_00, 280_00),
        ("day_care", 40_00, 40_00),
    ]
    assert (found.converted, found.at_list_price) == (1, 1)
    assert found.found.differences == ()


def test_the_ledger_of_a_folder_can_be_declared_to_be_for_a_year(tmp_path: Path) -> None:
    ledger = tmp_path / "accounts.csv"
    ledger.write_text("service_id,cost\nhome_care,14600.00\n", encoding="utf-8")
    found = reconcile_folder(folder(tmp_path), ledger, ledger_period="year")

    assert found.found.lines[0].ledger_cost == 280_00


def test_weeks_per_year_are_those_of_the_settings(tmp_path: Path) -> None:
    ledger = tmp_path / "accounts.csv"
    ledger.write_text("service_id,cost,period\nhome_care,5200.00,year\n", encoding="utf-8")
    (tmp_path / "build.toml").write_text('weeks_per_year = "52"\n', encoding="utf-8")

    assert reconcile_folder(folder(tmp_path), ledger).found.lines[0].ledger_cost == 100_00


def test_tables_for_a_year_take_a_weekly_ledger_times_the_weeks(tmp_path: Path) -> None:
    ledger = tmp_path / "accounts.csv"
    ledger.write_text("service_id,cost,period\nhome_care,7.00,week\n", encoding="utf-8")
    scenario = 'schema_version = 1\nname = "x"\nperiod = "year"\n'
    (tmp_path / "scenario.toml").write_text(scenario, encoding="utf-8")
    found = reconcile_folder(folder(tmp_path), ledger)

    assert (found.period, found.found.lines[0].ledger_cost) == ("year", 365_00)


@pytest.mark.parametrize(
    ("ledger", "code"),
    [
        ("service_id,cost\nhome_care,1\nhome_care,2\n", "duplicate-service"),
        ("service_id,cost\nhome_care,abc\n", "not-a-number"),
        ("service_id,cost,period\nhome_care,1,month\n", "unknown-period"),
        ("service_id,cost\n,1\n", "blank"),
        ("service_id,price\nhome_care,1\n", "missing-column"),
        ("service_id,costs\nhome_care,1\n", "misspelt-column"),
    ],
)
def test_faults_of_a_ledger_are_findings_with_their_place(
    tmp_path: Path, ledger: str, code: str
) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(ledger, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        reconcile_folder(folder(tmp_path), path)

    assert code in {item.code for item in caught.value.findings.errors}
    assert all(item.file == "accounts.csv" for item in caught.value.findings.errors)


def test_a_folder_without_current_services_is_refused(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text(SERVICES, encoding="utf-8")
    ledger = tmp_path / "accounts.csv"
    ledger.write_text("service_id,cost\nhome_care,1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        reconcile_folder(tmp_path, ledger)

    assert [item.file for item in caught.value.findings.errors] == ["current.csv"]
