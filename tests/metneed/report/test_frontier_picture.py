"""The picture of the frontier says what the comparison says, and can be read."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from metneed.models.allocation import Allocation
from metneed.models.arrays import frozen
from metneed.models.columns import Labels
from metneed.models.comparison import Comparison
from metneed.models.errors import MetNeedError, OptionError
from metneed.models.instance import Instance, Users
from metneed.models.menus import Menus
from metneed.models.random_stream import RandomStream
from metneed.models.scenario import Scenario
from metneed.report.frontier import HEADING, HEIGHT, WIDTH, draw_frontier, frontier_chart
from metneed.report.labels import Box, Label, place, width
from metneed.solver.compare import compare
from metneed.solver.engines.frontier import frontier_of

SVG = "{http://www.w3.org/2000/svg}"


def instance(menus: Menus, budget: str, name: str = "three people") -> Instance:
    n = menus.n_users
    return Instance(
        scenario=Scenario(schema_version=1, name=name, budget=Decimal(budget), need_decimals=0),
        users=Users(
            ids=np.array([f"u{row:04d}" for row in range(n)], dtype=object),
            need=menus.best_met_need,
            points=frozen(np.arange(n) % 7 + 1),
            arrival=frozen(range(n)),
        ),
        menus=menus,
        package_ids=Labels(frozen(np.zeros(menus.n_packages)), ("p",)),
    )


@pytest.fixture
def three() -> Comparison:
    """Budget 12.00: the best whole packages meet 19 of 29, for 12."""
    cost = np.array([2, 4, 7, 3, 5, 6, 4, 8]) * 100
    return compare(instance(Menus.of([0, 3, 6, 8], cost, [5, 8, 10, 6, 7, 10, 4, 9]), "12"))


@pytest.fixture(scope="module")
def many() -> Comparison:
    """A thousand users with up to six packages each."""
    stream = RandomStream.of(5, "picture")
    sizes = stream.between(1, 6, 1000)
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    cost = stream.between(100, 30000, int(offsets[-1])) * 100
    met_need = stream.between(1, 100, int(offsets[-1]))
    return compare(instance(Menus.of(offsets, cost, met_need), "5000000", name="made up"))


def rows(comparison: Comparison, mark: str) -> list[list[dict[str, Any]]]:
    """The data of every layer that draws one kind of mark."""
    layers = frontier_chart(comparison).to_dict()["layer"]
    return [layer["data"]["values"] for layer in layers if layer["mark"]["type"] == mark]


def texts(path: Path) -> list[str]:
    return ["".join(item.itertext()) for item in ET.parse(path).iter(f"{SVG}text")]  # noqa: S314


def test_the_line_runs_through_corners_of_the_frontier(three: Comparison) -> None:
    ((*line,),) = rows(three, "line")

    assert [(row["money"], round(row["share"] * 29, 6)) for row in line] == [
        (0, 0),
        (2, 5),
        (5, 11),
        (7, 14),
        (10, 18),
        (18, 27),
        (21, 29),
    ]


def test_a_long_frontier_is_thinned_and_stays_exact(many: Comparison) -> None:
    ((*line,),) = rows(many, "line")
    curve = frontier_of(many.instance.menus, "at_most_one")
    need = int(many.instance.users.need.sum())

    assert 200 <= len(line) <= 240
    assert line[0]["money"] == curve.base_cost / 100
    assert line[-1]["share"] == 1
    for row in line:
        assert row["share"] == curve.value_at(round(row["money"] * 100)) / need
    assert all(a["money"] < b["money"] and a["share"] < b["share"] for a, b in pairwise(line))


def test_every_rule_with_an_allocation_stands_at_what_it_spends_and_meets(
    three: Comparison,
) -> None:
    ((*points,),) = rows(three, "point")
    figures = {(item.rule, item.measure): item.value for item in three.figures if not item.group_by}
    rules = [name for name in three.outcomes if (name, "met_need") in figures]
    expected = {
        (figures[name, "spent"] / 100, figures[name, "met_need"] / 29)  # type: ignore[operator]
        for name in rules
    }

    assert len(points) == len(rules) > 5
    assert {(row["money"], row["share"]) for row in points} == expected
    assert (12.0, 19 / 29) in expected
    assert "met_need_whole: 12.00 spent, 65.5% of need met" in {row["words"] for row in points}


def test_the_upright_line_is_the_allocable_money(three: Comparison) -> None:
    scenario = three.instance.scenario.model_copy(update={"top_slice": Decimal("0.25")})
    sliced = compare(replace(three.instance, scenario=scenario))

    assert rows(sliced, "rule")[0] == [
        {"money": 9, "share": 0, "top": pytest.approx((14 + 2 * 4 / 3) / 29)}
    ]


def test_the_picture_names_every_rule_and_says_that_it_is_a_test(
    many: Comparison, tmp_path: Path
) -> None:
    draw_frontier(many, tmp_path / "new" / "frontier.svg")
    words = texts(tmp_path / "new" / "frontier.svg")

    assert HEADING in words
    assert "made up, 1,000 users. A scenario test: it never decides about a person." in words
    assert "to allocate: £5,000,000.00" in words
    named = [name for text in words for name in text.split(", ") if name in many.outcomes]
    expected = [name for name, it in many.outcomes.items() if isinstance(it, Allocation)]

    assert sorted(named) == sorted(expected)
    assert "current" not in words


def test_the_same_comparison_is_drawn_with_the_same_bytes(
    three: Comparison, tmp_path: Path
) -> None:
    for name in ("first.svg", "second.svg"):
        draw_frontier(compare(three.instance), tmp_path / name)

    assert (tmp_path / "first.svg").read_bytes() == (tmp_path / "second.svg").read_bytes()


def test_no_label_covers_another(many: Comparison) -> None:
    layers = frontier_chart(many).to_dict()
    right = layers["encoding"]["x"]["scale"]["domain"][1]
    boxes = [
        Label(row["words"], row["money"] / right * WIDTH, (1 - row["share"]) * HEIGHT, align).box
        for layer in layers["layer"]
        if layer["mark"]["type"] == "text"
        for align in [layer["mark"]["align"]]
        for row in layer["data"]["values"]
    ]

    assert len(boxes) > 5
    assert all(a.overlap(b) < 1e-6 for a, b in combinations(boxes, 2))


def test_a_rule_over_budget_and_over_stated_need_is_still_on_the_paper(
    three: Comparison,
) -> None:
    less = replace(three.instance.users, need=frozen([2, 2, 2]))
    scenario = three.instance.scenario.model_copy(update={"budget": Decimal(30)})
    over = compare(replace(three.instance, users=less, scenario=scenario))
    domain = frontier_chart(over).to_dict()["encoding"]

    assert domain["y"]["scale"]["domain"] == [0, 29 / 6]
    assert domain["x"]["scale"]["domain"][1] > 30


def test_without_any_need_there_is_nothing_to_draw(three: Comparison, tmp_path: Path) -> None:
    nobody = replace(three.instance, menus=Menus.of([0, 0], [], []))
    nobody = replace(nobody, users=nobody.users.subset(frozen([0])))
    nobody = replace(nobody, users=replace(nobody.users, need=frozen([0])))

    with pytest.raises(OptionError, match="nobody has a need"):
        draw_frontier(compare(nobody), tmp_path / "none.svg")

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_named(three: Comparison, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(MetNeedError, match=r"cannot write .*frontier\.svg"):
        draw_frontier(three, tmp_path / "file" / "frontier.svg")


def test_labels_of_points_in_one_place_are_led_away() -> None:
    labels = place([(100, 100, "alpha"), (100, 100, "beta"), (100, 100, "gamma")], [], lambda _: 0)

    assert labels[0].near
    assert all(a.box.overlap(b.box) == 0 for a, b in combinations(labels, 2))


def test_a_label_keeps_off_obstacles_and_off_what_is_outside() -> None:
    wall = Box(105, 0, 400, 200)
    beside, below = (
        place([(100, 100, "alpha")], [wall], outside)[0]
        for outside in (lambda _: 0, lambda box: float(box.left < 100) * 1000)
    )

    assert beside.align == "right"
    assert beside.box.overlap(wall) == 0
    assert below.box.left >= 100


def test_where_everything_is_taken_a_label_covers_as_little_as_can_be() -> None:
    label = place([(100, 100, "alpha")], [Box(-1000, -1000, 1000, 1000)], lambda _: 0)[0]

    assert label.near


@pytest.mark.parametrize("text", ["mmmmmmmm", "points_proportional", "iiiiiiii"])
def test_wide_letters_take_more_room_than_narrow_ones(text: str) -> None:
    assert width("iiiiiiii") <= width(text) <= width("m" * len(text))
