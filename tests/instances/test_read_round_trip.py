"""What is written is read back unchanged, whatever people are called."""

import runpy
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.read import examine, read
from metneed.instances.write import write_instance
from metneed.models.errors import InputError, OutputError

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "cases.py"))
SCENARIO = {"schema_version": 1, "name": "written", "budget": "100.00"}
FORMS = ("csv", "parquet")
UNSEEN = ["Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Mn", "Me"]


def is_usable(text: str) -> bool:
    """An independent statement of what an identifier may be."""
    fillers = "\u115f\u1160\u3164\uffa0"
    totals = ("total", "totals", "sum", "subtotal", "sub-total")
    return text.casefold() not in totals and not any(char in fillers for char in text)


def are_distinct(texts: list[str]) -> bool:
    return len({unicodedata.normalize("NFC", text) for text in texts}) == len(texts)


IDENTIFIERS = st.lists(
    st.text(st.characters(exclude_categories=UNSEEN), min_size=1, max_size=12).filter(is_usable),
    min_size=200,
    max_size=200,
    unique=True,
).filter(are_distinct)


def columns(ids: list[str]) -> dict[str, dict[str, Any]]:
    n = len(ids)
    return {
        "users": {"user_id": np.array(ids, dtype=object), "points": np.arange(n)},
        "packages": {
            "user_id": np.array(ids, dtype=object),
            "package_id": np.array(ids[::-1], dtype=object),
            "cost": np.arange(n),
            "met_need": np.arange(n) * 2,
        },
    }


def read_back(folder: Path, ids: list[str]) -> None:
    instance, findings = examine(folder)
    assert instance is not None, findings.summary()
    order = sorted(range(len(ids)), key=ids.__getitem__)
    assert instance.users.ids.tolist() == [ids[i] for i in order]
    assert instance.package_ids.text().tolist() == [ids[::-1][i] for i in order]
    assert instance.users.points.tolist() == order
    assert instance.menus.cost.tolist() == order
    assert instance.menus.met_need.tolist() == [2 * i for i in order]


@pytest.mark.parametrize("form", FORMS)
def test_awkward_identifiers_come_back_unchanged(tmp_path: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    ids = list(CORPUS["AWKWARD_IDS"])
    write_instance(tmp_path, columns(ids), SCENARIO, parquet=form == "parquet")

    read_back(tmp_path, ids)


@pytest.mark.parametrize("form", FORMS)
@settings(deadline=None, derandomize=True, max_examples=6)
@given(ids=IDENTIFIERS)
def test_any_identifiers_come_back_unchanged(
    tmp_path_factory: pytest.TempPathFactory, form: str, ids: list[str]
) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    folder = tmp_path_factory.mktemp("ids")
    write_instance(folder, columns(ids), SCENARIO, parquet=form == "parquet")

    read_back(folder, ids)


@pytest.mark.parametrize("form", FORMS)
def test_amounts_are_written_as_exact_decimals(tmp_path: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    tables = {
        "users": {"user_id": ["a", "b"], "points": np.array([1, 10**15]), "arrival": [2, 1]},
        "packages": {
            "user_id": ["a", "b"],
            "package_id": ["p", "p"],
            "cost": ["0.01", "12.5"],
            "met_need": np.array([3, 10**6 + 1]),
        },
        "previous": {
            "user_id": ["b"],
            "package_id": ["p"],
            "cost": np.array([7]),
            "met_need": np.array([1]),
        },
    }
    write_instance(tmp_path, tables, {**SCENARIO, "rules": {}}, parquet=form == "parquet")
    instance = read(tmp_path)

    assert instance.users.points.tolist() == [1, 10**15]
    assert instance.users.arrival.tolist() == [2, 1]
    assert instance.menus.cost.tolist() == [1, 1250]
    assert instance.menus.met_need.tolist() == [3, 10**6 + 1]
    assert instance.previous.cost.tolist() == [0, 7]
    assert instance.scenario.name == "written"


def test_both_forms_hold_the_same(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    for form in FORMS:
        write_instance(tmp_path / form, columns(["a", "b"]), SCENARIO, parquet=form == "parquet")
    one, other = (read(tmp_path / form) for form in FORMS)

    assert one.menus.cost.tolist() == other.menus.cost.tolist()
    assert one.users.ids.tolist() == other.users.ids.tolist()


def test_an_instance_replaces_an_earlier_one_of_the_same_form_only(tmp_path: Path) -> None:
    write_instance(tmp_path, columns(["a", "b"]), SCENARIO)
    write_instance(tmp_path, columns(["c"]), SCENARIO)
    assert read(tmp_path).users.ids.tolist() == ["c"]

    (tmp_path / "previous.csv").write_text("user_id,package_id\nc,x\n")
    with pytest.raises(OutputError, match="previous"):
        write_instance(tmp_path, columns(["d"]), SCENARIO)
    assert not list(tmp_path.glob(".metneed-*"))


def test_a_scenario_with_faults_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="budget"):
        write_instance(tmp_path / "new", columns(["a"]), {**SCENARIO, "budget": "-1"})

    assert not (tmp_path / "new").exists()
