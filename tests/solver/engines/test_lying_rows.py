"""Several limits and a solver that lies: what is claimed is true, or is not claimed.

Every programme that is handed to HiGHS is answered falsely: not at all, with prices or shares that
are wrong in many ways, with limits said to be missed or kept. What comes out is held against
enumeration and an honest solver.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from metneed.models.arrays import BoolArray, FloatArray
from metneed.models.errors import SolverError
from metneed.models.settings import Settings
from metneed.solver.engines import core_program, cutting_planes, rows_asked
from metneed.solver.engines.array_lp import (
    ArrayAnswer,
    ArrayProgram,
    ChoiceProgram,
    solve_arrays,
)
from metneed.solver.engines.backend import Answer, ask_here
from metneed.solver.engines.infeasible import Part, conflict
from metneed.solver.engines.lagrangian import RowsOptimum, rows_optimum
from metneed.solver.engines.rows_whole import RowsWhole, rows_whole_optimum

from .limited_cases import limited_cases
from .limited_truths import Truth, check_conflict, check_parts, check_whole, truth_of

Lie = Callable[[ArrayAnswer, ArrayProgram], ArrayAnswer | None]


def no_answer(_: ArrayAnswer, __: ArrayProgram) -> None:
    """As if the programme were infeasible."""


def wrong_prices(factor: float) -> Lie:
    return lambda found, _: replace(found, prices=found.prices * factor)


def shares(change: Callable[[FloatArray], FloatArray]) -> Lie:
    return lambda found, _: replace(found, values=change(found.values))


def nothing_is_missing(found: ArrayAnswer, program: ArrayProgram) -> ArrayAnswer:
    """Everybody has the first option whatever the limits, and no limit is said to be passed."""
    values = np.zeros_like(found.values)
    last = program.starts[:-1][program.row_lower > -np.inf]
    values[program.columns[last]] = 1.0
    return replace(found, values=values, objective=found.objective + 1e6)


def much_is_missing(found: ArrayAnswer, program: ArrayProgram) -> ArrayAnswer:
    """Every limit is said to be passed by a lot, at the highest prices."""
    dear = program.objective < program.objective.mean() if len(found.values) else False
    return replace(
        found, values=np.where(dear, found.values + 5.0, found.values), prices=found.prices + 1e3
    )


LIES: dict[str, Lie] = {
    "no answer": no_answer,
    "no prices": wrong_prices(0.0),
    "prices of the wrong sign": wrong_prices(-1.0),
    "prices far too high": wrong_prices(1e9),
    "prices a little off": wrong_prices(1.01),
    "prices that are no numbers": wrong_prices(np.nan),
    "nobody has anything": shares(np.zeros_like),
    "everybody has everything": shares(lambda values: np.full_like(values, 3.0)),
    "shares below nothing": shares(np.negative),
    "shares that are no numbers": shares(lambda values: np.full_like(values, np.nan)),
    "shares of somebody else": shares(lambda values: values[::-1].copy()),
    "all limits kept": nothing_is_missing,
    "no limit kept": much_is_missing,
}


@pytest.fixture(params=LIES)
def lying(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every small linear programme is answered falsely."""
    lie = LIES[request.param]

    def answer(program: ArrayProgram, *_: float) -> ArrayAnswer | None:
        found = solve_arrays(program)
        return None if found is None else lie(found, program)

    monkeypatch.setattr(core_program, "solve_arrays", answer)
    monkeypatch.setattr(cutting_planes, "solve_arrays", answer)
    return str(request.param)


@pytest.fixture(scope="module")
def truths() -> list[Truth]:
    """Limits that can be kept and that cannot, rows on groups among them."""
    return [truth_of(case) for case in limited_cases(7000, 7055, users=5)]


def test_the_problems_are_of_all_kinds(truths: list[Truth]) -> None:
    assert sum(truth.linear is None for truth in truths) > 5
    assert sum(truth.whole is not None for truth in truths) > 20
    assert any(row.klass is not None for truth in truths for row in truth.case.rows)


def test_part_packages_are_what_is_claimed(lying: str, truths: list[Truth]) -> None:
    answers = 0
    for truth in truths:
        case = truth.case
        try:
            found = rows_optimum(case.menus, case.due, case.rows)
        except SolverError:
            continue
        answers += 1
        check_parts(found, truth)

    assert answers or "no " in lying


def test_whole_packages_are_what_is_claimed(lying: str, truths: list[Truth]) -> None:
    answers = 0
    for truth in truths:
        case = truth.case
        try:
            found = rows_whole_optimum(case.menus, case.due, case.rows, Settings(time_limit=3))
        except SolverError:
            continue
        answers += 1
        check_whole(found, truth)

    assert answers or "no " in lying


def test_what_cannot_be_kept_together_and_the_least_budget_are_true(
    lying: str, truths: list[Truth]
) -> None:
    answers = 0
    for truth in truths:
        try:
            check_conflict(truth.case)
        except SolverError:
            continue
        answers += 1

    assert answers or "no " in lying


