"""Exchanges among several users at once: changes of few users meet changes of few others.

Everybody keeps what they have but two or three users of one half and as many of the other; all
such changes that keep every limit and add value are looked at, the best is taken. It proves
nothing, and finds what exchanging two users does not.
"""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import IntArray
from metneed.solver.engines.halves import Half, TooManyError, listed
from metneed.solver.engines.join import Best, join

ROOM_FOR = {4: 50, 3: 116, 2: 707}
"""Of so many changes all sets of four, three or two are about 250,000."""

PAIRS = 2 * 10**7
BANDS = 8


@dataclass(frozen=True, eq=False)
class Choice:
    """One option a user, and what is known of all options.

    Parameters
    ----------
    owner, loss, amounts
        Of each option: its user, what it loses at the prices, what it counts.
    chosen
        The option of each user.
    left
        Of each limit.
    gap
        What the choice stays below the bound, in exact multiples.
    """

    owner: IntArray
    loss: IntArray
    amounts: IntArray
    chosen: IntArray
    left: IntArray
    gap: int


@dataclass(frozen=True, eq=False)
class Few:
    """Sets of few changes in order of loss; members beyond a set's size are -1."""

    loss: IntArray
    use: IntArray
    members: IntArray

    def options(self, number: int) -> list[int]:
        """The options that a set changes to."""
        return [option for option in self.members[number].tolist() if option >= 0]

    def up_to(self, loss: int) -> "Few":
        """Those that lose no more than so much."""
        end = int(np.searchsorted(self.loss, loss, side="right"))
        return Few(self.loss[:end], self.use[:end], self.members[:end])


def exchange(
    now: Choice,
    prices: tuple[int, ...],
    least: int,
    deadline: float,
    random: np.random.Generator,
) -> IntArray | None:
    """Options of a better choice that differs by few users, None where none was found.

    Parameters
    ----------
    now
        The choice.
    prices
        Of the limits, in the multiples of the losses.
    least
        How much nearer to the bound a better choice must be.
    deadline
        Of the clock `time.monotonic`.
    random
        Deals the users into halves, and says which changes are tried.
    """
    had = now.chosen[now.owner]
    loss = now.loss - now.loss[had]
    changes = np.flatnonzero((loss <= now.gap) & (had != np.arange(len(had))))
    # The nearer a change is to a tie, the likelier it is among those that are tried.
    nearest = changes[np.argsort(loss[changes], kind="stable")]
    late = np.arange(len(nearest)) * random.random(len(nearest))
    changes = nearest[np.argsort(late, kind="stable")]
    users, rows = np.unique(now.owner[changes], return_inverse=True)
    of_one = (random.permutation(len(users)) % 2 == 0)[rows]
    best = Best(now.left, prices, now.gap - least)
    # What is lost already counts with the one half: a set of the other may then gain.
    lost = int(now.loss[now.chosen].sum())
    one = _few(now, loss, changes[of_one], lost, random)
    other = _few(now, loss, changes[~of_one], 0, random)
    low, high = int(one.loss[0]) - 1, int(one.loss[-1])
    edges = sorted({low + (high - low) * band // BANDS for band in range(BANDS + 1)})
    empty = listed([], len(now.left), 0, 1, deadline)
    with suppress(TooManyError):
        join(Half(empty, one, high), other, edges, best, deadline, PAIRS)
    found = best.options()
    return None if found is None else np.array(found, dtype=np.int64)


def _few(
    now: Choice, loss: IntArray, changes: IntArray, base: int, random: np.random.Generator
) -> Few:
    """The empty set, all changes, and as many sets of several as there is room for."""
    size, most = _size(len(changes), random)
    changes = np.sort(changes[:most])
    user = now.owner[changes]
    alone = loss[changes]
    use = now.amounts[changes] - now.amounts[now.chosen[user]]
    sets = _Sets(alone, use, changes, np.searchsorted(user, user, side="right"))
    parts = [sets.none(size)]
    first = np.zeros(1, dtype=np.int64)
    for place in range(size):
        larger, first = sets.larger(parts[-1], first, place, now.gap)
        parts.append(larger)
    losses = np.concatenate([part.loss for part in parts])
    order = np.argsort(losses, kind="stable")
    uses = np.concatenate([part.use for part in parts])
    members = np.concatenate([part.members for part in parts])
    return Few(losses[order] + base, uses[order], members[order])


def _size(changes: int, random: np.random.Generator) -> tuple[int, int]:
    """How many users of a half change at once, and how many changes there is room for then."""
    sizes = [size for size, most in ROOM_FOR.items() if changes <= most]
    size = max(sizes) if sizes else int(random.integers(2, 4))
    return size, ROOM_FOR[size]


@dataclass(frozen=True, eq=False)
class _Sets:
    """Single changes, users in order, and where those of later users begin."""

    loss: IntArray
    use: IntArray
    option: IntArray
    after: IntArray

    def none(self, size: int) -> Few:
        """The empty set."""
        rows = self.use.shape[1]
        empty = np.zeros((1, rows), dtype=np.int64)
        return Few(np.zeros(1, dtype=np.int64), empty, np.full((1, size), -1, dtype=np.int64))

    def larger(self, sets: Few, first: IntArray, place: int, gap: int) -> tuple[Few, IntArray]:
        """Sets with one change more, of a later user each; and where later ones begin then."""
        count = len(self.loss) - first
        old = np.repeat(np.arange(len(first)), count)
        new = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count - first, count)
        kept = sets.loss[old] + self.loss[new] <= gap
        old, new = old[kept], new[kept]
        members = sets.members[old]
        members[:, place] = self.option[new]
        return (
            Few(sets.loss[old] + self.loss[new], sets.use[old] + self.use[new], members),
            self.after[new],
        )
