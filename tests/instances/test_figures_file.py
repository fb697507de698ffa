import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from metneed.instances.figures_file import columns_of, figure_rows, write_figures
from metneed.instances.files import sha256
from metneed.instances.publish import sealed
from metneed.models.arrays import frozen
from metneed.models.columns import Labels
from metneed.models.comparison import Figure, number_text
from metneed.models.errors import OutputError
from metneed.models.instance import Instance, Users
from metneed.models.menus import Menus
from metneed.models.scenario import Scenario
from metneed.models.units import Units

UNITS = Units()
ROWS = figure_rows([Figure("error", "group", "=cmd", "final", 12345, "money")], UNITS)


def instance(name: str = "users.csv") -> Instance:
    return Instance(
        Scenario(schema_version=1, name="x", budget=Decimal(1)),
        Users(np.array(["a"], dtype=object), frozen([0])),
        Menus.of([0, 0], [], []),
        Labels(frozen([]), ()),
        inputs={name: "1234"},
    )


def test_numbers_are_written_in_the_decimals_of_their_unit() -> None:
    assert number_text(12345, "money", UNITS) == "123.45"
    assert number_text(-5, "need", UNITS) == "-0.005"
    assert number_text(3, "users", UNITS) == "3"
    assert number_text(1 / 3, "share", UNITS) == "0.3333333333333333"
    assert number_text(1 / 3, "share", UNITS, 9) == "0.333333333"
    assert number_text(None, "share", UNITS) == ""


def test_text_of_users_is_no_formula_and_numbers_stay() -> None:
    rows = [{"user_id": "-7", "group": "=cmd", "value": "-0.05"}]

    assert {name: cells.tolist() for name, cells in columns_of(rows).items()} == {
        "user_id": ["'-7"],
        "group": ["'=cmd"],
        "value": ["-0.05"],
    }


def test_a_record_names_its_tables_and_inputs_and_is_sealed(tmp_path: Path) -> None:
    write_figures(tmp_path / "out", "noise", {"noise": ROWS}, {"rule": "x"}, [instance()])
    text = (tmp_path / "out" / "noise.json").read_text(encoding="utf-8")
    record = json.loads(text)

    assert record["format"] == "metneed noise"
    assert record["rule"] == "x"
    assert record["inputs"] == {"users.csv": "1234"}
    assert record["outputs"] == {"noise.csv": sha256(tmp_path / "out" / "noise.csv")}
    digest = record.pop("digest")
    assert json.loads(sealed(record))["digest"] == digest


def test_two_instances_are_both_named(tmp_path: Path) -> None:
    both = [instance("a.csv"), instance("b.csv")]
    write_figures(tmp_path, "split", {"split": ROWS}, {}, both)

    record = json.loads((tmp_path / "split.json").read_text(encoding="utf-8"))
    assert record["inputs"] == [{"a.csv": "1234"}, {"b.csv": "1234"}]


def test_another_result_in_the_folder_stays_and_an_earlier_one_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "allocation.csv").write_text("mine")
    for value in (1, 2):
        rows = figure_rows([Figure("error", "", "", "users", value, "users")], UNITS)
        write_figures(tmp_path, "noise", {"noise": rows}, {}, [instance()])

    assert (tmp_path / "allocation.csv").read_text() == "mine"
    assert "users,2,users" in (tmp_path / "noise.csv").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "allocation.csv",
        "noise.csv",
        "noise.json",
    ]


def test_a_folder_with_an_instance_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text("user_id\n")
    with pytest.raises(OutputError, match="holds an instance: write the noise to another folder"):
        write_figures(tmp_path, "noise", {"noise": ROWS}, {}, [instance()])

    assert [path.name for path in tmp_path.iterdir()] == ["users.csv"]


def test_a_folder_that_cannot_be_made_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write to"):
        write_figures(tmp_path / "file" / "out", "noise", {"noise": ROWS}, {}, [instance()])
