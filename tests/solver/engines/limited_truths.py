"""What must be true of every answer under limits, whatever a solver said and however time ran."""

from dataclasses import dataclass

import numpy as np

from metneed.models.allocation import WHOLE, Parts
from metneed.models.menus import Menus
from metneed.solver.engines.infeasible import LeastBudget, Part, conflict, least_budget
from metneed.solver.engines.lagrangian import RowsOptimum
from metneed.solver.engines.part_packages import total_of_parts
from metneed.solver.engines.phase_one import RowsInfeasible
from metneed.solver.engines.rows import Row
from metneed.solver.engines.whole_answer import NoWholeAnswer, RowsWhole

from .limited_cases import Limited, enumerated_value, highs_value

NEAR = 1e-6


@dataclass(frozen=True, eq=False)
class Truth:
    """A small problem, and what an honest solver and enumeration say of it."""

    case: Limited
    linear: float | None
    whole: int | None


def truth_of(case: Limited) -> Truth:
    return Truth(case, highs_value(case, divisible=True), enumerated_value(case))


def check_parts(found: RowsOptimum | RowsInfeasible, truth: Truth) -> None:
    """Part packages: nothing is claimed that is not so."""
    case, linear = truth.case, truth.linear
    if isinstance(found, RowsInfeasible):
        assert linear is None
        check_excess(found, case)
        return
    if linear is not None:
        assert float(found.bound.exactly) >= linear - NEAR * (1 + abs(linear))
    check_shares(found.parts, case)
    for row, excess in zip(case.rows, found.excess, strict=True):
        assert excess == max(0, total_of_parts(row, found.parts) - row.limit)
    if not any(found.excess):
        assert linear is not None
        assert found.value <= linear + NEAR * (1 + abs(linear))


def check_shares(parts: Parts, case: Limited) -> None:
    given = np.zeros(case.menus.n_users, dtype=np.int64)
    np.add.at(given, parts.user, parts.share)
    assert (parts.share > 0).all()
    assert (given <= WHOLE).all()
    assert (given[case.due] == WHOLE).all()
    assert (case.menus.user[parts.package] == parts.user).all()


def check_whole(found: RowsWhole | NoWholeAnswer | RowsInfeasible, truth: Truth) -> None:
    """Whole packages: limits are kept, bounds hold, and no gap means the greatest value."""
    case, whole = truth.case, truth.whole
    if isinstance(found, RowsInfeasible):
        assert truth.linear is None
        check_excess(found, case)
        return
    if isinstance(found, NoWholeAnswer):
        assert whole is None or not found.proved
        return
    assert whole is not None
    assert all(row.is_kept(found.picks) for row in case.rows)
    assert (found.picks[case.due] >= 0).all()
    real = found.picks[found.picks >= 0]
    assert found.value == int(case.menus.value[real].sum())
    assert found.value <= whole <= found.upper_bound
    if found.gap:
        assert found.proof in {"proved", "solver's word only"}
    else:
        assert found.value == whole


def check_excess(found: RowsInfeasible, case: Limited) -> None:
    """What is said to be missing is no less than what prices prove, for the size of each row."""
    if found.certificate is None:
        assert found.blocked.size
        return
    assert found.certificate.total < 0
    if found.excess:
        prices = found.certificate.multipliers
        paid = sum(p * more for p, more in zip(prices, found.excess, strict=True))
        assert paid >= -found.certificate.total * (1 - NEAR)


def check_conflict(case: Limited) -> tuple[str, ...]:
    """Whatever is named together cannot be kept, and a least budget is one."""
    parts = [Part(row.name, rows=(row,)) for row in case.rows]
    names = conflict(case.menus, [*parts, Part("floors", due=case.due)])
    if names:
        rows = [row for row in case.rows if row.name in names]
        due = case.due if "floors" in names else np.zeros_like(case.due)
        assert highs_value(Limited(case.menus, due, rows), divisible=True) is None
    least = least_budget(case.menus, case.due, case.rows[1:])
    cheap = cheapest(case.menus, case)
    if isinstance(least, RowsInfeasible):
        assert cheap is None
    if isinstance(least, LeastBudget):
        assert cheap is not None
        near = NEAR * (1 + cheap)
        # A budget is whole money: the least is up to one unit above what the parts cost.
        assert least.at_least < cheap + 1 + near
        assert least.enough > cheap - near
    return names


def cheapest(menus: Menus, case: Limited) -> float | None:
    """What the other limits cost at least, as an honest solver has it."""
    free = Row("no limit", np.zeros(menus.n_packages, dtype=np.int64), 0)
    cheap = menus.replace(value=-menus.cost)
    value = highs_value(Limited(cheap, case.due, [free, *case.rows[1:]]), divisible=True)
    return None if value is None else -value
