from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize(("n", "rank"), [(1, 1), (9, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
def test_tenth_percentile_is_the_share_at_rank_a_tenth_of_n_rounded_up(
    figures: Any, n: int, rank: int
) -> None:
    shares = list(np.random.default_rng(n).permutation(n) + 1)

    found = figures.of("tenth_percentile_share", shares, [64] * n)

    assert found == {"tenth_percentile_share": rank / 64}


def test_tenth_percentile_is_never_between_two_people(figures: Any) -> None:
    # Interpolation, the default of most software, would give 4.8 of 12.
    assert figures.of("tenth_percentile_share", [12, 8, 4], [12, 12, 12]) == {
        "tenth_percentile_share": 4 / 12
    }


def test_users_without_a_need_have_no_rank(figures: Any) -> None:
    met_need, need = [*[0] * 5, *range(1, 11)], [*[0] * 5, *[16] * 10]

    assert figures.of("tenth_percentile_share", met_need, need) == {
        "tenth_percentile_share": 1 / 16
    }


def test_tenth_percentile_is_not_known_where_nobody_has_a_need(figures: Any) -> None:
    assert figures.of("tenth_percentile_share", [0], [0]) == {"tenth_percentile_share": None}
