import csv
from collections import defaultdict
from decimal import Context, Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from metneed.models.apportion import largest_remainder
from metneed.models.sums import exact_sum
from metneed.solver.engines.claims import WEIGHTED, divided, inverse
from metneed.solver.engines.few_claims import MOST_CLAIMS, divided_among_few

from .claims_cases import DIVISIONS, exact, weighted

PUBLISHED = Path(__file__).parents[4] / "shared" / "data" / "claims-rules" / "expected.csv"
NAMES = {
    "PRO": "proportional",
    "CEA": "equal_awards",
    "CEL": "equal_losses",
    "Talmud": "talmud",
    "RA": "random_arrival",
    "AV": "average",
    "PIN": "piniles",
    "MO": "minimal_overlap",
    "RTalmud": "reverse_talmud",
    "APRO": "adjusted_proportional",
    "CE": "constrained_egalitarian",
    "DT": "dominguez_thomson",
}


def to_the_penny(amounts: list[Fraction]) -> list[str]:
    """Pounds from pence, rounded as a table rounds them."""
    return [f"{Decimal(round(amount)) / 100:.2f}" for amount in amounts]


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the claims rules are not in ../shared/data")
def test_all_answers_of_the_package_claims_problems_are_reproduced_to_their_last_digit() -> None:
    cases = defaultdict(list)
    with PUBLISHED.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cases[row["case"], row["rule"]].append(row)
    digits = Context(prec=12)
    for (_, rule), rows in cases.items():
        awards = exact(NAMES[rule], [int(row["claim"]) for row in rows], int(rows[0]["estate"]))
        printed = [
            digits.divide(Decimal(award.numerator), Decimal(award.denominator)) for award in awards
        ]

        assert printed == [Decimal(row["award"]) for row in rows], rows[0]
    assert len(cases) == 60


@pytest.mark.parametrize(
    ("name", "estate", "expected"),
    [
        ("proportional", 100, ["16.67", "33.33", "50.00"]),
        ("equal_awards", 100, ["33.33", "33.33", "33.33"]),
        ("equal_losses", 100, ["0.00", "0.00", "100.00"]),
        ("talmud", 100, ["33.33", "33.33", "33.33"]),
        ("proportional", 200, ["33.33", "66.67", "100.00"]),
        ("equal_awards", 200, ["66.67", "66.67", "66.67"]),
        ("equal_losses", 200, ["0.00", "50.00", "150.00"]),
        ("talmud", 200, ["50.00", "75.00", "75.00"]),
        ("random_arrival", 200, ["33.33", "83.33", "83.33"]),
        ("proportional", 300, ["50.00", "100.00", "150.00"]),
        ("equal_awards", 300, ["100.00", "100.00", "100.00"]),
        ("equal_losses", 300, ["0.00", "100.00", "200.00"]),
        ("talmud", 300, ["50.00", "100.00", "150.00"]),
        ("proportional", 400, ["66.67", "133.33", "200.00"]),
        ("equal_awards", 400, ["100.00", "150.00", "150.00"]),
        ("equal_losses", 400, ["33.33", "133.33", "233.33"]),
        ("talmud", 400, ["50.00", "125.00", "225.00"]),
    ],
)
def test_the_three_widows_of_the_talmud_get_what_is_published_to_the_penny(
    name: str, estate: int, expected: list[str]
) -> None:
    portions = DIVISIONS[name]([100_00, 200_00, 300_00], estate * 100)
    awards = portions.units(estate * 100)

    assert to_the_penny(portions.fractions()) == expected
    assert int(awards.sum()) == estate * 100
    # Three times 33.33 is a penny short, which one of them gets.
    assert [
        abs(award - Decimal(text) * 100) <= 1
        for award, text in zip(awards.tolist(), expected, strict=True)
    ] == [True] * 3


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("proportional", [Fraction(24, 11), Fraction(36, 11), Fraction(72, 11)]),
        ("equal_awards", [4, 4, 4]),
        ("equal_losses", [Fraction(2, 3), Fraction(8, 3), Fraction(26, 3)]),
        ("talmud", [2, 3, 7]),
        ("random_arrival", [2, 3, 7]),
        ("adjusted_proportional", [2, 3, 7]),
        ("piniles", [Fraction(7, 3), Fraction(10, 3), Fraction(19, 3)]),
        # By hand: halfway between 4, 4, 4 and 2/3, 8/3, 26/3.
        ("average", [Fraction(7, 3), Fraction(10, 3), Fraction(19, 3)]),
        # From half the claims, 2, 3, 6, one is to be added: 1/3 each.
        ("reverse_talmud", [Fraction(7, 3), Fraction(10, 3), Fraction(19, 3)]),
        # From half the claims, 2, 3, 6, the least is lifted first.
        ("constrained_egalitarian", [3, 3, 6]),
        # All of 12 is claimed once: 4 shared by three, 2 by two, 6 by one.
        ("minimal_overlap", [Fraction(4, 3), Fraction(7, 3), Fraction(25, 3)]),
    ],
)
def test_three_claims_of_4_6_and_12_on_12_are_divided_as_by_hand(
    name: str, expected: list[Fraction]
) -> None:
    assert exact(name, [4, 6, 12], 12) == expected


