import numpy as np
import pytest

from metneed.models.errors import OptionError
from metneed.solver.tables.scale import Scale, scale_of

ICECAP_O = {
    "attachment": [2535, 2325, 1340, -128],
    "security": [1788, 1071, 661, 321],
    "role": [1923, 1793, 1296, 151],
    "enjoyment": [1660, 1643, 1185, 168],
    "control": [2094, 1848, 1076, -512],
}
"""The English tariff of capability in old age, ten-thousandths, levels 4 to 1 (Population Health
Metrics 6:6, table 1)."""


def icecap_o() -> Scale:
    rows = [
        (item, str(4 - place), points)
        for item, levels in ICECAP_O.items()
        for place, points in enumerate(levels)
    ]
    return scale_of(rows)


@pytest.mark.parametrize(("place", "total"), [(0, 10_000), (1, 8680), (2, 5558), (3, 0)])
def test_the_published_tariff_of_capability_adds_up(place: int, total: int) -> None:
    assert icecap_o().total(np.full((1, 5), place)).tolist() == [total]


def test_each_item_gives_its_own_points() -> None:
    answers = np.array([[0, 1, 2, 3, 0], [3, 3, 3, 3, 3]])

    assert icecap_o().by_item(answers).tolist() == [
        [2535, 1071, 1296, 168, 2094],
        [-128, 321, 151, 168, -512],
    ]


def test_a_level_that_does_not_exist_is_refused_with_those_that_do() -> None:
    message = r"item 'role' has no level 4; its levels are, from 0: 4, 3, 2, 1"
    with pytest.raises(OptionError, match=message):
        icecap_o().total(np.array([[0, 0, 4, 0, 0]]))


def test_tables_that_are_empty_or_say_a_level_twice_are_refused() -> None:
    with pytest.raises(OptionError, match="table of points is empty"):
        scale_of([])
    with pytest.raises(OptionError, match="item 'role' has level '1' twice"):
        scale_of([("role", "1", 5), ("role", "1", 6)])
    with pytest.raises(OptionError, match="2 answers for 5 items: attachment, security"):
        icecap_o().total(np.array([[0, 0]]))
