from dataclasses import replace

import numpy as np
import pytest

from metneed.models.allocation import NotApplicable
from metneed.models.arrays import frozen
from metneed.models.columns import Labels
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.solver.rules import rule
from metneed.solver.solve import bind, run
from metneed.testing import check_rule

from .claims_problem import EXTRA, account, awards, bare, five, lines, reasons, solved

NAME = "severity_priority"
ORDER = ("critical", "substantial", "moderate")
BANDS = {"band": "band", "order": ORDER}
SPLITS = ("proportional", "equal", "points_order", "lottery", "nobody")


def bands(problem: Problem, *of_users: str) -> Problem:
    """The same problem with other bands."""
    names = tuple(sorted(set(of_users)))
    labels = Labels(frozen([names.index(name) for name in of_users]), names)
    return problem.replace(users=replace(problem.users, groups={"band": labels}))


def test_bands_are_served_in_full_from_the_highest_and_the_last_is_split() -> None:
    # Critical is u4 with 40, substantial u1 and u5 with 10 and nothing, moderate u2 and u3.
    assert awards(five(75), NAME, **BANDS) == [10, 10, 15, 40, 0]
    assert awards(five(45), NAME, **BANDS) == [5, 0, 0, 40, 0]
    assert awards(five(30), NAME, **BANDS) == [0, 0, 0, 30, 0]
    assert awards(five(200), NAME, **BANDS) == [10, 20, 30, 40, 0]


@pytest.mark.parametrize(
    ("last_band", "expected"),
    [
        # 24 are left for claims of 20 and 30; of these u3 has more points.
        ("proportional", [10, 10, 14, 40, 0]),
        ("equal", [10, 12, 12, 40, 0]),
        ("points_order", [10, 0, 24, 40, 0]),
        ("nobody", [10, 0, 0, 40, 0]),
    ],
)
def test_the_option_last_band_says_how_it_is_split(last_band: str, expected: list[int]) -> None:
    assert awards(five(74), NAME, last_band=last_band, **BANDS) == expected


def test_in_equal_parts_nobody_gets_more_than_the_claim() -> None:
    # 45 are left for claims of 20 and 30.
    assert awards(five(95), NAME, last_band="equal", **BANDS) == [10, 20, 25, 40, 0]


def test_by_lot_one_of_the_last_band_comes_first_and_the_other_has_the_rest() -> None:
    drawn = {
        seed: tuple(awards(five(74), NAME, last_band="lottery", seed=seed, **BANDS))
        for seed in range(40)
    }

    # 24 are left: 20 for u2 and then 4 for u3, or 24 for u3 and nothing for u2.
    assert set(drawn.values()) == {(10, 20, 4, 40, 0), (10, 0, 24, 40, 0)}


def test_the_option_seed_draws_another_lot_and_the_scenario_gives_it_otherwise() -> None:
    options = {"last_band": "lottery", **BANDS}
    by_seed = [tuple(awards(five(74), NAME, seed=seed, **options)) for seed in range(20)]
    by_scenario = [
        tuple(awards(five(74).replace(seed=seed), NAME, **options)) for seed in range(20)
    ]

    assert by_seed == by_scenario
    assert len(set(by_seed)) == 2


def test_the_option_order_says_which_band_is_the_highest() -> None:
    other = ("moderate", "critical", "substantial")
    assert awards(five(75), NAME, band="band", order=other) == [0, 20, 30, 25, 0]
    # The same, as a command line gives it.
    assert awards(five(75), NAME, band="band", order=", ".join(other)) == [0, 20, 30, 25, 0]


def test_without_an_order_bands_go_by_their_mean_points() -> None:
    # Critical has 4 points; moderate 2.5 (2 and 3), substantial 0.5 (1 and 0).
    assert awards(five(75), NAME, band="band") == [0, 14, 21, 40, 0]


def test_bands_of_equal_mean_points_go_by_their_names() -> None:
    problem = bands(five(30), "b", "a", "a", "b", "b")
    users = replace(problem.users, points=frozen([2, 2, 2, 2, 2]))

    assert awards(problem.replace(users=users), NAME, band="band") == [0, 12, 18, 0, 0]


def test_without_a_column_of_bands_equal_points_are_a_band() -> None:
    # u4 has 4 points, u3 has 3, u2 has 2 and so on.
    assert awards(five(75), NAME) == [0, 5, 30, 40, 0]
    tied = five(75)
    tied = tied.replace(users=replace(tied.users, points=frozen([3, 3, 3, 4, 0])))
    # 35 are left for u1, u2 and u3, who claim 60.
    assert awards(tied, NAME) == [6, 12, 17, 40, 0]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("full_cost", [10, 0, 0, 40, 0]),
        ("basic_cost", [4, 6, 15, 25, 0]),
        ("previous_cost", [8, 0, 10, 30, 2]),
        ("points_price", [6, 8, 12, 24, 0]),
        ("column", [12, 3, 0, 25, 9]),
    ],
)
def test_the_option_claim_says_what_serving_a_band_costs(claim: str, expected: list[int]) -> None:
    options = {"claim": claim, **EXTRA.get(claim, {})}

    assert awards(five(50), NAME, **BANDS, **options) == expected


