"""What each way of dividing claims promises, and where it is known to break a promise."""

from fractions import Fraction
from math import lcm

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from metneed.solver.engines.claims import WEIGHTED, divided

from .claims_cases import DIVISIONS, exact, problems, weighted

Problem = tuple[list[int], int]
quick = settings(deadline=None, derandomize=True, max_examples=60)
weights = st.lists(st.integers(1, 9), min_size=6, max_size=6)

CONSISTENT = (
    "proportional",
    "equal_awards",
    "equal_losses",
    "talmud",
    "piniles",
    "reverse_talmud",
    "constrained_egalitarian",
)
SELF_DUAL = (
    "proportional",
    "talmud",
    "reverse_talmud",
    "random_arrival",
    "average",
    "adjusted_proportional",
)
TRUNCATES = (
    "equal_awards",
    "talmud",
    "random_arrival",
    "adjusted_proportional",
    "minimal_overlap",
    "dominguez_thomson",
)
CONCEDES = ("equal_losses", "talmud", "random_arrival", "adjusted_proportional")
"""Whether what the others cannot claim can be given first, and the rest divided among the rest."""


@pytest.mark.parametrize("name", DIVISIONS)
@quick
@given(problems())
def test_all_of_the_estate_is_divided_and_nobody_gets_more_than_the_claim(
    name: str, problem: Problem
) -> None:
    claims, estate = problem
    awards = exact(name, claims, estate)

    assert sum(awards) == estate
    assert all(0 <= award <= claim for award, claim in zip(awards, claims, strict=True))


@pytest.mark.parametrize("name", DIVISIONS)
@quick
@given(problems())
def test_in_whole_units_all_is_divided_and_nobody_is_a_unit_off(
    name: str, problem: Problem
) -> None:
    claims, estate = problem
    portions = DIVISIONS[name](claims, estate)
    awards = portions.units(estate).tolist()

    assert sum(awards) == estate
    assert all(0 <= award <= claim for award, claim in zip(awards, claims, strict=True))
    assert all(
        abs(award - part) < 1 for award, part in zip(awards, portions.fractions(), strict=True)
    )


@pytest.mark.parametrize("name", DIVISIONS)
@quick
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_claims_changes_nothing_and_equal_claims_get_equal_awards(
    name: str, problem: Problem, random: st.DataObject
) -> None:
    claims, estate = problem
    mixed = sorted(range(len(claims)), key=lambda _: random.random())
    awards = exact(name, claims, estate)

    assert exact(name, [claims[row] for row in mixed], estate) == [awards[row] for row in mixed]
    assert len(set(zip(claims, awards, strict=True))) == len(set(claims))


@pytest.mark.parametrize("name", DIVISIONS)
@quick
@given(problems())
def test_a_greater_claim_gets_no_less_and_loses_no_less(name: str, problem: Problem) -> None:
    claims, estate = sorted(problem[0]), problem[1]
    awards = exact(name, claims, estate)
    losses = [claim - award for claim, award in zip(claims, awards, strict=True)]

    assert awards == sorted(awards)
    assert losses == sorted(losses)


@pytest.mark.parametrize("name", DIVISIONS)
@quick
@given(problems(), st.integers(1, 20))
def test_a_larger_estate_takes_from_nobody(name: str, problem: Problem, more: int) -> None:
    claims, estate = problem
    before, after = exact(name, claims, estate), exact(name, claims, estate + more)

    assert all(least <= most for least, most in zip(before, after, strict=True))


@pytest.mark.parametrize("name", DIVISIONS)
@quick
@given(problems(), st.integers(2, 9))
def test_in_another_currency_the_awards_are_the_same_money(
    name: str, problem: Problem, rate: int
) -> None:
    claims, estate = problem
    awards = exact(name, claims, estate)
    dearer = exact(name, [rate * claim for claim in claims], rate * estate)

    assert dearer == [rate * award for award in awards]


