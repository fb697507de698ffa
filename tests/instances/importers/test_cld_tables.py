from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metneed.instances.importers import import_extract
from metneed.models.errors import InputError, OutputError

FREQUENCY, PLANNED = "Cost Frequency (Unit Type)", "Planned units per week"
HOME = {
    "Service Type": "Long Term Support: Residential Care",
    "Service Component": "Long Term Residential Care",
    FREQUENCY: "Weekly",
    PLANNED: "",
}
CASH = {"Delivery Mechanism": "Direct Payment", FREQUENCY: "4-weekly", PLANNED: ""}


def current(extract: Any, *rows: Any, **options: Any) -> list[tuple[str, str, str, str]]:
    extract.write(list(rows))
    return [
        (each["user_id"], each["service_id"], each["units"], each["recorded_cost"])
        for each in extract.table(extract.run(**options), "current")
    ]


def prices(extract: Any, made: Any) -> dict[tuple[str, str], str]:
    return {
        (each["service_id"], each["client_group"]): each["unit_cost"]
        for each in extract.table(made, "services")
    }


def test_hours_are_hours_and_cost_what_the_row_says(extract: Any, row: Any) -> None:
    assert current(extract, row()) == [("ann", "home_care", "9.000", "180.00")]


@pytest.mark.parametrize(
    ("paid", "weekly"),
    [
        (("800", "Weekly", "1"), "800.00"),
        (("3200", "4-weekly", "0.25"), "800.00"),
        (("3466.67", "Monthly", "0.23"), "800.00"),
        (("10400", "Quarterly", ""), "800.00"),
        (("41600", "Annually", ""), "800.00"),
        (("114.29", "Daily", "7"), "800.03"),
    ],
)
def test_a_care_home_is_one_week_of_it_however_it_is_paid(
    extract: Any, row: Any, paid: tuple[str, str, str], weekly: str
) -> None:
    cells = HOME | dict(zip(("Unit Cost", FREQUENCY, PLANNED), paid, strict=True))

    assert current(extract, row("ann", cells)) == [("ann", "residential", "1.000", weekly)]


def test_a_care_home_for_five_days_is_no_week_of_it(extract: Any, row: Any) -> None:
    five = row("ann", HOME | {"Unit Cost": "100", FREQUENCY: "Daily", PLANNED: "5"})

    assert extract.fates([five]) == {"used": 0, "unit-disagrees": 1}


def test_direct_payments_are_counted_in_pounds(extract: Any, row: Any) -> None:
    paid = row("ann", CASH | {"Unit Cost": "500.02"})

    assert current(extract, paid) == [("ann", "direct_payment", "125.010", "125.01")]


def test_hours_paid_by_the_week_are_what_the_cost_buys_and_are_marked(
    extract: Any, row: Any
) -> None:
    by_week = row("bob", {"Unit Cost": "190.00", FREQUENCY: "Weekly", PLANNED: ""})
    extract.write([row(), by_week])
    rows = extract.table(extract.run(), "current")

    assert [(r["units"], r["recorded_cost"], r["assumed"]) for r in rows] == [
        ("9.000", "180.00", "no"),
        ("9.500", "190.00", "yes"),
    ]


def test_without_any_price_by_the_unit_a_service_is_counted_in_pounds(
    extract: Any, row: Any
) -> None:
    by_week = {FREQUENCY: "Weekly", PLANNED: ""}
    extract.write([row("ann", by_week | {"Unit Cost": "190.00"})])
    made = extract.run()

    assert extract.table(made, "current")[0]["units"] == "190.000"
    assert prices(extract, made) == {("home_care", "*"): "1.00"}
    assert any("counted in pounds" in note for note in made.notes)


def test_a_price_is_the_lower_median_of_what_is_paid(extract: Any, row: Any) -> None:
    rows = [row(f"p{i}", {"Unit Cost": str(cost)}) for i, cost in enumerate([30, 18, 20, 21])]
    extract.write(rows)

    assert prices(extract, extract.run()) == {("home_care", "*"): "20.00"}


