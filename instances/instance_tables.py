"""An instance in memory as the tables that `write_instance` writes."""

from collections.abc import Mapping

import numpy as np

from metneed.instances.files import decimal_column
from metneed.instances.write import Columns
from metneed.models.arrays import BoolArray, IntArray, TextArray
from metneed.models.assessment import PARTS
from metneed.models.columns import Numbers
from metneed.models.instance import Instance, Previous, Rows
from metneed.models.services import Services

_PART_DECIMALS = 3
assert 10**_PART_DECIMALS == PARTS


def tables_of(instance: Instance) -> dict[str, Columns]:
    """The tables of an instance by name: what is not stated anywhere has no column or table."""
    users, ids, previous = instance.users, instance.users.ids, instance.previous
    tables: dict[str, Columns] = {"users": _users(instance), "packages": _packages(instance)}
    # A table without rows would be refused as forgotten.
    if previous is not None and previous.held.any():
        tables["previous"] = _previous(ids, previous)
    services, uses = instance.services, instance.uses
    if services is not None and uses is not None:
        tables["services"] = _services(services)
        tables["uses"] = {
            "user_id": ids[instance.menus.user[uses.package]],
            "package_id": instance.package_ids.text(uses.package),
            "service_id": services.ids[uses.service],
            "amount": uses.amount,
        }
    needs = instance.assessment
    if needs is not None:
        tables["needs"] = {
            "user_id": users.ids[needs.user],
            "outcome": needs.outcome.text(),
            "severity": needs.severity.text(),
            "informal": decimal_column(needs.informal, _PART_DECIMALS),
            "eligible": _yes_no(needs.eligible),
            "instrument": needs.instrument.text(),
        }
    return tables | {name: _small(rows) for name, rows in instance.tables.items() if rows}


def _users(instance: Instance) -> Columns:
    users = instance.users
    stated = {
        "points": users.points,
        "need": users.need,
        "basic_need": users.basic_need,
        "weight": users.weight,
        "arrival": users.arrival,
    }
    return {
        "user_id": users.ids,
        **{name: column for name, column in stated.items() if column is not None},
        **{name: labels.text() for name, labels in users.groups.items()},
        **{name: _numbers(column) for name, column in users.numbers.items()},
    }


def _packages(instance: Instance) -> Columns:
    menus = instance.menus
    columns: dict[str, TextArray | IntArray] = {
        "user_id": instance.users.ids[menus.user],
        "package_id": instance.package_ids.text(),
        "cost": menus.cost,
        "met_need": menus.met_need,
    }
    if menus.basic_met_need is not None:
        columns["basic_met_need"] = menus.basic_met_need
    if instance.forms is not None:
        columns["form"] = instance.forms.text()
    if instance.evidence is not None:
        columns["evidence"] = np.full(menus.n_packages, instance.evidence, dtype=object)
    paid: Mapping[str, IntArray] = instance.paid or {}
    units = instance.scenario.units
    return columns | {
        f"paid_{payer}": decimal_column(amount, units.money_decimals)
        for payer, amount in paid.items()
    }


def _previous(ids: TextArray, previous: Previous) -> Columns:
    held = previous.held
    columns: dict[str, TextArray | IntArray] = {
        "user_id": ids[held],
        "package_id": previous.package_ids[held],
        "cost": previous.cost[held],
        "met_need": previous.met_need[held],
    }
    if previous.basic_met_need is not None:
        columns["basic_met_need"] = previous.basic_met_need[held]
    return columns


def _services(services: Services) -> Columns:
    return {
        "service_id": services.ids,
        "unit": services.unit,
        "capacity": services.capacity,
        "fixed_cost": services.fixed_cost,
        "least_members": services.least_members,
        "paid_anyway": _yes_no(services.paid_anyway),
    }


def _small(rows: Rows) -> Columns:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return {heading: [row.get(heading, "") for row in rows] for heading in headings}


def _numbers(column: Numbers) -> TextArray:
    return np.where(column.stated, decimal_column(column.values, column.decimals), "")


def _yes_no(flags: BoolArray) -> TextArray:
    return np.where(flags, "yes", "no").astype(object)