def test_an_honest_solver_finds_the_conflicts_that_a_lying_one_may_miss(
    truths: list[Truth],
) -> None:
    for truth in truths:
        names = check_conflict(truth.case)

        assert bool(names) == (truth.linear is None)


def test_part_packages_of_a_solver_that_gives_less_than_it_could_have_a_gap(
    monkeypatch: pytest.MonkeyPatch, truths: list[Truth]
) -> None:
    def less(program: ArrayProgram, *_: float) -> ArrayAnswer | None:
        found = solve_arrays(replace(program, objective=np.minimum(program.objective, 0)))
        honest = solve_arrays(program)
        if found is None or honest is None:
            return None
        return ArrayAnswer(found.values, honest.prices, honest.objective)

    monkeypatch.setattr(core_program, "solve_arrays", less)
    gaps = 0
    for truth in truths:
        found = rows_optimum(truth.case.menus, truth.case.due, truth.case.rows)
        check_parts(found, truth)
        if isinstance(found, RowsOptimum) and not any(found.excess):
            assert truth.linear is not None
            short = found.value < int(truth.linear + 1e-6)
            gaps += short
            assert found.gap > 0 if short else True

    assert gaps > 5


OUTSIDE = {
    "over budget": np.ones_like,
    "nothing": np.zeros_like,
    "halves": lambda values: np.full_like(values, 0.5),
    "no numbers": lambda values: np.full_like(values, np.nan),
    "too few": lambda values: values[:-1],
    "something worse": lambda values: np.where(
        np.arange(len(values)) == values.argmax(), 0, values
    ),
    "none": lambda _: None,
}


@pytest.mark.parametrize("lie", OUTSIDE)
@pytest.mark.parametrize("claim", ["Optimal Solution Found", "No Solution Exists"])
def test_an_outside_solver_that_is_all_there_is_left_is_not_believed(
    lie: str, claim: str, truths: list[Truth], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer(problem: object, solver: str, seconds: float) -> Answer:
        asked.append(1)
        honest = ask_here(problem)  # type: ignore[arg-type]
        values = np.zeros(1) if honest.values is None else honest.values
        return Answer(OUTSIDE[lie](values), {}, claim, "finished")

    monkeypatch.setattr(rows_asked, "ask", answer)
    # Without room for lists and without branches our own search proves nothing.
    monkeypatch.setattr(ChoiceProgram, "solve", lambda *_: None)
    for truth in truths[:15]:
        case = truth.case
        settings = Settings(time_limit=1.0, memory_limit=1e-9)
        check_whole(rows_whole_optimum(case.menus, case.due, case.rows, settings), truth)

    assert asked


def test_an_optimum_on_a_solvers_word_is_labelled_so(
    truths: list[Truth], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ChoiceProgram, "solve", lambda *_: None)
    monkeypatch.setattr(rows_asked, "ask", lambda problem, *_: ask_here(problem))
    words = set()
    for truth in truths:
        case = truth.case
        settings = Settings(time_limit=1.5, memory_limit=1e-9)
        found = rows_whole_optimum(case.menus, case.due, case.rows, settings)
        check_whole(found, truth)
        if isinstance(found, RowsWhole):
            words.add((found.proof, found.gap > 0))

    assert ("solver's word only", False) not in words


def test_branches_and_prices_that_lie_together_prove_nothing_false(
    lying: str, truths: list[Truth], monkeypatch: pytest.MonkeyPatch
) -> None:
    true = ChoiceProgram.solve

    def lies(self: ChoiceProgram, allowed: BoolArray) -> tuple[FloatArray, FloatArray] | None:
        found = true(self, allowed)
        if found is None or "no answer" in lying:
            return None
        wrong = np.nan if "no numbers" in lying else -0.5
        return found[0][::-1].copy(), found[1] * wrong

    monkeypatch.setattr(ChoiceProgram, "solve", lies)
    monkeypatch.setattr(rows_asked, "ask", lambda *_: Answer(None, {}, "Infeasible", "finished"))
    for truth in truths[:15]:
        case = truth.case
        settings = Settings(time_limit=1.0, memory_limit=1e-6)
        try:
            found = rows_whole_optimum(case.menus, case.due, case.rows, settings)
        except SolverError:
            continue
        check_whole(found, truth)


@pytest.mark.parametrize("seconds", [1e-9, 1e-4, 5e-3])
def test_a_time_limit_never_makes_an_optimum_or_an_infeasible_problem(
    seconds: float, truths: list[Truth]
) -> None:
    settings = Settings(time_limit=seconds)
    for truth in truths:
        case = truth.case
        check_parts(rows_optimum(case.menus, case.due, case.rows, settings), truth)
        check_whole(rows_whole_optimum(case.menus, case.due, case.rows, settings), truth)
        parts = [Part(row.name, rows=(row,)) for row in case.rows]
        names = conflict(case.menus, [*parts, Part("floors", due=case.due)], settings)
        assert not names or truth.linear is None
