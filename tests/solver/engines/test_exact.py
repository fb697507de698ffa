import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from metneed.models.arrays import IntArray, picked
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.settings import Settings
from metneed.solver.engines import backend, core, exact, program
from metneed.solver.engines.backend import Answer
from metneed.solver.engines.exact import Shortfall, Whole, whole_optimum
from metneed.solver.engines.frontier import frontier_of

Cases = Callable[..., Iterator[tuple[Menus, Choice, int]]]
Enumerated = Callable[[Menus, Choice, int], tuple[int, int] | None]

D3_WHOLE = [0, 0, 5, 6, 8, 11, 11, 14, 15, 15, 18, 18, 19, 20, 22, 23, 24, 24, 27, 27, 27, 29]

MCKP = ["HH.100GP.p1", "HH.30GP.p1", "mmkp_a_10", "mmkp_b_13", "mmkp_c_21"]


def solved(menus: Menus, choice: Choice, budget: int, settings: Settings | None = None) -> Whole:
    """The optimum, after its totals, its picks and its words have been checked."""
    found = whole_optimum(menus, choice, budget, settings)
    assert isinstance(found, Whole)
    assert found.value == picked(menus.value, found.picks).sum()
    assert found.cost == picked(menus.cost, found.picks).sum() <= budget
    own = (found.picks >= menus.offsets[:-1]) & (found.picks < menus.offsets[1:])
    skipped = found.picks == -1
    if choice == "exactly_one":
        skipped &= np.diff(menus.offsets) == 0
    assert (own | skipped).all()
    assert found.value <= found.upper_bound <= frontier_of(menus, choice).value_at(budget)
    if (found.proof, found.stopped) == ("proved", "finished"):
        assert found.upper_bound == found.value
    return found


def uncorrelated(users: int, seed: int, packages: int = 10, greatest: int = 1000) -> Menus:
    rng = np.random.default_rng(seed)
    cost, value = rng.integers(1, greatest + 1, (2, users * packages))
    return Menus.of(np.arange(users + 1) * packages, cost, value)


def weak(users: int, seed: int, greatest: int) -> Menus:
    """Needs that nearly follow from costs, which leave much to search."""
    rng = np.random.default_rng(seed)
    cost = rng.integers(1, greatest + 1, users * 10)
    value = np.maximum(1, cost + rng.integers(-10, 11, users * 10))
    return Menus.of(np.arange(users + 1) * 10, cost, value)


def half(menus: Menus) -> int:
    return int(menus.full_cost.sum()) // 2


def test_the_optimum_of_three_users_uses_a_package_under_the_hull(d3: Menus) -> None:
    best = solved(d3, "at_most_one", 12)

    assert best.picks.tolist() == [0, 5, 6]
    assert (best.value, best.cost, best.proof, best.least_cost) == (19, 12, "proved", True)
    assert best.multiplier == (9, 8)


def test_three_users_have_the_curve_worked_out_by_hand(d3: Menus) -> None:
    assert [solved(d3, "at_most_one", budget).value for budget in range(22)] == D3_WHOLE


def test_more_money_can_take_something_from_a_user(d3: Menus) -> None:
    before = solved(d3, "at_most_one", 10)
    after = solved(d3, "at_most_one", 12)

    assert picked(d3.value, before.picks).tolist() == [8, 10, 0]
    assert picked(d3.value, after.picks).tolist() == [5, 10, 4]


def test_one_whole_package_each_is_a_matter_of_what_fits(l3: Menus) -> None:
    assert solved(l3, "at_most_one", 12).picks.tolist() == [0, 1, -1]


def test_among_packages_of_most_value_the_least_cost_is_taken() -> None:
    menus = Menus.of([0, 2, 4], [7, 5, 6, 4], [9, 9, 3, 3])

    best = solved(menus, "at_most_one", 100)

    assert (best.picks.tolist(), best.cost, best.least_cost) == ([1, 3], 9, True)


