import numpy as np
import pytest

from metneed.models.arrays import picked
from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.solver.engines import rows_asked
from metneed.solver.engines.backend import Answer
from metneed.solver.engines.deviations import Deviations
from metneed.solver.engines.meet import meet
from metneed.solver.engines.phase_one import RowsInfeasible
from metneed.solver.engines.rows import Row
from metneed.solver.engines.rows_whole import NoWholeAnswer, RowsWhole, rows_whole_optimum

from .limited_cases import enumerated_value, highs_value, limited_cases


def best(menus: Menus, rows: list[Row], **settings: float) -> RowsWhole:
    found = rows_whole_optimum(menus, None, rows, Settings(**settings))
    assert isinstance(found, RowsWhole)
    return found


def hard(users: int, resources: int, seed: int = 1) -> tuple[Menus, list[Row]]:
    rng = np.random.default_rng(seed)
    cost, value = rng.integers(1, 1001, (2, users * 5))
    menus = Menus.of(np.arange(0, users * 5 + 1, 5), cost, value)
    rows = [Row("budget", cost, int(cost.sum() * 0.08))]
    for number in range(resources):
        use = rng.integers(0, 101, users * 5)
        rows.append(Row(f"service {number}", use, int(use.sum() * 0.08)))
    return menus, rows


def test_three_users_have_the_whole_packages_found_by_hand(d3: Menus) -> None:
    found = best(d3, [Row("budget", d3.cost, 12)])

    assert picked(d3.value, found.picks).tolist() == [5, 10, 4]
    assert (found.value, found.upper_bound, found.proof) == (19, 19, "proved")


def test_small_problems_have_the_greatest_value_that_enumeration_finds() -> None:
    kinds = []
    for case in limited_cases(5000, 5250, users=6):
        found = rows_whole_optimum(case.menus, case.due, case.rows)
        value = enumerated_value(case)
        kinds.append(type(found))
        if isinstance(found, RowsWhole):
            assert (found.value, found.upper_bound) == (value, value)
            assert all(row.is_kept(found.picks) for row in case.rows)
        else:
            assert value is None
            assert isinstance(found, RowsInfeasible) or found.proved

    assert {RowsWhole, RowsInfeasible} <= set(kinds)


def test_the_value_is_that_of_the_programme_in_words() -> None:
    compared = 0
    for case in limited_cases(6000, 6120):
        found = rows_whole_optimum(case.menus, case.due, case.rows)
        if isinstance(found, RowsWhole):
            compared += 1
            assert found.value == pytest.approx(highs_value(case, divisible=False), abs=1e-6)

    assert compared > 30


def test_a_hundred_users_and_three_limits_are_proved_at_the_value_of_highs() -> None:
    menus, rows = hard(100, 2)

    found = best(menus, rows)

    answer = rows_asked.ask(
        rows_asked.formulate_rows(menus, np.zeros(100, dtype=np.bool_), rows, divisible=False)
    )
    assert answer.values is not None
    assert found.value == round(float(answer.values @ menus.value))
    assert (found.upper_bound, found.proof, found.least_cost) == (found.value, "proved", True)


def test_of_packages_worth_the_same_those_of_least_cost_are_chosen() -> None:
    menus = Menus.of([0, 2, 4], [5, 4, 6, 6], [7, 7, 7, 7])

    found = best(menus, [Row("budget", menus.cost, 11), Row("hours", menus.cost, 20)])

    assert found.picks.tolist() == [1, 2]


def test_part_packages_may_do_where_whole_ones_do_not() -> None:
    menus = Menus.of([0, 2], [4, 8], [5, 9])
    exactly_six = [Row("most", menus.cost, 6), Row("least", -menus.cost, -6)]

    found = rows_whole_optimum(menus, np.array([True]), exactly_six)

    assert isinstance(found, NoWholeAnswer)
    assert found.proved


def test_a_time_limit_leaves_a_gap_and_no_claim() -> None:
    menus, rows = hard(3000, 5)

    found = best(menus, rows, time_limit=0.6)

    assert found.value < found.upper_bound
    assert found.stopped == "time limit"
    assert found.proof == "proved"
    assert all(row.is_kept(found.picks) for row in rows)


def test_weights_beyond_64_bits_give_packages_that_keep_the_row_and_a_valid_bound() -> None:
    menus, rows = hard(30, 1)
    group = np.arange(menus.n_packages) // 75
    plain = Row("group", menus.value, 0, group, (3, -4))
    large = Row("group", menus.value, 0, group, (3 * 10**30, -4 * 10**30))

    expected, found = best(menus, [*rows, plain]), best(menus, [*rows, large], time_limit=5)

    assert expected.proof == "proved"
    assert expected.gap == 0
    assert large.is_kept(found.picks)
    assert found.value <= expected.value <= found.upper_bound
    assert found.bound.value == expected.bound.value


@pytest.mark.parametrize("lie", ["everything", "nothing", "infeasible", "half"])
def test_a_solver_that_lies_changes_nothing_that_is_proved(
    lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    menus, rows = hard(200, 6)

    def lying(problem: object, solver: str, seconds: float) -> Answer:
        count = len(problem.variables())  # type: ignore[attr-defined]
        values = {
            "everything": np.ones(count),
            "nothing": np.zeros(count),
            "half": np.full(count, 0.5),
            "infeasible": None,
        }[lie]
        claim = "No Solution Exists" if lie == "infeasible" else "Optimal Solution Found"
        return Answer(values, {}, claim, "finished")

    monkeypatch.setattr(rows_asked, "ask", lying)
    found = best(menus, rows, time_limit=2, memory_limit=0.001)

    assert all(row.is_kept(found.picks) for row in rows)
    assert found.value < found.upper_bound
    assert found.proof == "proved"
    assert found.stopped != "finished"


def test_halves_meet_at_the_least_gap_there_is() -> None:
    # Best packages use 10 of 7; giving up 3 costs at least 4: the second and third deviations.
    deviations = Deviations(
        user=np.array([0, 1, 2]),
        option=np.array([5, 6, 7]),
        loss=np.array([9, 1, 3]),
        use=np.array([[-3], [-1], [-2]]),
    )

    met = meet(deviations, np.array([-3]), (1,), 20, 1000, np.inf)

    assert met.options is not None
    assert sorted(met.options.tolist()) == [6, 7]
    assert met.gap == 4
    assert met.complete


def test_too_many_states_end_the_listing_without_a_claim() -> None:
    many = Deviations(
        user=np.arange(40),
        option=np.arange(40),
        loss=np.ones(40, dtype=np.int64),
        use=np.ones((40, 1), dtype=np.int64),
    )

    met = meet(many, np.array([3]), (1,), 100, 1000, np.inf)

    assert not met.complete
    assert met.options is None
