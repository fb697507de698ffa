"""Health benefits packages: the table of interventions and its limits."""

import csv
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from metneed.instances.importers.hbp_limits import read_limits
from metneed.models.instance import Instance

HEADINGS = (
    "code,category,intervention,dalys_averted_per_case,full_cost_per_case_usd2020,cases,"
    "max_feasible_coverage,consumables_cost_per_case_usd,clinical_minutes_per_case,"
    "nursing_minutes_per_case,pharmacy_minutes_per_case,lab_minutes_per_case\n"
)
ROWS = (
    "001,Child,Syrup,2.5,10,100,0.5,3.0,1,2,3,0\n"
    "002,Child,Tablet,2,-5.5,40.25,1,1e-06,0,4,0,0\n"
    "003,Eye,Drops,8.5e-05,100,10,1,1,0,0,0,0\n"
)
LIMITS = """cet_usd_per_daly:
  ochalek: 10
  lomas: 20.5
consumables_budget_usd: 120
staff_minutes_per_year:
  med: 30.5
  nurse: 1000
  pharm: 70
  lab: 5
substitute_groups:
- - '001'
  - '002'
- - '001'
  - '999'
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "benefits"
    path.mkdir()
    (path / "interventions.csv").write_text(HEADINGS + ROWS, encoding="utf-8")
    (path / "constraints.yaml").write_text(LIMITS, encoding="utf-8")
    return path


def test_an_intervention_is_a_package_that_may_be_divided(
    folder: Path,
    tmp_path: Path,
    import_one: Callable[..., Instance],
    used: Callable[[Instance], list[tuple[str, str, str, int]]],
) -> None:
    instance = import_one("hbp", folder, tmp_path / "out", scenario=5)

    assert instance.users.ids.tolist() == ["001", "002"]
    assert instance.scenario.packages == "divisible"
    assert instance.scenario.units.money(instance.scenario.total_budget) == "120.0"
    # 50 cases at 3 dollars; 40.25 at a millionth, rounded up.
    assert instance.menus.cost.tolist() == [1500, 1]
    # 50 x (2.5 - 1) and 40.25 x (2 + 0.55), rounded down.
    scale = 10**instance.scenario.need_decimals
    assert instance.menus.met_need.tolist() == [75 * scale, int(Fraction("102.6375") * scale)]
    assert instance.services is not None
    assert instance.services.ids.tolist() == ["substitutes 001 002"]
    assert instance.services.capacity.tolist() == [500_000]
    assert used(instance) == [
        ("001", "usual", "substitutes 001 002", 500_000),
        ("002", "usual", "substitutes 001 002", 402_500),
    ]


def test_interventions_without_net_value_are_dropped_aloud(
    folder: Path, tmp_path: Path, import_one: Callable[..., Instance]
) -> None:
    import_one("hbp", folder, tmp_path / "out", scenario=5)
    record = (tmp_path / "out" / "import.json").read_text(encoding="utf-8")

    assert "dropped, because their net value is not above 0: 1 (003)" in record


def test_without_limits_every_case_may_be_covered_and_costs_do_not_count(
    folder: Path, tmp_path: Path, import_one: Callable[..., Instance]
) -> None:
    instance = import_one("hbp", folder / "interventions.csv", tmp_path / "out", scenario=1)
    scale = 10**instance.scenario.need_decimals

    assert instance.users.ids.tolist() == ["001", "002", "003"]
    assert instance.menus.met_need[:2].tolist() == [250 * scale, int(Fraction("80.5") * scale)]
    assert instance.menus.cost.tolist() == [300, 1, 10]
    assert instance.scenario.total_budget == 311


def test_with_staff_limits_nurses_may_do_what_pharmacists_do(
    folder: Path,
    tmp_path: Path,
    import_one: Callable[..., Instance],
    used: Callable[[Instance], list[tuple[str, str, str, int]]],
) -> None:
    instance = import_one("hbp", folder, tmp_path / "out", scenario=6)
    services = instance.services

    assert instance.package_ids.text().tolist() == ["task shifted", "usual", "usual"]
    assert services is not None
    assert services.ids.tolist() == ["lab", "med", "nurse", "pharm", "substitutes 001 002"]
    assert services.capacity.tolist() == [50_000, 305_000, 10_000_000, 700_000, 500_000]
    assert used(instance) == [
        ("001", "task shifted", "med", 500_000),
        ("001", "task shifted", "nurse", 2_500_000),
        ("001", "task shifted", "substitutes 001 002", 500_000),
        ("001", "usual", "med", 500_000),
        ("001", "usual", "nurse", 1_000_000),
        ("001", "usual", "pharm", 1_500_000),
        ("001", "usual", "substitutes 001 002", 500_000),
        ("002", "usual", "nurse", 1_610_000),
        ("002", "usual", "substitutes 001 002", 402_500),
    ]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("0.5,3.0", "1.5,3.0", [(2, "bad-value", "1.5")]),
        ("40.25", "-40.25", [(3, "bad-value", "-40.25")]),
        ("8.5e-05", "some", [(4, "bad-value", "some")]),
        ("002,", "001,", [(3, "duplicate-code", "001")]),
        ("cases,", "people,", [(1, "missing-column", "")]),
    ],
)
def test_faults_of_the_table_are_told_with_their_rows(
    old: str,
    new: str,
    found: list[tuple[int, str, str]],
    folder: Path,
    refusal: Callable[..., object],
) -> None:
    text = (HEADINGS + ROWS).replace(old, new, 1)
    (folder / "interventions.csv").write_text(text, encoding="utf-8")

    assert refusal("hbp", folder) == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            "  lomas: 20.5",
            "  lomas: !!f 20.5",
            [(3, "not-this-format", "  lomas: !!f 20.5")],
        ),
        ("- - '001'", "- ['001']", [(11, "not-this-format", "- ['001']")]),
        ("  ochalek: 10\n", "", [(0, "not-this-format", "")]),
        ("consumables_budget_usd: 120\n", "", [(0, "not-this-format", "")]),
        ("  pharm: 70\n", "", [(0, "not-this-format", "")]),
    ],
)
def test_faults_of_the_limits_are_told_with_their_lines(
    old: str,
    new: str,
    found: list[tuple[int, str, str]],
    folder: Path,
    refusal: Callable[..., object],
) -> None:
    (folder / "constraints.yaml").write_text(LIMITS.replace(old, new, 1), encoding="utf-8")

    assert refusal("hbp", folder, scenario=6) == found


def test_missing_limits_are_told(folder: Path, refusal: Callable[..., object]) -> None:
    (folder / "constraints.yaml").unlink()

    assert refusal("hbp", folder) == [(0, "unreadable", "")]


def test_published_limits_are_read_to_the_last_digit(published: Path) -> None:
    limits = read_limits(published / "hbp-malawi" / "constraints.yaml")

    assert limits.numbers == {"consumables_budget_usd": 225602946}
    assert limits.tables["staff_minutes_per_year"]["med"] == Fraction("273289516.76499057")
    assert limits.lists["substitute_groups"][0] == ["065", "066"]
    assert len(limits.lists["substitute_groups"]) == 13


@pytest.mark.parametrize("scenario", [1, 2, 3, 4, 5, 6])
def test_the_published_coverage_is_worth_the_published_years(
    scenario: int, published: Path, tmp_path: Path, import_one: Callable[..., Instance]
) -> None:
    """The coverage that was published, put into the instance, keeps its limits and its value."""
    source = published / "hbp-malawi"
    instance = import_one("hbp", source, tmp_path / "out", scenario=scenario)
    tables = {}
    for name in ("interventions", "published_coverage", "expected"):
        with (source / f"{name}.csv").open(encoding="utf-8") as file:
            tables[name] = list(csv.DictReader(file))
    covered = {r["code"]: list(r.values())[2 + scenario] for r in tables["published_coverage"]}
    feasible = {r["code"]: r["max_feasible_coverage"] for r in tables["interventions"]}
    usual = [u for u, name in enumerate(instance.package_ids.text()) if name == "usual"]
    shares = {
        package: Fraction(covered[user]) / (Fraction(feasible[user]) if scenario >= 4 else 1)
        for package, user in zip(usual, instance.users.ids[instance.menus.user[usual]], strict=True)
    }
    cost = sum(share * int(instance.menus.cost[p]) for p, share in shares.items())
    value = sum(share * int(instance.menus.met_need[p]) for p, share in shares.items())
    wanted = Decimal(tables["expected"][scenario - 1]["here_net_dalys_objective"])
    budget = instance.scenario.total_budget

    assert cost <= budget * Fraction("1.0000001")
    assert abs(float(value / 10**instance.scenario.need_decimals) / float(wanted) - 1) < 1e-6
    assert all(
        float(Fraction(covered[code])) < 1e-6
        for code in covered.keys() - set(instance.users.ids.tolist())
    )
