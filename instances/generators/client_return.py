"""A made-up council's extract: a Client Level Data return, points export, ledger and own tables.

The people, needs and services of today are those of the council generator. Beside them stand the
rows that every return has (assessments, reviews, services of the past, carers) and a stated share
of odd rows; which row should meet which fate is known beforehand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from pydantic import Field

from metneed.instances.build import Services, Tables
from metneed.instances.files import decimal_column, write_columns, write_text
from metneed.instances.generators.bundled import bundled, thousandths
from metneed.instances.generators.client_events import HEADINGS, SERVICE_IDS, draw_events
from metneed.instances.generators.client_oddities import Odd, make_odd
from metneed.instances.generators.council_figures import Figures, england
from metneed.instances.generators.council_people import People, draw_people
from metneed.instances.generators.council_profile import CLIENT_GROUPS, Profile, profile
from metneed.instances.generators.council_today import todays_units
from metneed.instances.generators.family import MOST_USERS, Options, checked, identifiers
from metneed.instances.met_need import stated_need
from metneed.models.arrays import IntArray, TextArray
from metneed.models.errors import OptionError

NAME = "client_return"
TITLE = "an extract to import: return, points export, ledger, own tables"

Columns: TypeAlias = Mapping[str, TextArray]

CARE_HOME_NEED = "25"
"""Care homes are offered from so many points on."""

_YEAR = Fraction(365, 7)


class ReturnOptions(Options):
    """The day, how the points are given, and how many rows are odd."""

    on: date = Field(default=date(2025, 3, 31), description="the last day of the return")
    odd: Decimal = Field(
        default=Decimal("0.03"),
        ge=0,
        le=1,
        decimal_places=3,
        description="share of the services of today in whose row something is wrong",
    )
    points: Literal["outcomes", "totals"] = Field(
        default="outcomes", description="points export: needs by outcome, or total points"
    )


@dataclass(frozen=True, eq=False)
class Extract:
    """Files of a council that has no menus yet.

    Parameters
    ----------
    on
        The day whose services are today's.
    files
        Columns of text by file name.
    known
        For each reason how many rows of the return must be set aside for it, and how many are
        used; and the same for the points export.
    """

    on: date
    files: Mapping[str, Columns]
    known: Mapping[str, Mapping[str, int]]

    def write(self, folder: Path) -> None:
        """Write all files, and what is known of them as known.json."""
        import json  # noqa: PLC0415 - only here

        for name, columns in self.files.items():
            write_columns(folder / name, columns)
        write_text(folder / "known.json", json.dumps(self.known, indent=2) + "\n")


def client_return(users: int, seed: int = 0, **options: object) -> Extract:
    """An extract of a made-up council.

    Parameters
    ----------
    users
        How many people with a service on the day.
    seed
        0 to 2^63 - 1; the same seed always gives the same files.
    **options
        Fields of `ReturnOptions`.

    Raises
    ------
    OptionError
        Where an option, the seed or the number of users cannot be used.
    UnknownNameError
        Where there is no such option.
    """
    if not 1 <= users <= MOST_USERS:
        raise OptionError(f"{users} users cannot be made: say 1 to {MOST_USERS:,}")
    chosen = checked(NAME, ReturnOptions, options)
    assessed, figures = profile(), england()
    people = draw_people(assessed, figures.clients_table(), users, 0, seed)
    tables = _tables(assessed, figures, people)
    units = todays_units(people, tables, figures, seed)
    ids = identifiers("P", len(people))
    events = draw_events(people, ids, units, tables.services.price, chosen.on, seed)
    ledger = _ledger(events.service, events.weekly, events.person)
    odd = make_odd(events, len(people), int(chosen.odd * 1000), seed)
    points, known = _points(ids, assessed, people, chosen.points, odd)
    return Extract(
        on=chosen.on,
        files={
            "return.csv": {name: odd.events.cells[name] for name in HEADINGS},
            "points.csv": points,
            "ledger.csv": ledger,
            **_own_tables(figures, by_outcome=chosen.points == "outcomes"),
        },
        known={"return.csv": odd.known(), "points.csv": known},
    )


def _tables(assessed: Profile, figures: Figures, people: People) -> Tables:
    services = Services(
        ids=assessed.services,
        price=figures.prices(),
        step=assessed.step,
        least_units=assessed.least_units,
        replaces_all=assessed.replaces_all,
    )
    return Tables(people.needs, assessed.reckoner, services, people.group)


def _ledger(service: IntArray, weekly: IntArray, person: IntArray) -> Columns:
    """What the accounts of a year say of today's services, before anything went wrong."""
    held = [place for place in range(len(SERVICE_IDS)) if (service == place).any()]
    costs = [Fraction(int(weekly[service == place].sum())) * _YEAR for place in held]
    amounts = np.array([int(cost + Fraction(1, 2)) for cost in costs], dtype=np.int64)
    people = [len(np.unique(person[service == place])) for place in held]
    return {
        "service_id": _texts([SERVICE_IDS[place] for place in held]),
        "cost": decimal_column(amounts, 2),
        "people": _texts(map(str, people)),
        "period": _texts(["year"] * len(held)),
    }