def test_a_client_group_has_its_own_price_from_ten_rows_on(extract: Any, row: Any) -> None:
    young = {"Date of Birth": "1990-01-01", "Primary Support Reason": "Learning Disability Support"}
    rows = [row(f"a{i}", {"Unit Cost": "20"}) for i in range(10)]
    rows += [row(f"b{i}", young | {"Unit Cost": "30"}) for i in range(9)]
    extract.write(rows)
    nine = prices(extract, extract.run())
    extract.write([*rows, row("b9", young | {"Unit Cost": "30"})])
    ten = prices(extract, extract.run())

    group = "18-64 learning disability"
    assert nine == {("home_care", "65+"): "20.00", ("home_care", group): "20.00"}
    assert ten == {("home_care", "65+"): "20.00", ("home_care", group): "30.00"}


@pytest.mark.parametrize(
    ("born", "reason", "expected"),
    [
        ("31/03/1960", "Learning Disability Support", ("65+", "65-74")),
        ("01/04/1960", "Learning Disability Support", ("18-64 learning disability", "45-64")),
        ("01/01/1980", "mental health  support", ("18-64 mental health", "45-64")),
        ("01/01/1990", "", ("18-64 reason not known", "25-44")),
        ("01/01/2010", "Mental Health Support", ("under 18", "under 18")),
        ("", "Mental Health Support", ("age not known", "not known")),
        ("31/02/1960", "Mental Health Support", ("age not known", "not known")),
        ("01/01/2030", "Mental Health Support", ("age not known", "not known")),
    ],
)
def test_client_group_and_age_band_follow_from_age_on_the_day_and_reason(
    extract: Any, row: Any, born: str, reason: str, expected: tuple[str, str]
) -> None:
    extract.write([row("ann", {"Date of Birth": born, "Primary Support Reason": reason})])
    user = extract.table(extract.run(), "users")[0]

    assert (user["client_group"], user["age_band"]) == expected


def test_the_first_known_value_of_a_person_holds_and_contradictions_are_told(
    extract: Any, row: Any
) -> None:
    day = {"Service Component": "Day Support", FREQUENCY: "Per session", PLANNED: "1"}
    extract.write(
        [
            row("ann", {"Date of Birth": "", "Locality": "North"}),
            row("ann", day | {"Date of Birth": "01/01/1950", "Locality": "South"}),
        ]
    )
    made = extract.run()
    user = extract.table(made, "users")[0]

    assert (user["age_band"], user["locality"]) == ("75-84", "North")
    assert [note for note in made.notes if "more than one Locality" in note]
    assert not [note for note in made.notes if "more than one Date of Birth" in note]


def test_people_whose_service_is_set_aside_stay_users_and_are_marked(
    extract: Any, row: Any
) -> None:
    day = {"Service Component": "Day Support", FREQUENCY: "Per session", PLANNED: "1"}
    no_cost = {"Unit Cost": ""}
    extract.write([row("ann"), row("bob", no_cost), row("cid"), row("cid", day | no_cost)])
    made = extract.run()

    assert [(u["user_id"], u["today"]) for u in extract.table(made, "users")] == [
        ("ann", "known"),
        ("bob", "not known"),
        ("cid", "part not known"),
    ]
    assert [r["user_id"] for r in extract.table(made, "current")] == ["ann", "cid"]


def test_people_without_a_service_on_the_day_are_no_users(extract: Any, row: Any) -> None:
    ended = row("bob", {"Event End Date": "2025-01-01"})
    once = row("cid", {FREQUENCY: "One-off"})
    extract.write([row(), ended, once])
    made = extract.run()

    assert [u["user_id"] for u in extract.table(made, "users")] == ["ann"]
    assert {t.code: t.rows for t in made.tallies["points.csv"]} == {"used": 1, "no-service": 2}


def test_unknown_codes_that_describe_people_are_told(extract: Any, row: Any) -> None:
    odd = {"Primary Support Reason": "Gout", "Has Unpaid Carer": "maybe"}
    extract.write([row("ann", odd | {"Date of Birth": "1990-01-01"}), row("bob")])
    made = extract.run()

    assert extract.table(made, "users")[0]["client_group"] == "18-64 reason not known"
    assert "1 rows have an unknown Primary Support Reason, such as 'Gout'" in made.notes
    assert "1 rows have an unknown Has Unpaid Carer, such as 'maybe'" in made.notes


