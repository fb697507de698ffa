"""Money neither appears nor vanishes on the way: every year, over all years, for every rule."""

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.instance import Instance
from metneed.models.path import Path

from .path_cases import make_instance, run

RULES = (
    "current",
    "equal_cut",
    "equal_money",
    "met_need_lp",
    "met_need_whole",
    "package_cut",
    "points_proportional",
    "priority_list",
)

SHARES = st.sampled_from(["0", "0.03", "0.2", "0.5", "1"])
PLANS = st.fixed_dictionaries(
    {
        "years": st.integers(1, 4),
        "cut": SHARES,
        "price_inflation": SHARES,
        "carry_over": SHARES,
        "leavers": SHARES,
        "joiners": SHARES,
    }
).flatmap(
    lambda plan: st.sampled_from(["saved", "contingency", "pooled_fund", "administration"]).map(
        lambda use: plan | {"slice_to": use}
    )
)


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """Up to four users, whole pounds."""
    n = draw(st.integers(1, 4))
    amounts = st.integers(0, 9)
    menus = [draw(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=3)) for _ in range(n)]
    keys: dict[str, Any] = {
        "budget": draw(st.integers(0, 40)),
        "top_slice": draw(st.sampled_from(["0", "0.2", "0.33"])),
        "packages": draw(st.sampled_from(["whole", "divisible"])),
        "leftover": draw(st.sampled_from(["kept", "rounds"])),
        "seed": draw(st.integers(0, 5)),
    }
    return make_instance(
        menus,
        draw(PLANS),
        points=draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)),
        basic=[1] * n,
        previous=draw(st.lists(st.tuples(amounts, amounts), min_size=n, max_size=n)),
        **keys,
    )


def money(found: Path, year: int, rule: str, *measures: str) -> int:
    """The sum of these figures."""
    return sum(int(found.value(year, rule, measure) or 0) for measure in measures)


@settings(max_examples=60, deadline=None)
@given(instances())
def test_each_year_the_budget_is_slice_overheads_spending_reserve_and_what_is_unspent(
    instance: Instance,
) -> None:
    found = run(instance, *RULES)

    for year in found.years:
        for rule in found.rules:
            if (year, rule) not in found.reasons:
                assert money(found, year, rule, "budget", "carried_in") == money(
                    found, year, rule, "top_slice", "overheads", "spent", "reserve", "unspent"
                )


@settings(max_examples=60, deadline=None)
@given(instances())
def test_what_is_carried_out_of_a_year_comes_into_the_next_and_nothing_else(
    instance: Instance,
) -> None:
    found = run(instance, *RULES)

    for rule in found.rules:
        for before, year in pairwise(found.years):
            carried = money(found, before, rule, "carried_out")
            assert money(found, year, rule, "carried_in") == carried
            assert 0 <= carried <= max(money(found, before, rule, "unspent"), 0)


@settings(max_examples=60, deadline=None)
@given(instances())
def test_all_slices_together_are_what_was_used_of_them_and_what_is_left(
    instance: Instance,
) -> None:
    found = run(instance, *RULES)

    for rule in found.rules:
        sliced = sum(money(found, year, rule, "top_slice") for year in found.years)
        used = sum(money(found, year, rule, "slice_used") for year in found.years)
        held = sum(money(found, year, rule, "top_slice", "overheads") for year in found.years)
        last = found.years[-1]

        assert sliced == used + money(found, last, rule, "slice_left")
        assert held == money(found, last, rule, "held_back_so_far")


@settings(max_examples=60, deadline=None)
@given(instances())
def test_people_are_those_of_the_year_before_less_who_left_and_with_who_joined(
    instance: Instance,
) -> None:
    found = run(instance, "equal_money")

    for before, year in pairwise(found.years):
        if any((number, "equal_money") in found.reasons for number in (before, year)):
            continue
        people = money(found, before, "equal_money", "users")
        people += money(found, year, "equal_money", "users_joined")
        people -= money(found, year, "equal_money", "users_left")
        assert money(found, year, "equal_money", "users") == people
