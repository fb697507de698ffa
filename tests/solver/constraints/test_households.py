"""Households: couples and more whose packages exclude, require or add to each other."""

import random
from decimal import Decimal

import pytest

from metneed.models.allocation import WHOLE, Allocation, Infeasible, Parts
from metneed.models.arrays import frozen
from metneed.models.errors import NumbersTooLargeError, OptionError
from metneed.models.problem import Problem
from metneed.solver.bound import bind_constraints, effects
from metneed.solver.limited import best_within_limits
from metneed.solver.limits_check import Claim, check_limits
from metneed.solver.reduction import reduce

from .brute import Tables, labels, met, problem
from .couples import claim_of, couple, greatest, parts_of, solved


def test_a_couple_is_solved_as_by_hand() -> None:
    best = {
        "nothing to keep": (couple(9, bonus=[["u1", "flat", "u2", "flat", "0"]]), (6, 9, 2)),
        "not both houses": (couple(9, incompatible=[["u1", "house", "u2", "house"]]), (5, 9, 2)),
        "both or none": (couple(9, required=[["u2", "house", "u1", "flat"]]), (5, 9, 2)),
        "a house needs a house": (couple(6, required=[["u2", "house", "u1", "house"]]), (6, 4, 2)),
        "flats add 6": (couple(9, bonus=[["u1", "flat", "u2", "flat", "6"]]), (5, 4, 2)),
        "flats add 3": (couple(9, bonus=[["u1", "flat", "u2", "flat", "3"]]), (6, 9, 2)),
        "houses take 2": (couple(9, bonus=[["u1", "house", "u2", "house", "-2"]]), (5, 9, 2)),
    }

    for words, (given, expected) in best.items():
        assert tuple(solved(given).met_need.tolist()) == expected, words


def test_a_bonus_counts_in_what_is_made_greatest_and_in_nobodys_met_need() -> None:
    found = solved(couple(9, bonus=[["u1", "flat", "u2", "flat", "7"]]))

    assert (found.total_met_need, found.certificate.value) == (11, 18)
    assert found.certificate.objective == (
        "met need with what packages of a household add to each other"
    )
    assert found.certificate.is_optimal


def test_a_household_is_one_user_with_a_menu_of_plans() -> None:
    given = couple(9, incompatible=[["u1", "house", "u2", "house"]])
    left = reduce(given, effects(given, bind_constraints(given.constraints)))

    # Of 3 x 3 plans both houses are no choice, and nothing for either is nothing.
    assert left.menus.offsets.tolist() == [0, 7, 8]
    assert left.rows == ()
    assert left.home.tolist() == [0, 0, 1]
    assert sorted(left.menus.cost.tolist()) == [1, 2, 2, 3, 4, 4, 5, 6]


def test_a_plan_of_part_packages_is_mixed_with_another_plan() -> None:
    # Without the pair 6 + 9 is to be had for 7; with it 5 + 9 for 6, or 6 + 4 for 5.
    given = couple(5, "divisible", incompatible=[["u1", "house", "u2", "house"]])
    found = solved(given)

    # Half of 5 + 4 for 4, half of 5 + 9 for 6, less a unit that rounding may take.
    assert found.certificate.upper_bound == 11
    assert found.certificate.value in {10, 11}
    checked, wrong = check_limits(given, parts_of(found), claim_of(found))
    assert checked
    assert not wrong


