import hashlib
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from metneed.instances import results
from metneed.instances.publish import publish, sealed
from metneed.instances.results import write_solution
from metneed.models.allocation import WHOLE, Allocation, Infeasible, NotApplicable, Parts
from metneed.models.arrays import frozen
from metneed.models.certificate import Certificate
from metneed.models.errors import OutputError
from metneed.models.instance import Instance
from metneed.models.problem import Problem

from .two_people import names_in, picks, rows_of, two_people

Written = Callable[..., dict[str, Any]]


@pytest.fixture
def instance() -> Instance:
    return two_people()


@pytest.fixture
def written(instance: Instance, tmp_path: Path) -> Written:
    """Writes an outcome to the folder `out`, and gives its record."""

    def write(outcome: Any, options: Mapping[str, object] | None = None, **how: Any) -> Any:
        problem = Problem.of(instance)
        write_solution(tmp_path / "out", instance, problem, "trial", options or {}, outcome, **how)
        return json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))

    return write


def mixed() -> Allocation:
    """A quarter on the way from the first package to the second, and a third of the other."""
    return Allocation(
        package=frozen([0, 2]),
        share=frozen([750_000_000, 333_333_333]),
        cost=frozen([25_000, 15_016]),
        met_need=frozen([6_250, 2_999]),
        certificate=Certificate(
            value=9_249,
            upper_bound=9_250,
            multipliers={"budget": (1, 4)},
            proof="proved",
            stopped="time limit",
        ),
        parts=Parts(
            frozen([0, 0, 1]),
            frozen([0, 1, 2]),
            frozen([750_000_000, 250_000_000, 333_333_333]),
        ),
    )


def test_an_allocation_has_one_row_a_user_with_exact_decimals(
    instance: Instance, written: Written, tmp_path: Path
) -> None:
    written(picks(instance, 1, -1, award=[40_005, 3]))

    assert rows_of(tmp_path / "out" / "allocation.csv") == [
        ["user_id", "package_id", "package_share", "award", "cost", "met_need"],
        ["'-1", "b", "1.000000000", "400.05", "400.00", "10.000"],
        ["u2", "", "0.000000000", "0.03", "0.00", "0.000"],
    ]


def test_part_packages_are_written_in_full_beside_the_largest_part(
    written: Written, tmp_path: Path
) -> None:
    written(mixed())

    assert rows_of(tmp_path / "out" / "parts.csv") == [
        ["user_id", "package_id", "share"],
        ["'-1", "'+a", "0.750000000"],
        ["'-1", "b", "0.250000000"],
        ["u2", "'+a", "0.333333333"],
    ]
    allocation = rows_of(tmp_path / "out" / "allocation.csv")
    assert allocation[2] == ["u2", "'+a", "0.333333333", "", "150.16", "2.999"]


def test_things_as_they_are_name_the_packages_of_today(
    instance: Instance, written: Written, tmp_path: Path
) -> None:
    assert instance.previous is not None
    today = Allocation(
        package=frozen([0, -1]),
        share=frozen([WHOLE, 0]),
        cost=instance.previous.cost,
        met_need=instance.previous.met_need,
        certificate=Certificate(value=9_500),
        from_previous=True,
    )
    record = written(today)

    assert rows_of(tmp_path / "out" / "allocation.csv")[1][:2] == ["'-1", "''old"]
    assert record["chosen_from"] == "previous"
    assert record["unspent"] == "-100.00"


def test_the_record_says_what_was_asked_and_what_came_of_it(
    instance: Instance, written: Written, tmp_path: Path
) -> None:
    record = written(picks(instance, 0, 2, award=[20_000, 45_050]), {"power": 0.5})

    assert {key: record[key] for key in ("rule", "options", "scenario", "users", "seed")} == {
        "rule": "trial",
        "options": {"power": 0.5},
        "scenario": "two",
        "users": 2,
        "seed": 0,
    }
    money = ("budget", "held_back", "allocable", "spent", "unspent", "awarded", "met_need")
    assert [record[key] for key in money] == [
        *("1000.00", "200.00", "800.00", "650.50", "149.50", "650.50", "14.000")
    ]
    assert record["note"] == "This tests a scenario. It is not a decision about any person."
    assert record["inputs"] == {"users.csv": "1f", "scenario.toml": "2e"}
    table = (tmp_path / "out" / "allocation.csv").read_bytes()
    assert record["outputs"] == {"allocation.csv": hashlib.sha256(table).hexdigest()}
    assert set(record["versions"]) == {"metneed", "numpy", "python"}


def test_the_certificate_is_written_in_whole_numbers_and_claims_no_more_than_is_proved(
    written: Written,
) -> None:
    record = written(mixed())

    assert record["certificate"] == {
        "claim": "within 0.001 of the best possible (bound proved), stopped by time limit",
        "proof": "proved",
        "stopped": "time limit",
        "least_cost": None,
        "objective": "met need",
        "scale": 1000,
        "value": "9249",
        "upper_bound": "9250",
        "gap": "1",
        "multipliers": {"budget": ["1", "4"]},
    }


