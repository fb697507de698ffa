"""What a build shows of itself: today's pounds and people, and how today's packages look back."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from metneed.instances.build import Built
from metneed.instances.council.current import NOT_RECORDED
from metneed.instances.council.menus import Today
from metneed.instances.council.record import Council
from metneed.models.arrays import FloatArray, IntArray, greatest

NOTED = Fraction(1, 100)
"""Differences from the ledger above this share of it are listed."""


def services_table(council: Council) -> list[dict[str, Any]]:
    """Pounds and people of today by service, beside the ledger where there is one.

    Amounts are decimal text; `listed` says that pounds or people differ by more than 1 %.
    """
    current = council.current
    if current is None:
        return []
    units, size = council.scenario.units, len(council.prices.ids)
    listed = np.zeros(size, dtype=np.int64)
    of_row = current.list_cost(council.prices.services, council.prices.price_list)
    np.add.at(listed, current.service, of_row)
    recorded = np.zeros(size, dtype=np.int64)
    known = current.recorded != NOT_RECORDED
    np.add.at(recorded, current.service, np.where(known, current.recorded, of_row))
    people = np.bincount(current.service[current.units > 0], minlength=size)
    accounts = _accounts(council)
    rows = []
    for place, name in enumerate(council.prices.ids):
        row: dict[str, Any] = {
            "service_id": name,
            "people": int(people[place]),
            "list_cost": units.money(int(listed[place])),
            "recorded_cost": units.money(int(recorded[place])),
        }
        if place in accounts:
            cost, counted = accounts[place]
            row |= {
                "ledger_cost": units.money(cost),
                "ledger_people": counted,
                "listed": _differs(int(recorded[place]), cost)
                or (counted is not None and _differs(int(people[place]), counted)),
            }
        elif council.ledger is not None:
            row |= {"ledger_cost": None, "ledger_people": None, "listed": bool(people[place])}
        rows.append(row)
    return rows


def list_against_recorded(council: Council, today: Today | None) -> dict[str, Any]:
    """Today's list and recorded cost, for the people whose cost is recorded; and their ranks."""
    if council.current is None or today is None:
        return {}
    units = council.scenario.units
    recorded = council.current.recorded_cost()[today.rows]
    known = recorded != NOT_RECORDED
    listed, stated = today.listed[known], recorded[known]
    return {
        "people_with_services": len(today.rows),
        "people_with_recorded_cost": int(known.sum()),
        "list_cost": units.money(int(listed.sum())),
        "recorded_cost": units.money(int(stated.sum())),
        "difference": units.money(int(stated.sum() - listed.sum())),
        "people_off_by_over_5_percent": int((20 * np.abs(stated - listed) > listed).sum()),
        "rank_correlation": rank_correlation(listed, stated),
    }


def backcast(council: Council, built: Built, today: Today | None) -> dict[str, Any]:
    """How today's packages look by the tables: what they meet, and against the full package."""
    if today is None or not len(today.rows):
        return {}
    units, rows = council.scenario.units, today.rows
    need = built.need[rows]
    full = full_cost(built)[rows]
    gross = today.cost
    return {
        "people": len(rows),
        "share_of_need_met": _ratio(int(today.met_need.sum()), int(need.sum())),
        "met_need": units.need(int(today.met_need.sum())),
        "need": units.need(int(need.sum())),
        "people_under_half": int((2 * today.met_need < need).sum()),
        "people_over_120_percent_of_full": int(((full > 0) & (5 * gross > 6 * full)).sum()),
        "people_without_need": int((need == 0).sum()),
        "rank_correlation_of_need_with_cost": rank_correlation(need, today.cost),
    }


def full_cost(built: Built) -> IntArray:
    """For each person the cost of the cheapest package that meets most, 0 for an empty menu."""
    best = greatest(built.met_need, built.offsets, 0)[built.user] == built.met_need
    low = np.where(best, -built.cost, np.iinfo(np.int64).min)
    return np.maximum(-greatest(low, built.offsets, 0), 0)


def menu_table(built: Built) -> list[dict[str, Any]]:
    """For each plan how many people have its package, and for how many it is dominated."""
    kept = np.bincount(built.plan, minlength=len(built.plans))
    dominated = np.bincount(built.plan[built.dominated], minlength=len(built.plans))
    return [
        {
            "package_id": plan.package_id,
            "origin": plan.origin,
            "people": int(np.count_nonzero(plan.units.any(axis=1))),
            "kept": int(kept[place]),
            "dominated": int(dominated[place]),
        }
        for place, plan in enumerate(built.plans)
    ]


def rank_correlation(one: IntArray, other: IntArray) -> float | None:
    """Spearman's coefficient, equal values sharing their mean rank; None where one is constant.

    References
    ----------
    C. Spearman, The proof and measurement of association between two things, American Journal of
    Psychology 15, 1904, pages 72-101.

    Examples
    --------
    >>> rank_correlation(np.array([1, 2, 3]), np.array([10, 30, 20]))
    0.5
    """
    first, second = _ranks(one), _ranks(other)
    if len(first) == 0 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    first, second = first - first.mean(), second - second.mean()
    value = (first * second).sum() / np.sqrt((first**2).sum() * (second**2).sum())
    return round(float(value), 4)


def _ranks(values: IntArray) -> FloatArray:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    means: FloatArray = (last - (counts - 1) / 2)[place]
    return means


def _accounts(council: Council) -> Mapping[int, tuple[int, int | None]]:
    ledger = council.ledger
    if ledger is None:
        return {}
    return {
        service: (cost, people if people >= 0 else None)
        for service, cost, people in zip(
            ledger.service.tolist(), ledger.cost.tolist(), ledger.people.tolist(), strict=True
        )
    }


def _differs(ours: int, theirs: int) -> bool:
    return abs(ours - theirs) > NOTED * theirs


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
