"""What goes wrong in a return, with the fate that each wrong row must meet."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from metneed.instances.generators.client_events import SERVICE_IDS, Events
from metneed.models.arrays import BoolArray, IntArray, TextArray
from metneed.models.random_stream import RandomStream

Cells: TypeAlias = dict[str, TextArray]

_FREQUENCY = "Cost Frequency (Unit Type)"
_PLANNED = "Planned units per week"
_CODES = ("Event Type", "Service Type", "Service Component", "Delivery Mechanism", _FREQUENCY)

_SPELT_OTHERWISE = 50
"""Rows of a thousand whose codes are spelt in another case or spacing: they are not odd."""


@dataclass(frozen=True, eq=False)
class Odd:
    """A return in which things have gone wrong.

    Parameters
    ----------
    events
        Its rows.
    without_points
        For each person whether the points export must not have them.
    unseen
        For each person whether no row shows a long-term service on the day any more.
    strangers
        How many people the points export must have whom nobody knows.
    """

    events: Events
    without_points: BoolArray
    unseen: BoolArray
    strangers: int

    def known(self) -> Mapping[str, int]:
        """How many rows must meet each fate."""
        return dict(sorted(Counter(self.events.fate.tolist()).items()))


def _set(heading: str, text: str) -> Callable[[Cells, IntArray], None]:
    def spoil(cells: Cells, rows: IntArray) -> None:
        cells[heading][rows] = text

    return spoil


def _paid_by_the_week(cells: Cells, rows: IntArray) -> None:
    cells[_FREQUENCY][rows], cells[_PLANNED][rows] = "Weekly", "5"


def _backwards(cells: Cells, rows: IntArray) -> None:
    cells["Event End Date"][rows] = "01/01/1999"


def _another_unit(cells: Cells, rows: IntArray) -> None:
    by_the_hour = cells["Service Component"][rows] == "Home Support"
    cells[_FREQUENCY][rows] = np.where(by_the_hour, "Per session", "Hourly")
    cells[_PLANNED][rows] = "4"


def _nothing_planned(cells: Cells, rows: IntArray) -> None:
    cells[_FREQUENCY][rows], cells[_PLANNED][rows] = "Hourly", ""


_SPOILED: Mapping[str, Callable[[Cells, IntArray], None]] = {
    "unknown-frequency": _set(_FREQUENCY, "Per visit"),
    "no-frequency": _set(_FREQUENCY, ""),
    "units-disagree": _paid_by_the_week,
    "ends-before-start": _backwards,
    "bad-date": _set("Event Start Date", "31/02/2020"),
    "no-start": _set("Event Start Date", ""),
    "no-cost": _set("Unit Cost", ""),
    "bad-cost": _set("Unit Cost", "£20"),
    "no-units": _nothing_planned,
    "unit-disagrees": _another_unit,
    "unmapped": _set("Service Component", "Telecare"),
    "unknown-service-type": _set("Service Type", "Long Term Support"),
}
_TWICE, _NO_POINTS, _STRANGER = "same-row", "no-points", "stranger"
_KINDS = (*_SPOILED, _TWICE, _NO_POINTS, _STRANGER)

_NOT_PAID_IN_POUNDS = ("unit-disagrees", "unmapped")
"""What cannot go wrong with direct payments: pounds are pounds, and the mechanism names them."""


_HIDDEN = ("ends-before-start", "bad-date", "no-start", "unknown-service-type")
"""What hides that a service is a long-term one in force on the day."""


def make_odd(events: Events, people: int, per_mille: int, seed: int) -> Odd:
    """The return with something wrong in so many of a thousand rows of services of today."""
    cells = {name: column.copy() for name, column in events.cells.items()}
    fate = events.fate.copy()
    today = np.flatnonzero(events.service >= 0)
    odd = today[_stream(seed, "odd").chance(per_mille, len(today))]
    kind = np.array(_KINDS, dtype=object)[_stream(seed, "kind").below(len(_KINDS), len(odd))]
    pounds = events.service[odd] == SERVICE_IDS.index("direct_payment")
    kind[pounds & np.isin(kind, _NOT_PAID_IN_POUNDS)] = "no-cost"
    for name, spoil in _SPOILED.items():
        rows = odd[kind == name]
        spoil(cells, rows)
        fate[rows] = name
    without = np.zeros(int(events.person.max(initial=0)) + 1, dtype=np.bool_)
    without[events.person[odd[kind == _NO_POINTS]]] = True
    fate[(fate == "used") & without[events.person]] = _NO_POINTS
    _spell_otherwise(cells, seed)
    repeated = odd[kind == _TWICE]
    order = np.sort(np.concatenate([np.arange(len(events)), repeated]), kind="stable")
    again = np.zeros(len(order), dtype=np.bool_)
    again[1:] = order[1:] == order[:-1]
    spoiled = replace(events, cells=cells, fate=fate).taken(order)
    events_fate, fate = fate, spoiled.fate.copy()
    fate[again] = _TWICE
    in_force = today[~np.isin(events_fate[today], _HIDDEN)]
    unseen = np.bincount(events.person[in_force], minlength=len(without)) == 0
    strangers = int((kind == _STRANGER).sum())
    return Odd(replace(spoiled, fate=fate), without[:people], unseen[:people], strangers)


def _spell_otherwise(cells: Cells, seed: int) -> None:
    size = len(cells["Event Type"])
    rows = np.flatnonzero(_stream(seed, "spelling").chance(_SPELT_OTHERWISE, size))
    for heading in _CODES:
        cells[heading][rows] = [
            f" {text.upper()}  " if text else "" for text in cells[heading][rows]
        ]


def _stream(seed: int, name: str) -> RandomStream:
    return RandomStream.of(seed, f"client return odd {name}")