def test_a_mix_that_no_plans_make_is_refused() -> None:
    # Half of each: each pair alone could be kept, one half after the other, but not all three.
    tables: Tables = {
        "home": {
            "kind": "together",
            "incompatible": [
                ["u1", "p", "u2", "p"],
                ["u2", "p", "u3", "p"],
                ["u1", "p", "u3", "p"],
            ],
        }
    }
    given = problem(
        [[(2, 4)], [(2, 4)], [(2, 4)]],
        9,
        packages="divisible",
        package_ids=labels(["p"] * 3),
        constraints=tables,
    )
    halves = Parts(frozen([0, 1, 2]), frozen([0, 1, 2]), frozen([WHOLE // 2] * 3))
    thirds = Parts(frozen([0, 1, 2]), frozen([0, 1, 2]), frozen([WHOLE // 3] * 3))

    found = solved(given)
    assert found.certificate.value == 4
    assert check_limits(given, halves, Claim(6, 6, {"budget": (0, 1)}))[1][0] == (
        "households: parts are no mix of what their members may have together"
    )
    assert not check_limits(given, thirds, Claim(3, 4, {"budget": (0, 1)}))[1]


def test_a_result_that_was_tampered_with_is_refused() -> None:
    given = couple(
        9,
        incompatible=[["u1", "house", "u2", "house"]],
        bonus=[["u1", "flat", "u2", "house", "2"]],
    )
    found = solved(given)
    parts, claim = parts_of(found), claim_of(found)
    both = Parts(parts.user, frozen([1, 3, 4]), parts.share)

    assert check_limits(given, parts, claim)[1] == []
    assert claim.value == 18
    assert "home: u1 house and not u2 house: is not kept" in check_limits(given, both, claim)[1]
    more = Claim(claim.value + 1, claim.upper_bound + 1, claim.multipliers)
    assert check_limits(given, parts, more)[1] == ["value: 19 is said, 18 found"]
    without = Claim(16, 16, claim.multipliers)
    assert "value: 16 is said, 18 found" in check_limits(given, parts, without)[1]


def test_groups_count_the_members_of_a_household_in_their_own_group() -> None:
    fence = {"kind": "group_share", "group": "area", "at_least": Decimal(1)}
    given = couple(9, incompatible=[["u1", "house", "u2", "house"]])
    areas = {"area": labels(["A", "B", "B"])}
    given = given.replace(
        users=given.users.__class__(ids=given.users.ids, need=given.users.need, groups=areas),
        constraints={**given.constraints, "fair": fence},
    )
    effect = effects(given, bind_constraints(given.constraints))
    best, found = greatest(given, effect), best_within_limits(given)

    assert best is not None
    assert isinstance(found, Allocation)
    assert found.certificate.value == best[0]


def test_numbers_of_groups_that_grow_too_large_in_a_household_are_refused() -> None:
    many = [(1, 10**14)]
    tables: Tables = {
        "home": {"kind": "together", "incompatible": [["u1", "p", "u2", "p"]]},
        "fair": {"kind": "group_share", "group": "area", "at_least": Decimal("0.9999991")},
    }
    given = problem(
        [[*many, (2, 10**14 - 1)], many, many],
        3,
        package_ids=labels(["p", "q", "p", "p"]),
        groups={"area": ["A", "B", "B"]},
        constraints=tables,
    )

    with pytest.raises(NumbersTooLargeError, match="members of a household are in different group"):
        best_within_limits(given)


def test_households_with_too_many_plans_keep_their_pairs_as_limits() -> None:
    menu = [(cost, cost) for cost in range(1, 60)]
    ids = labels([f"p{place}" for _ in range(3) for place in range(59)])

    def given(**options: object) -> Problem:
        tables: Tables = {"home": {"kind": "together", **options}}
        return problem([menu] * 3, 100, package_ids=ids, constraints=tables)

    large = given(incompatible=[["u1", "p58", "u2", "p40"]])
    effect = effects(large, bind_constraints(large.constraints))
    assert effect.households is None
    assert [row.name for row in effect.rows] == ["home: u1 p58 and not u2 p40"]
    assert solved(large).total_met_need == 100

    adding = given(bonus=[["u1", "p58", "u2", "p40", "1"]])
    with pytest.raises(OptionError, match="more than 2,000 plans, as many as its members' menus"):
        best_within_limits(adding)
    many = given(incompatible=[["u1", f"p{k % 59}", "u2", f"p{k // 59}"] for k in range(201)])
    with pytest.raises(OptionError, match="201 pairs stand in households with more than 2,000"):
        best_within_limits(many)


def test_a_household_of_which_nobody_can_have_anything_is_named() -> None:
    pair = ["u1", "flat", "u2", "flat"]
    given = couple(9, incompatible=[pair], required=[pair]).replace(choice="exactly_one")
    given = given.replace(
        constraints={**given.constraints, "cap": {"kind": "cap", "amount": 2}},
    )
    found = best_within_limits(given)

    assert isinstance(found, Infeasible)
    assert found.users == 2
    assert "u1, u2" in found.reason


def test_a_conflict_names_the_households_that_are_part_of_it() -> None:
    given = couple(9, required=[["u1", "flat", "u2", "house"], ["u1", "house", "u2", "house"]])
    given = given.replace(
        constraints={
            **given.constraints,
            "some": {"kind": "spend", "group": "person", "values": ["one"], "at_least": 2},
            "few": {"kind": "spend", "group": "person", "values": ["two"], "at_most": 2},
        },
        users=given.users.__class__(
            ids=given.users.ids,
            need=given.users.need,
            groups={"person": labels(["one", "two", "three"])},
        ),
    )
    found = best_within_limits(given)

    assert isinstance(found, Infeasible)
    assert "together these cannot be kept: home, some, few" in found.reason


def test_thousands_of_couples_are_no_limits_on_everybody() -> None:
    count = 4_000
    draw = random.Random(3)
    menus = [[(draw.randint(1, 99), draw.randint(1, 99)) for _ in "abc"] for _ in range(count)]
    pairs = [[f"u{k}", "a", f"u{k + 1}", "b"] for k in range(1, count, 2)]
    tables: Tables = {
        "home": {"kind": "together", "incompatible": pairs, "bonus": [[*p, "3"] for p in pairs]}
    }
    tables["home"]["incompatible"] = [[one, "b", other, "b"] for one, _, other, _ in pairs]
    given = problem(menus, 60_000, package_ids=labels(list("abc") * count), constraints=tables)
    found = solved(given)

    assert set(found.certificate.multipliers) == {"budget"}
    held = {(k, int(p) - 3 * k) for k, p in enumerate(found.package.tolist()) if p >= 0}
    assert not any((k, 1) in held and (k + 1, 1) in held for k in range(0, count, 2))
    extra = sum((k, 0) in held and (k + 1, 1) in held for k in range(0, count, 2))
    assert extra > 100
    assert found.certificate.value == sum(met(given, found.package)) + 3 * extra
    assert not check_limits(given, parts_of(found), claim_of(found))[1]
