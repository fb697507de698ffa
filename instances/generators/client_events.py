"""Events of made-up people as a Client Level Data return has them, all of them in order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

import numpy as np

from metneed.instances.files import decimal_column
from metneed.instances.generators.bundled import bundled
from metneed.instances.generators.council_people import People
from metneed.instances.generators.council_profile import CLIENT_GROUPS, profile
from metneed.models.arrays import IntArray, TextArray
from metneed.models.random_stream import RandomStream

HEADINGS = (
    "LA Code",
    "Reporting Period Start Date",
    "Reporting Period End Date",
    "NHS Number",
    "LA Person Unique Identifier",
    "Gender",
    "Date of Birth",
    "Client Type",
    "Primary Support Reason",
    "Locality",
    "Has Unpaid Carer",
    "Event Type",
    "Event Reference",
    "Event Start Date",
    "Event End Date",
    "Service Type",
    "Service Component",
    "Delivery Mechanism",
    "Unit Cost",
    "Cost Frequency (Unit Type)",
    "Planned units per week",
    "Review Outcomes Achieved",
)

SERVICE_IDS = ("day_care", "home_care", "direct_payment", "residential", "nursing")
"""Services of today, in the order in which their units go to needs."""

_OWN_STAFF = "home_care_own"
_LONG = "Long Term Support: "
_COMMUNITY = _LONG + "Community"
_CODES: Mapping[str, tuple[str, str, str]] = {
    "day_care": (_COMMUNITY, "Day Support", "CASSR Managed Personal Budget"),
    "home_care": (_COMMUNITY, "Home Support", "CASSR Managed Personal Budget"),
    "direct_payment": (_COMMUNITY, "Direct Payment", "Direct Payment"),
    "residential": (_LONG + "Residential Care", "Long Term Residential Care", ""),
    "nursing": (_LONG + "Nursing Care", "Long Term Nursing Care", ""),
}
_REASONS = (
    "Physical Support: Personal care support",
    "Learning Disability Support",
    "Mental Health Support",
    "Physical Support: Access and mobility only",
)
"""By client group."""

_AGES = {"18-24": (18, 24), "25-44": (25, 44), "45-64": (45, 64)}
_AGES |= {"65-74": (65, 74), "75-84": (75, 84), "85 and over": (85, 101)}

Cells: TypeAlias = Mapping[str, TextArray]


@dataclass(frozen=True, eq=False)
class Events:
    """The rows of a return.

    Parameters
    ----------
    cells
        Text by heading.
    person
        For each row the place of its person; carers come after everyone who draws on care.
    service
        For a service of today its place in `SERVICE_IDS`, -1 for every other row.
    weekly
        What a service of today costs a week, pence; 0 for every other row.
    fate
        For each row the reason for which it must be set aside, or ``used``.
    """

    cells: Cells
    person: IntArray
    service: IntArray
    weekly: IntArray
    fate: TextArray

    def __len__(self) -> int:
        return len(self.person)

    def taken(self, rows: IntArray) -> "Events":
        """These rows, in the order given."""
        return Events(
            {name: column[rows] for name, column in self.cells.items()},
            self.person[rows],
            self.service[rows],
            self.weekly[rows],
            self.fate[rows],
        )


def draw_events(  # noqa: PLR0913, PLR0917 - who, what they have, at what price, and when
    people: People, ids: TextArray, units: IntArray, price: IntArray, on: date, seed: int
) -> Events:
    """The events of people: today's services, and all that a return holds beside them.

    Parameters
    ----------
    people, ids
        Who they are.
    units
        Units of today, people by services of the council's profile; thousandths.
    price
        Client groups by services, pence.
    on
        The day on which these services are in force.
    seed
        Seed of everything drawn.
    """
    described = _described(people, ids, on, seed)
    parts = [
        *_services_today(people, units, price, on, seed),
        *_others(len(people), on, seed),
    ]
    person = np.concatenate([part.person for part in parts])
    own = [name for name in HEADINGS if name in parts[0].cells]
    cells = {name: np.concatenate([part.cells[name] for part in parts]) for name in own}
    # A carer's row repeats nobody: carers stand behind the people in every column.
    cells |= {name: column[person] for name, column in described.items()}
    size = len(person)
    carer = person >= len(people)
    cells["Client Type"] = np.where(carer, "Carer", "Service User").astype(object)
    cells["LA Code"] = _same("E10000000", size)
    cells["Reporting Period Start Date"] = _same(f"01/04/{on.year - 1}", size)
    cells["Reporting Period End Date"] = _same(on.strftime("%d/%m/%Y"), size)
    cells["Event Reference"] = np.array(
        [f"EV{row:07d}" for row in range(1, size + 1)], dtype=object
    )
    events = Events(
        cells,
        person,
        np.concatenate([part.service for part in parts]),
        np.concatenate([part.weekly for part in parts]),
        np.concatenate([part.fate for part in parts]),
    )
    return events.taken(np.argsort(person, kind="stable"))


def day_texts(days: IntArray) -> TextArray:
    """Days (since 1 January of the year 1) as day/month/year."""
    distinct, place = np.unique(days, return_inverse=True)
    texts = [date.fromordinal(int(day)).strftime("%d/%m/%Y") for day in distinct]
    return np.array([*texts, None], dtype=object)[:-1][place]


def _described(people: People, ids: TextArray, on: date, seed: int) -> Cells:
    """What every row says of its person, and of as many carers."""
    size = len(people)
    names = [row["age_band"] for row in bundled("age_bands")]
    least, most = (np.array([_AGES[name][end] for name in names]) for end in (0, 1))
    age = least[people.age_band] + _stream(seed, "age").below_each(
        (most - least + 1)[people.age_band]
    )
    # From a year and a day before the next birthday to this day: the age holds on the day itself.
    days = age * 1461 // 4 + 1 + _stream(seed, "birthday").below(360, size)
    born = day_texts(on.toordinal() - days)
    localities = np.array([row["locality"] for row in bundled("localities")], dtype=object)
    helped = (people.needs.informal > 0).any(axis=1)
    group = np.array(_REASONS, dtype=object)[people.group]
    frail = _stream(seed, "memory").chance(250, size) & (people.group == CLIENT_GROUPS.index("65+"))
    reason = np.where(frail, "Support with Memory and Cognition", group)
    gender = np.where(_stream(seed, "gender").chance(560, size), "Female", "Male")
    number = _stream(seed, "number").below(10**7, 2 * size)
    carers = np.array([f"C{name}" for name in ids], dtype=object)
    return {
        "LA Person Unique Identifier": np.concatenate([ids, carers]),
        "NHS Number": np.array([f"999{each:07d}" for each in number], dtype=object),
        "Gender": np.concatenate([gender, gender]).astype(object),
        "Date of Birth": np.concatenate([born, _same("", size)]),
        "Primary Support Reason": np.concatenate([reason, _same("", size)]).astype(object),
        "Locality": np.concatenate([localities[people.locality]] * 2),
        "Has Unpaid Carer": np.concatenate([np.where(helped, "Yes", "No"), _same("", size)]),
    }


def _services_today(
    people: People, units: IntArray, price: IntArray, on: date, seed: int
) -> list[Events]:
    """A row for each service that somebody has on the day."""
    services = profile().services
    own = np.zeros(len(people), dtype=np.bool_)
    found = []
    for place, name in enumerate(SERVICE_IDS):
        column = services.index(name)
        amount, cost = units[:, column], price[people.group, column]
        if name == "home_care":
            staff = services.index(_OWN_STAFF)
            own = units[:, staff] > 0
            amount = np.where(own, units[:, staff], amount)
            cost = np.where(own, price[people.group, staff], cost)
        rows = np.flatnonzero(amount > 0)
        part = _part(rows, "used", _CODES[name], on, seed, f"today {name}")
        weekly = amount[rows] * cost[rows] // 1000
        stated = _stated(name, amount[rows], cost[rows], weekly, seed)
        service = np.full(len(rows), place, dtype=np.int64)
        found.append(replace(part, cells={**part.cells, **stated}, service=service, weekly=weekly))
    return found


def _stated(name: str, units: IntArray, cost: IntArray, weekly: IntArray, seed: int) -> Cells:
    """How a service's cost is stated: by the unit, by the week, by four weeks or by the month."""
    size = len(units)
    by_unit = {"home_care": "Hourly", "day_care": "Per session"}.get(name)
    draw = _stream(seed, f"frequency {name}").below(100, size)
    if by_unit is not None:
        # A tenth of home care is paid by the week, and its hours are not in the return.
        in_weeks = (draw < 10) & (name == "home_care")
        return {
            "Unit Cost": decimal_column(np.where(in_weeks, weekly, cost), 2),
            "Cost Frequency (Unit Type)": np.where(in_weeks, "Weekly", by_unit).astype(object),
            "Planned units per week": np.where(in_weeks, "", decimal_column(units, 3)).astype(
                object
            ),
        }
    monthly = (weekly * 52 + 6) // 12
    kind = np.where(draw < 70, 0, np.where(draw < 90, 1, 2))
    amount = np.choose(kind, [weekly, weekly * 4, monthly])
    frequency = np.array(["Weekly", "4-weekly", "Monthly"], dtype=object)[kind]
    planned = np.array(["1", "0.25", "0.23"], dtype=object)[kind]
    blank = _stream(seed, f"planned {name}").chance(300, size)
    return {
        "Unit Cost": decimal_column(amount, 2),
        "Cost Frequency (Unit Type)": frequency,
        "Planned units per week": np.where(blank, "", planned).astype(object),
    }


