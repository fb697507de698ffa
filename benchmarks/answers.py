"""Checking an answer by ourselves: what it costs, what it is worth, and what is wrong with it."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import fsum

import numpy as np

from benchmarks.programme import Programme, Real, Whole

NEARLY_WHOLE = 1e-6
"""A share this close to 0 or 1 is read as whole; solvers call that much a whole number."""

RIGHT = 1e-9
"""The value of a linear programme is right within this share of it."""

ALLOWED = 1e-7
"""An answer with parts may pass a limit by this share of it: what solvers themselves allow."""


@dataclass(frozen=True)
class Claim:
    """What a contestant says of its answer.

    Parameters
    ----------
    value, bound
        What it is worth, and what no answer is worth more than; None where nothing is said.
    optimal
        Whether it says that nothing is better.
    """

    value: float | None
    bound: float | None = None
    optimal: bool = False


@dataclass(frozen=True)
class Verdict:
    """What an answer is.

    Parameters
    ----------
    value
        What it is worth by our own count; None where there is no answer.
    gap
        How far that is below our proven optimum, as a share of it; None where the answer may not
        be given, or there is none.
    faults
        Everything that is wrong with the answer or with what is said of it, in words.
    """

    value: float | None = None
    gap: float | None = None
    faults: list[str] = field(default_factory=list)


def judge(programme: Programme, shares: Real | None, claim: Claim, best: Fraction) -> Verdict:
    """What is to be said of an answer to a programme whose proven optimum is `best`."""
    if shares is None:
        says = ["says optimal, and gives no answer"] if claim.optimal else []
        return Verdict(faults=says)
    if shares.shape != programme.cost.shape or not np.isfinite(shares).all():
        return Verdict(faults=["its answer is not one number for each package"])
    if programme.divisible:
        value, faults = _parts(programme, shares)
    else:
        value, faults = _whole(programme, shares)
    allowed = not faults
    gap = float((best - Fraction(value)) / best) if best else 0.0
    tolerance = RIGHT if programme.divisible else 0.0
    faults += _claims(claim, value, best, gap if allowed else None, tolerance)
    return Verdict(float(value), gap if allowed or programme.divisible else None, faults)


def _whole(programme: Programme, shares: Real) -> tuple[float, list[str]]:
    """Worth and faults of an answer that is to be whole packages, in integers where it is."""
    given = np.rint(shares)
    parts = int((np.abs(shares - given) > NEARLY_WHOLE).sum())
    if parts:
        return fsum((programme.value * shares).tolist()), [f"{parts:,} packages are in parts"]
    count = given.astype(np.int64)
    faults = []
    if (count < 0).any() or (count > 1).any():
        faults.append("a package is given more than once or less than not at all")
    several = int((np.bincount(programme.user, count, programme.n_users) > 1).sum())
    if several:
        faults.append(f"{several:,} users get more than one package")
    over = _total(programme.cost, count) - programme.budget
    if over > 0:
        faults.append(f"spends {over:,} more than the budget")
    return _total(programme.value, count), faults


def _parts(programme: Programme, shares: Real) -> tuple[float, list[str]]:
    """Worth and faults of an answer that may be parts of packages."""
    faults = []
    least = float(shares.min(initial=0))
    most = float(np.bincount(programme.user, shares, programme.n_users).max(initial=0))
    if least < -ALLOWED:
        faults.append(f"a share is {least:.3g}")
    if most > 1 + ALLOWED:
        faults.append(f"a user gets 1 + {most - 1:.3g} packages")
    over = fsum((programme.cost * shares).tolist()) - programme.budget
    if over > ALLOWED * programme.budget:
        faults.append(f"spends {over:.3g} more than the budget")
    return fsum((programme.value * shares).tolist()), faults


def _claims(
    claim: Claim, value: float, best: Fraction, gap: float | None, tolerance: float
) -> list[str]:
    """What is wrong with what is said of an answer."""
    size = max(1.0, abs(value))
    faults = []
    if claim.value is not None and abs(claim.value - value) > max(RIGHT * size, NEARLY_WHOLE):
        faults.append(f"says {claim.value:,.10g}, but is worth {value:,.10g}")
    if claim.bound is not None and claim.bound < float(best) * (1 - RIGHT):
        faults.append(f"says that no more than {claim.bound:,.10g} is possible, but it is")
    if gap is None:
        return faults
    if claim.optimal and gap > tolerance:
        faults.append(f"says optimal, but {float(best) - value:,.4g} more is possible")
    if gap < -tolerance:
        faults.append(f"worth {value - float(best):,.4g} more than is possible")
    return faults


def _total(column: Whole, count: Whole) -> int:
    return sum((column * count).tolist())
