"""What the top slice is for, and services that close on the way."""

from dataclasses import replace

import numpy as np

from metneed.models.arrays import frozen
from metneed.models.instance import Instance
from metneed.models.path import Break
from metneed.models.services import NO_LIMIT, Services, Uses

from .path_cases import make_instance, row, run

STEPS = [(2, 2), (3, 3), (5, 5), (10, 10)]
"""A menu on which a pound meets one unit of need, in steps."""


def test_a_slice_that_is_saved_pays_for_nothing_and_adds_up() -> None:
    instance = make_instance([STEPS], {"years": 2}, previous=[(10, 10)], budget=10, top_slice="0.2")
    found = run(instance, "current")

    assert row(found, "current", "slice_used") == [0, 0, 0]
    assert row(found, "current", "slice_left") == [2, 4, 6]
    assert row(found, "current", "held_back_so_far") == [2, 4, 6]


def test_a_slice_for_contingencies_pays_what_is_overspent() -> None:
    plan = {"years": 2, "slice_to": "contingency"}
    instance = make_instance([STEPS], plan, previous=[(9, 9)], budget=10, top_slice="0.2")
    found = run(instance, "current", "met_need_whole")

    assert row(found, "current", "unspent") == [-1, -1, -1]
    assert row(found, "current", "slice_used") == [1, 1, 1]
    assert row(found, "current", "slice_left") == [1, 2, 3]
    assert row(found, "met_need_whole", "slice_left") == [2, 4, 6]


def test_what_a_contingency_cannot_pay_is_said() -> None:
    plan = {"years": 1, "slice_to": "contingency"}
    instance = make_instance([STEPS], plan, previous=[(12, 9)], budget=10, top_slice="0.2")

    assert row(run(instance, "current"), "current", "slice_short") == [2, 2]


def with_services(instance: Instance, fixed_cost: int, least_members: int) -> Instance:
    """The first package of each user uses one service."""
    services = Services(
        ids=frozen(np.array(["day centre"], dtype=object), object),
        unit=frozen(np.array(["places"], dtype=object), object),
        capacity=frozen([NO_LIMIT]),
        fixed_cost=frozen([fixed_cost]),
        least_members=frozen([least_members]),
        paid_anyway=frozen([False], np.bool_),
    )
    first = instance.menus.offsets[:-1]
    uses = Uses(first, frozen(np.zeros(len(first))), frozen(np.ones(len(first))))
    return replace(instance, services=services, uses=uses)


def test_a_slice_for_pooled_services_pays_their_fixed_costs_at_the_prices_of_the_year() -> None:
    plan = {"years": 2, "slice_to": "pooled_fund", "price_inflation": "0.5"}
    instance = make_instance([STEPS], plan, budget=10, top_slice="0.2")
    found = run(with_services(instance, 2, 0), "met_need_whole")

    # The fixed cost is 2, 3 and 4.5, rounded up; the slice is 2 each year.
    assert row(found, "met_need_whole", "slice_used") == [2, 2, 2]
    assert row(found, "met_need_whole", "slice_short") == [0, 1, 3]


def test_a_slice_for_administration_leaves_more_to_allocate_than_one_that_is_saved() -> None:
    left = {
        use: row(
            run(
                make_instance(
                    [STEPS], {"years": 1, "slice_to": use}, budget=10, top_slice="0.2", overheads=3
                ),
                "met_need_whole",
            ),
            "met_need_whole",
            "allocable",
        )
        for use in ("saved", "administration")
    }

    assert left == {"saved": [5, 5], "administration": [7, 7]}


def test_a_service_has_too_few_members_in_the_year_in_which_money_gets_short() -> None:
    # 4 pounds keep one package of 2 each; 2 pounds keep one of them, and 1 keeps none.
    plan = {"cut": "0.5", "years": 2}
    instance = make_instance([[(2, 2)], [(2, 2)]], plan, budget=4)
    found = run(with_services(instance, 0, 2), "met_need_whole")

    assert found.breaks == [
        Break("met_need_whole", 1, "day centre with fewer than 2 members", 1),
        Break("met_need_whole", 2, "day centre closed", 0),
    ]


def test_a_day_centre_closes_after_one_cut_of_a_fifth() -> None:
    # 60,000 to open and 800 a head: 76,000 of 80,000 for twenty people, and too much of 64,000,
    # which pays for twenty places elsewhere that meet half as much.
    instance = make_instance(
        [[(800, 10), (3200, 5)]] * 20,
        {"cut": "0.2", "years": 1},
        budget=80_000,
        constraints={"centres": {"kind": "pooled"}},
    )
    found = run(with_services(instance, 60_000, 0), "met_need_whole")

    assert row(found, "met_need_whole", "spent") == [76_000, 64_000]
    assert row(found, "met_need_whole", "met_need") == [200, 100]
    assert found.breaks == [Break("met_need_whole", 1, "day centre closed", 0)]
