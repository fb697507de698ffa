"""How far indicative budgets are from final ones: figures over any set of users."""

from fractions import Fraction
from typing import TypeAlias

import numpy as np

from metneed.models.arrays import FloatArray, IntArray
from metneed.models.comparison import Number, Unit
from metneed.models.sums import exact_sum

Values: TypeAlias = dict[str, tuple[Number, Unit]]


def stage_errors(indicative: IntArray, final: IntArray) -> Values:
    """Figures of the error, indicative less final: above 0 where the indicative budget is too high.

    Whose final cost is 0 has no error in per cent: they are counted in `users_final_zero`, left
    out of `mean_error_share` and `median_ratio`, and within 10 or 20 per cent only where the
    indicative budget is 0 too.

    Parameters
    ----------
    indicative, final
        Smallest money units, one row a user, 0 or more.
    """
    n, error = len(final), indicative - final
    known = final > 0
    told, cost = exact_sum(indicative), exact_sum(final)
    above, below = error < 0, error > 0
    overrides, returned = -exact_sum(error[above]), exact_sum(error[below])
    sizes = np.abs(error)
    return {
        "users": (n, "users"),
        "users_final_zero": (n - int(known.sum()), "users"),
        "indicative": (told, "money"),
        "final": (cost, "money"),
        "bias": (told / cost if cost else None, "share"),
        "median_ratio": (_median(indicative[known] / final[known]), "share"),
        "median_error": (_money(_median(error)), "money"),
        "mean_error": (rounded(exact_sum(error), n), "money"),
        "mean_size_of_error": (rounded(exact_sum(sizes), n), "money"),
        "mean_error_share": (_mean(sizes[known] / final[known]), "share"),
        "within_10_per_cent": (_part(within(error, final, 10), n), "share"),
        "within_20_per_cent": (_part(within(error, final, 20), n), "share"),
        "rank_correlation": (rank_correlation(indicative, final), "index"),
        "users_final_above": (int(above.sum()), "users"),
        "users_final_same": (n - int(above.sum()) - int(below.sum()), "users"),
        "users_final_below": (int(below.sum()), "users"),
        "overrides": (overrides, "money"),
        "returned": (returned, "money"),
        "contingency_share": (overrides / told if told else None, "share"),
        "contingency_share_if_returned": (
            max(0, overrides - returned) / told if told else None,
            "share",
        ),
    }


def within(error: IntArray, final: IntArray, per_cent: int) -> int:
    """How many errors are no more than so many per cent of the final cost, in whole numbers."""
    part, rest = np.divmod(final, 100)
    # An error of whole units is within it where it is within it rounded down.
    return int((np.abs(error) <= part * per_cent + rest * per_cent // 100).sum())


def rank_correlation(first: IntArray, second: IntArray) -> float | None:
    """Spearman's rank correlation, equal values sharing their mean rank; None if all are equal."""
    a, b = _ranks(first), _ranks(second)
    spread = float((a * a).sum()) * float((b * b).sum())
    return float((a * b).sum()) / float(np.sqrt(spread)) if spread else None


def bands(values: IntArray, count: int) -> list[tuple[int, int, IntArray]]:
    """Least and greatest value and rows of up to `count` bands of about as many users each.

    Equal values are never parted, so that there may be fewer bands.
    """
    n = len(values)
    if not n:
        return []
    # Everyone of a value goes where the first of them stands in the queue.
    first = np.searchsorted(np.sort(values), values, side="left")
    band = first * count // n
    found = [np.flatnonzero(band == code) for code in np.unique(band).tolist()]
    return [(int(values[rows].min()), int(values[rows].max()), rows) for rows in found]


def rounded(total: int, parts: int) -> int | None:
    """A mean in whole units, halves to the even one; None of nothing."""
    return round(Fraction(total, parts)) if parts else None


def _ranks(values: IntArray) -> FloatArray:
    """Twice the mean rank less its mean: whole numbers, exact in floats."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    doubled = (2 * ends - counts - len(values))[place.reshape(-1)]
    return doubled.astype(np.float64)


def _median(values: IntArray | FloatArray) -> float | None:
    return float(np.median(values)) if len(values) else None


def _money(value: float | None) -> int | None:
    return None if value is None else round(value)


def _mean(values: FloatArray) -> float | None:
    return float(values.mean()) if len(values) else None


def _part(count: int, of: int) -> float | None:
    return count / of if of else None
