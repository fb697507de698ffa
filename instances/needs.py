"""The table of needs: what has been found about each user, one row a user and outcome."""

from dataclasses import dataclass

import numpy as np

from metneed.instances.council.columns import Names, check_twice, flags, joined, numbers_or
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids, check_look_alikes, check_texts
from metneed.instances.reading import Reading
from metneed.instances.tables import Opaque, Text
from metneed.instances.users import UserRows
from metneed.models.arrays import IntArray, frozen
from metneed.models.assessment import Assessment
from metneed.models.columns import Labels


@dataclass(frozen=True, eq=False)
class NeedRows:
    """Assessed needs, and where they stand in their table.

    Parameters
    ----------
    reading
        The table.
    assessment
        The needs in the order of users, instruments and outcomes.
    rows
        Row of each need in the table.
    """

    reading: Reading
    assessment: Assessment
    rows: IntArray


def read_needs(reading: Reading, users: UserRows | None) -> NeedRows | None:
    """Assessed needs in the order of users, instruments and outcomes; None where unreadable.

    Parameters
    ----------
    reading
        The table.
    users
        None where they could not be read; then only what the table itself can show is looked at.
    """
    check_headings(reading)
    informal = numbers_or(reading, "informal", 0)
    eligible = flags(reading, "eligible", default=True)
    instrument = _labels(optional_text(reading, "instrument"))
    outcome, severity = Names.of(reading, "outcome"), Names.of(reading, "severity")
    for names in filter(None, (outcome, severity)):
        check_look_alikes(reading, names.heading, names.text, names.text.distinct != "")
    if users is None:
        check_ids(reading, "user_id")
        return None
    user = users.find(reading)
    if user is None or outcome is None or severity is None:
        return None
    outcomes, severities = _labels(outcome.text), _labels(severity.text)
    asked = instrument.codes * len(outcomes.names) + outcomes.codes
    size = len(instrument.names) * len(outcomes.names)
    fault = Fault("duplicate-need", "the same outcome of the same user", "Keep one of them")
    twice = check_twice(reading, "outcome", joined(user, asked, size), fault)
    rows = np.flatnonzero((user >= 0) & ~twice)
    rows = rows[np.lexsort((outcomes.codes[rows], instrument.codes[rows], user[rows]))]
    assessment = Assessment(
        user=frozen(user[rows]),
        instrument=instrument.subset(rows),
        outcome=outcomes.subset(rows),
        severity=severities.subset(rows),
        informal=frozen(informal.units[rows]),
        eligible=frozen(eligible[rows], np.bool_),
    )
    return NeedRows(reading, assessment, rows)


def optional_text(reading: Reading, heading: str) -> Text:
    """A column of text that may be missing or blank: empty there."""
    column = reading.column(heading)
    if isinstance(column, Opaque):
        fault = Fault("wrong-type", f"holds values of type {column.kind}", "Write it as text")
        reading.about(fault, heading)
    if column is None or isinstance(column, Opaque):
        return Text.of([""] * len(reading.table))
    text = column.labels()
    check_texts(reading, heading, text)
    return text


def _labels(text: Text) -> Labels:
    """The column with its names in code-point order; blank cells have the empty name."""
    blank = bool((text.codes < 0).any())
    names = sorted({*map(str, text.distinct), *([""] if blank else [])})
    place = {name: code for code, name in enumerate(names)}
    codes = [*(place[str(name)] for name in text.distinct), place.get("", -1)]
    return Labels(frozen(np.array(codes, dtype=np.int64)[text.codes]), tuple(names))
