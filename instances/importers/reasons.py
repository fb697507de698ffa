"""Why a row is set aside, in words, and what can be done about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """Why a row is set aside.

    Parameters
    ----------
    code
        Short name, for machines.
    words
        In words, for a screen.
    remedy
        What to do about an odd row; empty where a row is merely of another kind.
    """

    code: str
    words: str
    remedy: str = ""

    @property
    def is_odd(self) -> bool:
        """Whether something is wrong with the row: it is listed, and somebody should look."""
        return bool(self.remedy)


_DATE = "Write it as 2025-04-03 or 03/04/2025"

REASONS = (
    Reason("no-person", "no usable person identifier", "Give it, without spaces around it"),
    Reason("carer", "about an unpaid carer"),
    Reason("unknown-client-type", "unknown client type", "Write Service User or Carer"),
    Reason("unknown-event", "unknown event type", "Write Service, Request, Assessment or Review"),
    Reason("no-service", "a request, assessment or review"),
    Reason("unknown-service-type", "unknown service type", "Write it as the specification does"),
    Reason("carer-support", "support for an unpaid carer"),
    Reason("short-term", "short-term support"),
    Reason("no-start", "no start date", "Give the day on which the service began"),
    Reason("bad-date", "a date that cannot be read", _DATE),
    Reason(
        "ambiguous-date",
        "a date that could be two days: others in its column have the month first",
        "Write all dates as 2025-04-03",
    ),
    Reason("ends-before-start", "ends before it begins", "Correct one of the two dates"),
    Reason("died", "the person died before the day"),
    Reason("ended", "ended before the day"),
    Reason("not-begun", "not begun on the day"),
    Reason("one-off", "a one-off cost"),
    Reason("no-frequency", "no cost frequency", "Say how often the cost is paid"),
    Reason("unknown-frequency", "unknown cost frequency", "Write Weekly, Hourly, Per session, ..."),
    Reason("no-cost", "no unit cost", "Give the cost of one unit in pounds"),
    Reason("bad-cost", "a unit cost that is no plain amount", "Write it as 1250.00"),
    Reason("no-units", "no planned units for a cost by the unit", "Give the units of a week"),
    Reason("bad-units", "planned units that are no plain number", "Write them as 7.5"),
    Reason(
        "units-disagree",
        "planned units and cost frequency disagree",
        "For a weekly cost plan 1 unit, or state the cost of the unit that is planned",
    ),
    Reason("unmapped", "no service known for these codes", "Add them to a file for --mapping"),
    Reason("left-out", "left out by the mapping"),
    Reason(
        "unit-disagrees",
        "the cost is for another unit than the service is counted in",
        "Correct the frequency, or give the service that unit with --mapping",
    ),
    Reason("no-price", "no price for this client group", "Give one in services.csv of --tables"),
    Reason("same-row", "the same row once more", "Delete one"),
    Reason("too-large", "costs over 100,000.00 a week", "Check the unit cost and its frequency"),
    Reason("two-homes", "two services at once that each replace all others", "End one of them"),
    Reason("no-points", "no points for this person", "Add the person to the points export"),
)
"""In the order in which they are looked for: the first that fits holds."""

POINTS_REASONS = (
    Reason("no-person", "no usable person identifier", "Give it, without spaces around it"),
    Reason("no-such-person", "nobody of this identifier in the return", "Write it as the return"),
    Reason("no-service", "no long-term service on the day"),
    Reason("bad-points", "points that are no plain number", "Write them as 17 or 17.5"),
    Reason("same-row", "the same row once more", "Delete one"),
    Reason("contradiction", "another row says otherwise", "Keep the row that is true"),
)
"""The same for rows of the points export."""

USED = -1
