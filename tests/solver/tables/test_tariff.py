from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metneed.models.errors import OptionError
from metneed.solver.tables.tariff import Ages, Conditions, Discount, Overlap, Priced, priced

HALF = Fraction(1, 2)


def price(
    discount: Fraction = HALF, overlap: Overlap = "compound", ages: Ages | None = None
) -> Priced:
    """Three people: conditions of 400, 1,000 and 200 pounds; of 600; and none."""
    conditions = Conditions(
        np.array([0, 0, 1, 0]), np.array([40_000, 100_000, 60_000, 20_000]), users=3
    )
    return priced(conditions, ages or Ages(), Discount(discount, overlap))


def test_the_dearest_condition_counts_in_full_and_further_ones_less_and_less() -> None:
    found = price()

    assert found.rank.tolist() == [1, 0, 0, 2]
    assert found.line.tolist() == [20_000, 100_000, 60_000, 5_000]
    assert found.amount.tolist() == [125_000, 60_000, 0]
    assert found.overlap.tolist() == [35_000, 0, 0]


def test_a_flat_discount_takes_the_same_off_every_further_condition() -> None:
    assert price(overlap="flat").amount.tolist() == [130_000, 60_000, 0]


def test_a_greater_discount_lowers_the_award_of_those_with_several_conditions_only() -> None:
    amounts = [price(Fraction(tenth, 10)).amount.tolist() for tenth in (0, 2, 5, 10)]

    assert [each[0] for each in amounts] == [160_000, 144_800, 125_000, 100_000]
    assert {each[1] for each in amounts} == {60_000}


def test_the_age_factor_multiplies_every_line() -> None:
    ages = Ages((Fraction(1), Fraction(6, 5)), np.array([1, 0, 0]))
    found = price(ages=ages)

    assert found.line.tolist() == [24_000, 120_000, 60_000, 6_000]
    assert found.amount.tolist() == [150_000, 60_000, 0]


def test_a_discount_or_factor_that_cannot_be_is_refused() -> None:
    with pytest.raises(OptionError, match="a discount of 3/2 for overlaps is not between 0 and 1"):
        Discount(Fraction(3, 2))
    with pytest.raises(OptionError, match="an age factor of -1 is negative"):
        price(ages=Ages((Fraction(-1),)))
    with pytest.raises(OptionError, match="a tariff of -5 is negative"):
        priced(Conditions(np.array([0]), np.array([-5]), 1), Ages(), Discount())


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**6)), max_size=12),
    st.fractions(0, 1, max_denominator=20),
    st.sampled_from(["compound", "flat"]),
)
def test_lines_add_up_and_no_discount_takes_more_than_the_dearest_leaves(
    rows: list[tuple[int, int]], discount: Fraction, overlap: Overlap
) -> None:
    user = np.array([each[0] for each in rows], dtype=np.int64)
    tariff = np.array([each[1] for each in rows], dtype=np.int64)
    found = priced(Conditions(user, tariff, 4), Ages(), Discount(discount, overlap))

    for person in range(4):
        mine = tariff[user == person]
        total, dearest = int(mine.sum()), int(mine.max(initial=0))
        assert found.amount[person] == found.line[user == person].sum()
        assert dearest <= found.amount[person] <= total
        assert found.overlap[person] == total - found.amount[person]
