"""What holds for every family of generated instances, and the two benchmark families."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from metneed.instances.generators import (
    BENCHMARKS,
    Generated,
    families,
    generate,
    strong,
    uncorrelated,
)
from metneed.instances.generators.pisinger import PisingerOptions
from metneed.instances.read import read
from metneed.instances.write import write_instance
from metneed.models.errors import OptionError, UnknownNameError
from metneed.models.instance import Instance

FAMILIES = ("council", "planted", *BENCHMARKS)


def fingerprint(generated: Generated) -> str:
    """One sha256 over every table, cell by cell, and the scenario."""
    digest = hashlib.sha256()
    for name, table in sorted(generated.tables.items()):
        for heading, column in sorted(table.items()):
            cells = "\x1f".join(map(str, column.tolist()))
            digest.update(f"{name}\x1d{heading}\x1e{cells}\x1c".encode())
    scenario = {key: str(value) for key, value in sorted(generated.scenario.items())}
    digest.update(repr(scenario).encode())
    return digest.hexdigest()


HELD = {
    "council": "9c8d14dddbe51088e03f4c364c434c404af30b641325df4a9abae4fa095a1cf4",
    "weak": "4f3a8b276cfd22f7325d313ee66f3d753afb60a74859e4137bd964c0be6282a5",
    "subset_sum": "ca9472261607edebfc38fe957edc9d0a3a98d55eeef85844cc8ba0dc1c28efa4",
    "zig_zag": "1f61af6c6455030c57f822910414ccd1bbb161dc65e1232b410d55010d839260",
    "take_or_leave": "416b2daae5b52d7e15e7ea81dc27e825ff822a76cdb2a0ad9c5ac2b52703054d",
    "planted": "e5037a21e031eb71eaa4e6d56a1404470a73a0c8065ea08f54cc5388f69a45ea",
    "strong": "b82878359c66d97322d546b5bca9cdfae997822934f8dff303aeab4b8a6572ac",
    "uncorrelated": "43ab3f37098cba1f82ef835277401ea6174b27917792436dc9127a118cac5c5c",
}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_seed_means_the_same_instance_for_good(family: str) -> None:
    assert fingerprint(generate(family, users=60, seed=7)) == HELD[family]


@pytest.mark.parametrize("family", FAMILIES)
def test_another_seed_gives_another_instance(family: str) -> None:
    tables = [generate(family, users=60, seed=seed).tables["packages"] for seed in (7, 8)]
    assert tables[0]["cost"].tolist() != tables[1]["cost"].tolist()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_single_user_makes_an_instance(family: str) -> None:
    instance = generate(family, users=1, seed=0).instance()
    assert len(instance.users) == 1
    assert instance.menus.n_packages > 0


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("users", [0, -1, 10_000_001])
def test_a_number_of_users_that_cannot_be_is_refused(family: str, users: int) -> None:
    with pytest.raises(OptionError, match="say 1 to 10,000,000"):
        generate(family, users=users, seed=0)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_number_of_users_must_be_said(family: str) -> None:
    with pytest.raises(OptionError, match="say how many users"):
        generate(family, seed=0)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_seed_that_cannot_be_is_refused(family: str) -> None:
    with pytest.raises(OptionError, match="seed -1"):
        generate(family, users=5, seed=-1)


def test_an_unknown_family_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean council"):
        generate("counsil", users=5)


def test_an_unknown_option_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean packages"):
        generate("strong", users=5, package=3)


@pytest.mark.parametrize(
    ("family", "options", "message"),
    [
        ("uncorrelated", {"packages": 0}, "packages = '0'"),
        ("uncorrelated", {"packages": "many"}, "packages = 'many'"),
        ("uncorrelated", {"budget_share": "1.5"}, "budget_share = '1.5'"),
        ("strong", {"range": 4, "packages": 10}, "too small for 10 packages"),
        ("planted", {"multiplier": "0/3"}, "multiplier = '0/3'"),
        ("planted", {"multiplier": "3/7", "range": 7}, "range = '7'"),
        ("planted", {"multiplier": "3/10", "range": 10}, "a range above 10"),
        ("planted", {"ties": 4, "packages": 4}, "more packages than ties"),
        ("council", {"new_users": "0.0005"}, "new_users"),
        ("council", {"top_slice": 2}, "top_slice = '2'"),
    ],
)
def test_an_option_that_cannot_be_is_refused_by_name(
    family: str, options: Mapping[str, Any], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        generate(family, users=5, **options)


def test_options_are_taken_as_text_as_a_command_line_gives_them() -> None:
    as_text = generate("strong", users=5, packages="3", range="50", budget_share="0.25")
    assert (
        as_text.scenario
        == generate("strong", users=5, packages=3, range=50, budget_share=Decimal("0.25")).scenario
    )


def test_every_option_explains_itself_and_has_a_default() -> None:
    for family in families().values():
        for name, field in family.options.model_fields.items():
            assert field.description, f"{family.name} {name}"
            assert not field.is_required(), f"{family.name} {name}"


def assert_same(left: Instance, right: Instance) -> None:
    assert left.scenario == right.scenario
    for part, columns in (
        ("users", ("ids", "need", "points", "basic_need", "weight", "arrival")),
        ("menus", ("offsets", "cost", "met_need", "basic_met_need")),
        ("previous", ("held", "package_ids", "cost", "met_need", "basic_met_need")),
    ):
        ours, theirs = getattr(left, part), getattr(right, part)
        for column in columns if ours is not None else ():
            assert np.array_equal(getattr(ours, column), getattr(theirs, column)), column
    assert left.package_ids.text().tolist() == right.package_ids.text().tolist()
    assert left.users.groups.keys() == right.users.groups.keys()
    for name, labels in left.users.groups.items():
        assert labels.text().tolist() == right.users.groups[name].text().tolist()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_instance_in_memory_is_the_one_that_is_written_and_read(
    family: str, tmp_path: Path
) -> None:
    generated = generate(family, users=40, seed=3)
    write_instance(tmp_path / "it", generated.tables, generated.scenario)
    written = read(tmp_path / "it")
    assert not written.warnings.items
    assert_same(generated.instance(), written)


def test_uncorrelated_costs_and_needs_fill_their_range_evenly_and_apart() -> None:
    menus, _ = uncorrelated.FAMILY.menus(5000, seed=1)
    for column in (menus.cost, menus.met_need):
        assert (column.min(), column.max()) == (1, 1000)
        assert abs(column.mean() - 500.5) < 6
    assert abs(np.corrcoef(menus.cost, menus.met_need)[0, 1]) < 0.02


def test_strong_steps_are_within_their_range_and_meet_ten_more_than_they_cost() -> None:
    menus, _ = strong.FAMILY.menus(2000, seed=1)
    cost, met_need = menus.cost.reshape(2000, 10), menus.met_need.reshape(2000, 10)
    steps = np.diff(cost, axis=1, prepend=0)
    assert (steps.min(), steps.max()) == (1, 200)
    assert abs(steps.mean() - 100.5) < 2
    assert (np.diff(steps, axis=1) >= 0).all()
    assert (np.diff(met_need, axis=1, prepend=0) == steps + 10).all()


def test_every_strong_package_lies_on_the_hull_of_its_menu() -> None:
    menus, _ = strong.FAMILY.menus(500, seed=2)
    cost, met_need = (
        np.concatenate([np.zeros((500, 1), dtype=np.int64), c.reshape(500, 10)], axis=1)
        for c in (menus.cost, menus.met_need)
    )
    rise, run = np.diff(met_need, axis=1), np.diff(cost, axis=1)
    assert (rise[:, :-1] * run[:, 1:] >= rise[:, 1:] * run[:, :-1]).all()


@pytest.mark.parametrize("family", BENCHMARKS)
def test_the_budget_is_half_of_what_the_best_packages_cost_at_their_cheapest(family: str) -> None:
    menus, budget = BENCHMARKS[family].menus(300, seed=4, options=PisingerOptions(range=20))
    cost, met_need = menus.cost.reshape(300, -1), menus.met_need.reshape(300, -1)
    best = met_need == met_need.max(axis=1, keepdims=True)
    assert budget == np.where(best, cost, 10**9).min(axis=1).sum() // 2


@pytest.mark.parametrize("family", BENCHMARKS)
def test_arrays_and_tables_are_the_same_instance(family: str) -> None:
    menus, budget = BENCHMARKS[family].menus(30, seed=5)
    instance = generate(family, users=30, seed=5).instance()
    assert np.array_equal(menus.cost, instance.menus.cost)
    assert np.array_equal(menus.met_need, instance.menus.met_need)
    assert budget == instance.scenario.total_budget
    assert np.array_equal(instance.users.points, menus.best_met_need)


def test_weak_needs_are_within_ten_of_costs_and_at_least_one() -> None:
    menus, _ = BENCHMARKS["weak"].menus(2000, seed=1)
    difference = menus.met_need - menus.cost
    assert difference.max() == 10
    assert difference[menus.met_need > 1].min() == -10
    assert menus.met_need.min() == 1


def test_subset_sum_needs_equal_costs() -> None:
    menus, _ = BENCHMARKS["subset_sum"].menus(200, seed=1)
    assert np.array_equal(menus.met_need, menus.cost)


def test_zig_zag_costs_and_needs_rise_together() -> None:
    menus, _ = BENCHMARKS["zig_zag"].menus(200, seed=1)
    assert (np.diff(menus.cost.reshape(200, 10), axis=1) >= 0).all()
    assert (np.diff(menus.met_need.reshape(200, 10), axis=1) >= 0).all()


def test_take_or_leave_has_one_package_a_user() -> None:
    menus, _ = BENCHMARKS["take_or_leave"].menus(200, seed=1)
    assert (np.diff(menus.offsets) == 1).all()
