"""Planted instances: the optimum that is promised, by enumeration and by duality in integers."""

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.generators import Generated, generate
from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray, greatest
from metneed.models.problem import Problem
from metneed.solver.rule import Options
from metneed.solver.rules import met_need_lp, met_need_whole

KINDS = ("whole", "divisible")
CHOICES = ("at_most_one", "exactly_one")

small = {
    "packages": st.integers(2, 4),
    "range": st.integers(11, 30),
    "multiplier": st.sampled_from(["7/3", "1/1", "3/10", "9/2"]),
    "choice": st.sampled_from(CHOICES),
}


def best_by_enumeration(generated: Generated) -> int | None:
    """The greatest met need of whole packages within the budget."""
    menus, scenario = generated.instance().menus, generated.scenario
    nothing = [(0, 0)] if scenario["choice"] == "at_most_one" else []
    items = list(zip(menus.cost.tolist(), menus.met_need.tolist(), strict=True))
    each = [
        nothing + items[start:end]
        for start, end in zip(menus.offsets[:-1], menus.offsets[1:], strict=True)
    ]
    affordable = [
        sum(need for _, need in picks)
        for picks in product(*each)
        if sum(cost for cost, _ in picks) <= scenario["budget"]
    ]
    return max(affordable, default=None)


def bound(generated: Generated) -> Fraction:
    """What no allocation exceeds, at the multiplier that is said to be known."""
    p, q = generated.known["multiplier"]
    menus, scenario = generated.instance().menus, generated.scenario
    surplus = q * menus.met_need - p * menus.cost
    lowest = 0 if scenario["choice"] == "at_most_one" else int(surplus.min()) - 1
    heights = np.maximum(greatest(surplus, menus.offsets, lowest), lowest)
    return Fraction(p * int(scenario["budget"]) + int(heights.sum()), q)


def picks_of(generated: Generated) -> IntArray:
    """Positions of the packages that are said to be best, without those of "nothing"."""
    rows = {
        (user, package): row
        for row, (user, package) in enumerate(
            zip(
                generated.tables["packages"]["user_id"],
                generated.tables["packages"]["package_id"],
                strict=True,
            )
        )
    }
    chosen = zip(generated.tables["users"]["user_id"], generated.known["packages"], strict=True)
    return np.array([rows[user, package] for user, package in chosen if package], dtype=np.int64)


@given(options=st.fixed_dictionaries(small), users=st.integers(1, 4), seed=st.integers(0, 999))
@settings(deadline=None, derandomize=True, max_examples=80)
def test_the_whole_optimum_is_the_one_found_by_enumeration(
    options: dict[str, Any], users: int, seed: int
) -> None:
    generated = generate("planted", users=users, seed=seed, **options)
    assert best_by_enumeration(generated) == generated.known["met_need"]


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("multiplier", ["7/3", "997/89", "1/999"])
def test_no_allocation_exceeds_the_known_optimum(kind: str, choice: str, multiplier: str) -> None:
    generated = generate(
        "planted", users=2000, seed=1, kind=kind, choice=choice, multiplier=multiplier, ties=3
    )
    best = bound(generated)
    assert str(best) == generated.known["divisible_met_need"]
    assert best.numerator // best.denominator == generated.known["met_need"]


@pytest.mark.parametrize("choice", CHOICES)
def test_the_known_packages_spend_the_budget_exactly_and_reach_the_optimum(choice: str) -> None:
    generated = generate("planted", users=2000, seed=2, choice=choice)
    menus, picks = generated.instance().menus, picks_of(generated)
    assert menus.cost[picks].sum() == generated.scenario["budget"]
    assert menus.met_need[picks].sum() == generated.known["met_need"]
    assert (len(picks) == 2000) == (choice == "exactly_one")


@pytest.mark.parametrize("choice", CHOICES)
def test_part_packages_on_the_lines_reach_the_divisible_optimum(choice: str) -> None:
    generated = generate(
        "planted", users=300, seed=3, kind="divisible", choice=choice, multiplier="5/4"
    )
    menus, budget = generated.instance().menus, int(generated.scenario["budget"])
    p, q = generated.known["multiplier"]
    surplus = q * menus.met_need - p * menus.cost
    lowest = 0 if choice == "at_most_one" else -(10**12)
    heights = np.maximum(greatest(surplus, menus.offsets, lowest), lowest)
    on_line = surplus == np.repeat(heights, 10)
    # From the cheapest point of every line towards the dearest, as far as the money goes.
    costs = np.where(on_line, menus.cost, -1).reshape(300, 10)
    dearest = costs.max(axis=1)
    cheapest = np.where(costs < 0, 10**12, costs).min(axis=1)
    cheapest[(heights == 0) & (choice == "at_most_one")] = 0
    assert cheapest.sum() <= budget <= dearest.sum()
    reached = Fraction(p * budget + int(heights.sum()), q)
    assert generated.known["divisible_met_need"] == str(reached)


def test_a_divisible_budget_ends_inside_a_package_for_most_seeds() -> None:
    inside = [
        Fraction(generate("planted", users=5, seed=seed, kind="divisible").known[key]).denominator
        for seed in range(30)
        for key in ("divisible_met_need",)
    ]
    assert sum(denominator > 1 for denominator in inside) > 10


def test_packages_keep_to_the_range_and_nothing_is_best_for_some() -> None:
    generated = generate("planted", users=2000, seed=4, range=50)
    menus = generated.instance().menus
    assert (menus.cost.min(), menus.cost.max()) == (1, 50)
    assert menus.met_need.min() >= 0
    assert 20 < generated.known["packages"].count("") < 200


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("kind", KINDS)
def test_our_own_engine_proves_the_optimum_that_was_planted(kind: str, choice: str) -> None:
    generated = generate("planted", users=3000, seed=6, kind=kind, choice=choice, ties=2)
    rule = met_need_whole if kind == "whole" else met_need_lp
    outcome = rule.RULE.run(Problem.of(generated.instance()), Options())
    assert isinstance(outcome, Allocation)
    assert outcome.certificate.is_optimal
    assert outcome.total_met_need == generated.known["met_need"]
