"""All ways of dividing claims by name, in exact fractions, and problems to divide."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from metneed.solver.engines.arrival import over_all_orders
from metneed.solver.engines.claims import METHODS, divided
from metneed.solver.engines.few_claims import FEW_METHODS, divided_among_few
from metneed.solver.engines.portions import Portions

Division = Callable[[list[int], int], Portions]


def _divided(method: str) -> Division:
    return lambda claims, estate: divided(method, np.array(claims), estate)


def _among_few(method: str) -> Division:
    return lambda claims, estate: divided_among_few(method, np.array(claims), estate)


def _random_arrival(claims: list[int], estate: int) -> Portions:
    portions = over_all_orders(np.array(claims), estate)
    assert portions is not None
    return portions


DIVISIONS: dict[str, Division] = {
    **{method: _divided(method) for method in METHODS},
    **{method: _among_few(method) for method in FEW_METHODS},
    "random_arrival": _random_arrival,
}


def exact(name: str, claims: list[int], estate: int) -> list[Fraction]:
    """The exact awards of a way of dividing."""
    return DIVISIONS[name](claims, estate).fractions()


def weighted(name: str, claims: list[int], estate: int, weights: list[int]) -> list[Fraction]:
    """The exact awards with weights."""
    return divided(name, np.array(claims), estate, np.array(weights)).fractions()


@st.composite
def problems(draw: st.DrawFn, most: int = 60) -> tuple[list[int], int]:
    """Up to six claims, equal and empty ones among them, and an estate up to all of them."""
    claims = draw(st.lists(st.integers(0, most), min_size=1, max_size=6))
    return claims, draw(st.integers(0, sum(claims)))
