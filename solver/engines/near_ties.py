"""Near ties: the packages that are still in question when nearly everything is decided."""

from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray, IntArray
from metneed.solver.engines.kinds import Kinds

ASKED = 150
"""Users nearest a tie whom an outside solver is asked about, where all are too many."""

ALL_ASKED = 1_500

NEIGHBOURS, OF_NEAREST = 60, 300
"""Users whom an outside solver is asked about again, at random among so many nearest a tie."""


@dataclass(frozen=True, eq=False)
class NearTies:
    """For each user the packages in question; what is left out is not chosen.

    Parameters
    ----------
    allowed
        For each package whether it is in question.
    due
        For each user whether nothing is not in question.
    everything
        Whether nothing better than the best known was left out.
    """

    allowed: BoolArray
    due: BoolArray
    everything: bool


def near_ties(kinds: Kinds, loss: IntArray, widest: int, *, ranked_only: bool) -> NearTies:
    """Packages in question: all that may be better, or those of the users nearest a tie.

    Parameters
    ----------
    kinds
        Users apart, each a kind of one.
    loss
        What each option loses to its user's best at the prices.
    widest
        Everything at least as good as the best known loses no more.
    ranked_only
        Whether losses only rank options, so that nothing may be ruled out by them.
    """
    users = len(kinds.kind)
    best = np.flatnonzero(loss == 0)
    base = best[np.searchsorted(best, kinds.offsets[:-1])]
    near = loss <= widest
    everything = not ranked_only and np.unique(kinds.owner[near & (loss > 0)]).size < ALL_ASKED
    if not everything:
        other = loss.copy()
        other[base] = np.iinfo(np.int64).max
        margin = np.minimum.reduceat(other, kinds.offsets[:-1])
        last = np.sort(margin)[min(ASKED, users) - 1]
        near &= (margin <= last)[kinds.owner]
    near[base] = True
    return _those(kinds, near, everything=everything)


def neighbourhood(
    kinds: Kinds, loss: IntArray, widest: int, chosen: IntArray, random: np.random.Generator
) -> NearTies:
    """Packages of a few users near a tie in question; everybody else keeps what they have.

    Parameters
    ----------
    kinds, loss, widest
        As `near_ties` has them.
    chosen
        The option that each user has.
    random
        Says who is asked about.
    """
    other = loss.copy()
    other[chosen] = np.iinfo(np.int64).max
    margin = np.minimum.reduceat(other, kinds.offsets[:-1])
    # Who does not have the best at the prices is the first to be asked about.
    margin[loss[chosen] > 0] = 0
    nearest = np.argsort(margin, kind="stable")[:OF_NEAREST]
    some = random.permutation(nearest)[:NEIGHBOURS]
    free = np.zeros(len(chosen), dtype=np.bool_)
    free[some] = True
    near = (loss <= widest) & free[kinds.owner]
    near[chosen] = True
    return _those(kinds, near, everything=False)


def _those(kinds: Kinds, near: BoolArray, *, everything: bool) -> NearTies:
    """Options in question as packages."""
    package = kinds.package[near]
    allowed = np.zeros(int(kinds.rows[0].base.size), dtype=np.bool_)
    allowed[package[package >= 0]] = True
    nothing = np.zeros(len(kinds.kind), dtype=np.bool_)
    nothing[kinds.owner[near][package < 0]] = True
    return NearTies(allowed, ~nothing, everything)