@pytest.mark.parametrize("name", CONSISTENT)
@quick
@given(problems(), st.sets(st.integers(0, 5), min_size=1))
def test_those_who_stay_divide_what_they_have_as_before_when_others_leave(
    name: str, problem: Problem, staying: set[int]
) -> None:
    claims, estate = problem
    rows = sorted(row for row in staying if row < len(claims))
    assume(rows)
    awards = exact(name, claims, estate)
    left = sum((awards[row] for row in rows), Fraction(0))
    # Divided in units so small that what is left is a whole number of them.
    unit = lcm(left.denominator, *(award.denominator for award in awards))
    again = exact(name, [claims[row] * unit for row in rows], int(left * unit))

    assert again == [awards[row] * unit for row in rows]


def test_random_arrival_is_not_consistent() -> None:
    awards = exact("random_arrival", [100, 200, 300], 200)

    assert awards[:2] == [Fraction(100, 3), Fraction(250, 3)]
    assert exact("random_arrival", [300, 600], 350) == [150, 200]  # in thirds: not 100 and 250


@quick
@given(problems())
def test_equal_losses_are_equal_awards_of_what_is_missing(problem: Problem) -> None:
    claims, estate = problem
    missing = exact("equal_awards", claims, sum(claims) - estate)

    assert exact("equal_losses", claims, estate) == [
        claim - lost for claim, lost in zip(claims, missing, strict=True)
    ]


@quick
@given(problems())
def test_constrained_egalitarian_and_piniles_agree_up_to_half_the_claims(problem: Problem) -> None:
    claims, estate = problem
    assume(2 * estate <= sum(claims))

    assert exact("constrained_egalitarian", claims, estate) == exact("piniles", claims, estate)


@pytest.mark.parametrize("name", SELF_DUAL)
@quick
@given(problems())
def test_awards_and_losses_are_divided_alike(name: str, problem: Problem) -> None:
    claims, estate = problem
    lost = exact(name, claims, sum(claims) - estate)

    assert exact(name, claims, estate) == [
        claim - loss for claim, loss in zip(claims, lost, strict=True)
    ]


@pytest.mark.parametrize("name", TRUNCATES)
@quick
@given(problems())
def test_what_is_claimed_beyond_the_whole_estate_counts_for_nothing(
    name: str, problem: Problem
) -> None:
    claims, estate = problem

    assert exact(name, [min(claim, estate) for claim in claims], estate) == exact(
        name, claims, estate
    )


@pytest.mark.parametrize("name", sorted({*DIVISIONS} - {*TRUNCATES}))
def test_elsewhere_a_claim_beyond_the_estate_moves_money(name: str) -> None:
    assert exact(name, [10, 100], 20) != exact(name, [10, 20], 20)


@pytest.mark.parametrize("name", CONCEDES)
@quick
@given(problems())
def test_what_the_others_cannot_claim_may_as_well_be_given_first(
    name: str, problem: Problem
) -> None:
    claims, estate = problem
    first = [max(0, estate - (sum(claims) - claim)) for claim in claims]
    rest = [claim - given for claim, given in zip(claims, first, strict=True)]
    then = exact(name, rest, estate - sum(first))

    assert exact(name, claims, estate) == [
        given + more for given, more in zip(first, then, strict=True)
    ]


@quick
@given(problems(), st.integers(0, 30))
def test_the_proportional_rule_is_blind_to_splitting(problem: Problem, part: int) -> None:
    claims, estate = problem
    part = min(part, claims[0])
    awards = exact("proportional", claims, estate)
    split = exact("proportional", [part, claims[0] - part, *claims[1:]], estate)

    assert [split[0] + split[1], *split[2:]] == awards


@pytest.mark.parametrize("name", WEIGHTED)
@quick
@given(problems(), st.integers(1, 9), st.integers(1, 10**6))
def test_equal_weights_of_any_size_are_no_weights(
    name: str, problem: Problem, weight: int, times: int
) -> None:
    claims, estate = problem

    assert weighted(name, claims, estate, [weight * times] * len(claims)) == exact(
        name, claims, estate
    )


