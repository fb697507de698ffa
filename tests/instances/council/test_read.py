"""Faults of a council's tables: each is found with its place, and says what to do."""

from pathlib import Path

import pandas as pd
import pytest

from metneed.instances.council.read import examine_council, read_council
from metneed.models.errors import InputError

from .conftest import Faults, Write


def test_sound_tables_have_no_findings(faults: Faults) -> None:
    assert faults() == []


SERVICES = "service_id,unit_cost,step,replaces_all\nhome_care,20,0.5,no\nday_centre,40,1,no\n"
RECKONER = (
    "outcome,severity,service_id,units,reach\nhygiene,2,home_care,7,1\n"
    "relationships,1,day_centre,1,1\n"
)

CASES: list[tuple[str, dict[str, str | None], tuple[str, int, str, str]]] = [
    (
        "a severity without points",
        {"needs": "user_id,outcome,severity\nann,hygiene,9\n"},
        ("needs.csv", 2, "severity", "no-points-for-severity"),
    ),
    (
        "a severity that another outcome has",
        {"needs": "user_id,outcome,severity\nann,hygiene,1\n"},
        ("needs.csv", 2, "severity", "no-points-for-severity"),
    ),
    (
        "an outcome nobody knows",
        {"needs": "user_id,outcome,severity\nann,hygeine,2\n"},
        ("needs.csv", 2, "outcome", "unknown-outcome"),
    ),
    (
        "a need that no service does anything for",
        {"reckoner": "outcome,severity,service_id,units,reach\nhygiene,2,home_care,7,1\n"},
        ("points.csv", 3, "severity", "no-reckoner"),
    ),
    (
        "a reach over 1",
        {"reckoner": RECKONER + "relationships,1,home_care,2,1.2\n"},
        ("reckoner.csv", 4, "reach", "too-large"),
    ),
    (
        "a reach without units",
        {"reckoner": RECKONER + "relationships,1,home_care,0,0.5\n"},
        ("reckoner.csv", 4, "units", "no-units"),
    ),
    (
        "a service without a price",
        {"reckoner": RECKONER + "relationships,1,club,2,0.5\n"},
        ("reckoner.csv", 4, "service_id", "unknown-service"),
    ),
    (
        "a need and service twice",
        {"reckoner": RECKONER + "hygiene,2,home_care,8,1\n"},
        ("reckoner.csv", 4, "service_id", "duplicate-row"),
    ),
    (
        "a falling response curve",
        {"response": "outcome,support,met\n*,0.5,0.7\n*,0.6,0.5\n"},
        ("response.csv", 3, "met", "falling-response"),
    ),
    (
        "a curve that does not end at all",
        {"response": "outcome,support,met\n*,1,0.9\n"},
        ("response.csv", 2, "met", "bad-end"),
    ),
    (
        "a knot twice",
        {"response": "outcome,support,met\n*,0.5,0.7\n*,0.5,0.8\n"},
        ("response.csv", 3, "support", "duplicate-knot"),
    ),
    (
        "a person in current and not in needs",
        {"current": "user_id,service_id,units\nbob,home_care,9\n"},
        ("current.csv", 2, "user_id", "unknown-user"),
    ),
    (
        "a person in users and not in needs",
        {"users": "user_id\nann\nbob\n"},
        ("users.csv", 3, "user_id", "no-needs"),
    ),
    (
        "the same service twice",
        {"current": "user_id,service_id,units\nann,home_care,9\nann,home_care,1\n"},
        ("current.csv", 3, "service_id", "duplicate-service"),
    ),
    (
        "negative units",
        {"current": "user_id,service_id,units\nann,home_care,-9\n"},
        ("current.csv", 2, "units", "negative"),
    ),
    (
        "more units than anybody can have",
        {"current": "user_id,service_id,units\nann,home_care,100001\n"},
        ("current.csv", 2, "units", "too-large"),
    ),
    (
        "units with too many decimals",
        {"current": "user_id,service_id,units\nann,home_care,0.3333\n"},
        ("current.csv", 2, "units", "too-many-decimals"),
    ),
    (
        "a service nobody knows",
        {"current": "user_id,service_id,units\nann,homecare,9\n"},
        ("current.csv", 2, "service_id", "unknown-service"),
    ),
    (
        "a cost without units",
        {"current": "user_id,service_id,units,recorded_cost\nann,home_care,0,12\n"},
        ("current.csv", 2, "units", "cost-without-units"),
    ),
    (
        "an outcome of a person twice",
        {"needs": "user_id,outcome,severity\nann,hygiene,2\nann,hygiene,2\n"},
        ("needs.csv", 3, "outcome", "duplicate-need"),
    ),
    (
        "a yes that is none",
        {"needs": "user_id,outcome,severity,basic\nann,hygiene,2,perhaps\n"},
        ("needs.csv", 2, "basic", "yes-or-no"),
    ),
    (
        "unpaid care of more than the need",
        {"needs": "user_id,outcome,severity,informal\nann,hygiene,2,1.5\n"},
        ("needs.csv", 2, "informal", "too-large"),
    ),
    (
        "an outcome that was not expected",
        {
            "needs": "user_id,outcome,severity\nann,joy,1\n",
            "points": "outcome,severity,points\njoy,1,2\n",
            "reckoner": "outcome,severity,service_id,units,reach\njoy,1,day_centre,1,1\n",
        },
        ("points.csv", 0, "outcome", "unexpected-outcome"),
    ),
    (
        "points of a level twice",
        {"points": "outcome,severity,points\nhygiene,2,6\nrelationships,1,3\nhygiene,2,7\n"},
        ("points.csv", 4, "severity", "duplicate-level"),
    ),
    (
        "a price twice",
        {"services": SERVICES + "home_care,21,0.5,no\n"},
        ("services.csv", 4, "service_id", "duplicate-service"),
    ),
    (
        "a step of nothing",
        {"services": SERVICES.replace("20,0.5", "20,0")},
        ("services.csv", 2, "step", "no-step"),
    ),
    (
        "a price by client group without the column",
        {"services": "service_id,unit_cost,client_group\nhome_care,20,old\nday_centre,40,\n"},
        ("services.csv", 2, "client_group", "no-group-column"),
    ),
    (
        "a client group without a price",
        {
            "users": "user_id,client_group\nann,old\n",
            "services": "service_id,unit_cost,client_group\nhome_care,20,young\nday_centre,40,\n",
        },
        ("services.csv", 0, "client_group", "no-price"),
    ),
    (
        "a swap to itself",
        {"swaps": "from,to,rate\nhome_care,home_care,1\n"},
        ("swaps.csv", 2, "to", "swap-to-itself"),
    ),
    (
        "a swap for nothing",
        {"swaps": "from,to,rate\nhome_care,day_centre,0\n"},
        ("swaps.csv", 2, "rate", "no-rate"),
    ),
    (
        "a swap under a name that is taken",
        {"swaps": "from,to,rate,package_id\nhome_care,day_centre,1,full\n"},
        ("swaps.csv", 2, "package_id", "taken-name"),
    ),
    (
        "parts that are no percentages",
        {"swaps": "from,to,rate,parts\nhome_care,day_centre,1,half\n"},
        ("swaps.csv", 2, "parts", "bad-parts"),
    ),
    (
        "a template under a name that is taken",
        {"templates": "template_id,service_id,units\nbasic,home_care,1\n"},
        ("templates.csv", 2, "template_id", "taken-name"),
    ),
    (
        "a service twice in a template",
        {"templates": "template_id,service_id,units\na,home_care,1\na,home_care,2\n"},
        ("templates.csv", 3, "service_id", "duplicate-service"),
    ),
    (
        "a contribution of a stranger",
        {"contributions": "user_id,amount\nbob,5\n"},
        ("contributions.csv", 2, "user_id", "unknown-user"),
    ),
    (
        "a contribution twice",
        {"contributions": "user_id,amount\nann,5\nann,6\n"},
        ("contributions.csv", 3, "user_id", "duplicate-user"),
    ),
    (
        "a ledger for another period",
        {"ledger": "service_id,cost,period\nhome_care,9360,year\n"},
        ("ledger.csv", 2, "period", "other-period"),
    ),
    (
        "a service of the ledger that nobody knows",
        {"ledger": "service_id,cost\nhomecare,180\n"},
        ("ledger.csv", 2, "service_id", "unknown-service"),
    ),
    (
        "a setting nobody knows",
        {"build.toml": 'cost_curent = "list"\n'},
        ("build.toml", 0, "cost_curent", "unknown-key"),
    ),
    (
        "a setting of another kind",
        {"build.toml": 'cost_current = "spent"\n'},
        ("build.toml", 0, "cost_current", "bad-value"),
    ),
    (
        "a budget that is a year's",
        {"scenario.toml": 'schema_version = 1\nname = "x"\nbudget = 9360\n'},
        ("scenario.toml", 0, "budget", "yearly-budget"),
    ),
    (
        "two periods",
        {
            "scenario.toml": 'schema_version = 1\nname = "x"\nbudget = 9\nperiod = "year"\n',
            "build.toml": 'period = "week"\n',
        },
        ("scenario.toml", 0, "period", "two-periods"),
    ),
    (
        "a missing budget that nothing stands for",
        {"scenario.toml": 'schema_version = 1\nname = "x"\n', "current": None},
        ("scenario.toml", 0, "budget", "no-budget"),
    ),
    (
        "evidence that the tables do not give",
        {"build.toml": 'evidence = "B"\n'},
        ("build.toml", 0, "evidence", "no-evidence"),
    ),
    (
        "an outcome that stands for all",
        {
            "points": "outcome,severity,points\nhygiene,2,6\nrelationships,1,3\n*,1,3\n",
            "response": "outcome,support,met\n*,0.5,0.75\n",
        },
        ("points.csv", 4, "outcome", "taken-name"),
    ),
    (
        "a service that is called contributions",
        {"services": SERVICES + "contributions,1,1,no\n"},
        ("services.csv", 4, "service_id", "taken-name"),
    ),
    ("a missing table", {"points": None}, ("points.csv", 0, "", "missing-file")),
    ("no needs of any kind", {"needs": None}, ("needs.csv", 0, "", "missing-file")),
    ("a misnamed table", {"needs": None, "neds": "a\n1\n"}, ("neds.csv", 0, "", "misnamed-file")),
    ("a missing scenario", {"scenario.toml": None}, ("scenario.toml", 0, "", "missing-file")),
]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [(tables, expected) for _, tables, expected in CASES],
    ids=[name.replace(" ", "_") for name, _, _ in CASES],
)
def test_a_fault_is_found_at_its_place(
    faults: Faults, tables: dict[str, str | None], expected: tuple[str, int, str, str]
) -> None:
    found = [(item.file, item.row, item.column, item.code) for item in faults(**tables)]

    assert expected in found


