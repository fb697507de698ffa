"""A contest in rounds of rising size: everyone tries, and who reached the limit sits out after."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from benchmarks.competitor import Competitor, Kind
from benchmarks.contest import Contest
from benchmarks.entry import Entry
from benchmarks.instances import programme
from benchmarks.measure import RunError
from benchmarks.own import METNEED, best
from benchmarks.registry import Figure, Figures, Measured, Size, competitors
from metneed.models.scenario import Packages

PACKAGES: Mapping[Kind, Packages] = {"lp": "divisible", "whole": "whole"}

OWN_REPEATS = 15

LARGEST = "largest size"

STEPS = {"a hundredth": 100, "a tenth": 10, LARGEST: 1}

FEWEST = 30
"""Users of a round at least; rounds of the same size are one."""


def users_of(size: Size) -> dict[str, int]:
    """Users of each round by its name, from the fewest on."""
    return {step: max(size.users // divisor, FEWEST) for step, divisor in STEPS.items()}


def contest(family: str, kind: Kind, size: Size) -> Measured:
    """All contestants at one family in three sizes.

    Parameters
    ----------
    family, kind
        The programmes.
    size
        Users of the last round, limit, repeats, and who takes part.
    """
    against = [one for one in competitors().values() if kind in one.kinds]
    if size.only:
        against = [one for one in against if one.name in size.only]
    figures: Figures = {}
    entries: list[Entry] = []
    out: dict[str, int] = {}
    for users in sorted(set(users_of(size).values())):
        made = programme(family, users, PACKAGES[kind])
        held = Contest(family, made, best(made), size.limit, size.repeats)
        own = replace(held, repeats=OWN_REPEATS).entry(METNEED)
        if own.seconds is None:
            raise RunError(f"metneed {own.state} at {users:,} users of {family}: {own.why}")
        entries += [own, *_round(held, against, out)]
    for step, users in users_of(size).items():
        figures |= {f"{step}: users": Figure(users, "users")}
    return Measured(figures, entries)


def _round(held: Contest, against: list[Competitor], out: dict[str, int]) -> Iterator[Entry]:
    """One attempt of each; `out` keeps who reached the limit, and at how many users."""
    for competitor in against:
        if competitor.name in out:
            yield held.not_tried(competitor, f"reached the limit at {out[competitor.name]:,} users")
            continue
        entry = held.entry(competitor)
        if entry.reached_limit:
            out[competitor.name] = entry.users
        yield entry


def times_ours(measured: Measured, users: int, names: tuple[str, ...]) -> Figure:
    """Seconds of the fastest of some competitors as a multiple of ours.

    One that reached the limit counts as the limit, which is less than it needs.

    Raises
    ------
    RunError
        Where none of them ran.
    """
    tried = [entry for entry in measured.entries if entry.users == users]
    (own,) = (entry.seconds for entry in tried if entry.contestant == METNEED.name)
    others = [_counted(entry) for entry in tried if entry.contestant in names]
    known = [seconds for seconds in others if seconds is not None]
    if not known or not own:
        raise RunError(f"nothing to compare with at {users:,} users: {' and '.join(names)}")
    return Figure(min(known) / own, "times metneed")


def _counted(entry: Entry) -> float | None:
    sat_out = entry.state == "not tried"
    return entry.limit if sat_out or entry.reached_limit else entry.seconds
