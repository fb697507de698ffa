"""Couples, and small problems with households, for the tests of them."""

import random
from decimal import Decimal

import numpy as np

from metneed.models.allocation import Allocation, Parts
from metneed.models.arrays import IntArray, frozen
from metneed.models.problem import Problem
from metneed.models.scenario import Packages
from metneed.solver.constraint import Effect
from metneed.solver.limited import best_within_limits
from metneed.solver.limits_check import Claim

from .brute import Tables, added, choices, labels, previous, problem, spent

COUPLE = [[(2, 5), (3, 6)], [(2, 4), (4, 9)], [(1, 2)]]
"""Two people and a third; the best without pairs at 9 is 6 + 9 + 2 for 8."""


def couple(budget: int, packages: Packages = "whole", **options: object) -> Problem:
    tables: Tables = {"home": {"kind": "together", **options}}
    ids = labels(["flat", "house", "flat", "house", "flat"])
    return problem(COUPLE, budget, packages=packages, package_ids=ids, constraints=tables)


def solved(given: Problem) -> Allocation:
    outcome = best_within_limits(given)
    assert isinstance(outcome, Allocation), outcome
    outcome.check(given)
    return outcome


def parts_of(found: Allocation) -> Parts:
    if found.parts is not None:
        return found.parts
    users = np.flatnonzero(found.package >= 0)
    return Parts(frozen(users), found.package[users], found.share[users])


def claim_of(found: Allocation) -> Claim:
    told = found.certificate
    return Claim(told.value, told.upper_bound or 0, told.multipliers)


def case(draw: random.Random, packages: Packages) -> Problem:
    """Two to five people with up to three packages, pairs among them, and perhaps other limits."""
    n = draw.randint(2, 5)
    # Parts are rounded to smallest units, which many units to a package make small.
    unit = 1 if packages == "whole" else 100_000
    menus = [
        [
            (draw.randint(0, 9) * unit, draw.randint(0, 9) * unit)
            for _ in "abc"[: draw.randint(1, 3)]
        ]
        for _ in range(n)
    ]

    def pair() -> list[str]:
        users = draw.sample(range(n), 2)
        return [text for u in users for text in (f"u{u + 1}", f"p{draw.randrange(len(menus[u]))}")]

    def some(chance: float) -> range:
        return range(draw.randint(1, 3) if draw.random() < chance else 0)

    home: dict[str, object] = {
        "kind": "together",
        "incompatible": [pair() for _ in some(0.7)] or [pair()],
        "required": [pair() for _ in some(0.5)],
        "bonus": [[*pair(), str(draw.randint(-5, 5) * unit)] for _ in some(0.6)],
    }
    floor = {"kind": "floor", "base": "need", "share": Decimal("0.5")}
    penalty = {"mode": "stress", "penalty": draw.choice(["0.5", "2", "1.5"])}
    tables: Tables = {
        "cap": {"kind": "cap", "amount": draw.randint(3, 9) * unit},
        "floor": floor | (penalty if draw.random() < 0.5 else {}),
        "fence": {
            "kind": "spend",
            "group": "area",
            "values": ["A"],
            "at_most": draw.randint(0, 10) * unit,
        },
        "fair": {"kind": "group_share", "group": "area", "at_least": Decimal("0.6")},
        "losers": {"kind": "transition", "losers_at_most": draw.randint(0, 2)},
    }
    chosen = {name: table for name, table in tables.items() if draw.random() < 0.35}
    return problem(
        menus,
        draw.randint(0, 30) * unit,
        packages=packages,
        package_ids=labels([f"p{place}" for menu in menus for place in range(len(menu))]),
        constraints={"home": home, **chosen},
        choice=draw.choice(["at_most_one", "exactly_one"]),
        groups={"area": [draw.choice("AB") for _ in range(n - 1)] + ["A"]},
        previous=previous([1] * n, [draw.randint(0, 9) * unit for _ in range(n)]),
    )


def values(given: Problem, effect: Effect) -> IntArray:
    own = given.menus.value * effect.scale
    return own if effect.added is None else own + effect.added


def greatest(given: Problem, effect: Effect) -> tuple[int, int] | None:
    """The greatest value of all whole choices and the least cost at that, by trying them all."""
    value = values(given, effect)
    found = [
        (int(value[picks[picks >= 0]].sum()) + added(picks, effect), -spent(given, picks))
        for picks in choices(given, effect)
        if spent(given, picks) <= given.allocable
    ]
    return max(found, default=None)