def _others(size: int, on: date, seed: int) -> list[Events]:
    """Everything in a return that is not a service of today."""

    def some(name: str, per_mille: int) -> IntArray:
        return np.flatnonzero(_stream(seed, name).chance(per_mille, size))

    home = _CODES["home_care"]
    hourly = {
        "Unit Cost": "14.90",
        "Cost Frequency (Unit Type)": "Hourly",
        "Planned units per week": "6",
    }
    once = {
        "Unit Cost": "145.00",
        "Cost Frequency (Unit Type)": "One-off",
        "Planned units per week": "",
    }
    no_codes = ("", "", "")
    reablement = ("Short Term Support: ST-Max", "Reablement", "")
    equipment = (_COMMUNITY, "Equipment", "")
    carer = ("Carer Support: Direct to Carer", "Other Carer Support", "")
    everyone = np.arange(size)
    parts = [
        _part(everyone, "no-service", no_codes, on, seed, "assessment", event="Assessment"),
        _part(some("review", 400), "no-service", no_codes, on, seed, "reviewed", event="Review"),
        _filled(_part(some("ended", 150), "ended", home, on, seed, "was"), hourly),
        _filled(_part(some("next", 20), "not-begun", home, on, seed, "will be"), hourly),
        _filled(_part(some("st-max", 100), "short-term", reablement, on, seed, "short"), hourly),
        _filled(_part(some("one-off", 40), "one-off", equipment, on, seed, "once"), once),
        _filled(_part(some("carers", 80) + size, "carer", carer, on, seed, "carer"), once),
    ]
    reviewed = parts[1]
    achieved = _same("Fully achieved", len(reviewed))
    parts[1] = replace(reviewed, cells={**reviewed.cells, "Review Outcomes Achieved": achieved})
    return parts


