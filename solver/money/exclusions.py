"""Users whom a scenario gives nothing, and why users get nothing."""

import numpy as np
from pydantic import Field

from metneed.models.arrays import BoolArray, TextArray, frozen
from metneed.models.columns import Labels
from metneed.models.errors import OptionError, UnknownNameError
from metneed.models.problem import Problem
from metneed.solver.rule import Options


class Exclusions(Options):
    """Who gets nothing, whatever is known about them."""

    exclude: tuple[str, ...] = Field(
        default=(), description="user_ids who get nothing, and stay in every figure"
    )
    excluded_because: str = Field(
        default="excluded by the scenario", description="the reason that is shown for them"
    )

    def check(self, problem: Problem) -> None:
        """Refuse names of nobody."""
        super().check(problem)
        check_users(problem, "exclude", self.exclude)

    def excluded(self, problem: Problem) -> BoolArray:
        """For each user whether the scenario gives them nothing."""
        return named(problem, self.exclude)


def named(problem: Problem, names: tuple[str, ...]) -> BoolArray:
    """For each user whether they are among the named ones."""
    return frozen(np.isin(problem.users.ids, np.array(names, dtype=object)), np.bool_)


def check_users(problem: Problem, option: str, names: tuple[str, ...]) -> None:
    """Do nothing where every name is a user's; OptionError with the nearest ones otherwise."""
    if not names:
        return
    ids = problem.users.ids.tolist()
    known = set(ids)
    for name in names:
        if name not in known:
            raise OptionError(f"{option}: {UnknownNameError('user', name, ids)}")


def reasons_of(reasons: TextArray) -> Labels | None:
    """Reasons as an account holds them; None where there are none.

    Parameters
    ----------
    reasons
        One text a user, empty where there is nothing to say.
    """
    rows = np.flatnonzero(reasons != "")
    if not len(rows):
        return None
    # Of a million users most have no reason, and sorting texts is what takes time.
    names, places = np.unique(reasons[rows].astype(str), return_inverse=True)
    nothing = [""] if len(rows) < len(reasons) else []
    codes = np.zeros(len(reasons), dtype=np.int32)
    codes[rows] = places + len(nothing)
    return Labels(codes, (*nothing, *map(str, names)))
