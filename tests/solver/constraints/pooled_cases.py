"""Problems with pooled services: by hand, and at random with other limits; and enumeration."""

from collections.abc import Sequence

import numpy as np

from metneed.models.allocation import Allocation, Outcome, Parts
from metneed.models.arrays import frozen
from metneed.models.problem import Problem
from metneed.models.services import Services, Uses
from metneed.solver.bound import bind_constraints, effects
from metneed.solver.compare import best_rule
from metneed.solver.limits_check import Claim, check_limits
from metneed.solver.rules import rule
from metneed.solver.solve import run

from .brute import choices, previous, problem, spent

POOLED = {"shared": {"kind": "pooled"}}


def tables(
    fixed: Sequence[int],
    least: Sequence[int],
    anyway: Sequence[bool],
    uses: Sequence[tuple[int, int]],
    capacity: Sequence[int] | None = None,
) -> dict[str, object]:
    """Services called s0, s1 and so on, and which package (by position) uses which of them."""
    count = len(fixed)
    rows = sorted(set(uses))
    services = Services(
        np.array([f"s{k}" for k in range(count)], dtype=object),
        np.array(["places"] * count, dtype=object),
        frozen([-1] * count if capacity is None else capacity),
        frozen(fixed),
        frozen(least),
        frozen(anyway, np.bool_),
    )
    columns = [frozen([row[k] for row in rows]) for k in (0, 1)]
    return {"services": services, "uses": Uses(*columns, frozen([1] * len(rows)))}


def d3_with_a_centre(budget: int, **changes: object) -> Problem:
    """Three users, each with a package in a day centre that costs 3 to open."""
    menus = [[(2, 5), (4, 8), (1, 6)], [(3, 6), (6, 10), (1, 7)], [(4, 4), (8, 9), (2, 7)]]
    shared = tables([3], [0], [False], [(2, 0), (5, 0), (8, 0)])
    return problem(menus, budget, **{**shared, "constraints": POOLED, **changes})


def random_problem(rng: np.random.Generator, packages: str = "whole") -> Problem:
    """Up to five users, up to four services that packages use in any number, and other limits."""
    users = int(rng.integers(1, 6))
    menus = [
        [(int(rng.integers(0, 12)), int(rng.integers(0, 15))) for _ in range(rng.integers(0, 4))]
        for _ in range(users)
    ]
    count, services = sum(map(len, menus)), int(rng.integers(1, 5))
    least = rng.integers(0, 4, services)
    fixed = np.where(least == 0, rng.integers(1, 9, services), rng.integers(0, 9, services))
    uses = [(p, k) for p in range(count) for k in range(services) if rng.random() < 0.3]
    shared = tables(
        fixed.tolist(),
        least.tolist(),
        (rng.random(services) < 0.25).tolist(),
        uses,
        rng.integers(1, 8, services).tolist(),
    )
    others: dict[str, dict[str, object]] = {
        "places": {"kind": "capacity"},
        "fair": {"kind": "group_share", "group": "area", "at_least": "0.5"},
        "basic": {"kind": "floor", "base": "need", "share": "0.3"},
        "soft": {"kind": "floor", "base": "need", "share": "0.5", "mode": "stress"},
        "most": {"kind": "cap", "amount": 8},
        "ring": {"kind": "spend", "services": ["s0"], "at_most_share": "0.4"},
        "gap": {"kind": "group_gap", "group": "area", "at_most": "0.5"},
        "gently": {"kind": "transition", "at_least": "0.4", "losers_at_most": 2},
    }
    chosen = {name: others[name] for name in others if rng.random() < 0.25}
    needs = [max((need for _, need in menu), default=0) for menu in menus]
    if not sum(needs[::2]) or not sum(needs[1::2]):
        chosen.pop("gap", None)  # it takes two groups with a need to compare
    return problem(
        menus,
        int(rng.integers(0, 45)),
        **shared,
        constraints={**POOLED, **chosen},
        packages=packages,
        groups={"area": ["north" if user % 2 else "south" for user in range(users)]},
        previous=previous(
            rng.integers(0, 9, users).tolist(),
            rng.integers(0, 9, users).tolist(),
            (rng.random(users) < 0.6).tolist(),
        ),
        choice="exactly_one" if rng.random() < 0.25 else "at_most_one",
    )


def solved(given: Problem) -> Outcome:
    """What the best rule for the kind of packages gives; a checked allocation."""
    outcome = run(rule(best_rule(given)), given)
    if isinstance(outcome, Allocation):
        outcome.check(given)
        assert not verified(given, outcome)[1]
    return outcome


def verified(given: Problem, found: Allocation, **changes: object) -> tuple[list[str], list[str]]:
    """What the check without a solver says of an allocation, some of its claims changed."""
    said = found.certificate
    package, share = found.held
    user = np.searchsorted(given.menus.offsets, package, side="right") - 1
    assert found.pooled is not None
    record = found.pooled.record(given)
    claim = {
        "value": said.value,
        "upper_bound": said.upper_bound,
        "multipliers": said.multipliers,
        "openings": said.openings,
        "record": record,
        **changes,
    }
    return check_limits(given, Parts(user, package, share), Claim(**claim))  # type: ignore[arg-type]


def best_by_enumeration(given: Problem) -> tuple[int, int] | None:
    """Value and total cost of the best whole packages, fixed costs included; None without any."""
    effect = effects(given, bind_constraints(given.constraints))
    value = given.menus.value * effect.scale
    if effect.added is not None:
        value = value + effect.added
    found = []
    for picks in choices(given, effect):
        held = picks[picks >= 0]
        used = [item for item in effect.pooled if item.pool.needs[held].any()]
        cost = spent(given, picks) + effect.paid_anyway + sum(item.pool.cost for item in used)
        if cost <= given.allocable and all(item.pool.members.is_kept(picks) for item in used):
            found.append((int(value[held].sum()), -cost))
    if not found:
        return None
    return max(found)[0], -max(found)[1]