@pytest.mark.parametrize("name", WEIGHTED)
@quick
@given(problems(), weights, st.integers(0, 5))
def test_a_heavier_weight_gets_no_less_and_others_no_more(
    name: str, problem: Problem, weight: list[int], who: int
) -> None:
    claims, estate = problem
    weight = weight[: len(claims)]
    who %= len(claims)
    heavier = [each + (row == who) for row, each in enumerate(weight)]
    before, after = (weighted(name, claims, estate, each) for each in (weight, heavier))

    assert after[who] >= before[who]
    assert all(after[row] <= before[row] for row in range(len(claims)) if row != who)


@pytest.mark.parametrize("name", WEIGHTED)
@quick
@given(problems(), weights)
def test_weighted_awards_add_up_stay_within_claims_and_agree_with_their_definition(
    name: str, problem: Problem, weight: list[int]
) -> None:
    claims, estate = problem
    weight = weight[: len(claims)]
    awards = weighted(name, claims, estate, weight)

    assert sum(awards) == estate
    half = [Fraction(claim, 2) for claim in claims]
    losses = [claim - award for claim, award in zip(claims, awards, strict=True)]
    short = 2 * estate <= sum(claims)
    match name:
        case "proportional":
            levels(awards, claims, [w * k for w, k in zip(weight, claims, strict=True)])
        case "equal_awards":
            levels(awards, claims, weight)
        case "equal_losses":
            levels(losses, claims, [Fraction(1, each) for each in weight])
        case "talmud" if short:
            levels(awards, half, weight)
        case "talmud":
            levels(losses, half, [Fraction(1, each) for each in weight])
        case "piniles" if short:
            levels(awards, half, weight)
        case _:
            levels([award - cap for award, cap in zip(awards, half, strict=True)], half, weight)


def levels(amounts: list[Fraction], caps: list[Fraction], weight: list[Fraction]) -> None:
    """Hold amounts to the form min(cap, weight x t): all below the cap share t, others reach it."""
    rows = list(zip(amounts, caps, weight, strict=True))
    below = {amount / w for amount, cap, w in rows if amount < cap}

    assert all(0 <= amount <= cap for amount, cap, _ in rows)
    assert len(below) <= 1
    assert all(cap <= w * level for level in below for amount, cap, w in rows if amount == cap)


@quick
@given(problems(), weights)
def test_weighted_losses_are_awards_of_what_is_missing_with_the_weights_turned_over(
    problem: Problem, weight: list[int]
) -> None:
    claims, estate = problem
    weight = weight[: len(claims)]
    over = lcm(*weight)
    turned = [over // each for each in weight]
    missing = weighted("equal_awards", claims, sum(claims) - estate, turned)

    assert weighted("equal_losses", claims, estate, weight) == [
        claim - lost for claim, lost in zip(claims, missing, strict=True)
    ]


@quick
@given(
    st.lists(st.tuples(st.integers(0, 2**55), st.integers(1, 2**60)), min_size=1, max_size=8),
    st.sampled_from(WEIGHTED),
    st.integers(0, 10**6),
)
def test_claims_and_weights_of_any_size_are_divided_exactly(
    people: list[tuple[int, int]], name: str, millionths: int
) -> None:
    claims, weight = (list(column) for column in zip(*people, strict=True))
    estate = sum(claims) * millionths // 10**6
    portions = divided(name, np.array(claims), estate, np.array(weight))
    awards = portions.units(estate).tolist()

    assert sum(portions.fractions()) == estate
    assert sum(awards) == estate
    assert all(0 <= award <= claim for award, claim in zip(awards, claims, strict=True))
    if name == "equal_awards":
        levels(portions.fractions(), claims, weight)
    if name == "proportional":
        products = [w * k for w, k in zip(weight, claims, strict=True)]
        levels(portions.fractions(), claims, products)