def _part(  # noqa: PLR0913, PLR0917 - who, why, what, when
    person: IntArray,
    fate: str,
    codes: tuple[str, str, str],
    on: date,
    seed: int,
    name: str,
    event: str = "Service",
) -> Events:
    """Rows of one kind: in force on the day unless their fate says otherwise."""
    size = len(person)
    before = _stream(seed, f"start {name}").between(1, 2000, size)
    start = on.toordinal() - before
    end: TextArray = _same("", size)
    if fate == "ended" or event != "Service":
        # Ended between its beginning and the day before the day.
        end = day_texts(start + _stream(seed, f"end {name}").below_each(before))
    if fate == "not-begun":
        start = on.toordinal() + before % 60 + 1
    cells = {
        "Event Type": _same(event, size),
        "Event Start Date": day_texts(start),
        "Event End Date": end,
        "Service Type": _same(codes[0], size),
        "Service Component": _same(codes[1], size),
        "Delivery Mechanism": _same(codes[2], size),
        "Unit Cost": _same("", size),
        "Cost Frequency (Unit Type)": _same("", size),
        "Planned units per week": _same("", size),
        "Review Outcomes Achieved": _same("", size),
    }
    nothing = np.zeros(size, dtype=np.int64)
    return Events(cells, person, nothing - 1, nothing, _same(fate, size))


def _filled(part: Events, cells: Mapping[str, str]) -> Events:
    filled = {name: _same(value, len(part)) for name, value in cells.items()}
    return replace(part, cells={**part.cells, **filled})


def _same(text: str, size: int) -> TextArray:
    return np.full(size, text, dtype=object)


def _stream(seed: int, name: str) -> RandomStream:
    return RandomStream.of(seed, f"client return {name}")
