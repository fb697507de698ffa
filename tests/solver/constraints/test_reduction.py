"""Menus with limits on each person worked in."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.allocation import WHOLE, Parts
from metneed.models.arrays import frozen
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.solver.bound import bind_constraints, effects
from metneed.solver.engines.one_budget import linear_optimum, mix_of
from metneed.solver.engines.shortfall import Shortfall
from metneed.solver.reduction import Reduced, reduce

from .brute import Tables, d3, l3, linear, previous, problem, services
from .test_bound import ALL, problems

PERSONAL = ("floor", "cap", "gently")


def reduced(case: Problem, tables: Tables) -> Reduced:
    return reduce(case, effects(case, bind_constraints(tables)))


def test_without_limits_the_menus_stay_as_they_are() -> None:
    left = reduced(d3(), {})

    assert left.menus.offsets.tolist() == d3().menus.offsets.tolist()
    assert left.menus.cost.tolist() == d3().menus.cost.tolist()
    assert left.due.tolist() == [False] * 3
    assert left.blocked.tolist() == [False] * 3
    assert left.picks(frozen([1, -1, 7])).tolist() == [1, -1, 7]


def test_removed_packages_are_gone_and_picks_find_back() -> None:
    left = reduced(d3(), {"x": {"kind": "floor", "base": "need", "share": Decimal("0.7")}})

    assert left.menus.offsets.tolist() == [0, 2, 4, 5]
    assert left.menus.met_need.tolist() == [8, 10, 7, 10, 9]
    assert left.due.tolist() == [True] * 3
    assert left.picks(frozen([1, 3, 4])).tolist() == [2, 5, 7]


def test_rows_speak_of_the_packages_that_are_left() -> None:
    case = d3(groups={"area": ["A", "A", "B"]})
    left = reduced(
        case,
        {
            "x": {"kind": "cap", "amount": 5},
            "fence": {"kind": "spend", "group": "area", "values": ["B"], "at_most": 4},
            "fair": {"kind": "group_share", "group": "area", "values": ["B"]},
        },
    )
    fence, fair = left.rows

    assert fence.base.tolist() == [0, 0, 0, 0, 4]
    assert fair.klass is not None
    assert fair.klass.tolist() == [0, 0, 0, 0, 1]


def test_values_take_the_penalty_in_on_its_scale() -> None:
    floor = {"kind": "floor", "base": "need", "share": 1, "mode": "stress", "penalty": "0.5"}

    assert reduced(problem([[(1, 4), (2, 6)]], 9), {"x": floor}).menus.value.tolist() == [12, 18]


def test_what_comes_first_is_told_for_the_packages_that_are_left() -> None:
    tables: Tables = {
        "first": {"kind": "floor", "base": "need", "mode": "stress", "basic_first": True}
        | {"share": Decimal("0.5")},
        "most": {"kind": "cap", "amount": 4},
    }
    left = reduced(d3(), tables)

    assert left.first is not None
    assert left.first.tolist() == [5, 5, 5, 4]


def test_a_mix_with_nothing_reaches_the_floor_exactly() -> None:
    left = reduced(l3(basic_need=[0, 0, 3000]), {"x": {"kind": "floor"}})

    assert left.menus.cost.tolist() == [4000, 6000, 12000, 3000]
    assert left.menus.met_need.tolist() == [12000, 12000, 12000, 3000]
    assert left.due.tolist() == [False, False, True]


def test_a_cap_of_nothing_leaves_nothing() -> None:
    case = problem([[(1, 3), (2, 10)]], 9, packages="divisible")

    assert reduced(case, {"x": {"kind": "cap", "amount": 0}}).menus.n_packages == 0


def test_the_cost_of_a_mix_is_rounded_up() -> None:
    case = problem([[(1, 3), (2, 10)]], 9, packages="divisible")
    left = reduced(case, {"x": {"kind": "floor", "base": "need", "share": Decimal("0.5")}})

    # A floor of 5 is 2/7 of the way from the first to the second, or half of the second alone.
    assert left.menus.cost.tolist() == [2, 2, 1]
    assert left.menus.met_need.tolist() == [10, 5, 5]


def test_rows_count_mixes_finely_enough() -> None:
    case = problem([[(1, 3), (2, 10)]], 9, packages="divisible", previous=previous([1], [4]))
    tables: Tables = {
        "floor": {"kind": "floor", "base": "need", "share": Decimal("0.5")},
        "few": {"kind": "transition", "losers_at_most": 0},
    }
    left = reduced(case, tables)

    # No loss is only the second package, of which the mixes have 2/7 and 1/2.
    assert left.per == (10**6,)
    assert left.rows[0].limit == -(10**6)
    assert left.rows[0].base.tolist() == [-(10**6), -285714, -500000]


def test_parts_of_mixes_are_parts_of_the_packages_they_are_made_of() -> None:
    case = problem([[(2, 4), (6, 8)]], 9, packages="divisible")
    left = reduced(case, {"x": {"kind": "cap", "amount": 4}})

    # Beside the first: 2 of 4 of the way from it to the second, and 4 of 6 of the second alone.
    assert left.menus.cost.tolist() == [2, 4, 4]
    mixed = Parts(frozen([0, 0]), frozen([0, 1]), frozen([WHOLE // 2, WHOLE // 2]))
    parts = left.parts(mixed)
    assert parts.package.tolist() == [0, 1]
    assert parts.share.tolist() == [WHOLE // 4 * 3, WHOLE // 4]
    nobody = left.parts(Parts(frozen([]), frozen([]), frozen([])))
    assert nobody.share.tolist() == []


def test_the_parts_of_a_user_add_up_to_what_they_did() -> None:
    case = problem([[(1, 3), (2, 10), (5, 11)]], 9, packages="divisible", choice="exactly_one")
    left = reduced(case, {"x": {"kind": "floor", "base": "need", "share": Decimal("0.7")}})
    third = WHOLE // 3
    mixes = np.flatnonzero(left.share[:, 0] < WHOLE)
    assert len(mixes) == 2

    # 8 is 5/7 of the way from 3 to 10, and 5/8 of the way from 3 to 11.
    shares = frozen([third, WHOLE - third])
    parts = left.parts(Parts(frozen([0, 0]), frozen(mixes), shares))

    assert int(parts.share.sum()) == WHOLE
    assert parts.package.tolist() == [0, 1, 2]
    assert parts.share[1] == pytest.approx(third * 5 / 7, abs=2)
    assert parts.share[2] == pytest.approx((WHOLE - third) * 5 / 8, abs=2)


def test_with_part_packages_rows_count_finely_also_without_mixes() -> None:
    case = l3(**services({"bus": 3}, [(0, "bus", 2), (1, "bus", 2)]))
    left = reduced(case, {"x": {"kind": "capacity"}})

    assert left.per == (10**6,)
    assert left.rows[0].base.tolist() == [2 * 10**6, 2 * 10**6, 0]
    assert left.rows[0].limit == 3 * 10**6
    assert reduced(case.replace(packages="whole"), {"x": {"kind": "capacity"}}).per == (1,)


def test_two_limits_that_no_package_keeps_are_kept_by_a_mix() -> None:
    case = problem([[(2, 2), (10, 10)]], 9, packages="divisible")
    tables: Tables = {
        "floor": {"kind": "floor", "base": "need", "share": Decimal("0.5")},
        "cap": {"kind": "cap", "amount": 6},
    }
    left = reduced(case, tables)

    assert left.blocked.tolist() == [False]
    assert left.due.tolist() == [True]
    assert max(left.menus.met_need.tolist()) == 6
    assert min(left.menus.cost.tolist()) == 5


def test_two_limits_that_no_mix_keeps_block_the_user() -> None:
    case = problem([[(2, 2), (10, 10)]], 9, packages="divisible")
    tables: Tables = {
        "floor": {"kind": "floor", "base": "need", "share": Decimal("0.5")},
        "cap": {"kind": "cap", "amount": 4},
    }

    assert reduced(case, tables).blocked.tolist() == [True]


@pytest.mark.parametrize(
    ("at_least", "expected"),
    [
        ("0", (12, 12, 2)),
        ("0.5", (12, 10, 3)),
        ("0.75", (12, 7, 4.5)),
        ("0.9", (11.7, 5.4, 5.4)),
        ("1", (9, 6, 6)),
    ],
)
def test_the_engine_for_one_budget_gives_the_published_transition(
    at_least: str, expected: tuple[float, ...]
) -> None:
    case = l3(previous=previous([2000, 3000, 6000], [6000, 6000, 6000]))
    table = {"kind": "transition", "at_least": Decimal(at_least)}
    left = reduced(case, {"x": table})
    optimum = linear_optimum(with_nothing(left), "exactly_one", 12000)
    assert not isinstance(optimum, Shortfall)
    mix = mix_of(with_nothing(left), optimum)

    assert mix.value.tolist() == [1000 * need for need in expected]


def with_nothing(left: Reduced) -> Menus:
    """The menus with a package of nothing for everybody who may have that."""
    user = np.concatenate([left.menus.user, np.flatnonzero(~left.due)])
    order = np.argsort(user, kind="stable")
    offsets = np.searchsorted(user[order], np.arange(left.menus.n_users + 1))
    extra = np.zeros(int((~left.due).sum()), dtype=np.int64)
    columns = [
        np.concatenate([column, extra])[order] for column in (left.menus.cost, left.menus.met_need)
    ]
    return Menus.of(offsets, *columns)


@given(problems(), st.sets(st.sampled_from([*PERSONAL, "fence", "hours", "share"]), min_size=1))
@settings(deadline=None, max_examples=150)
def test_the_reduced_programme_has_the_value_of_the_plain_one(
    case: Problem, names: set[str]
) -> None:
    # In large units, so that what rounding to whole ones does is small beside them.
    large = 10**7
    menus = case.menus
    finer = Menus.of(menus.offsets, menus.cost * large, menus.met_need * large)
    assert case.previous is not None
    today = previous(
        (case.previous.cost * large).tolist(),
        (case.previous.met_need * large).tolist(),
        case.previous.held.tolist(),
    )
    users = case.users.subset(np.arange(len(case.users)))
    fine = case.replace(
        menus=finer,
        users=type(users)(ids=users.ids, need=users.need * large, groups=users.groups),
        previous=today,
        allocable=case.allocable * large,
        packages="divisible",
    )
    tables = {name: ALL[name] for name in sorted(names)}
    tables = {
        name: {k: v for k, v in table.items() if k != "losers_at_most"}
        for name, table in tables.items()
    }
    effect = effects(fine, bind_constraints(tables))
    left = reduce(fine, effect)

    plain = linear(fine, fine.menus, effect.rows, effect.each)
    worked_in = programme(fine, left, room=0)
    with_room = programme(fine, left, room=10)

    assert plain is None or not left.blocked.any()
    assert plain is not None or worked_in is None
    if plain is not None:
        # With room for what rounding costs up may take, only met need rounded down is lost: less
        # than a unit for the mix of each user, and less than one for its shares in billionths.
        assert with_room is not None
        assert with_room >= plain - 2 * len(case.users)
    if worked_in is not None and plain is not None:
        assert worked_in <= plain + 1


def programme(case: Problem, left: Reduced, room: int) -> float | None:
    """The value of the reduced menus, with so many units of room in each limit."""
    rows = [replace(row, limit=row.limit + room * max(map(abs, row.weights))) for row in left.rows]
    wider = case.replace(choice="at_most_one", allocable=case.allocable + room)
    return linear(wider, left.menus, rows, due=left.due.tolist())
