"""How far a build hangs on response, scores and costs: on the template's three people."""

from pathlib import Path

import pytest

from metneed import sensitivity
from metneed.instances.council.instance import instance_of
from metneed.instances.council.menus import council_menus, today_of
from metneed.instances.council.read import read_council
from metneed.instances.council.record import Council
from metneed.instances.council.template import write_template
from metneed.instances.generators import generate
from metneed.sensitivity import (
    CURVES,
    RuleUnderCurve,
    changed_places,
    disturbed,
    response_test,
)


@pytest.fixture
def council(tmp_path: Path) -> Council:
    write_template(tmp_path)
    return read_council(tmp_path)


def test_the_response_test_finds_the_place_of_each_rule_under_each_curve(council: Council) -> None:
    results = response_test(council)
    places = {
        curve: sorted(item.place for item in results if item.curve == curve) for curve in CURVES
    }

    assert all(found[0] == 1 and len(found) > 4 for found in places.values())
    for curve in CURVES:
        shares = [item.share for item in results if item.curve == curve]
        assert shares == sorted(shares, reverse=True)
    moved = changed_places(results)
    assert all(len(set(found)) > 1 and len(found) == len(CURVES) for found in moved.values())


def test_more_is_met_where_half_the_support_meets_more_than_half(council: Council) -> None:
    by_rule: dict[str, dict[str, float]] = {}
    for item in response_test(council):
        by_rule.setdefault(item.rule, {})[item.curve] = item.share

    best = by_rule["met_need_whole"]
    assert best["straight"] <= best["50 -> 60"] <= best["50 -> 75"]


def test_scores_and_costs_are_disturbed_for_an_even_part_of_a_large_council(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sensitivity, "MOST_TESTED", 50)
    monkeypatch.setattr(sensitivity, "DRAWS", 2)
    found = disturbed(generate("council", users=120, seed=3).instance())

    assert found is not None
    assert found.error is not None
    assert found.shuffled is not None
    assert 0 < found.error.achieved <= found.error.undisturbed


def test_what_is_known_under_the_straight_curve_is_not_built_again(council: Council) -> None:
    made = instance_of(council, council_menus(council), today_of(council))

    assert response_test(council, made) == response_test(council)


def test_rules_whose_place_is_the_same_under_every_curve_are_not_listed() -> None:
    results = [
        RuleUnderCurve(rule, curve, place, 0.5, 0)
        for rule, places in (("a", (1, 1, 2)), ("b", (2, 2, 1)), ("c", (3, 3, 3)))
        for curve, place in zip(CURVES, places, strict=True)
    ]

    assert changed_places(results) == {"a": [1, 1, 2], "b": [2, 2, 1]}
