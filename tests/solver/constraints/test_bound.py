"""Constraints of a scenario: found, checked, and put together."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.errors import NumbersTooLargeError, OptionError
from metneed.models.problem import Problem
from metneed.solver import discovery
from metneed.solver.bound import bind_constraints, effects
from metneed.solver.constraint import Constraint, Effect
from metneed.solver.constraints import constraint, constraints
from metneed.solver.rule import Options
from metneed.solver.selection import shares_of

from .brute import Tables, best, choices, d3, labels, previous, problem, services


def test_every_file_of_the_folder_is_a_kind_in_alphabetical_order() -> None:
    assert list(constraints()) == [
        "cap",
        "capacity",
        "floor",
        "group_gap",
        "group_share",
        "pooled",
        "spend",
        "together",
        "transition",
    ]
    assert constraint("floor") is constraints()["floor"]


def test_other_distributions_add_theirs_but_cannot_take_a_name_in_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def apply(problem: Problem, name: str, options: Options) -> Effect:
        return Effect()

    theirs = Constraint("theirs", "theirs", apply)

    def offer(name: str) -> None:
        point = SimpleNamespace(name=name, value="elsewhere:it", load=lambda: theirs)
        asked = {"metneed.constraints": [point]}
        monkeypatch.setattr(discovery, "entry_points", lambda group: asked[group])

    offer("theirs")
    assert constraints.__wrapped__()["theirs"] is theirs
    offer("floor")
    with pytest.raises(TypeError, match="elsewhere:it takes the name 'floor', which is in use"):
        constraints.__wrapped__()


def test_a_file_without_a_constraint_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("metneed.solver.constraints.cap.CONSTRAINT")

    with pytest.raises(TypeError, match=r"cap.CONSTRAINT must be a Constraint, not NoneType$"):
        constraints.__wrapped__()


@pytest.mark.parametrize("kind", constraints())
def test_every_kind_explains_itself_and_each_of_its_options(kind: str) -> None:
    item = constraints()[kind]
    module = __import__(f"metneed.solver.constraints.{kind}", fromlist=["CONSTRAINT"])

    for part in ("In words: ", "Formula: ", "Source: ", "Ignores: "):
        assert f"\n{part}" in module.__doc__
    assert item.title
    assert item.options.__doc__
    for field in item.options.model_fields.values():
        assert field.description


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, 'there is no kind; write kind = "floor", or another of: cap, capacity, floor,'),
        ({"kind": 3}, "kind = 3 is no text"),
        ({"kind": "flor"}, "there is no kind of constraint called 'flor'; did you mean floor?"),
        ({"kind": "tariff"}, "the kinds are: cap, capacity, floor, group_gap, group_share"),
        ({"kind": "cap", "amont": 3}, "amont: extra inputs are not permitted (given 3)"),
    ],
)
def test_a_table_that_cannot_be_bound_is_refused_with_what_can(
    table: dict[str, object], message: str
) -> None:
    with pytest.raises(OptionError) as refused:
        bind_constraints({"mine": table})

    assert str(refused.value).startswith("scenario.toml, [constraints.mine]: ")
    assert message in str(refused.value)


@pytest.mark.parametrize("value", [Decimal("nan"), Decimal("inf"), True, [], {}, None, "1e3", -1])
@pytest.mark.parametrize(
    "table",
    [
        {"kind": "cap", "amount": ...},
        {"kind": "floor", "share": ...},
        {"kind": "transition", "losers_at_most": ...},
        {"kind": "spend", "group": "area", "values": ["A"], "at_least": ...},
    ],
)
def test_values_that_are_no_amount_are_refused(table: dict[str, object], value: object) -> None:
    given = {name: value if item is ... else item for name, item in table.items()}

    with pytest.raises(OptionError, match=r"^scenario.toml, \[constraints.mine\]: "):
        bind_constraints({"mine": given})


@given(
    st.decimals(0, 1, allow_nan=False, places=30) | st.decimals(0, 1, places=2),
    st.lists(st.integers(0, 10**15), max_size=5),
)
def test_shares_of_amounts_are_exact_whatever_their_digits(
    share: Decimal, amounts: list[int]
) -> None:
    exact = [Fraction(share) * amount for amount in amounts]

    assert shares_of(share, np.array(amounts, dtype=np.int64)).tolist() == [*map(ceil, exact)]
    down = shares_of(share, np.array(amounts, dtype=np.int64), up=False)
    assert down.tolist() == [*map(floor, exact)]


@pytest.mark.parametrize("name", ["budget", "exactly_one"])
def test_names_of_limits_that_every_problem_has_are_taken(name: str) -> None:
    with pytest.raises(OptionError, match="the name is taken"):
        bind_constraints({name: {"kind": "cap", "amount": 3}})


def test_several_tables_of_one_kind_stay_in_their_order() -> None:
    bound = bind_constraints({"b": {"kind": "cap", "amount": 3}, "a": {"kind": "cap", "amount": 2}})

    assert [item.name for item in bound] == ["b", "a"]


def test_binding_changes_no_table() -> None:
    table = {"kind": "cap", "amount": 3}
    bind_constraints({"mine": table})

    assert table == {"kind": "cap", "amount": 3}


def test_without_constraints_nothing_changes() -> None:
    effect = effects(d3(), ())

    assert (effect.rows, effect.removed, effect.due, effect.blocked) == ((), None, None, None)
    assert (effect.added, effect.scale, effect.first) == (None, 1, None)


def test_two_limits_may_block_a_user_whom_neither_blocks_alone() -> None:
    floor = {"kind": "floor", "base": "need", "share": 1}
    cap = {"kind": "cap", "amount": 7}
    alone = [effects(d3(), bind_constraints({"x": table})).blocked for table in (floor, cap)]
    both = effects(d3(), bind_constraints({"floor": floor, "cap": cap})).blocked

    assert [blocked.tolist() for blocked in alone if blocked is not None] == [[False] * 3] * 2
    assert both is not None
    assert both.tolist() == [False, False, True]


def test_penalties_of_several_floors_add_up_on_a_common_scale() -> None:
    floors = {
        name: {"kind": "floor", "base": "need", "share": share, "mode": "stress", "penalty": p}
        for name, share, p in [("half", Decimal("0.5"), "0.5"), ("all", 1, "0.2")]
    }
    effect = effects(problem([[(1, 4)]], 9), bind_constraints(floors))

    # 4 + 0.5 x 2 + 0.2 x 4 = 5.8, in tenths.
    assert effect.scale == 10
    assert effect.added is not None
    assert effect.added.tolist() == [18]


def test_what_comes_first_adds_up_over_floors() -> None:
    floors = {
        name: {"kind": "floor", "base": "need", "share": share, "mode": "stress"}
        | {"basic_first": True}
        for name, share in [("half", Decimal("0.5")), ("all", 1)]
    }
    effect = effects(problem([[(1, 4)]], 9), bind_constraints(floors))

    assert effect.first is not None
    assert effect.first.tolist() == [6]


def test_penalties_beyond_exact_arithmetic_are_refused() -> None:
    floors = {
        str(number): {"kind": "floor", "base": "need", "mode": "stress", "penalty": penalty}
        for number, penalty in enumerate(["0.0009765625", "1.000001", "1.0000003"])
    }
    with pytest.raises(NumbersTooLargeError, match="write penalties with fewer decimals"):
        effects(problem([[(1, 10**8)]], 9), bind_constraints(floors))


def test_an_effect_of_another_distribution_joins_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def apply(problem: Problem, name: str, options: Options) -> Effect:
        return Effect(removed=problem.menus.cost == 2)

    theirs = Constraint("theirs", "no package for 2", apply)
    known = {**constraints(), "theirs": theirs}
    monkeypatch.setattr("metneed.solver.bound.constraints", lambda: known)
    monkeypatch.setattr("metneed.solver.bound.constraint", known.__getitem__)
    bound = bind_constraints({"x": {"kind": "theirs"}, "y": {"kind": "cap", "amount": 4}})
    effect = effects(d3(), bound)

    assert effect.removed is not None
    assert effect.removed.tolist() == [True, False, True, False, True, True, False, True]


ALL: Tables = {
    "floor": {"kind": "floor", "base": "need", "share": Decimal("0.3")},
    "cap": {"kind": "cap", "times_median": 1},
    "fence": {"kind": "spend", "group": "area", "values": ["A"], "at_least_share": "0.2"},
    "hours": {"kind": "capacity"},
    "share": {"kind": "group_share", "group": "area", "at_least": Decimal("0.7")},
    "gap": {"kind": "group_gap", "group": "area", "at_most": Decimal("0.4")},
    "gently": {"kind": "transition", "at_least": Decimal("0.5"), "losers_at_most": 2},
    "couple": {"kind": "together", "incompatible": [["u1", "p0", "u2", "p0"]]},
}


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Three or four users with up to three packages, and everything that the kinds need."""
    pair = st.tuples(st.integers(0, 9), st.integers(0, 9))
    users = draw(st.integers(3, 4))
    first = st.lists(pair, min_size=1, max_size=3)
    menus = [draw(first) for _ in range(users)]
    count = sum(map(len, menus))
    ids = labels([f"p{place}" for menu in menus for place in range(len(menu))])
    amounts = st.lists(st.integers(0, 9), min_size=users, max_size=users)
    held = draw(st.lists(st.booleans(), min_size=users, max_size=users))
    today = [
        [amount if has else 0 for amount, has in zip(draw(amounts), held, strict=True)]
        for _ in range(2)
    ]
    uses = [(package, "hours", draw(st.integers(1, 5))) for package in range(0, count, 2)]
    return problem(
        menus,
        draw(st.integers(0, 30)),
        groups={
            "area": [
                "A",
                "B",
                *draw(st.lists(st.sampled_from("AB"), min_size=users - 2, max_size=users - 2)),
            ]
        },
        choice=draw(st.sampled_from(["at_most_one", "exactly_one"])),
        package_ids=ids,
        previous=previous(*today, held),
        **services({"hours": draw(st.integers(0, 12))}, uses),
    )


