from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from metneed.models.arrays import picked
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.settings import Settings
from metneed.solver.engines.backend import Answer, ask_here
from metneed.solver.engines.exact import Whole, whole_optimum
from metneed.solver.engines.frontier import frontier_of
from metneed.solver.engines.program import formulate, solve_program, whole_picks, write_lp

Cases = Callable[..., Iterator[tuple[Menus, Choice, int]]]

D3_LP = """\
\\* met_need *\\
Maximize
OBJ: 5 x_0 + 8 x_1 + 10 x_2 + 6 x_3 + 7 x_4 + 10 x_5 + 4 x_6 + 9 x_7
Subject To
budget: 2 x_0 + 4 x_1 + 7 x_2 + 3 x_3 + 5 x_4 + 6 x_5 + 4 x_6 + 8 x_7 <= 12
user_0: x_0 + x_1 + x_2 <= 1
user_1: x_3 + x_4 + x_5 <= 1
user_2: x_6 + x_7 <= 1
"""


def says(values: list[float]) -> Answer:
    return Answer(np.array(values), {}, "Optimal Solution Found", "finished")


def test_the_programme_of_three_users_reads_as_it_is_stated(d3: Menus, tmp_path: Path) -> None:
    write_lp(formulate(d3, "at_most_one", 12, divisible=True), tmp_path / "d3.lp")

    assert (tmp_path / "d3.lp").read_text().startswith(D3_LP)
    assert [file.name for file in tmp_path.iterdir()] == ["d3.lp"]


def test_whoever_must_have_one_has_an_equation_and_an_empty_menu_has_none() -> None:
    problem = formulate(Menus.of([0, 0, 1], [3], [2]), "exactly_one", 5, divisible=False)

    assert [str(row) for row in problem.constraints()] == ["3*x_0 <= 5.0", "x_0 = 1.0"]
    assert problem.isMIP()


def test_variables_are_named_by_position_and_never_by_a_person(d3: Menus) -> None:
    names = {v.name for v in formulate(d3, "at_most_one", 12, divisible=True).variables()}

    assert names == {f"x_{i}" for i in range(8)}


@pytest.mark.parametrize("solver", ["HiGHS", "PULP_CBC_CMD"])
def test_three_users_solved_outside_have_the_answer_worked_out_by_hand(
    d3: Menus, solver: str
) -> None:
    divided = solve_program(d3, "at_most_one", 12, Settings(solver=solver), divisible=True)
    whole = solve_program(d3, "at_most_one", 12, Settings(solver=solver), divisible=False)

    assert divided.values == pytest.approx([0, 1, 0, 0, 0, 1, 0, 0.25])
    assert divided.multipliers["budget"] == pytest.approx(1.125)
    assert whole.values == pytest.approx([1, 0, 0, 0, 0, 1, 1, 0])
    assert whole.multipliers == {}


def test_three_users_with_linear_needs_meet_twenty_six(l3: Menus) -> None:
    answer = solve_program(l3, "at_most_one", 12, Settings(), divisible=True)

    assert answer.values == pytest.approx([1, 1, 1 / 6])


def test_the_programme_is_written_where_the_settings_say(d3: Menus, tmp_path: Path) -> None:
    settings = Settings(write_lp=tmp_path / "asked.lp")

    solve_program(d3, "exactly_one", 12, settings, divisible=False)

    assert "user_2: x_6 + x_7 = 1" in (tmp_path / "asked.lp").read_text()
    assert "Binaries" in (tmp_path / "asked.lp").read_text()


def test_without_packages_the_answer_is_empty() -> None:
    answer = solve_program(Menus.of([0, 0], [], []), "at_most_one", 1, Settings(), divisible=True)

    assert answer.values is not None
    assert len(answer.values) == 0


@pytest.mark.parametrize(
    ("values", "picks"),
    [
        ([1, 0, 0, 0, 0, 1, 1, 0], [0, 5, 6]),
        ([0, 0, 0, 0, 0, 1 - 1e-9, 1e-9, 0], [-1, 5, -1]),
        ([0.5, 0, 0, 0, 0, 1, 0, 0], None),
        ([1, 1, 0, 0, 0, 0, 0, 0], None),
        ([2, 0, 0, 0, 0, 0, 0, 0], None),
        ([-1, 0, 0, 0, 0, 0, 0, 0], None),
        ([1, 0, 0], None),
    ],
)
def test_only_whole_packages_at_most_one_a_user_are_read_as_picks(
    d3: Menus, values: list[float], picks: list[int] | None
) -> None:
    read = whole_picks(d3, says(values))

    assert (None if read is None else read.tolist()) == picks


def test_an_answer_without_values_gives_no_picks(d3: Menus) -> None:
    assert whole_picks(d3, Answer(None, {}, "killed", "time limit")) is None


@pytest.mark.parametrize("solver", ["HiGHS", "PULP_CBC_CMD"])
def test_our_own_engine_and_a_solver_find_the_same_values(small_cases: Cases, solver: str) -> None:
    compared = 0
    count = 1200 if solver == "HiGHS" else 100
    for menus, choice, budget in small_cases(count, seed=61, users=9):
        # Solvers need minutes for a dozen users whose costs are large numbers, and round them.
        large = menus.cost.max(initial=0) > 1000 or menus.value.max(initial=0) > 1000
        if large or frontier_of(menus, choice).shortfall(budget):
            continue
        answer = ask_here(formulate(menus, choice, budget, divisible=False), solver)
        picks = whole_picks(menus, answer)
        best = whole_optimum(menus, choice, budget)
        assert isinstance(best, Whole)
        assert picks is not None
        assert picked(menus.cost, picks).sum() <= budget
        assert picked(menus.value, picks).sum() == best.value
        compared += 1
    assert compared > count // 4


@pytest.mark.parametrize("solver", ["HiGHS", "PULP_CBC_CMD"])
def test_the_marginal_value_of_a_solver_lies_between_that_of_the_last_and_next_pound(
    small_cases: Cases, solver: str
) -> None:
    compared = 0
    for menus, choice, budget in small_cases(60, seed=62):
        frontier = frontier_of(menus, choice)
        if frontier.shortfall(budget) or not frontier.n_steps:
            continue
        answer = ask_here(formulate(menus, choice, budget, divisible=True), solver)
        last, following = frontier.marginal(budget)
        assert following is not None
        worth = answer.multipliers["budget"]
        assert worth >= float(following) * (1 - 1e-6) - 1e-6
        if last is not None:
            assert worth <= float(last) * (1 + 1e-6) + 1e-6
        compared += 1
    assert compared > 20
