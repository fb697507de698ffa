"""Figures of a split, for everyone and for each group of users."""

from collections.abc import Iterator

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.comparison import Figure, Number, Unit
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.studies.split import Split, share_of


def split_figures(found: Split, after: Problem) -> Iterator[Figure]:
    """Totals and shares, for those there twice and for groups as they are after.

    Who joined and who left are figures of their own, for everyone.
    """
    rows = np.searchsorted(after.users.ids, found.ids)
    parts: list[tuple[str, str, IntArray]] = [("", "", np.arange(len(rows)))]
    for column, labels in after.users.groups.items():
        codes = labels.codes[rows]
        parts += [
            (column, labels.names[code], np.flatnonzero(codes == code))
            for code in np.unique(codes).tolist()
        ]
    for group_by, group, chosen in parts:
        for name, (value, unit) in _figures(found, chosen).items():
            yield Figure("both times", group_by, group, name, value, unit)
    variation = found.budget_share_of_variation
    yield Figure("both times", "", "", "budget_share_of_variation", variation, "share")
    for name, (ids, awards) in {"joined": found.joined, "left": found.left}.items():
        yield Figure(name, "", "", "users", len(ids), "users")
        yield Figure(name, "", "", "award", exact_sum(awards), "money")


def unchanged(found: Split, before: Problem, after: Problem) -> tuple[int, int] | None:
    """How many have the same points both times, and of them another award; None without points."""
    points = []
    for problem in (before, after):
        if problem.users.points is None:
            return None
        points.append(problem.users.points[np.searchsorted(problem.users.ids, found.ids)])
    same = points[0] == points[1]
    return int(same.sum()), int((same & (found.change != 0)).sum())


def _figures(found: Split, rows: IntArray) -> dict[str, tuple[Number, Unit]]:
    budget, need = found.budget[rows], found.need[rows]
    logs = [np.abs(part[rows]) for part in (found.log_budget, found.log_need)]
    by_budget, by_need = (float(np.nansum(part)) for part in logs)
    size = by_budget + by_need
    return {
        "users": (len(rows), "users"),
        "before": (exact_sum(found.before[rows]), "money"),
        "after": (exact_sum(found.after[rows]), "money"),
        "change": (exact_sum(found.change[rows]), "money"),
        "budget_part": (exact_sum(budget), "money"),
        "need_part": (exact_sum(need), "money"),
        "budget_share": (share_of(budget, need), "share"),
        "budget_share_of_logs": (by_budget / size if size else None, "share"),
        "users_with_logs": (int((~np.isnan(logs[0])).sum()), "users"),
        "users_mostly_budget": (int((np.abs(budget) > np.abs(need)).sum()), "users"),
    }