def test_a_day_outside_the_reporting_period_is_told(extract: Any, row: Any) -> None:
    period = {
        "Reporting Period Start Date": "01/04/2024",
        "Reporting Period End Date": "30/06/2024",
    }
    extract.write([row("ann", period)])

    assert any("lies outside the reporting period" in note for note in extract.run().notes)
    assert not any("outside" in note for note in extract.run(on=date(2024, 5, 1)).notes)


def test_two_files_of_one_name_are_both_told(extract: Any, row: Any) -> None:
    extract.write([row()])
    (extract.folder / "more").mkdir()
    points = extract.folder / "more" / "return.csv"
    (extract.folder / "points.csv").rename(points)
    made = import_extract("cld", extract.folder / "return.csv", points, date(2025, 3, 31))

    assert list(made.tallies) == ["return.csv", "return.csv (points)"]
    digests = [each["sha256"] for each in made.record["inputs"].values()]  # type: ignore[attr-defined]
    assert len(set(digests)) == 2


def test_one_off_costs_are_told_once_and_not_by_the_week(extract: Any, row: Any) -> None:
    once = {FREQUENCY: "One-off", "Unit Cost": "145.50"}
    carer = once | {"Client Type": "Carer"}
    extract.write([row("ann"), row("ann", once), row("bob", carer)])
    made = extract.run()

    assert {t.code: t.cost for t in made.tallies["return.csv"]} == {
        "used": 180_00,
        "carer": 0,
        "one-off": 145_50,
    }
    assert made.record["one_off_pounds"] == "145.50"


def test_a_file_that_cannot_be_opened_is_a_finding(extract: Any, row: Any) -> None:
    extract.write([row()])
    (extract.folder / "points.csv").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        extract.run()


def test_a_faulty_price_list_is_a_finding(extract: Any, row: Any, tmp_path: Path) -> None:
    text = "service_id,unit,unit_cost\nhome_care,hour,£25\n"
    (tmp_path / "services.csv").write_text(text, encoding="utf-8")
    extract.write([row()])
    with pytest.raises(InputError, match=r"services\.csv, row 2, column unit_cost"):
        extract.run(tables=tmp_path)


def test_another_day_has_other_services(extract: Any, row: Any) -> None:
    rows = [row("ann", {"Event End Date": "2025-01-01"}), row("bob")]

    assert [name for name, *_ in current(extract, *rows)] == ["bob"]
    assert [name for name, *_ in current(extract, *rows, on=date(2025, 1, 1))] == ["ann", "bob"]


def test_personal_columns_never_reach_any_file(extract: Any, row: Any) -> None:
    secret = {"NHS Number": "9996543210", "First Name": "Zebedee", "Postcode": "ZZ99 9ZZ"}
    rows = [row("ann", secret), row("bob", secret | {"Unit Cost": ""})]
    extract.write(rows)
    made = extract.run()
    made.write(extract.folder / "council")
    texts = [path.read_text(encoding="utf-8") for path in (extract.folder / "council").iterdir()]

    assert not any(word in text for word in secret.values() for text in texts)
    assert not any("1940" in text for text in texts)
    assert "dropped unread: NHS Number, First Name, Postcode" in made.notes


def test_odd_rows_name_their_place_reason_and_pounds(extract: Any, row: Any) -> None:
    extract.write([row(), row("bob", {FREQUENCY: "Weekly"})])
    odd = extract.table(extract.run(), "odd_rows")

    assert [(o["file"], o["row"], o["user_id"], o["pounds_a_week"]) for o in odd] == [
        ("return.csv", "3", "bob", "20.00")
    ]
    assert odd[0]["reason"] == "planned units and cost frequency disagree"
    assert odd[0]["remedy"]


