"""Households against enumeration of all choices, and a plain linear programme of all plans."""

import itertools
import random
from collections.abc import Iterator

import highspy
import numpy as np
import pytest

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray, frozen
from metneed.models.problem import Problem
from metneed.models.scenario import Packages
from metneed.models.services import Services, Uses
from metneed.solver import households as of_households
from metneed.solver.bound import bind_constraints, effects
from metneed.solver.breaches import breaches
from metneed.solver.constraint import Effect
from metneed.solver.limited import best_within_limits
from metneed.solver.limits_check import check_limits

from .brute import added, choices, pairs_kept, spent
from .couples import case, claim_of, greatest, parts_of, values


def cases(packages: Packages, count: int) -> Iterator[tuple[Problem, Effect]]:
    draw = random.Random(2026)
    for _ in range(count):
        given = case(draw, packages)
        yield given, effects(given, bind_constraints(given.constraints))


@pytest.mark.parametrize("plans", [2_000, 1])
def test_whole_packages_are_the_best_of_all_that_can_be_tried(
    plans: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With at most one plan every pair is a limit of its own instead, and nothing can add.
    monkeypatch.setattr(of_households, "MOST_PLANS", plans)
    seen = {"allocation": 0, "none": 0}
    draw = random.Random(2026)
    for _ in range(300):
        given = case(draw, "whole")
        if plans == 1:
            home = {**given.constraints["home"], "bonus": ()}
            given = given.replace(constraints={**given.constraints, "home": home})
        effect = effects(given, bind_constraints(given.constraints))
        assert (effect.households is None) == (plans == 1)
        best, outcome = greatest(given, effect), best_within_limits(given)
        if best is None:
            assert not isinstance(outcome, Allocation)
            seen["none"] += 1
            continue
        assert isinstance(outcome, Allocation)
        outcome.check(given)
        seen["allocation"] += 1
        assert (outcome.certificate.value, outcome.certificate.gap) == (best[0], 0)
        if outcome.certificate.least_cost:
            assert -outcome.total_cost == best[1]
        assert not check_limits(given, parts_of(outcome), claim_of(outcome))[1]
        limits = bind_constraints(given.constraints)
        broken = [each.limit for each in breaches(given, limits, outcome)]
        assert not any(limit.startswith("home") for limit in broken)
    assert min(seen.values()) > 50


def plans_of(
    given: Problem, effect: Effect, members: list[IntArray]
) -> Iterator[tuple[int, IntArray]]:
    """Every plan of every household; those of several members keep the limits on each person."""
    offsets, must = given.menus.offsets, given.choice == "exactly_one"
    for home, users in enumerate(members):
        menus = [list(range(offsets[user], offsets[user + 1])) for user in users]
        for plan in itertools.product(*(menu if must else [*menu, -1] for menu in menus)):
            picks = np.array(plan, dtype=np.int64)
            kept = all(
                not limit.binds
                or not limit.held[user]
                or (int(limit.base[pick]) if pick >= 0 else 0) <= limit.limit[user]
                for limit in effect.each
                for user, pick in zip(users, plan, strict=True)
            )
            if len(users) == 1 or (kept and pairs_kept(picks, effect)):
                yield home, picks


def programme(given: Problem, effect: Effect) -> float | None:
    """The best mixes of plans, by a plain linear programme."""
    homes = effect.households
    assert homes is not None
    members = [np.flatnonzero(homes.home == home) for home in range(len(homes.size))]
    plans = list(plans_of(given, effect, members))
    solver = highspy.Highs()
    solver.silent()
    everyone = np.arange(len(plans), dtype=np.int32)

    def amounts(base: IntArray, only: int | None = None) -> list[float]:
        return [
            float(base[picks[picks >= 0]].sum()) if only in {None, home} else 0.0
            for home, picks in plans
        ]

    for (_, picks), worth in zip(plans, amounts(values(given, effect)), strict=True):
        solver.addVariable(0, 1, -worth - added(picks, effect))

    def at_most(weights: list[float], limit: float, least: float = -highspy.kHighsInf) -> None:
        solver.addRow(least, limit, len(plans), everyone, np.array(weights))

    at_most(amounts(given.menus.cost), given.allocable)
    for row in effect.rows:
        klass = np.zeros(given.menus.n_packages, int) if row.klass is None else row.klass
        at_most(amounts(row.base * np.array(row.weights)[klass]), row.limit)
    for home, users in enumerate(members):
        at_most([float(home == other) for other, _ in plans], 1, 1)
        for limit in effect.each if len(users) == 1 else ():
            if limit.binds and limit.held[users[0]]:
                at_most(amounts(limit.base, home), float(limit.limit[users[0]]))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return -float(solver.getInfo().objective_function_value)


def test_part_packages_are_mixes_of_plans_as_a_plain_programme_finds_them() -> None:
    seen = 0
    for given, effect in cases("divisible", 200):
        best, outcome = programme(given, effect), best_within_limits(given)
        if best is None:
            assert not isinstance(outcome, Allocation)
            continue
        assert isinstance(outcome, Allocation)
        outcome.check(given)
        seen += 1
        bound = outcome.certificate.upper_bound
        assert bound is not None
        # A few units of money that rounding needs are worth some of need each, of a million.
        assert best - 200 * effect.scale < outcome.certificate.value < best + 1e-3
        assert best - 10 * effect.scale < bound < best + 10 * effect.scale
        assert not check_limits(given, parts_of(outcome), claim_of(outcome))[1]
    assert seen > 60


def with_pool(draw: random.Random) -> Problem:
    """People with pairs, some of whose packages use a service that opens only as a whole."""
    given = case(draw, "whole")
    count = given.menus.n_packages
    using = sorted(draw.sample(range(count), draw.randint(1, min(4, count))))
    table = Services(
        ids=np.array(["centre"], dtype=object),
        unit=np.array(["day"], dtype=object),
        capacity=frozen([-1]),
        fixed_cost=frozen([draw.randint(0, 6)]),
        least_members=frozen([draw.randint(1, 3)]),
        paid_anyway=frozen([False], np.bool_),
    )
    uses = Uses(frozen(using), frozen([0] * len(using)), frozen([1] * len(using)))
    pooled = {"kind": "pooled"}
    return given.replace(
        services=table, uses=uses, constraints={**given.constraints, "pool": pooled}
    )


def test_members_of_a_household_count_each_for_a_service_that_opens_as_a_whole() -> None:
    draw, seen = random.Random(11), {"open": 0, "closed": 0, "none": 0}
    for _ in range(150):
        given = with_pool(draw)
        services, uses = given.services, given.uses
        assert services is not None
        assert uses is not None
        effect = effects(given, bind_constraints(given.constraints))
        value, found = values(given, effect), []
        for picks in choices(given, effect):
            members = int(np.isin(picks, uses.package).sum())
            cost = spent(given, picks) + (int(services.fixed_cost[0]) if members else 0)
            if cost <= given.allocable and members not in range(1, int(services.least_members[0])):
                own = int(value[picks[picks >= 0]].sum())
                found.append((own + added(picks, effect), members))
        outcome = best_within_limits(given)
        if not found:
            assert not isinstance(outcome, Allocation)
            seen["none"] += 1
            continue
        assert isinstance(outcome, Allocation)
        assert outcome.certificate.value == max(found)[0]
        seen["open" if np.isin(outcome.package, uses.package).any() else "closed"] += 1
    assert min(seen.values()) > 15