@pytest.mark.parametrize("other", ["home", "second_home"])
def test_two_care_homes_at_once_are_a_fault_in_current_and_in_templates(
    faults: Faults, other: str
) -> None:
    services = SERVICES + "home,500,1,yes\nsecond_home,600,1,yes\n"
    first = "second_home" if other == "home" else "home"
    current = f"user_id,service_id,units\nann,{first},1\nann,{other},1\n"
    templates = f"template_id,service_id,units\na,{first},1\na,{other},1\n"
    found = faults(services=services, current=current, templates=templates)

    assert [(item.file, item.row) for item in found if item.code == "two-that-replace-all"] == [
        ("current.csv", 3),
        ("templates.csv", 3),
    ]


def test_a_service_beside_a_care_home_is_announced(faults: Faults) -> None:
    found = faults(
        services=SERVICES + "home,500,1,yes\n",
        current="user_id,service_id,units\nann,home,1\nann,home_care,1\n",
    )

    assert [(item.code, item.row, item.severity) for item in found] == [
        ("beside-replaces-all", 3, "warning")
    ]


def test_faults_of_all_tables_are_found_in_one_pass(faults: Faults) -> None:
    found = faults(
        needs="user_id,outcome,severity\nann,hygiene,9\n",
        reckoner=RECKONER + "hygiene,2,day_centre,1,7\n",
        services=SERVICES + "home_care,9,1,no\n",
        current="user_id,service_id,units\nann,home_care,-1\n",
        response="outcome,support,met\n*,0.5,0.7\n*,0.6,0.5\n",
        build__toml="no = 1\n",
    )

    assert {item.file for item in found} == {
        "needs.csv",
        "reckoner.csv",
        "services.csv",
        "current.csv",
        "response.csv",
        "build.toml",
    }


