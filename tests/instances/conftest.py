"""The sound instance of the corpus on disk, and comparing instances."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest

from metneed.models.instance import Instance

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "cases.py"))
Write: TypeAlias = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Write the sound instance with some of its files changed, and say where it is."""

    def write(**changed: str | None) -> Path:
        files = {
            **CORPUS["SOUND"],
            **{name.replace("__", "."): text for name, text in changed.items()},
        }
        for name, text in files.items():
            if text is not None:
                (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        return tmp_path

    return write


@pytest.fixture(scope="session")
def same() -> Callable[[Instance, Instance], bool]:
    """Whether two instances hold the same, whatever files they came from."""
    return _same


def _same(one: Instance, other: Instance) -> bool:
    arrays = [
        (one.users.ids, other.users.ids),
        (one.users.need, other.users.need),
        (one.users.points, other.users.points),
        (one.menus.offsets, other.menus.offsets),
        (one.menus.cost, other.menus.cost),
        (one.menus.met_need, other.menus.met_need),
        (one.package_ids.codes, other.package_ids.codes),
    ]
    groups = [
        {
            name: (labels.codes.tolist(), labels.names)
            for name, labels in instance.users.groups.items()
        }
        for instance in (one, other)
    ]
    return (
        all(np.array_equal(a, b) for a, b in arrays)
        and groups[0] == groups[1]
        and one.package_ids.names == other.package_ids.names
        and one.scenario == other.scenario
    )
