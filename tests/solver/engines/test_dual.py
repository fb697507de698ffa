from dataclasses import replace

import numpy as np
import pytest

from metneed.models.menus import Menus
from metneed.solver.engines.array_lp import ArrayProgram, solve_arrays
from metneed.solver.engines.core_program import TooLateError, finish
from metneed.solver.engines.cutting_planes import cutting_planes
from metneed.solver.engines.dual import Dual, dual_of, smooth
from metneed.solver.engines.kinds import kinds_of
from metneed.solver.engines.newton import Enough, newton
from metneed.solver.engines.rows import Row


def some_dual(users: int = 300, limits: int = 3, seed: int = 2) -> Dual:
    rng = np.random.default_rng(seed)
    packages = users * 4
    cost, value = rng.integers(1, 1000, (2, packages))
    rows = [Row("budget", cost, int(cost.sum() * 0.1))]
    for number in range(limits - 1):
        use = rng.integers(0, 50, packages)
        rows.append(Row(f"service {number}", use, int(use.sum() * 0.1)))
    menus = Menus.of(np.arange(0, packages + 1, 4), cost, value)
    return dual_of(kinds_of(menus, np.zeros(users, dtype=np.bool_), rows))


def test_the_smooth_dual_lies_just_above_the_sharp_one() -> None:
    dual, mu = some_dual(), 0.01
    prices = np.array([40.0, 30.0, 20.0])

    here = smooth(dual, prices, mu)

    assert here.sharp == pytest.approx(dual.at(prices))
    assert here.sharp <= here.value <= here.sharp + 300 * mu * np.log(5)


def test_slope_and_curvature_are_those_of_small_differences() -> None:
    dual, mu, step = some_dual(), 0.1, 1e-4
    prices = np.array([40.0, 30.0, 20.0])
    here = smooth(dual, prices, mu)

    for k in range(3):
        move = step * np.eye(3)[k]
        up, down = smooth(dual, prices + move, mu), smooth(dual, prices - move, mu)
        slope = (up.value - down.value) / (2 * step)
        curvature = (up.slope - down.slope) / (2 * step)

        assert here.slope[k] == pytest.approx(slope, rel=1e-5, abs=1e-6)
        assert here.curvature[k] == pytest.approx(curvature, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize("limits", [1, 3, 8])
def test_newton_cutting_planes_and_the_core_agree(limits: int) -> None:
    dual = some_dual(limits=limits)

    near = newton(dual)
    cut = cutting_planes(dual, np.zeros(limits), np.inf)
    _, exact = finish(dual, near.prices, np.inf)
    _, again = finish(dual, cut.prices, np.inf)

    assert exact.bound == pytest.approx(exact.value, rel=1e-10)
    assert again.value == pytest.approx(exact.value, rel=1e-10)
    assert exact.value - 1e-9 <= near.bound <= exact.value * (1 + 1e-4)
    assert exact.value - 1e-9 <= cut.bound <= exact.value * (1 + 1e-8)


def test_the_finish_is_the_same_from_the_worst_prices() -> None:
    dual = some_dual()

    _, good = finish(dual, newton(dual).prices, np.inf)
    _, poor = finish(dual, np.zeros(3), np.inf)

    assert poor.value == pytest.approx(good.value, rel=1e-10)
    assert not poor.missing.any()


def test_prices_from_arrays_are_what_one_more_would_add() -> None:
    # The most 3 x + 2 y with x + y at most 4 and x at most 3: one more of the first adds 2.
    found = solve_arrays(
        ArrayProgram(
            objective=np.array([3.0, 2.0]),
            lower=np.zeros(2),
            upper=np.full(2, np.inf),
            row_lower=np.full(2, -np.inf),
            row_upper=np.array([4.0, 3.0]),
            starts=np.array([0, 2, 3]),
            columns=np.array([0, 1, 0]),
            factors=np.ones(3),
        )
    )

    assert found is not None
    assert found.objective == pytest.approx(11)
    assert found.values == pytest.approx([3, 1])
    assert found.prices == pytest.approx([2, 1])


def test_a_programme_without_an_answer_has_none() -> None:
    impossible = ArrayProgram(
        objective=np.ones(1),
        lower=np.zeros(1),
        upper=np.ones(1),
        row_lower=np.array([2.0]),
        row_upper=np.array([np.inf]),
        starts=np.array([0, 1]),
        columns=np.array([0]),
        factors=np.ones(1),
    )

    assert solve_arrays(impossible) is None


def test_choices_that_keep_all_limits_end_the_search_where_they_are_enough() -> None:
    dual = some_dual()

    assert newton(dual, Enough(kept=0.0)).kept
    assert not newton(replace(dual, limits=dual.limits - 2), Enough(floor=-1e3, kept=0.0)).kept


def test_a_deadline_that_is_over_ends_the_search_with_the_bound_of_its_prices() -> None:
    dual = some_dual()
    late = newton(dual, Enough(deadline=0.0))

    assert late.bound == pytest.approx(dual.at(late.prices))
    assert late.bound > newton(dual).bound


def test_after_the_deadline_there_is_the_first_answer_and_no_second() -> None:
    dual = some_dual()
    core, first = finish(dual, np.zeros(3), 0.0)

    assert core.solve(dual.limits, 0.0) is None
    with pytest.raises(TooLateError):
        finish(dual, np.zeros(3), np.inf, first_by=0.0)
    assert first.bound >= finish(dual, np.zeros(3), np.inf)[1].bound - 1e-9
