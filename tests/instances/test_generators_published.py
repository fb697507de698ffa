"""A council from published tables: its own figures, what stands in for odd ones, bad files."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from metneed.instances.generators import generate
from metneed.instances.generators.council_figures import Figures, england, is_odd
from metneed.instances.generators.council_profile import CLIENT_GROUPS, profile
from metneed.instances.generators.published import council_figures
from metneed.models.errors import InputError, OptionError, UnknownNameError

PUBLISHED = Path(__file__).parents[2].parent / "shared" / "data" / "asc-england-2013-14"
needs_published = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason=f"the published tables are not at {PUBLISHED.name}"
)

COST_HEADING = "area,client_group,service,per,denominator_units,unit_cost_gbp"
CLIENT_HEADING = "area,client_group,service,clients_or_units,measure"


def cost_rows(**changed: str) -> list[str]:
    """England's unit costs as those of Testshire, but for the cells that are changed."""
    return [
        f"Testshire,{group},{service},{per},5200,"
        + changed.get(f"{service}_{per}".replace("-", "_"), str(cost))
        for (group, service, per), cost in england().unit_costs.items()
    ]


def client_rows(residents: int = 200) -> list[str]:
    rows = [
        f"Testshire,{group},{service},{count},clients at 31 March"
        for group in CLIENT_GROUPS
        for service, count in (
            ("home_care", 100),
            ("direct_payment", 50),
            ("day_care", 25),
            ("residential_or_nursing", residents),
        )
    ]
    hours = (("own_provision", 2000), ("by_others", 6000))
    return rows + [
        f"Testshire,all adults,home_care_hours_{who},{count},units during year"
        for who, count in hours
    ]


def written(folder: Path, costs: list[str], clients: list[str]) -> tuple[Path, Path]:
    paths = folder / "costs.csv", folder / "people.csv"
    paths[0].write_text("\n".join([COST_HEADING, *costs, ""]), encoding="utf-8")
    paths[1].write_text("\n".join([CLIENT_HEADING, *clients, ""]), encoding="utf-8")
    return paths


def figures(folder: Path, costs: list[str], clients: list[str]) -> Figures:
    return council_figures(*written(folder, costs, clients), "Testshire")


def faults(folder: Path, costs: list[str], clients: list[str]) -> list[str]:
    with pytest.raises(InputError) as caught:
        figures(folder, costs, clients)
    return [str(finding) for finding in caught.value.findings]


def test_a_complete_council_keeps_all_its_figures(tmp_path: Path) -> None:
    council = figures(tmp_path, cost_rows(), client_rows())
    assert council.unit_costs == england().unit_costs
    assert council.own_provision == 250
    assert len(council.notes) == 1


def test_prices_follow_from_the_unit_costs(tmp_path: Path) -> None:
    council = figures(
        tmp_path,
        cost_rows(
            home_care_hour="20.0", home_care_by_others_hour="18.5", day_care_client_week="100"
        ),
        client_rows(),
    )
    prices = dict(zip(profile().services, council.prices()[0].tolist(), strict=True))
    assert prices["home_care"] == 1850
    assert prices["home_care_own"] == 3910
    # Nought point 729 of 20.00; 100.00 a week over 2 sessions.
    assert prices["direct_payment"] == 1458
    assert prices["day_care"] == 5000
    assert prices["residential"] == 53_820


def test_clients_who_have_twice_the_hours_get_twice_the_package(tmp_path: Path) -> None:
    doubled = figures(
        tmp_path, cost_rows(home_care_client_week="385.6"), client_rows()
    ).today_percent()
    assert doubled[0, 0] == 2 * england().today_percent()[0, 0]
    assert doubled[0, 1] == england().today_percent()[0, 1]


def test_residents_are_split_by_the_weeks_paid_for(tmp_path: Path) -> None:
    costs = [row.replace(",5200,", ",15600,") if ",nursing," in row else row for row in cost_rows()]
    people = figures(tmp_path, costs, client_rows()).clients
    assert (people["65+", "residential"], people["65+", "nursing"]) == (50, 150)


def test_residents_counted_in_weeks_are_found_out(tmp_path: Path) -> None:
    council = figures(tmp_path, cost_rows(), client_rows(residents=10_400))
    assert council.clients["65+", "residential"] + council.clients["65+", "nursing"] == 200
    assert any("10,400 residents do not agree" in note for note in council.notes)


