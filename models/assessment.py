"""Assessments: what has been found about each user's needs, one row a user and outcome."""

from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.columns import Labels

PARTS = 1000
"""Parts of a need that unpaid carers meet are thousandths."""


@dataclass(frozen=True, eq=False)
class Assessment:
    """Assessed needs in the order of users; one row a user, instrument and outcome.

    Parameters
    ----------
    user
        Row of the user.
    instrument
        Which questionnaire the row belongs to; the empty name where there is only one.
    outcome
        What was asked about: an outcome, a condition, an item of a questionnaire.
    severity
        What was found: the severity, or the level that was ticked.
    informal
        Part that unpaid carers meet, thousandths.
    eligible
        Whether the need counts.
    """

    user: IntArray
    instrument: Labels
    outcome: Labels
    severity: Labels
    informal: IntArray
    eligible: BoolArray

    def __len__(self) -> int:
        return len(self.user)

    def rows(self, chosen: IntArray) -> "Assessment":
        """The same for these rows only."""
        return Assessment(
            frozen(self.user[chosen]),
            self.instrument.subset(chosen),
            self.outcome.subset(chosen),
            self.severity.subset(chosen),
            frozen(self.informal[chosen]),
            frozen(self.eligible[chosen], np.bool_),
        )

    def of(self, instrument: str) -> "Assessment":
        """The rows of one questionnaire."""
        if instrument not in self.instrument.names:
            return self.rows(np.zeros(0, dtype=np.int64))
        code = self.instrument.names.index(instrument)
        return self.rows(np.flatnonzero(self.instrument.codes == code))

    def subset(self, users: IntArray) -> "Assessment":
        """The rows of these users, who are then numbered from 0 in the order given."""
        first = np.searchsorted(self.user, users, side="left")
        sizes = np.searchsorted(self.user, users, side="right") - first
        ends = np.cumsum(sizes)
        rows = np.arange(int(sizes.sum())) + np.repeat(first - ends + sizes, sizes)
        chosen = self.rows(rows)
        return Assessment(
            frozen(np.repeat(np.arange(len(users)), sizes)),
            chosen.instrument,
            chosen.outcome,
            chosen.severity,
            chosen.informal,
            chosen.eligible,
        )
