"""The need's part of a change in awards: one's own need, and that of others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray, TextArray, frozen
from metneed.models.errors import OptionError, UnknownNameError
from metneed.solver.rule import Rule
from metneed.solver.solve import run
from metneed.solver.studies.noise import given
from metneed.solver.studies.split import Split, State, with_money
from metneed.solver.studies.stacked import stacked

MOST_USERS = 500
"""The rule runs four times for each: of more users, name those that are asked about."""


@dataclass(frozen=True, eq=False)
class OwnNeed:
    """The need's part taken apart, for some of the users; together they are the need's part.

    Parameters
    ----------
    ids
        Users.
    own, others
        What their own need changes, and what the needs of others do; smallest money units.
    """

    ids: TextArray
    own: IntArray
    others: IntArray


def own_need(  # noqa: PLR0913, PLR0917 - each is a thing of its own
    found: Split,
    before: State,
    after: State,
    rule: Rule,
    users: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> OwnNeed:
    """What of the need's part is one's own, and what comes from others sharing the same money.

    For each user the rule runs with that user as after and the others as before, and the other
    way round, on the money of before and of after; own is the mean over the four orders that keep
    both needs together, halfpennies up. (That is the Owen value.) Options are those of before
    where the others are as before, and else those of after.

    Parameters
    ----------
    found
        The split of the same two problems.
    before, after, rule
        As for `split`.
    users
        Identifiers; all where it is empty, up to `MOST_USERS`.
    progress
        Called with a few words for each user.

    Raises
    ------
    OptionError
        Where a user is not there both times, they are too many, or a mixture gives no allocation.
    """
    rows = _rows(found, users)
    mixture = _Mixture(before, after, rule)
    four = [
        _four(found, mixture, row, progress, f"own need of user {count} of {len(rows)}")
        for count, row in enumerate(rows.tolist(), start=1)
    ]
    own = frozen([(quarters + 2) // 4 for quarters in four])
    return OwnNeed(found.ids[rows], own, frozen(found.need[rows] - own))


class _Mixture:
    """Both problems stacked, from which one person can be taken from the other."""

    def __init__(self, before: State, after: State, rule: Rule) -> None:
        self.states, self.rule = (before, after), rule
        self.both = stacked(before[0], after[0])
        self.size = len(before[0].users)

    def award(self, user: str, others: int, money: int) -> int:
        """What a user gets who is not as the others are: the others as before (0) or after (1)."""
        old, new = (state[0].users.ids for state in self.states)
        place = (int(np.searchsorted(old, user)), int(np.searchsorted(new, user)))
        people = np.arange(len(new)) + self.size if others else np.arange(len(old))
        people[place[others]] = place[0] if others else self.size + place[1]
        problem = with_money(self.both.subset(people), self.states[money][0])
        outcome = run(self.rule, problem, self.states[others][1])
        if not isinstance(outcome, Allocation):
            raise OptionError(f"one's own need cannot be told from others': {outcome.reason}")
        return int(given(outcome)[place[others]])


def _four(
    found: Split,
    mixture: _Mixture,
    row: int,
    progress: Callable[[str], None] | None,
    words: str,
) -> int:
    """Four times the own part: one change for each money and each state of the others."""
    if progress is not None:
        progress(words)
    user = found.ids[row]
    corners = (
        (found.before[row], found.need_only[row]),
        (found.money_only[row], found.after[row]),
    )
    return sum(
        (mixture.award(user, 0, money) - int(start)) + (int(end) - mixture.award(user, 1, money))
        for money, (start, end) in enumerate(corners)
    )


def _rows(found: Split, users: Sequence[str]) -> IntArray:
    if not users:
        if len(found.ids) > MOST_USERS:
            raise OptionError(
                f"own need: the rule runs four times for each of {len(found.ids):,} users; name "
                f"the ones you ask about, {MOST_USERS} at most"
            )
        return np.arange(len(found.ids))
    known = {user: row for row, user in enumerate(found.ids.tolist())}
    for user in users:
        if user not in known:
            raise UnknownNameError("user who is there both before and after", user, known)
    if len(users) > MOST_USERS:
        raise OptionError(f"own need: {len(users):,} users are named, {MOST_USERS} at most")
    return np.array(sorted({known[user] for user in users}), dtype=np.int64)