def test_residents_without_weeks_are_split_as_in_england(tmp_path: Path) -> None:
    costs = [row for row in cost_rows() if ",week," not in row]
    council = figures(tmp_path, costs, client_rows())
    assert council.clients["65+", "nursing"] == round(200 * 54509 / (54509 + 126294))
    assert any("nursing care has England's share" in note for note in council.notes)


@pytest.mark.parametrize("odd", ["0.0", "4.29", "68.81"])
def test_an_odd_unit_cost_is_replaced_by_englands_with_a_note(tmp_path: Path, odd: str) -> None:
    council = figures(tmp_path, cost_rows(home_care_hour=odd), client_rows())
    assert council.unit_costs["all adults", "home_care", "hour"] == Decimal("17.2")
    assert [note for note in council.notes if "home_care, hour" in note and "17.20" in note]


@pytest.mark.parametrize("plain", ["4.3", "68.8"])
def test_a_unit_cost_just_within_four_times_englands_is_kept(tmp_path: Path, plain: str) -> None:
    council = figures(tmp_path, cost_rows(home_care_hour=plain), client_rows())
    assert council.unit_costs["all adults", "home_care", "hour"] == Decimal(plain)


def test_nought_is_odd_and_four_times_is_not() -> None:
    assert is_odd(Decimal(0), Decimal(1))
    assert not is_odd(Decimal(4), Decimal(1))
    assert is_odd(Decimal("4.01"), Decimal(1))


def test_a_missing_unit_cost_is_replaced_by_englands_with_a_note(tmp_path: Path) -> None:
    costs = [row for row in cost_rows() if "65+,day_care" not in row]
    council = figures(tmp_path, costs, client_rows())
    assert council.unit_costs["65+", "day_care", "client-week"] == Decimal("137.6")
    assert any("65+, day_care, client-week: no unit cost" in note for note in council.notes)


def test_a_price_that_nobody_needs_is_not_noted(tmp_path: Path) -> None:
    costs = [row for row in cost_rows() if "mental health" not in row and "own_prov" not in row]
    clients = [
        row.replace("own_provision,2000", "own_provision,0")
        for row in client_rows()
        if "mental health" not in row
    ]
    notes = figures(tmp_path, costs, clients).notes
    assert not [note for note in notes if "own_provision" in note or "mental health, " in note]
    assert [note for note in notes if "mental health: no number of home_care clients" in note]


def test_missing_home_care_hours_are_noted(tmp_path: Path) -> None:
    clients = [row for row in client_rows() if "home_care_hours" not in row]
    council = figures(tmp_path, cost_rows(), clients)
    assert council.own_provision == england().own_provision
    assert any("7.9 %" in note for note in council.notes)


def test_users_are_the_clients_as_they_are_or_scaled(tmp_path: Path) -> None:
    costs, clients = written(tmp_path, cost_rows(), client_rows())
    options = {"unit_costs": costs, "clients": clients, "council": "Testshire"}
    whole = generate("council", seed=1, **options)
    assert len(whole.tables["users"]["user_id"]) == 4 * 375
    assert whole.scenario["name"] == "Testshire 1500 seed 1"
    assert len(generate("council", users=77, seed=1, **options).tables["users"]["user_id"]) == 77


def test_an_unknown_council_is_refused_with_the_nearest(tmp_path: Path) -> None:
    paths = written(tmp_path, cost_rows(), client_rows())
    with pytest.raises(UnknownNameError, match="did you mean Testshire"):
        council_figures(*paths, "Tetshire")


