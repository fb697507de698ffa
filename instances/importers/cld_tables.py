"""The council's tables that a return gives: users, needs, services, current."""

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

import numpy as np

from metneed.instances.files import decimal_column
from metneed.instances.importers.codes import UNITS
from metneed.instances.importers.parts import Inputs, Sifted
from metneed.instances.importers.points import needs_columns
from metneed.instances.money_time import pence
from metneed.instances.tables import Text
from metneed.models.arrays import BoolArray, IntArray, TextArray
from metneed.models.units import decimal_text

Columns: TypeAlias = dict[str, TextArray]

SOURCE = "Client Level Data return"
DERIVED = "derived from the return"


def nothing(rows: int) -> Text:
    """A column of blanks."""
    return Text(np.full(rows, -1, dtype=np.int64), np.array([], dtype=object))


def tables(inputs: Inputs, sifted: Sifted) -> Mapping[str, Columns]:
    """The tables by name."""
    current, held = _current(inputs, sifted)
    found = {
        "users": _users(inputs, sifted),
        "services": _services(inputs, sifted, held),
        "current": current,
    }
    if inputs.points.by_outcome:
        found["needs"] = dict(needs_columns(inputs.points))
        found["needs"]["source"] = _same("points export", len(found["needs"]["user_id"]))
    return found


def scenario_text(on: date) -> str:
    """The scenario: amounts by the week, and no budget yet."""
    return "\n".join(
        [
            "schema_version = 1",
            f'name = "Return {on.isoformat()}"',
            f'description = "Long-term services in force on {on.isoformat()}"',
            'period = "week"',
            "",
            "# Without a budget it is what today's services cost by the records, for a week.",
            "# budget = 1250000.00",
            '# budget_period = "year"',
            "",
        ]
    )


def _users(inputs: Inputs, sifted: Sifted) -> Columns:
    people, chosen = sifted.people, sifted.users
    columns = {"user_id": people.ids[chosen]}
    if not inputs.points.by_outcome:
        columns["points"] = _points(inputs, sifted)
    columns["client_group"] = people.client_group[chosen]
    columns["age_band"] = people.age_band[chosen]
    for name, column in (("locality", people.locality), ("unpaid_carer", people.unpaid_carer)):
        if column is not None:
            columns[name] = column[chosen]
    columns["today"] = today(sifted)[chosen]
    columns["source"] = _same(SOURCE, int(chosen.sum()))
    return columns


def _points(inputs: Inputs, sifted: Sifted) -> TextArray:
    points = inputs.points
    rows = np.flatnonzero(points.sieve.kept)
    stated = dict(zip(points.cells("user_id")[rows], points.points[rows], strict=True))
    values = [stated[name] for name in sifted.people.ids[sifted.users]]
    return decimal_column(np.array(values, dtype=np.int64), 3)


def today(sifted: Sifted) -> TextArray:
    """For each person whether today's services are known."""
    rows, size = sifted.rows, len(sifted.people)
    person = np.where(rows.in_force, sifted.people.row_person, -1)
    doubtful = rows.sieve.odd & ~rows.sieve.has("same-row") & ~rows.sieve.has("no-points")
    used = np.bincount(person[(person >= 0) & rows.sieve.kept], minlength=size) > 0
    odd = np.bincount(person[(person >= 0) & doubtful], minlength=size) > 0
    names = ["not known", "known", "not known", "part not known"]
    return np.array(names, dtype=object)[used + 2 * odd.astype(np.int64)]


def _current(inputs: Inputs, sifted: Sifted) -> tuple[Columns, IntArray]:
    """Today's services, one row a person and service; which services occur."""
    rows = np.flatnonzero(sifted.rows.sieve.kept)
    services = list(inputs.mapping.services)
    person, service = sifted.people.row_person[rows], sifted.rows.service[rows]
    key, place = np.unique(person * len(services) + service, return_inverse=True)
    exact, units = np.zeros((2, len(key)), dtype=np.int64)
    deduced = np.zeros(len(key), dtype=np.int64)
    np.add.at(exact, place, sifted.rows.costs.weekly[rows])
    np.add.at(units, place, sifted.units[rows])
    np.add.at(deduced, place, sifted.deduced[rows])
    owner, held = np.divmod(key, len(services))
    cost = pence(exact)
    # A pound is a unit: as many as the records say, to the penny.
    units = np.where(sifted.prices.is_unit(held, "pound"), cost * 10, units)
    columns = {
        "user_id": sifted.people.ids[owner],
        "service_id": np.array(services, dtype=object)[held],
        "units": decimal_column(units, 3),
        "recorded_cost": decimal_column(cost, 2),
        "source": np.where(
            deduced > 0, f"{SOURCE}; units from cost over list price", SOURCE
        ).astype(object),
        "assumed": _yes_no(deduced > 0),
    }
    return columns, np.unique(held)


def _services(inputs: Inputs, sifted: Sifted, held: IntArray) -> Columns:
    """The price list: the council's own as it stands, and below it what the return tells."""
    names, own = list(inputs.mapping.services), inputs.services
    headings = ["service_id", "unit", "unit_cost", "step", "replaces_all", "client_group"]
    headings += ["source", "assumed"]
    if own is not None:
        headings += [name for name in own if name not in headings]
    derived = [
        row
        for place in held
        if not sifted.prices.given[place]
        for row in _price_rows(inputs, sifted, int(place), names[place])
    ]
    size = 0 if own is None else len(own["service_id"])
    columns = {}
    for heading in headings:
        above = _same("", size) if own is None or heading not in own else own[heading]
        below = np.array([*(row.get(heading, "") for row in derived), None], dtype=object)[:-1]
        columns[heading] = np.concatenate([above, below])
    return columns


def _price_rows(inputs: Inputs, sifted: Sifted, place: int, name: str) -> list[dict[str, str]]:
    """The rows of one service: one for everybody, or one for each client group."""
    prices, service = sifted.prices, inputs.mapping.services[name]
    row = {
        "service_id": name,
        "unit": UNITS[prices.unit[place]],
        "step": service.step,
        "replaces_all": "yes" if service.replaces_all else "no",
        "assumed": "yes",
    }
    if row["unit"] == "pound":
        return [row | {"unit_cost": "1.00", "client_group": "*", "source": "a pound is a pound"}]
    groups = sifted.groups if prices.own[place].any() else ["*"]
    return [
        row
        | {
            "unit_cost": decimal_text(int(prices.price[place, column]), 2),
            "client_group": group,
            "source": f"{DERIVED}: median of {prices.rows[place, column]} rows"
            + ("" if prices.own[place, column] else " of all client groups"),
        }
        for column, group in enumerate(groups)
    ]


def _yes_no(column: BoolArray) -> TextArray:
    return np.where(column, "yes", "no").astype(object)


def _same(text: str, size: int) -> TextArray:
    return np.full(size, text, dtype=object)