def test_without_users_or_packages_there_is_nothing_and_it_is_proved() -> None:
    for offsets in ([0], [0, 0, 0]):
        best = solved(Menus.of(offsets, [], []), "exactly_one", 5)

        assert (best.value, best.cost, best.proof) == (0, 0, "proved")


def test_too_little_money_for_the_cheapest_packages_is_an_answer_and_no_error(d3: Menus) -> None:
    assert whole_optimum(d3, "exactly_one", 8) == Shortfall(1)
    assert solved(d3, "exactly_one", 9).picks.tolist() == [0, 3, 6]


@pytest.mark.parametrize("seed", range(4))
def test_enumeration_finds_the_same_value_and_cost(
    small_cases: Cases, enumerated: Enumerated, seed: int
) -> None:
    for menus, choice, budget in small_cases(1000, seed):
        expected = enumerated(menus, choice, budget)
        if expected is None:
            assert isinstance(whole_optimum(menus, choice, budget), Shortfall)
            continue
        best = solved(menus, choice, budget)
        assert (best.value, best.cost) == expected
        assert (best.proof, best.least_cost) == ("proved", True)


def test_tranches_and_pairs_change_nothing(
    small_cases: Cases, enumerated: Enumerated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exact, "TRANCHES", (1, 2))
    monkeypatch.setattr(core, "PAIR_FROM", 2)
    for menus, choice, budget in small_cases(1500, seed=9, users=6):
        expected = enumerated(menus, choice, budget)
        if expected is not None:
            best = solved(menus, choice, budget)
            assert (best.value, best.cost, best.least_cost) == (*expected, True)


