"""Random streams: raw PCG64 bits turned into whole numbers by our own arithmetic.

NumPy keeps the bits of its generators for ever, but not how its distributions use them. Only
the bits are taken from it, so that a seed means the same instance everywhere and for good.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from metneed.models.arrays import BoolArray, FloatArray, IntArray
from metneed.models.errors import OptionError

Words: TypeAlias = npt.NDArray[np.uint64]
LARGEST_SEED = 2**63 - 1

_WORDS = 2**64
_LARGEST_BOUND = 2**63


class RandomStream:
    """An endless stream of 64-bit words, and whole numbers made from them.

    Parameters
    ----------
    words
        Gives the next so many words of the stream, each uniform on 0 to 2^64 - 1.
    """

    def __init__(self, words: Callable[[int], Words]) -> None:
        self._words = words

    @classmethod
    def of(cls, seed: int, name: str) -> "RandomStream":
        """The stream of a seed and a name; streams of different names are independent.

        One stream for each thing that is drawn keeps the other things as they were when one of
        them is drawn in another way.

        Raises
        ------
        OptionError
            Where the seed is not between 0 and 2^63 - 1.
        """
        if not 0 <= seed <= LARGEST_SEED:
            raise OptionError(f"the seed {seed} must be between 0 and {LARGEST_SEED}")
        digest = hashlib.sha256(name.encode()).digest()
        entropy = [seed, int.from_bytes(digest[:16], "big")]
        bits = np.random.PCG64(np.random.SeedSequence(entropy))
        return cls(lambda size: np.asarray(bits.random_raw(size), dtype=np.uint64))

    def below(self, bound: int, size: int) -> IntArray:
        """Whole numbers from 0 to `bound` - 1, each equally likely.

        Words from the last, incomplete block of `bound` are thrown away and drawn anew, so no
        number is favoured by the remainder.

        Parameters
        ----------
        bound
            1 to 2^63.
        size
            How many numbers.
        """
        if not 1 <= bound <= _LARGEST_BOUND:
            raise ValueError(f"numbers below {bound} cannot be drawn: say 1 to 2^63")
        words = self._words(size)
        last = np.uint64(_WORDS - 1 - _WORDS % bound)
        while (refused := words > last).any():
            words = words.copy()
            words[refused] = self._words(int(refused.sum()))
        return (words % np.uint64(bound)).astype(np.int64)

    def below_each(self, bounds: IntArray) -> IntArray:
        """One whole number for each bound, from 0 to that bound - 1, each equally likely.

        Parameters
        ----------
        bounds
            Each 1 or more.
        """
        if bounds.min(initial=1) < 1:
            raise ValueError("numbers below 0 or less cannot be drawn: bounds must be 1 or more")
        each = bounds.astype(np.uint64)
        largest = np.uint64(_WORDS - 1)
        last = largest - (largest % each + np.uint64(1)) % each
        words = self._words(len(each))
        while (refused := words > last).any():
            words = words.copy()
            words[refused] = self._words(int(refused.sum()))
        return (words % each).astype(np.int64)

    def between(self, least: int, most: int, size: int) -> IntArray:
        """Whole numbers from `least` to `most`, both included, each equally likely."""
        return least + self.below(most - least + 1, size)

    def chance(self, per_mille: int | IntArray, size: int) -> BoolArray:
        """Whether something happens that happens so many times in a thousand."""
        happens: BoolArray = self.below(1000, size) < per_mille
        return happens

    def choices(self, weights: Sequence[int] | IntArray, size: int) -> IntArray:
        """Positions in `weights`, each as likely as its weight is heavy.

        Parameters
        ----------
        weights
            0 or more, at least one above 0; their sum at most 2^63.
        """
        upto = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(upto, self.below(int(upto[-1]), size), side="right").astype(np.int64)

    def permutation(self, size: int) -> IntArray:
        """The numbers 0 to `size` - 1 in random order, each order equally likely."""
        keys = self._words(size)
        while len(np.unique(keys)) < size:
            keys = self._words(size)
        return np.argsort(keys, kind="stable").astype(np.int64)

    def bell(self, size: int) -> FloatArray:
        """Numbers of mean 0 and standard deviation 1 between -6 and 6, bell-shaped.

        Each is the sum of twelve uniform 16-bit numbers, so it is the same on every machine.
        """
        twelve = sum((self.below(2**16, size) for _ in range(12)), np.zeros(size, dtype=np.int64))
        return (twelve - 12 * (2**16 - 1) / 2) / 2**16
