"""Participatory budgeting elections of Pabulib."""

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from metneed import solve
from metneed.models.allocation import Allocation
from metneed.models.instance import Instance

ELECTION = """META
description;Two; and one half
budget;100,50
currency;PLN
PROJECTS
project_id;cost;votes;name
p1;60.5;2;Trees; lit
p2;40;9;"Benches; ""green"" ones"
P/3;99;0;=SUM(A1)
VOTES
voter_id;vote;points
1;p1,p2;3,1
2;p1,p1;2,2
3;;
"""
SOUND = ELECTION.replace("Trees; lit", "Trees")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a small.pb"
    path.write_text(SOUND, encoding="utf-8")
    return path


def test_a_project_is_a_user_and_its_met_need_the_ballots_that_name_it(
    file: Path, tmp_path: Path, import_one: Callable[..., Instance]
) -> None:
    instance = import_one("pabulib", file, tmp_path / "out")

    assert instance.users.ids.tolist() == ["P/3", "p1", "p2"]
    assert instance.menus.cost.tolist() == [9900, 6050, 4000]
    assert instance.menus.met_need.tolist() == [0, 2, 1]
    assert instance.scenario.total_budget == 10050
    assert instance.scenario.currency == "PLN"
    assert instance.scenario.description == "Two; and one half"
    assert instance.scenario.name == "a_small"
    text = (tmp_path / "out" / "users.csv").read_text(encoding="utf-8")
    assert text.splitlines()[2:] == ['p2,"Benches; ""green"" ones"', "P/3,'=SUM(A1)"]


def test_ballots_count_and_not_what_the_table_of_projects_says_of_them(
    file: Path, tmp_path: Path, import_one: Callable[..., Instance]
) -> None:
    import_one("pabulib", file, tmp_path / "out")
    record = (tmp_path / "out" / "import.json").read_text(encoding="utf-8")

    assert "the column votes of PROJECTS says something else of p2 (1 in all)" in record


def test_ballots_times_cost_is_exact(
    file: Path, tmp_path: Path, import_one: Callable[..., Instance]
) -> None:
    instance = import_one("pabulib", file, tmp_path / "out", value="votes_times_cost")

    assert instance.scenario.need_decimals == 2
    assert instance.menus.met_need.tolist() == [0, 12100, 4000]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ELECTION, [(7, "ragged-row", "")]),
        (SOUND.replace("META\n", ""), [(1, "not-this-format", "")]),
        (SOUND.split("VOTES")[0], [(0, "not-this-format", "")]),
        (SOUND.replace("budget;100,50\n", ""), [(0, "not-this-format", "")]),
        (SOUND.replace("p1;60.5", "p1;60 EUR"), [(7, "currency", "60 EUR")]),
        (SOUND.replace("p2;40", "p1;40"), [(8, "duplicate-project", "p1")]),
        (SOUND.replace("2;p1,p1", "2;p1,p4"), [(13, "unknown-project", "p4")]),
        (SOUND.replace("voter_id;vote;", "voter_id;ballot;"), [(11, "not-this-format", "")]),
        (SOUND + "META\n", [(15, "not-this-format", "")]),
    ],
)
def test_faults_are_told_with_their_lines(
    text: str, found: list[tuple[int, str, str]], file: Path, refusal: Callable[..., object]
) -> None:
    file.write_text(text, encoding="utf-8")

    assert refusal("pabulib", file) == found


def test_bytes_that_are_no_text_are_told_with_their_line(
    file: Path, refusal: Callable[..., object]
) -> None:
    file.write_bytes(SOUND.replace("Trees", "Łazienki").encode("cp1250"))

    assert refusal("pabulib", file) == [(7, "bad-encoding", "")]


@pytest.mark.parametrize(
    ("value", "column"),
    [("votes", "max_votes_milp"), ("votes_times_cost", "max_votecost_milp")],
)
def test_published_elections_have_their_greatest_welfare(
    value: str,
    column: str,
    published: Path,
    tmp_path: Path,
    import_one: Callable[..., Instance],
) -> None:
    folder = published / "participatory-budgeting"
    with (folder / "expected.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    found = {}
    for row in rows:
        instance = import_one("pabulib", folder / row["file"], tmp_path / row["file"], value=value)
        outcome = solve(instance, "met_need_whole")
        assert isinstance(outcome, Allocation)
        welfare = instance.scenario.units.need(int(outcome.met_need.sum()))
        found[row["file"]] = len(instance.users), Decimal(welfare)

    assert len(found) == 20
    assert found == {row["file"]: (int(row["projects"]), Decimal(row[column])) for row in rows}
