import itertools
import random

import numpy as np
import pytest

from metneed.models.menus import Menus
from metneed.solver.engines.infeasible import (
    LeastBudget,
    Part,
    conflict,
    irreducible,
    least_budget,
    smallest,
)
from metneed.solver.engines.kinds import kinds_of
from metneed.solver.engines.lagrangian import rows_optimum
from metneed.solver.engines.phase_one import RowsInfeasible
from metneed.solver.engines.rows import Row
from metneed.solver.engines.weak_duality import bound_at

from .limited_cases import limited_cases

MENUS = Menus.of([0, 2, 4, 6], [10, 20, 10, 30, 15, 25], [4, 7, 3, 9, 5, 6])
EVERYBODY = np.ones(3, dtype=np.bool_)
HOURS = Row("hours", np.array([5, 2, 5, 1, 5, 3]), 9)


def budget(limit: int) -> Row:
    return Row("budget", MENUS.cost, limit)


def parts(money: int) -> list[Part]:
    return [
        Part("budget", rows=(budget(money),)),
        Part("hours", rows=(HOURS,)),
        Part("somebody for all", due=EVERYBODY),
        Part("places", rows=(Row("places", np.ones(6, dtype=np.int64), 3),)),
    ]


def test_floors_that_cost_35_cannot_be_met_with_34() -> None:
    assert conflict(MENUS, [parts(34)[0], parts(34)[2]]) == ("budget", "somebody for all")
    assert conflict(MENUS, [parts(35)[0], parts(35)[2]]) == ()


def test_hours_can_be_what_makes_a_budget_too_small() -> None:
    assert conflict(MENUS, parts(40)) == ("budget", "hours", "somebody for all")
    assert conflict(MENUS, parts(75)) == ()


def test_of_two_conflicts_the_smaller_is_named_whatever_the_order() -> None:
    one, other = {"floor", "hours", "places"}, {"cap", "budget"}

    def cannot(names: frozenset[str]) -> bool:
        return one <= names or other <= names

    for order in itertools.permutations(sorted(one | other)):
        assert set(smallest(order, cannot)) == other


def test_no_conflict_of_one_or_two_is_missed() -> None:
    draw = random.Random(5)
    sizes = set()
    for _ in range(300):
        names = "abcdef"
        bad = [set(draw.sample(names, draw.randint(1, 4))) for _ in range(draw.randint(1, 4))]

        def cannot(some: frozenset[str], bad: list[set[str]] = bad) -> bool:
            return any(each <= some for each in bad)

        found = smallest(names, cannot)
        least = min(map(len, bad))
        assert set(found) in bad
        assert len(found) == least or min(len(found), least) > 2
        sizes.add(len(found))

    assert sizes >= {1, 2, 3}


def test_a_pair_is_named_where_the_filter_alone_would_name_three() -> None:
    # Without the two places, money, hours and a package for all remain in conflict.
    few = Part("places", rows=(Row("places", np.ones(6, dtype=np.int64), 2),))
    three = parts(40)[:3]

    assert conflict(MENUS, three) == ("budget", "hours", "somebody for all")
    assert conflict(MENUS, [few, *three]) == ("places", "somebody for all")


def test_every_member_of_a_conflict_is_needed() -> None:
    seen = 0
    for case in limited_cases(7000, 7150):
        named = [Part(row.name, rows=(row,)) for row in case.rows]
        named.append(Part("due", due=case.due))
        names = conflict(case.menus, named)
        if not names:
            continue
        seen += 1
        chosen = [part for part in named if part.name in names]
        assert set(conflict(case.menus, chosen)) == set(names)
        for one in chosen:
            assert conflict(case.menus, [part for part in chosen if part is not one]) == ()

    assert seen > 20


def test_what_is_removed_can_be_the_conflict_by_itself() -> None:
    gone = Part("cap", removed=np.array([True, True, False, False, False, False]))

    assert conflict(MENUS, [gone, *parts(100)]) == ("cap", "somebody for all")


def test_the_least_budget_is_that_of_the_cheapest_packages() -> None:
    assert least_budget(MENUS, EVERYBODY, []) == LeastBudget(at_least=35, enough=35)


def test_scarce_hours_make_the_least_budget_dearer() -> None:
    # Each hour less than 15 costs at least 10/3: the first user saves 3 hours for 10.
    found = least_budget(MENUS, EVERYBODY, [HOURS])

    assert isinstance(found, LeastBudget)
    # 3 hours for 10 from the first user, 3 more of the second's 4 for 20 x 3/4.
    assert found == LeastBudget(at_least=60, enough=60)


def test_where_the_others_conflict_no_budget_would_do() -> None:
    found = least_budget(MENUS, EVERYBODY, [Row("hours", HOURS.base, 5)])

    assert isinstance(found, RowsInfeasible)
    assert found.excess == (1,)


def test_the_least_budget_is_where_the_programme_becomes_feasible() -> None:
    compared = 0
    for case in limited_cases(8000, 8060):
        found = least_budget(case.menus, case.due, case.rows[1:])
        if isinstance(found, RowsInfeasible):
            continue
        compared += 1
        enough = rows_optimum(
            case.menus, case.due, [Row("budget", case.menus.cost, found.enough), *case.rows[1:]]
        )
        short = rows_optimum(
            case.menus,
            case.due,
            [Row("budget", case.menus.cost, found.at_least - 1), *case.rows[1:]],
        )
        assert not isinstance(enough, RowsInfeasible)
        assert isinstance(short, RowsInfeasible)

    assert compared > 20


def test_an_infeasible_answer_is_proved_in_integers_and_says_how_far_off() -> None:
    found = rows_optimum(MENUS, EVERYBODY, [budget(30)])

    assert isinstance(found, RowsInfeasible)
    assert found.excess == (5,)
    assert found.certificate is not None
    again = bound_at(
        kinds_of(MENUS, EVERYBODY, [budget(30)]),
        found.certificate.multipliers,
        found.certificate.denominator,
        np.zeros(6, dtype=np.int64),
    )
    assert again.total == found.certificate.total < 0


@pytest.mark.parametrize("first", ["a", "b", "c", "d"])
def test_leaving_out_one_after_another_ends_at_a_set_that_needs_all(first: str) -> None:
    conflicts = [{"a", "b"}, {"c", "d"}, {"a", "d"}]
    names = sorted("abcd", key=lambda name: name != first)

    left = set(irreducible(names, lambda some: any(each <= some for each in conflicts)))

    assert left in conflicts
