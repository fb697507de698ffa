"""Small instances whose paths can be worked out by hand."""

from typing import Any

import numpy as np

from metneed.models.arrays import frozen
from metneed.models.columns import Labels, Numbers
from metneed.models.instance import Instance, Previous, Users
from metneed.models.menus import Menus
from metneed.models.path import Path
from metneed.models.scenario import Scenario
from metneed.solver.years.path import path

NAMES = tuple("abcdefgh")


def make_instance(
    menus: list[list[tuple[int, int]]],
    plan: dict[str, Any] | None = None,
    *,
    points: list[int] | None = None,
    basic: list[int] | None = None,
    previous: list[tuple[int, int]] | None = None,
    years: dict[str, list[int | None]] | None = None,
    **keys: Any,
) -> Instance:
    """Users with menus of (cost, met need) in whole pounds and needs.

    Today's packages are (cost, met need) as well, (0, 0) for nothing; `years` are columns of
    users such as ``joins``, None for a blank cell.
    """
    flat = [package for menu in menus for package in menu]
    offsets = np.concatenate([[0], np.cumsum([len(menu) for menu in menus])])
    place = [number for menu in menus for number in range(len(menu))]
    stated = {"schema_version": 1, "name": "path", "money_decimals": 0, "need_decimals": 0}
    found = Menus.of(offsets, [cost for cost, _ in flat], [met for _, met in flat])
    n = len(menus)
    users = Users(
        ids=frozen(np.array([f"u{row}" for row in range(1, n + 1)], dtype=object), object),
        need=found.best_met_need,
        points=None if points is None else frozen(points),
        basic_need=None if basic is None else frozen(basic),
        arrival=frozen(range(n)),
        numbers={name: numbers(column) for name, column in (years or {}).items()},
    )
    return Instance(
        scenario=Scenario.model_validate(stated | {"path": plan} | keys),
        users=users,
        menus=found,
        package_ids=Labels(frozen(np.array(place)), NAMES),
        previous=None if previous is None else _previous(previous),
    )


def numbers(column: list[int | None]) -> Numbers:
    """A column of whole numbers, None for a blank cell."""
    stated = np.array([value is not None for value in column])
    return Numbers(frozen([value or 0 for value in column]), 0, frozen(stated, np.bool_))


def _previous(packages: list[tuple[int, int]]) -> Previous:
    held = np.array([package != (0, 0) for package in packages])
    ids = np.where(held, "before", "").astype(object)
    cost, met = zip(*packages, strict=True)
    return Previous(frozen(held, np.bool_), frozen(ids, object), frozen(cost), frozen(met))


def row(found: Path, rule: str, measure: str) -> list[int | float | None]:
    """One figure of one rule, year by year."""
    return [found.value(year, rule, measure) for year in found.years]


def run(instance: Instance, *rules: str) -> Path:
    """The path of these rules."""
    return path(instance, rules=rules)