def test_a_council_without_clients_is_refused(tmp_path: Path) -> None:
    clients = ["Testshire,65+,home_care,0,clients at 31 March"]
    costs = [row for row in cost_rows() if ",week," not in row]
    with pytest.raises(OptionError, match=r"people\.csv has no clients of Testshire"):
        figures(tmp_path, costs, clients)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"council": "Testshire"}, "both options unit_costs and clients"),
        ({"council": "Testshire", "clients": "a.csv"}, "both options unit_costs and clients"),
        ({"clients": "a.csv"}, "name the council"),
    ],
)
def test_half_of_the_options_of_a_real_council_is_refused(
    options: dict[str, str], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        generate("council", users=5, **options)


def test_faults_of_both_files_are_found_in_one_pass(tmp_path: Path) -> None:
    costs = [row.replace("533.8", "533,8") for row in cost_rows()]
    clients = [*client_rows(), "Testshire,65+"]
    found = faults(tmp_path, costs, clients)
    assert found[0].startswith("costs.csv, row 2: 7 cells stand under 6 headings")
    assert found[1].startswith("people.csv, row 20: 2 cells stand under 5 headings")


def test_text_in_the_place_of_a_number_is_found(tmp_path: Path) -> None:
    costs, clients = cost_rows(home_care_hour="about 17"), client_rows()
    clients[0] = clients[0].replace(",100,", ",-100,")
    found = faults(tmp_path, costs, clients)
    assert "costs.csv, row 10, column unit_cost_gbp: 'about 17': is not a plain number" in found[0]
    assert "people.csv, row 2, column clients_or_units: '-100'" in found[1]


def test_the_same_row_twice_is_found(tmp_path: Path) -> None:
    clients = client_rows()
    found = faults(tmp_path, cost_rows(), [*clients, clients[0]])
    assert "row 20" in found[0]
    assert "second row of 65+, home_care" in found[0]


def test_faults_of_other_councils_do_not_matter(tmp_path: Path) -> None:
    others = ["Elsewhere,65+,home_care,many,clients at 31 March"]
    assert figures(tmp_path, cost_rows(), client_rows() + others).area == "Testshire"


def test_missing_columns_are_named_and_what_the_heading_must_be(tmp_path: Path) -> None:
    costs, clients = written(tmp_path, cost_rows(), client_rows())
    clients.write_text("area,group\nTestshire,65+\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column client_group and no column service"):
        council_figures(costs, clients, "Testshire")


def test_an_empty_file_lacks_its_heading(tmp_path: Path) -> None:
    costs, clients = written(tmp_path, cost_rows(), client_rows())
    costs.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="no column area"):
        council_figures(costs, clients, "Testshire")


def test_a_council_in_one_file_only_is_found(tmp_path: Path) -> None:
    others = [row.replace("Testshire", "Elsewhere") for row in client_rows()]
    found = faults(tmp_path, cost_rows(), others)
    assert "people.csv, column area: there is no row of Testshire" in found[0]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    costs, _ = written(tmp_path, cost_rows(), client_rows())
    with pytest.raises(InputError, match=r"nowhere\.csv: the file cannot be read"):
        council_figures(costs, tmp_path / "nowhere.csv", "Testshire")


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    costs, clients = written(tmp_path, cost_rows(), client_rows())
    clients.write_bytes(CLIENT_HEADING.encode() + b"\n\xff\xfe,,,,\n")
    with pytest.raises(InputError, match="not text in UTF-8"):
        council_figures(costs, clients, "Testshire")


def test_a_cell_that_never_ends_is_no_csv(tmp_path: Path) -> None:
    costs, clients = written(tmp_path, cost_rows(), client_rows())
    clients.write_text(CLIENT_HEADING + "\n" + "x" * 200_000 + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="the file is no CSV"):
        council_figures(costs, clients, "Testshire")


def published_spending(council: str) -> int:
    """Pounds a year, from the published numerators."""
    services = {"residential_or_nursing": "week"} | dict.fromkeys(
        ("home_care", "direct_payment", "day_care"), "client-week"
    )
    with (PUBLISHED / "unit_costs.csv").open(encoding="utf-8", newline="") as file:
        return 1000 * sum(
            int(row["numerator_gbp_thousand"])
            for row in csv.DictReader(file)
            if row["area"] == council
            and row["client_group"] in CLIENT_GROUPS
            and services.get(row["service"]) == row["per"]
        )


@needs_published
@pytest.mark.parametrize("council", ["Hampshire", "Dudley", "Islington", "Sefton"])
def test_a_real_council_costs_about_what_it_published(council: str) -> None:
    generated = generate(
        "council",
        seed=1,
        unit_costs=PUBLISHED / "unit_costs.csv",
        clients=PUBLISHED / "clients.csv",
        council=council,
        new_users=0,
        off_menu=0,
    )
    today = int(generated.tables["previous"]["cost"].sum()) * 52 / 100
    assert abs(today / published_spending(council) - 1) < 0.1


@needs_published
def test_every_published_council_can_be_made_without_its_odd_figures() -> None:
    with (PUBLISHED / "clients.csv").open(encoding="utf-8", newline="") as file:
        councils = sorted({row["area"] for row in csv.DictReader(file)})
    for council in ["City of London", "Isles of Scilly", *councils[::25]]:
        made = council_figures(PUBLISHED / "unit_costs.csv", PUBLISHED / "clients.csv", council)
        for key, cost in made.unit_costs.items():
            assert not is_odd(cost, england().unit_costs[key])
        assert made.prices().min() > 0