@given(problems(), st.sets(st.sampled_from(sorted(ALL)), min_size=1))
@settings(deadline=None, max_examples=150)
def test_all_together_leave_what_each_alone_leaves(case: Problem, names: set[str]) -> None:
    if "gap" in names and (case.users.need[:2] == 0).any():
        names = names - {"gap"}  # a gap takes two groups with a need
    chosen = {name: ALL[name] for name in sorted(names)}
    together = {tuple(p) for p in choices(case, effects(case, bind_constraints(chosen)))}
    each = [
        {tuple(p) for p in choices(case, effects(case, bind_constraints({name: table})))}
        for name, table in chosen.items()
    ]

    assert together == (set.intersection(*each) if each else {tuple(p) for p in choices(case)})


@given(problems(), st.sets(st.sampled_from(["floor", "cap", "gently"]), min_size=1))
@settings(deadline=None, max_examples=100)
def test_blocked_users_are_those_without_a_choice(case: Problem, names: set[str]) -> None:
    effect = effects(case, bind_constraints({name: ALL[name] for name in sorted(names)}))
    assert effect.removed is not None
    assert effect.due is not None
    assert effect.blocked is not None
    offsets = case.menus.offsets
    for user in range(len(case.users)):
        left = (~effect.removed[offsets[user] : offsets[user + 1]]).any()
        must = effect.due[user] or case.choice == "exactly_one"

        assert effect.blocked[user] == (must and not left)


def test_a_combination_of_limits_is_solved_as_by_hand() -> None:
    tables: Tables = {
        "basic": {"kind": "floor", "base": "need", "share": Decimal("0.4")},
        "most": {"kind": "cap", "amount": 6},
        "fence": {"kind": "spend", "group": "area", "values": ["A"], "at_most": 6},
    }
    case = d3(14, groups={"area": ["A", "A", "B"]})

    # Floors 4, 4 and 4 leave (5, 8), (6, 7, 10), (4); 6 for users 1 and 2 buy only 5 and 6.
    assert best(case, effects(case, bind_constraints(tables))) == (5, 6, 4)