def test_dominguez_and_thomson_give_a_third_of_everything_again_and_again() -> None:
    # 4/3, 2 and 4 leave 14/3 and claims of 8/3, 4 and 8; a third of these, at most of 14/3, is 8/9,
    # 4/3 and 14/9, which leave 8/9, no more than any claim that is left: 8/27 for each.
    expected = [Fraction(4, 3) + Fraction(8, 9), 2 + Fraction(4, 3), 4 + Fraction(14, 9)]

    assert exact("dominguez_thomson", [4, 6, 12], 12) == [
        award + Fraction(8, 27) for award in expected
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # 4, 6 and twice 12 are 34 in all: 12/34 for each of them.
        ("proportional", [Fraction(24, 17), Fraction(36, 17), Fraction(144, 17)]),
        # A share for each of the first two and two shares for the last: 3, 3 and 6.
        ("equal_awards", [3, 3, 6]),
        # 10 are to be lost, two shares for each of the first two, who have only 4 and 6: 4, 4, 2.
        ("equal_losses", [0, 2, 10]),
        # 10 are to be lost, of halves of 2, 3 and 6 at most: the first two lose all of theirs.
        ("talmud", [2, 3, 7]),
        # Halves of 2, 3 and 6, and 1 more, half of which goes to the last.
        ("piniles", [Fraction(9, 4), Fraction(13, 4), Fraction(13, 2)]),
    ],
)
def test_twice_the_weight_for_the_largest_of_three_claims_by_hand(
    name: str, expected: list[Fraction]
) -> None:
    assert weighted(name, [4, 6, 12], 12, [1, 1, 2]) == expected


def test_a_heavy_weight_never_lifts_an_award_above_its_claim() -> None:
    # In proportion to 9 x 4, 6 and 12 the first would get 8 of 12; 4 are claimed, 8 go 1 to 2.
    awards = weighted("proportional", [4, 6, 12], 12, [9, 1, 1])

    assert awards == [4, Fraction(8, 3), Fraction(16, 3)]


@pytest.mark.parametrize("name", WEIGHTED)
def test_a_weight_of_nothing_comes_after_everyone_who_has_one(name: str) -> None:
    assert weighted(name, [4, 6, 12], 9, [1, 0, 1])[1] == 0
    # 16 pay the others in full, and leave 3; two who have no weight share them without weights.
    assert weighted(name, [4, 6, 12, 6], 19, [1, 0, 1, 0]) == [
        4,
        Fraction(3, 2),
        12,
        Fraction(3, 2),
    ]


@pytest.mark.parametrize("name", DIVISIONS)
def test_where_the_estate_covers_all_claims_they_are_paid_and_no_more(name: str) -> None:
    assert exact(name, [4, 6, 12], 22) == [4, 6, 12]
    assert exact(name, [4, 6, 12], 100) == [4, 6, 12]
    assert exact(name, [0, 0], 5) == [0, 0]


@pytest.mark.parametrize("name", DIVISIONS)
def test_nothing_is_divided_into_nothing(name: str) -> None:
    assert exact(name, [4, 6, 0], 0) == [0, 0, 0]


def test_in_whole_pence_the_proportional_rule_is_that_of_largest_remainders() -> None:
    claims = np.random.default_rng(1).integers(0, 30_000_00, 1000)
    estate = exact_sum(claims) * 5 // 8

    whole = divided("proportional", claims, estate).units(estate)

    assert whole.tolist() == largest_remainder(estate, claims).tolist()


def test_the_last_pennies_go_to_the_first_of_equal_claims() -> None:
    awards = divided("equal_awards", np.array([9, 9, 9]), 11)

    assert awards.units(11).tolist() == [4, 4, 3]


def test_the_proportional_rule_gives_nothing_to_who_splits_or_merges_claims() -> None:
    assert exact("proportional", [4, 6, 12], 11)[1:] == [3, 6]
    assert exact("proportional", [4, 18], 11)[1] == 9


def test_equal_awards_reward_splitting_a_claim_and_equal_losses_merging_two() -> None:
    assert exact("equal_awards", [4, 18], 11) == [4, 7]
    assert sum(exact("equal_awards", [4, 6, 12], 11)[1:]) == Fraction(22, 3)
    assert sum(exact("equal_losses", [4, 6, 12], 11)[1:]) == Fraction(32, 3)
    assert exact("equal_losses", [4, 18], 11) == [0, 11]


def test_inverse_weights_are_exact_where_whole_numbers_can_be() -> None:
    assert inverse(np.array([1000, 2000, 3000, 2000])).tolist() == [6, 3, 2, 3]


def test_inverse_weights_are_rounded_by_less_than_a_millionth_where_they_cannot() -> None:
    weights = np.random.default_rng(2).integers(1, 100_000, 100_000)
    turned = inverse(weights)

    assert exact_sum(turned) < 2**60
    product = turned * weights.astype(np.float64)
    assert float(product.max() / product.min()) < 1 + 1e-6


def test_methods_without_weights_refuse_them() -> None:
    with pytest.raises(ValueError, match=r"^average has no weights; those that have: proportional"):
        divided("average", np.array([4, 6]), 5, np.array([1, 2]))


@pytest.mark.parametrize("name", MOST_CLAIMS)
def test_divisions_with_fractions_of_their_own_are_for_a_few(name: str) -> None:
    many = np.ones(MOST_CLAIMS[name] + 1, dtype=np.int64)

    with pytest.raises(ValueError, match=f"^{name} divides among {MOST_CLAIMS[name]:,} claims"):
        divided_among_few(name, many, 5)
