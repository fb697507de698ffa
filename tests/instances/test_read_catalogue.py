"""A catalogue becomes the menus that it stands for."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.read import examine, read

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "cases.py"))
Write: TypeAlias = Callable[..., Path]


def test_a_catalogue_is_expanded_to_what_hand_expansion_gives(written: Write) -> None:
    folder = written(
        users__csv="user_id,points,need,basic_need,area,band\n"
        "A,1,10,5,North,1\nB,1,0.007,0.003,North,2\nC,1,7,7,South,1\nD,1,4,1,,2\n",
        packages__csv=None,
        catalogue__csv="area,band,package_id,cost,met_need,share_of_need,share_of_basic_need\n"
        "*,,day,5,,0.5,0.1\n"
        "North,1,home,10,8,,1\n"
        "South,,home,12,2.5,,0.25\n"
        ",2,bed,20,,0.333333333,0.5\n",
    )
    instance = read(folder)

    assert instance.package_ids.text().tolist() == [
        "day", "home",
        "bed", "day",
        "day", "home",
        "bed", "day",
    ]  # fmt: skip
    assert instance.menus.offsets.tolist() == [0, 2, 4, 6, 8]
    assert instance.menus.cost.tolist() == [500, 1000, 2000, 500, 500, 1200, 2000, 500]
    assert instance.menus.met_need.tolist() == [5000, 8000, 2, 3, 3500, 2500, 1333, 2000]
    assert instance.menus.basic_met_need.tolist() == [500, 5000, 1, 0, 700, 1750, 500, 100]


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    people=st.lists(
        st.tuples(*[st.sampled_from(["", "a", "b", "c"])] * 3), min_size=1, max_size=12
    ),
    rows=st.lists(st.tuples(*[st.sampled_from(["", "*", "a", "b"])] * 3), min_size=1, max_size=8),
)
def test_a_catalogue_offers_what_comparing_every_row_with_every_user_gives(
    tmp_path_factory: pytest.TempPathFactory,
    people: list[tuple[str, ...]],
    rows: list[tuple[str, ...]],
) -> None:
    folder = tmp_path_factory.mktemp("catalogue")
    (folder / "scenario.toml").write_text(CORPUS["SCENARIO"] + 'groups = ["x"]\n')
    (folder / "users.csv").write_text(
        "user_id,points,x,y,z\n"
        + "".join(f"U{i:02},1,{','.join(keys)}\n" for i, keys in enumerate(people))
    )
    (folder / "catalogue.csv").write_text(
        "x,y,z,package_id,cost,met_need\n"
        + "".join(f"{','.join(keys)},P{i},{i + 1},1\n" for i, keys in enumerate(rows))
    )
    instance, findings = examine(folder)
    offered = [
        [
            f"P{i}"
            for i, keys in enumerate(rows)
            if all(k in ("", "*", u) for k, u in zip(keys, user, strict=True))
        ]
        for user in people
    ]

    assert instance is not None, findings.summary()
    for user, expected in enumerate(offered):
        begin, end = instance.menus.offsets[user : user + 2]
        assert instance.package_ids.text(np.arange(begin, end)).tolist() == expected