def _points(
    ids: TextArray, assessed: Profile, people: People, kind: str, odd: Odd
) -> tuple[Columns, Mapping[str, int]]:
    """The points export, without some people and with some whom nobody knows."""
    strangers = odd.strangers
    row, outcome = np.nonzero((people.needs.level > 0) & ~odd.without_points[:, None])
    if kind == "totals":
        row = np.flatnonzero(~odd.without_points)
    hidden = int(odd.unseen[row].sum())
    known = {"used": len(row) - hidden, "no-service": hidden, "no-such-person": strangers}
    more = identifiers("X", strangers) if strangers else np.array([], dtype=object)
    if kind == "totals":
        need, _ = stated_need(people.needs, assessed.reckoner)
        totals = np.concatenate([need[row], np.full(strangers, 8_000)])
        columns = {
            "user_id": np.concatenate([ids[row], more]),
            "points": decimal_column(totals, 3),
        }
        return columns, known
    names = [("", ""), *((each["outcome"], each["severity"]) for each in bundled("points"))]
    level = people.needs.level[row, outcome]
    informal = people.needs.informal[row, outcome]
    columns = {
        "user_id": np.concatenate([ids[row], more]),
        "outcome": np.concatenate([_texts(n for n, _ in names)[level], ["hygiene"] * strangers]),
        "severity": np.concatenate([_texts(s for _, s in names)[level], ["2"] * strangers]),
        "informal": np.concatenate([decimal_column(informal, 3), ["0.000"] * strangers]),
    }
    return columns, known


def _own_tables(figures: Figures, *, by_outcome: bool) -> dict[str, Columns]:
    """The council's own price list and swaps, and where it scores outcomes, how it does."""
    pounds = Fraction(int(figures.prices()[0][profile().services.index("direct_payment")]), 100)
    reckoner = [row for row in bundled("reckoner") if row["service_id"] != "home_care_own"]
    units = [
        # Direct payments are counted in pounds: what the hours cost.
        int(Fraction(thousandths(row["units"])) * pounds)
        if row["service_id"] == "direct_payment"
        else thousandths(row["units"])
        for row in reckoner
    ]
    tables = {
        "points": {
            name: _texts(row[name] for row in bundled("points"))
            for name in ("outcome", "severity", "points", "source")
        },
        "reckoner": {
            name: _texts(row[name] for row in reckoner)
            for name in ("outcome", "severity", "service_id", "reach", "source")
        }
        | {"units": decimal_column(np.array(units, dtype=np.int64), 3)},
        "services": _price_list(figures),
        "swaps": {
            "from": _texts(["home_care"]),
            "to": _texts(["direct_payment"]),
            "rate": decimal_column(np.array([int(pounds * 1000)]), 3),
            "package_id": _texts(["direct_payment"]),
            "parts": _texts(["75 50"]),
        },
    }
    assessed = {"points", "reckoner"} if by_outcome else set()
    chosen = {"services", "swaps"} | assessed
    return {f"tables/{name}.csv": tables[name] for name in sorted(chosen)}


def _price_list(figures: Figures) -> Columns:
    """Prices by client group, in the order in which units go to needs."""
    listed, prices = profile(), figures.prices()
    described = {row["service_id"]: row for row in bundled("services")}
    rows = []
    for name in SERVICE_IDS:
        service, by_group = described[name], prices[:, listed.services.index(name)]
        in_pounds = name == "direct_payment"
        same = in_pounds or len(set(by_group.tolist())) == 1
        for place, group in enumerate(["*"] if same else CLIENT_GROUPS):
            rows.append(
                {
                    "service_id": name,
                    "unit": "pound" if in_pounds else service["unit"],
                    "unit_cost": "1.00" if in_pounds else f"{by_group[place] / 100:.2f}",
                    "step": "1" if in_pounds else service["step"],
                    "least_units": service["least_units"],
                    "replaces_all": service["replaces_all"],
                    "least_need": CARE_HOME_NEED if service["replaces_all"] == "yes" else "0",
                    "client_group": group,
                    "source": "price list of the made-up council",
                }
            )
    return {heading: _texts(row[heading] for row in rows) for heading in rows[0]}


def _texts(cells: Iterable[str]) -> TextArray:
    return np.array([*cells, None], dtype=object)[:-1]
