"""The people of a made-up council: who they are, what they need, and who helps them unpaid."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from metneed.instances.generators.bundled import assumption, bundled
from metneed.instances.generators.council_profile import (
    CARE_HOMES,
    CLIENT_GROUPS,
    MAIN_SERVICES,
    UNPAID_SHARES,
    Profile,
)
from metneed.instances.met_need import Needs
from metneed.models.apportion import largest_remainder
from metneed.models.arrays import BoolArray, IntArray
from metneed.models.random_stream import RandomStream

LEAST_NEEDS = 2
"""The Care Act's rule: at least two outcomes that a person cannot achieve."""

_EVERYDAY = ("nutrition", "habitable_home")
"""Given at severity 1 to people who were drawn with fewer needs than that."""

_PERSONAL_CARE = ("hygiene", "toilet", "clothed")


@dataclass(frozen=True, eq=False)
class People:
    """One row a person.

    Parameters
    ----------
    group, service, age_band, locality
        Positions in the client groups, the main services, the age bands and the localities.
    needs
        Level, unpaid care and tier of each need.
    new
        Whether the person has no package yet; they are the last to arrive.
    arrival
        Order of arrival, from 1.
    """

    group: IntArray
    service: IntArray
    age_band: IntArray
    locality: IntArray
    needs: Needs
    new: BoolArray
    arrival: IntArray

    def __len__(self) -> int:
        return len(self.group)


def draw_people(
    profile: Profile, clients: IntArray, users: int | None, new_per_mille: int, seed: int
) -> People:
    """People in the proportions of a council's clients.

    Parameters
    ----------
    profile
        How the council assesses.
    clients
        Client groups by main services.
    users
        How many people; None for as many as there are clients.
    new_per_mille
        How many of a thousand have no package yet.
    seed
        Seed of everything drawn.
    """
    counts = clients.ravel()
    if users is not None:
        counts = largest_remainder(users, counts)
    cell = np.repeat(np.arange(len(counts)), counts)
    size = len(cell)
    cell = cell[_stream(seed, "order").permutation(size)]
    group, service = np.divmod(cell, clients.shape[1])
    new = _stream(seed, "new").chance(new_per_mille, size)
    # People without a package yet come after all others, in random order.
    order = np.lexsort((_stream(seed, "arrival").permutation(size), new))
    arrival = np.empty(size, dtype=np.int64)
    arrival[order] = np.arange(1, size + 1)
    severity = _severities(profile, group, service, seed)
    unpaid = _unpaid(len(profile.outcomes), group, service, seed)
    level = profile.level[np.arange(len(profile.outcomes)), severity]
    basic = np.broadcast_to(profile.basic, level.shape)
    return People(
        group=group,
        service=service,
        age_band=_by_group("age_bands", group, seed),
        locality=_stream(seed, "locality").choices(
            [int(row["weight"]) for row in bundled("localities")], size
        ),
        needs=Needs(level, np.where(level > 0, unpaid, 0), basic),
        new=new,
        arrival=arrival,
    )


def _stream(seed: int, name: str) -> RandomStream:
    return RandomStream.of(seed, f"council {name}")


def _numbers(row: Mapping[str, str], first: int) -> list[int]:
    """Four weights that stand side by side in a bundled table."""
    return [int(cell) for cell in list(row.values())[first : first + 4]]


def _severities(profile: Profile, group: IntArray, service: IntArray, seed: int) -> IntArray:
    """People by outcomes: 0 for no need, then the positions of the severities from 1.

    A person's frailty says whether the lower or the higher of several draws counts, so that
    severe needs come together in one person.
    """
    frailty = np.zeros(len(group), dtype=np.int64)
    weights = {
        row["service"]: list(map(int, list(row.values())[1:5])) for row in bundled("frailty")
    }
    for position, name in enumerate(MAIN_SERVICES):
        rows = np.flatnonzero(service == position)
        frailty[rows] = _stream(seed, f"frailty {name}").choices(weights[name], len(rows))
    severity = np.zeros((len(group), len(profile.outcomes)), dtype=np.int64)
    for row in bundled("severities"):
        rows = np.flatnonzero(group == CLIENT_GROUPS.index(row["client_group"]))
        stream = _stream(seed, f"severity {row['client_group']} {row['outcome']}")
        spread = _numbers(row, 2)
        draws = stream.choices(spread, 3 * len(rows)).reshape(3, -1)
        two = draws[:2]
        kinds = np.stack([two.min(axis=0), draws[0], two.max(axis=0), draws.max(axis=0)])
        column = profile.outcomes.index(row["outcome"])
        severity[rows, column] = kinds[frailty[rows], np.arange(len(rows))]
    few = (severity > 0).sum(axis=1) < LEAST_NEEDS
    for outcome in _EVERYDAY:
        column = profile.outcomes.index(outcome)
        severity[few, column] = np.maximum(severity[few, column], 1)
    return _with_two_carers(profile, severity, seed)


def _with_two_carers(profile: Profile, severity: IntArray, seed: int) -> IntArray:
    """Some of the most severe needs in personal care take two carers, for the same points."""
    two = _stream(seed, "two carers").chance(assumption("two_carers"), len(severity))
    personal = np.isin(profile.outcomes, _PERSONAL_CARE)
    return np.where((severity == 3) & two[:, None] & personal, 4, severity)


def _unpaid(outcomes: int, group: IntArray, service: IntArray, seed: int) -> IntArray:
    """People by outcomes: thousandths of each need that unpaid carers would meet."""
    share = np.zeros(len(group), dtype=np.int64)
    in_home = np.isin(service, [MAIN_SERVICES.index(name) for name in CARE_HOMES])
    for row in bundled("unpaid_care"):
        here = in_home == (row["setting"] == "care home")
        rows = np.flatnonzero(here & (group == CLIENT_GROUPS.index(row["client_group"])))
        weights = _numbers(row, 2)
        stream = _stream(seed, f"unpaid care {row['client_group']} {row['setting']}")
        share[rows] = np.array(UNPAID_SHARES)[stream.choices(weights, len(rows))]
    helps = _stream(seed, "unpaid care of a need").chance(
        assumption("unpaid_care_of_a_need"), len(group) * outcomes
    )
    return share[:, None] * helps.reshape(-1, outcomes)


def _by_group(table: str, group: IntArray, seed: int) -> IntArray:
    """A position in a table of weights by client group, among all rows of the table."""
    result = np.zeros(len(group), dtype=np.int64)
    rows = bundled(table)
    for position, name in enumerate(CLIENT_GROUPS):
        own = np.array([i for i, row in enumerate(rows) if row["client_group"] == name])
        members = np.flatnonzero(group == position)
        weights = [int(rows[i]["weight"]) for i in own]
        result[members] = own[_stream(seed, f"{table} {name}").choices(weights, len(members))]
    return result