def test_the_account_tells_which_band_was_last_and_why_everyone_has_what_they_have() -> None:
    assert lines(five(45), NAME, **BANDS) == {
        "bands served in full": 1,
        "last band": "substantial",
        "claims of the last band": 10,
        "left for the last band": 5,
    }
    assert reasons(five(45), NAME, **BANDS) == [
        "the last band, split: in proportion to claims",
        "the money ends before this band",
        "the money ends before this band",
        "the band is served in full",
        "the last band, split: in proportion to claims",
    ]
    told = account(five(45), NAME, **BANDS).columns
    assert told["claim"][0].tolist() == [10, 20, 30, 40, 0]
    assert told["place of the band"][0].tolist() == [2, 3, 3, 1, 2]


def test_where_the_money_ends_with_a_band_no_band_is_split() -> None:
    assert lines(five(50), NAME, **BANDS)["last band"] == "none"
    assert reasons(five(50), NAME, **BANDS)[1:3] == ["the money ends before this band"] * 2
    assert lines(five(200), NAME, **BANDS)["bands served in full"] == 3


def test_bands_of_points_are_called_by_their_points() -> None:
    assert lines(five(75), NAME)["last band"] == "2 points"


def test_awards_buy_packages_as_everywhere() -> None:
    found = solved(five(75), NAME, **BANDS)

    # 10 buy u2's basic package at 6, and 15 that of u3.
    assert found.met_need.tolist() == [2, 1, 1, 2, 0]
    assert found.total_cost == 71


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "band = names a column of bands instead"),
        ({"last_band": "points_order"}, "no order of points"),
        ({"band": "band"}, "say order = [...]"),
    ],
)
def test_without_points_bands_must_come_from_somewhere_else(
    options: dict[str, str], words: str
) -> None:
    problem = five(75)
    chosen, users = rule(NAME), replace(problem.users, points=None)
    outcome = run(chosen, problem.replace(users=users), bind(chosen, options))

    assert isinstance(outcome, NotApplicable)
    assert words in outcome.reason
    assert awards(problem.replace(users=users), NAME, **BANDS) == [10, 10, 15, 40, 0]


def test_a_column_that_is_not_there_is_refused_with_the_nearest() -> None:
    chosen = rule(NAME)

    with pytest.raises(
        OptionError, match=r"^band: there is no column of groups of users called 'bands'; did"
    ):
        run(chosen, five(75), bind(chosen, {"band": "bands"}))
    with pytest.raises(
        OptionError, match=r"^band: there is no column of groups of users called 'band'"
    ):
        run(chosen, bare(five(75)), bind(chosen, {"band": "band"}))


def test_an_order_that_leaves_a_band_out_is_refused() -> None:
    chosen = rule(NAME)

    with pytest.raises(OptionError) as caught:
        run(chosen, five(75), bind(chosen, {"band": "band", "order": ["critical", "moderat"]}))

    assert str(caught.value) == (
        "order: critical, moderat leaves out 'moderate', 'substantial' of the column band; "
        "name every band, the highest first"
    )


def test_a_band_that_nobody_is_in_may_stand_in_the_order() -> None:
    order = ("critical", "severe", "substantial", "moderate")

    assert awards(five(45), NAME, band="band", order=order) == [5, 0, 0, 40, 0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"order": ["a", "b"]}, 'say band = "band" as well'),
        ({"band": "band", "order": ["a", "b", "a"]}, "order names a band twice: a, b, a"),
        ({"last_band": "halves"}, "input should be 'proportional'"),
        ({"seed": -1}, "greater than or equal to 0"),
    ],
)
def test_options_that_cannot_be_used_are_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(OptionError) as caught:
        bind(rule(NAME), options)

    assert words in str(caught.value)


@pytest.mark.parametrize("last_band", SPLITS)
@pytest.mark.parametrize("more", [{}, {"band": "area"}, {"band": "area", "order": "south,north"}])
def test_every_way_to_split_keeps_what_every_rule_promises(
    last_band: str, more: dict[str, str]
) -> None:
    chosen = rule(NAME)

    assert check_rule(chosen, bind(chosen, {"last_band": last_band, **more})) >= 10


def test_lots_do_not_depend_on_the_order_of_rows() -> None:
    options = {"last_band": "lottery", **BANDS}
    turned = five(74).subset(np.arange(5)[::-1])

    assert awards(turned, NAME, **options)[::-1] == awards(five(74), NAME, **options)
