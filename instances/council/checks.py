"""What a build shows of itself: today's pounds and people, and how today's packages look back."""

from typing import Any

import numpy as np

from metneed.instances.build import Built
from metneed.instances.council.current import NOT_RECORDED
from metneed.instances.council.menus import Today
from metneed.instances.council.record import Council
from metneed.instances.reconcile import Accounts, Records, reconcile
from metneed.models.arrays import FloatArray, IntArray


def services_table(council: Council) -> list[dict[str, Any]]:
    """Pounds and people of today by service, beside the ledger where there is one.

    Amounts are decimal text; `listed` says that pounds or people differ by more than 1 %.
    """
    current, prices = council.current, council.prices
    if current is None:
        return []
    units = council.scenario.units
    of_row = current.list_cost(prices.services, prices.price_list)
    listed = np.zeros(len(prices.ids), dtype=np.int64)
    np.add.at(listed, current.service, of_row)
    recorded = np.where(current.recorded == NOT_RECORDED, of_row, current.recorded)
    names = np.array(prices.ids, dtype=object)
    accounts = council.ledger or Accounts([], np.zeros(0, np.int64), np.zeros(0, np.int64))
    paid = None if council.contributions is None else int(council.contributions.sum())
    found = reconcile(
        Records(current.user, names[current.service].tolist(), recorded), accounts, paid
    )
    at_list = dict(zip(prices.ids, listed.tolist(), strict=True))
    rows = []
    for line in found.lines:
        row: dict[str, Any] = {
            "service_id": line.name,
            "people": line.people,
            "list_cost": units.money(at_list.get(line.name, 0)),
            "recorded_cost": units.money(line.cost),
        }
        if council.ledger is not None:
            row |= {
                "ledger_cost": None if line.ledger_cost is None else units.money(line.ledger_cost),
                "ledger_people": line.ledger_people,
                "listed": line.cost_differs or line.people_differ,
            }
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
    full = full_cost(council, built)[rows]
    return {
        "people": len(rows),
        "share_of_need_met": _ratio(int(today.met_need.sum()), int(need.sum())),
        "met_need": units.need(int(today.met_need.sum())),
        "need": units.need(int(need.sum())),
        "people_under_half": int((2 * today.met_need < need).sum()),
        "people_over_120_percent_of_full": int(((full > 0) & (5 * today.cost > 6 * full)).sum()),
        "people_without_need": int((need == 0).sum()),
        "rank_correlation_of_need_with_cost": rank_correlation(need, today.cost),
    }


def full_cost(council: Council, built: Built) -> IntArray:
    """For each person what the full package costs, after what the person pays; 0 without any."""
    plan = next((plan for plan in built.plans if plan.package_id == "full"), None)
    tables = council.tables
    if plan is None:
        return np.zeros(len(council), dtype=np.int64)
    cost = tables.services.cost(tables.price_list, plan.units)
    return cost if tables.contribution is None else np.maximum(cost - tables.contribution, 0)


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


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
