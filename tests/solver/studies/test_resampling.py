import numpy as np
import pytest

from metneed.models.errors import OptionError
from metneed.models.random_stream import RandomStream
from metneed.solver.studies.exact_share import fraction
from metneed.solver.studies.resampling import (
    MOST_RESAMPLES,
    Interval,
    check_resamples,
    mean_interval,
    middle,
    shuffled,
)


def stream(seed: int = 1) -> RandomStream:
    return RandomStream.of(seed, "test")


def test_the_middle_leaves_out_25_in_1000_at_each_end() -> None:
    assert middle(np.arange(1000.0)) == Interval(25, 974)
    assert middle(np.arange(40.0)[::-1]) == Interval(1, 38)
    assert middle(np.array([3.0])) == Interval(3, 3)


def test_lots_always_choose_as_many_people() -> None:
    flags = np.array([True, True, False, False, False])
    seen: list[int] = []

    def compute(drawn: np.ndarray) -> dict[str, float | None]:  # type: ignore[type-arg]
        seen.append(int(drawn.sum()))
        return {"first": float(drawn[0]), "unknown": None}

    found = shuffled(compute, flags, stream(), 60)

    assert set(seen) == {2}
    assert found["first"] == Interval(0, 1)
    assert found["unknown"] is None


def test_the_mean_of_equal_values_is_certain_and_of_nobody_unknown() -> None:
    assert mean_interval(np.full(5, 0.25), stream(), 50) == Interval(0.25, 0.25)
    assert mean_interval(np.zeros(0), stream(), 50) is None


def test_more_people_make_the_mean_surer() -> None:
    few, many = (mean_interval(np.arange(n) % 2 * 1.0, stream(), 400) for n in (10, 1000))
    assert few is not None
    assert many is not None

    assert few.high - few.low > 5 * (many.high - many.low)
    # Two standard errors of a coin: about 0.5 +- 0.031.
    assert abs(many.low - 0.469) < 0.01
    assert abs(many.high - 0.531) < 0.01


def test_too_few_and_too_many_resamples_are_refused() -> None:
    for times in (39, MOST_RESAMPLES + 1):
        with pytest.raises(OptionError, match="resamples"):
            check_resamples(times)
    check_resamples(40)


def test_shares_are_read_as_they_are_written() -> None:
    assert fraction(0.1, "x") * 10 == 1
    assert fraction("0.02", "x") * 50 == 1
    assert fraction("1/8", "x") * 8 == 1
    for wrong in ("much", float("nan"), float("inf"), -0.1, 1.5, "0.1234567"):
        with pytest.raises(OptionError, match="x = "):
            fraction(wrong, "x")