@pytest.mark.parametrize(
    ("cells", "meant"),
    [
        ({"Event Type": "Servise"}, "'Service'"),
        ({"Client Type": "Servce User"}, "'Service User'"),
        ({"Service Type": "Long Term Suport: Comunity"}, "'Long Term Support: Community'"),
        ({FREQUENCY: "Houry"}, "'Hourly'"),
        ({"Service Component": "Home Suport"}, "'Home Support'"),
    ],
)
def test_the_remedy_of_an_unknown_code_asks_for_the_nearest(
    extract: Any, row: Any, cells: dict[str, str], meant: str
) -> None:
    extract.write([row(), row("bob", cells)])

    assert extract.table(extract.run(), "odd_rows")[0]["remedy"].endswith(f"Did you mean {meant}?")


def test_the_council_s_own_price_list_governs_prices_and_units(
    extract: Any, row: Any, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "services.csv").write_text(
        "service_id,unit,unit_cost,client_group,colour\n"
        "home_care,hour,25.00,,\nhome_care,hour,38.00,65+,blue\n",
        encoding="utf-8",
    )
    (own / "reckoner.csv").write_text("outcome,severity\n", encoding="utf-8")
    by_week = {"Unit Cost": "190.00", FREQUENCY: "Weekly", PLANNED: ""}
    extract.write([row("ann", by_week), row("bob", CASH)])
    made = extract.run(tables=own)

    assert extract.table(made, "current")[0]["units"] == "5.000"
    assert [(s["service_id"], s["unit_cost"]) for s in extract.table(made, "services")] == [
        ("home_care", "25.00"),
        ("home_care", "38.00"),
        ("direct_payment", "1.00"),
    ]
    assert (tmp_path / "council" / "reckoner.csv").read_bytes() == (
        own / "reckoner.csv"
    ).read_bytes()


def test_a_client_group_without_a_price_in_the_own_list_is_set_aside(
    extract: Any, row: Any, tmp_path: Path
) -> None:
    (tmp_path / "services.csv").write_text(
        "service_id,unit,unit_cost,client_group\nhome_care,hour,25.00,18-64\n", encoding="utf-8"
    )
    extract.write([row("ann", {FREQUENCY: "Weekly", PLANNED: ""})])
    made = extract.run(tables=tmp_path)

    assert {t.code: t.rows for t in made.tallies["return.csv"]} == {"used": 0, "no-price": 1}


def test_a_second_import_into_the_same_folder_keeps_an_edited_scenario(
    extract: Any, row: Any
) -> None:
    extract.write([row()])
    made = extract.run()
    made.write(extract.folder / "council")
    scenario = extract.folder / "council" / "scenario.toml"
    scenario.write_text("budget = 1\n", encoding="utf-8")
    made.write(extract.folder / "council")

    assert scenario.read_text(encoding="utf-8") == "budget = 1\n"


def test_tables_that_would_mix_with_an_import_are_refused(extract: Any, row: Any) -> None:
    extract.write([row()])
    folder = extract.folder / "council"
    folder.mkdir()
    (folder / "needs.csv").write_text("mine\n", encoding="utf-8")

    with pytest.raises(OutputError, match=r"needs\.csv"):
        extract.run().write(folder)
    assert (folder / "needs.csv").read_text(encoding="utf-8") == "mine\n"


def test_the_same_return_in_another_order_gives_the_same_tables(extract: Any, row: Any) -> None:
    rows = [
        row("cid"),
        row("ann", HOME | {"Unit Cost": "800"}),
        row("bob", CASH | {"Unit Cost": "500"}),
        row("bob", {FREQUENCY: "Weekly", PLANNED: "4"}),
    ]
    tables = []
    for order in (rows, rows[::-1]):
        extract.write(order)
        made = extract.run()
        tables.append([extract.table(made, name) for name in ("users", "current", "services")])

    assert tables[0] == tables[1]


def test_a_return_without_a_used_row_gives_empty_tables(extract: Any, row: Any) -> None:
    extract.write([row("ann", {"Event Type": "Review"})])
    made = extract.run()

    assert extract.table(made, "current") == []
    assert extract.table(made, "users") == []


def test_a_folder_without_own_tables_is_a_finding(extract: Any, row: Any, tmp_path: Path) -> None:
    extract.write([row()])
    (tmp_path / "nothing").mkdir()
    with pytest.raises(InputError, match="none of a council's own tables"):
        extract.run(tables=tmp_path / "nothing")