def test_points_below_every_band_are_a_fault(faults: Faults) -> None:
    found = faults(
        needs=None,
        users="user_id,points\nann,4\n",
        points="outcome,severity,points\ntotal,a,5\ntotal,b,5\n",
        reckoner="outcome,severity,service_id,units,reach\ntotal,a,home_care,3,1\n"
        "total,b,home_care,3,1\n",
    )

    assert {(item.file, item.row, item.code) for item in found} >= {
        ("users.csv", 2, "below-bands"),
        ("points.csv", 3, "same-band"),
    }


def test_total_points_need_tables_of_the_total(faults: Faults) -> None:
    found = faults(needs=None, users="user_id,points\nann,4\n")

    assert [item.code for item in found] == ["no-total"]


def test_tables_that_weaker_evidence_does_not_use_are_announced(faults: Faults) -> None:
    found = faults(
        users="user_id,points\nann,9\n",
        swaps="from,to,rate\nhome_care,day_centre,1\n",
        build__toml='evidence = "C"\n',
    )

    assert [(item.file, item.code, item.severity) for item in found] == [
        (file, "not-used", "warning")
        for file in ("needs.csv", "points.csv", "reckoner.csv", "swaps.csv")
    ]


def test_yes_and_no_of_another_type_are_not_taken_for_nothing(write: Write) -> None:
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    folder = write()
    services = pd.read_csv(folder / "services.csv")
    services["replaces_all"] = [False, True]
    services.to_parquet(folder / "services.parquet")
    (folder / "services.csv").unlink()
    _, findings = examine_council(folder)

    assert [(item.column, item.code) for item in findings] == [("replaces_all", "wrong-type")]


def test_a_folder_that_is_none_is_a_fault(tmp_path: Path) -> None:
    council, findings = examine_council(tmp_path / "nowhere")

    assert council is None
    assert [item.code for item in findings] == ["no-folder"]


def test_reading_stops_with_every_fault(write: Write) -> None:
    with pytest.raises(InputError, match="2 faults") as raised:
        read_council(
            write(
                swaps="from,to,rate\nhome_care,home_care,0\n",
            )
        )

    assert len(raised.value.findings) == 2