def test_the_word_optimal_stands_beside_proved_and_no_gap_alone(
    instance: Instance, written: Written
) -> None:
    def claim(**certificate: Any) -> str:
        given = Certificate(value=14_000, **certificate)
        outcome = Allocation.of_picks(Problem.of(instance), np.array([0, 2]), given)
        return str(written(outcome)["certificate"]["claim"])

    assert claim(upper_bound=14_000, proof="proved") == "optimal (proved)"
    near = "within 0.001 of the best possible (bound proved)"
    assert claim(upper_bound=14_001, proof="proved") == near
    limit = f"{near}, stopped by time limit"
    assert claim(upper_bound=14_001, proof="proved", stopped="time limit") == limit
    assert claim(upper_bound=14_000, proof="solver's word only") == "solver's word only"
    assert claim() == "arithmetic"


def test_solvers_are_named_where_the_result_rests_on_their_word(
    instance: Instance, written: Written
) -> None:
    word = Certificate(value=14_000, upper_bound=14_000, proof="solver's word only")
    record = written(Allocation.of_picks(Problem.of(instance), np.array([0, 2]), word))

    assert {"pulp", "highspy"} < set(record["versions"])


def test_options_that_json_has_no_number_for_stand_as_text(
    instance: Instance, written: Written
) -> None:
    options = {"cap": float("inf"), "share": Decimal("0.10"), "deep": {"list": (1, None, True)}}

    assert written(picks(instance, 0, 2), options)["options"] == {
        "cap": "inf",
        "share": "0.10",
        "deep": {"list": [1, None, True]},
    }


def test_infeasible_is_an_answer_and_has_no_tables(written: Written, tmp_path: Path) -> None:
    record = written(Infeasible("11,200.00 short", 1_120_000, 37))

    assert names_in(tmp_path / "out") == ["result.json"]
    assert record["outcome"] == "infeasible"
    assert record["reason"] == "11,200.00 short"
    assert (record["shortfall"], record["users_concerned"]) == ("11200.00", 37)


def test_a_new_result_leaves_nothing_of_the_old_one_and_all_that_is_not_ours(
    instance: Instance, written: Written, tmp_path: Path
) -> None:
    written(mixed())
    (tmp_path / "out" / "notes.txt").write_text("mine")
    written(picks(instance, 0, 2))
    assert names_in(tmp_path / "out") == ["allocation.csv", "notes.txt", "result.json"]

    record = written(NotApplicable("no points"))
    assert names_in(tmp_path / "out") == ["notes.txt", "result.json"]
    assert (record["outcome"], record["reason"]) == ("not applicable", "no points")


def test_a_result_that_cannot_be_written_leaves_the_old_one(
    instance: Instance, written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(mixed())
    before = {name: (tmp_path / "out" / name).read_bytes() for name in names_in(tmp_path / "out")}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(results, "write_text", full)
    with pytest.raises(OutputError, match="No space left on device"):
        written(picks(instance, 0, 2))

    assert names_in(tmp_path / "out") == sorted(before)
    assert all((tmp_path / "out" / name).read_bytes() == text for name, text in before.items())


def test_a_folder_that_is_a_file_is_told_in_words(
    instance: Instance, written: Written, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file")

    with pytest.raises(OutputError, match="cannot write to"):
        written(picks(instance, 0, 2))


def test_the_record_is_gone_while_tables_change(tmp_path: Path) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "result.json").write_text(folder)
    (tmp_path / "new" / "parts.csv").write_text("new")
    (tmp_path / "old" / "parts.csv").mkdir()  # no file can take the place of a folder

    with pytest.raises(OSError, match=r"parts\.csv"):
        publish(tmp_path / "new", tmp_path / "old")

    assert not (tmp_path / "old" / "result.json").exists()


def test_the_same_result_is_the_same_bytes(
    instance: Instance, written: Written, tmp_path: Path
) -> None:
    written(mixed())
    first = [path.read_bytes() for path in sorted((tmp_path / "out").iterdir())]
    written(picks(instance, 0, 2))
    written(mixed())

    assert [path.read_bytes() for path in sorted((tmp_path / "out").iterdir())] == first


def test_every_digit_of_a_float_is_under_the_seal() -> None:
    seal = json.loads(sealed({"x": 0.1}))["digest"]

    assert seal == hashlib.sha256(b'{"x":"0.1"}').hexdigest()
    assert seal != json.loads(sealed({"x": 0.10000000000000002}))["digest"]


def test_parquet_holds_the_same_text_as_csv_unquoted(written: Written, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    written(mixed())
    record = written(mixed(), parquet=True)

    assert names_in(tmp_path / "out") == ["allocation.parquet", "parts.parquet", "result.json"]
    assert set(record["outputs"]) == {"allocation.parquet", "parts.parquet"}
    table = parquet.read_table(tmp_path / "out" / "allocation.parquet").to_pydict()
    assert table["user_id"] == ["-1", "u2"]
    assert table["package_id"] == ["+a", "+a"]
    assert table["package_share"] == ["0.750000000", "0.333333333"]