@pytest.mark.parametrize("name", MCKP)
def test_published_instances_with_a_menu_each_have_their_known_optimum(
    data: Path, name: str
) -> None:
    table = np.loadtxt(data / "mckp-derived" / f"{name}.csv", delimiter=",", skiprows=1, dtype=int)
    offsets = np.searchsorted(table[:, 0], np.arange(table[-1, 0] + 2))
    menus = Menus.of(offsets, table[:, 3], table[:, 2])
    with (data / "mckp-derived" / "expected.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["file"] == f"{name}.csv"]

    assert len(rows) == 4
    for row in rows:
        budget = int(row["capacity"])
        best = solved(menus, "exactly_one", budget)
        end = frontier_of(menus, "exactly_one").break_at(budget)
        p, q = end.multiplier
        assert best.value == int(row["integer_optimum"])
        assert best.proof == "proved"
        assert end.value + p * end.room / q == pytest.approx(float(row["lp_optimum"]), abs=1e-6)


def test_published_knapsacks_have_their_known_optimum(data: Path) -> None:
    folder = data / "knapsack-01-pisinger"
    with (folder / "expected.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 17
    for row in rows:
        text = (folder / row["file"]).read_text().split()
        numbers = np.array(text[: 2 * int(text[0]) + 2], dtype=np.float64).astype(np.int64)
        items, budget = numbers[1:-1].reshape(-1, 2), int(numbers[-1])
        menus = Menus.of(np.arange(len(items) + 1), items[:, 1], items[:, 0])
        best = solved(menus, "at_most_one", budget)
        assert (best.value, best.proof) == (int(row["published_optimum"]), "proved"), row["file"]


def test_other_units_of_money_and_need_change_nothing_else(
    small_cases: Cases,
) -> None:
    for menus, choice, budget in small_cases(300, seed=21):
        best = whole_optimum(menus, choice, budget)
        dearer = whole_optimum(menus.replace(cost=menus.cost * 2), choice, budget * 2)
        finer = whole_optimum(menus.replace(value=menus.value * 2), choice, budget)
        if isinstance(best, Whole):
            assert totals(dearer) == (best.value, 2 * best.cost)
            assert totals(finer) == (2 * best.value, best.cost)
        else:
            assert (dearer, finer) == (Shortfall(2 * best.shortfall), best)


def test_the_order_of_users_changes_neither_value_nor_cost(small_cases: Cases) -> None:
    rng = np.random.default_rng(3)
    for menus, choice, budget in small_cases(300, seed=22):
        best = whole_optimum(menus, choice, budget)
        again = whole_optimum(menus.subset(rng.permutation(menus.n_users)), choice, budget)
        assert totals(best) == totals(again)


def totals(found: Whole | Shortfall) -> tuple[int, ...]:
    return (found.value, found.cost) if isinstance(found, Whole) else (found.shortfall,)


def test_a_package_that_is_dearer_and_worth_less_changes_nothing(small_cases: Cases) -> None:
    for menus, choice, budget in small_cases(300, seed=23):
        if not menus.n_packages:
            continue
        user = int(menus.user[-1])
        ends = menus.offsets + (np.arange(len(menus.offsets)) > user)
        more = Menus.of(
            ends,
            np.insert(menus.cost, ends[user + 1] - 1, menus.cost[-1] + 1),
            np.insert(menus.value, ends[user + 1] - 1, max(0, menus.value[-1] - 1)),
        )
        assert totals(whole_optimum(more, choice, budget)) == totals(
            whole_optimum(menus, choice, budget)
        )


def test_more_money_never_meets_less_need() -> None:
    menus = uncorrelated(40, seed=5, greatest=50)
    values = [solved(menus, "at_most_one", budget).value for budget in range(0, 900, 7)]

    assert values == sorted(values)


def test_rounding_never_beats_the_optimum_nor_the_optimum_the_programme() -> None:
    for seed in range(5):
        menus = uncorrelated(300, seed)
        end = frontier_of(menus, "at_most_one").break_at(half(menus))
        best = solved(menus, "at_most_one", half(menus))
        assert end.value <= best.value <= end.bound


@pytest.mark.parametrize("greatest", [1000, 10**7])
@pytest.mark.parametrize("family", ["uncorrelated", "weak", "strong", "subset", "whole pounds"])
def test_every_family_of_the_literature_is_proved(family: str, greatest: int) -> None:
    menus = uncorrelated(2000, 7, greatest=greatest)
    if family == "weak":
        menus = weak(2000, 7, greatest)
    elif family == "strong":
        steps = np.sort(menus.cost.reshape(-1, 10) // 5 + 1, axis=1)
        cost, value = np.cumsum(steps, axis=1), np.cumsum(steps + 10, axis=1)
        menus = Menus.of(menus.offsets, cost.ravel(), value.ravel())
    elif family == "subset":
        menus = menus.replace(value=menus.cost)
    elif family == "whole pounds":
        menus = menus.replace(cost=menus.cost // 100 * 100)

    best = solved(menus, "at_most_one", half(menus))

    assert (best.proof, best.least_cost, best.stopped) == ("proved", True, "finished")


def test_the_same_question_gets_the_same_packages() -> None:
    first, second = (solved(weak(500, 1, 10**6), "at_most_one", 10**8) for _ in range(2))

    assert first.picks.tolist() == second.picks.tolist()


# Where our own search has to give up, an outside solver is asked and never believed.


@pytest.fixture
def gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own search stops at once."""
    monkeypatch.setattr(core, "STATES_AT_ONCE", 1)


@pytest.fixture
def hard() -> Menus:
    """Menus that rounding alone does not solve."""
    return uncorrelated(30, 4)


def answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[[Menus, int], Answer]) -> None:
    def solve(
        menus: Menus, choice: Choice, budget: int, *args: object, **options: object
    ) -> Answer:
        assert choice == "exactly_one"
        return answer(menus, budget)

    monkeypatch.setattr(program, "solve_program", solve)


def word(menus: Menus, picks: IntArray, claim: str = "Optimal Solution Found") -> Answer:
    values = np.zeros(menus.n_packages)
    values[picks[picks >= 0]] = 1
    return Answer(values, {}, claim, "finished")


def truth(hard: Menus, budget: int) -> Whole:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core, "STATES_AT_ONCE", 2**22)
        return solved(hard, "at_most_one", budget)


@pytest.mark.parametrize("solver", ["HiGHS", "PULP_CBC_CMD"])
def test_the_word_of_a_solver_is_never_a_proof(hard: Menus, gives_up: None, solver: str) -> None:
    budget = half(hard)
    best = truth(hard, budget)

    found = solved(hard, "at_most_one", budget, Settings(solver=solver))

    assert found.value == best.value
    assert found.upper_bound > found.value
    assert (found.proof, found.stopped) == ("solver's word only", "finished")


def test_what_a_solver_finds_is_found_and_proved_by_our_own_search(
    hard: Menus, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = half(hard)
    best = truth(hard, budget)
    monkeypatch.setattr(core, "STATES_AT_ONCE", 1)

    def solve(menus: Menus, budget: int) -> Answer:
        monkeypatch.setattr(core, "STATES_AT_ONCE", 2**22)
        return backend.ask_here(
            program.formulate(menus, "exactly_one", budget, divisible=False), "HiGHS"
        )

    answering(monkeypatch, solve)
    found = solved(hard, "at_most_one", budget)

    assert (found.value, found.cost) == (best.value, best.cost)
    assert (found.proof, found.least_cost) == ("proved", True)


def dearest(menus: Menus, budget: int) -> Answer:
    return word(menus, menus.offsets[1:] - 1 - np.arange(menus.n_users) % 2)


def nothing_changes(menus: Menus, budget: int) -> Answer:
    return word(menus, menus.offsets[:-1])


def infeasible(menus: Menus, budget: int) -> Answer:
    return Answer(None, {}, "No Solution Exists", "finished")


def two_each(menus: Menus, budget: int) -> Answer:
    return word(menus, np.arange(menus.n_packages))


def fractions(menus: Menus, budget: int) -> Answer:
    return Answer(np.full(menus.n_packages, 0.1), {}, "Optimal Solution Found", "finished")


def too_short(menus: Menus, budget: int) -> Answer:
    return Answer(np.ones(1), {}, "Optimal Solution Found", "finished")


def none_at_all(menus: Menus, budget: int) -> Answer:
    return Answer(np.zeros(menus.n_packages), {}, "Optimal Solution Found", "finished")


@pytest.mark.parametrize(
    "lie",
    [dearest, nothing_changes, infeasible, two_each, fractions, too_short, none_at_all],
)
def test_a_solver_that_lies_is_not_believed(
    hard: Menus,
    gives_up: None,
    monkeypatch: pytest.MonkeyPatch,
    lie: Callable[[Menus, int], Answer],
) -> None:
    answering(monkeypatch, lie)

    found = solved(hard, "at_most_one", half(hard))

    assert (found.proof, found.stopped) == ("proved", "memory limit")
    assert found.upper_bound >= truth(hard, half(hard)).value


def test_a_solver_that_fails_leaves_the_best_solution_known(
    hard: Menus, gives_up: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "COMMAND", ("false",))

    found = solved(hard, "at_most_one", half(hard))

    assert (found.proof, found.stopped) == ("proved", "memory limit")


def test_a_limit_of_time_is_reported_and_the_answer_is_still_feasible() -> None:
    menus = weak(100, 2, 10**7)

    found = solved(menus, "at_most_one", half(menus), Settings(time_limit=1e-6))

    assert (found.proof, found.stopped) == ("proved", "time limit")
    assert found.upper_bound > found.value


def test_a_search_that_cannot_prove_the_least_cost_still_proves_the_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Two users, one penny's difference: the greatest value is that of the programme.
    menus = weak(200, 3, 1000).replace(cost=weak(200, 3, 1000).cost * 1000 + 1)
    monkeypatch.setattr(core, "STATES_AT_ONCE", 80)

    found = solved(menus, "at_most_one", half(menus))

    assert (found.proof, found.upper_bound) == ("proved", found.value)
    assert not found.least_cost


def test_the_programme_is_written_where_that_is_asked_for(d3: Menus, tmp_path: Path) -> None:
    solved(d3, "at_most_one", 12, Settings(write_lp=tmp_path / "d3.lp"))

    assert "budget:" in (tmp_path / "d3.lp").read_text()
