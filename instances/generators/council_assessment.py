"""What points systems need to know of a made-up council: needs, numbers of users, small tables.

All of it is drawn from streams of its own, so that menus and today's packages stay as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from metneed.instances.files import decimal_column
from metneed.instances.generators.bundled import assumption, bundled
from metneed.instances.generators.council_care_items import care_items
from metneed.instances.generators.council_people import People
from metneed.instances.generators.council_profile import CLIENT_GROUPS
from metneed.instances.generators.family import Column, Table
from metneed.instances.plans import Tables
from metneed.models.apportion import largest_remainder
from metneed.models.arrays import IntArray, TextArray
from metneed.models.random_stream import RandomStream

SEVERITIES = ("mild", "moderate", "severe")
"""Of conditions."""

_TIERS = (15_000, 25_000)
"""Thousandths of a point from which conditions are more severe, and most severe."""

_HOW_SEVERE = ((60, 30, 10), (30, 50, 20), (10, 40, 50))
"""Of a hundred conditions in each tier, how many are mild, moderate and severe."""

_HOW_MANY = (45, 35, 20)
"""Of a hundred people, those with one, two and three conditions."""

_BAND, _LAST_BAND, _MOST_POINTS = 5, 60, 200
"""Points in a band of the band table, where the last one begins, and where it ends."""

_PENSION_AGE = 65
_MILLION = 10**6


@dataclass(frozen=True, eq=False)
class Assessed:
    """What is known of the people beside their needs.

    Parameters
    ----------
    people
        The people.
    tables
        Needs, ready reckoner and price list.
    points
        Points of each, thousandths.
    full_cost
        Pence that each one's own full package costs.
    today
        Pence that each one's package of today costs, 0 for nothing.
    seed
        Seed of everything drawn.
    """

    people: People
    tables: Tables
    points: IntArray
    full_cost: IntArray
    today: IntArray
    seed: int

    def stream(self, name: str) -> RandomStream:
        """The random stream of that name."""
        return RandomStream.of(self.seed, f"council assessment {name}")


def user_numbers(assessed: Assessed) -> dict[str, TextArray]:
    """Further columns of users: numbers as text, blank where nothing is known."""
    size, age = len(assessed.people), _ages(assessed)
    hours = _unpaid_hours(assessed)
    carer = assessed.stream("carers").chance(assumption("carer_assessed"), size) & (hours > 0)
    worth = assessed.stream("carer points").between(1, assumption("most_carer_points"), size)
    least, most = assumption("least_income"), assumption("most_income")
    # The lower of two draws: small incomes are frequent.
    incomes = assessed.stream("income").between(least, most, 2 * size).reshape(2, -1).min(axis=0)
    left = np.where(
        age >= _PENSION_AGE, assumption("left_to_pensioners"), assumption("left_to_others")
    )
    draws = assessed.stream("plan").between(
        assumption("least_plan"), assumption("most_plan"), 2 * size
    )
    plan = assessed.full_cost * draws.reshape(2, -1).sum(axis=0) // 200
    charge = np.clip(incomes * 100 - left, 0, plan)
    told, choice, days = _planning(assessed, size)
    return {
        "age": decimal_column(age, 0),
        "informal_hours": decimal_column(hours, 1),
        "second_carer_hours": decimal_column(_second_carer_hours(assessed), 1),
        "carer_points": np.where(carer, decimal_column(worth, 0), ""),
        "income": decimal_column(incomes, 0),
        "contribution": decimal_column(charge, 2),
        "plan_cost": decimal_column(plan, 2),
        "told": decimal_column(told, 0),
        "choice": decimal_column(choice, 0),
        "days_to_plan": decimal_column(days, 0),
    }


def _planning(assessed: Assessed, size: int) -> tuple[IntArray, IntArray, IntArray]:
    """Who was told the sum and who had a choice, by chance, and days until the plan was agreed."""
    told = assessed.stream("told").chance(assumption("told"), size).astype(np.int64)
    choice = assessed.stream("choice").chance(assumption("choice"), size).astype(np.int64)
    days = assessed.stream("days").between(assumption("least_days"), assumption("most_days"), size)
    return told, choice, days - told * assumption("days_saved_by_telling")


def needs_table(assessed: Assessed, ids: TextArray) -> Table:
    """Care Act outcomes, conditions and items of care, by user, instrument and outcome."""
    parts = [_outcomes(assessed), *_conditions(assessed), *_care(assessed)]
    columns = [np.concatenate(part) for part in zip(*parts, strict=True)]
    user, instrument, outcome, severity, informal = columns
    ranks = [np.unique(column.astype(str), return_inverse=True)[1] for column in columns[1:3]]
    order = np.lexsort((ranks[1], ranks[0], user.astype(np.int64)))
    return {
        "user_id": ids[user.astype(np.int64)[order]],
        "outcome": outcome[order],
        "severity": severity[order],
        "informal": informal.astype(np.int64)[order],
        "instrument": instrument[order],
    }


def small_tables(assessed: Assessed, users: Table) -> dict[str, Table]:
    """Points, bands, rates, ready reckoner, tariff, factors of age, shares and a sample.

    Parameters
    ----------
    assessed
        What is known of the people.
    users
        Their table, with its further columns.
    """
    return {
        "points": _bundled("points", ("outcome", "severity", "points")),
        "bands": _bands(assessed),
        "rates": _rates(assessed),
        "reckoner": _reckoner(),
        "tariff": _bundled("tariff", ("condition", "severity", "amount")),
        "ages": _bundled("age_factors", ("from", "to", "factor")),
        "shares": _shares(assessed),
        "sample": _sample(assessed, users),
    }


def _ages(assessed: Assessed) -> IntArray:
    """An age within each person's band."""
    bands = [row["age_band"].split("-") for row in bundled("age_bands")]
    least = np.array([int(band[0].split()[0]) for band in bands])
    most = np.array(
        [int(band[1]) if len(band) > 1 else int(band[0].split()[0]) + 12 for band in bands]
    )
    low, high = least[assessed.people.age_band], most[assessed.people.age_band]
    ages: IntArray = low + assessed.stream("age").below_each(high - low + 1)
    return ages


def _unpaid_hours(assessed: Assessed) -> IntArray:
    """Tenths of hours a week: the home care that unpaid carers stand for, and more or less."""
    needs, services = assessed.tables.needs, assessed.tables.services
    units = assessed.tables.reckoner.units[:, services.ids.index("home_care")]
    stands_for = (units[needs.level] * needs.informal).sum(axis=1)
    percent = assessed.stream("unpaid hours").between(
        assumption("least_unpaid_hours"), assumption("most_unpaid_hours"), len(needs)
    )
    hours: IntArray = stands_for * percent // 10**7
    return hours


def _second_carer_hours(assessed: Assessed) -> IntArray:
    """Tenths of hours a week of the second carer, which points do not see; less unpaid care."""
    needs, services = assessed.tables.needs, assessed.tables.services
    units = assessed.tables.reckoner.units[:, services.ids.index("home_care")]
    two = np.array([False, *(row["severity"].endswith("two carers") for row in bundled("points"))])
    # Of two carers one is the second.
    second = (np.where(two, units, 0) // 2)[needs.level] * (1000 - needs.informal)
    hours: IntArray = second.sum(axis=1) // 10**5
    return hours


def _outcomes(assessed: Assessed) -> tuple[Column, ...]:
    needs = assessed.people.needs
    user, outcome = np.nonzero(needs.level)
    level = needs.level[user, outcome] - 1
    rows = bundled("points")
    names, severities = (
        np.array([row[column] for row in rows], dtype=object) for column in ("outcome", "severity")
    )
    blank = np.full(len(user), "", dtype=object)
    return user, blank, names[level], severities[level], needs.informal[user, outcome]


def _conditions(assessed: Assessed) -> list[tuple[Column, ...]]:
    """One to three different conditions a person, more severe where there are more points."""
    people, parts = assessed.people, []
    wanted = _how_many(assessed)
    for group, name in enumerate(CLIENT_GROUPS):
        rows = [row for row in bundled("conditions") if row["client_group"] == name]
        names = np.array([row["condition"] for row in rows], dtype=object)
        weights = [int(row["weight"]) for row in rows]
        members = np.flatnonzero(people.group == group)
        # Each condition is drawn once, in an order in which heavy ones tend to come first.
        draws = assessed.stream(f"conditions {name}").choices(weights, 12 * len(members))
        draws = draws.reshape(-1, 12)
        for place, person in enumerate(members.tolist()):
            distinct = list(dict.fromkeys(draws[place].tolist()))[: int(wanted[person])]
            parts.append((np.full(len(distinct), person), names[distinct]))
    user, condition = (np.concatenate(part) for part in zip(*parts, strict=True))
    severity = _how_severe(assessed, user)
    instrument = np.full(len(user), "conditions", dtype=object)
    return [(user, instrument, condition, severity, np.zeros(len(user), dtype=np.int64))]


def _how_many(assessed: Assessed) -> IntArray:
    return assessed.stream("how many conditions").choices(_HOW_MANY, len(assessed.people)) + 1


def _how_severe(assessed: Assessed, user: IntArray) -> TextArray:
    severity = np.zeros(len(user), dtype=np.int64)
    tier = np.searchsorted(_TIERS, assessed.points[user], side="right")
    for place, weights in enumerate(_HOW_SEVERE):
        rows = np.flatnonzero(tier == place)
        stream = assessed.stream(f"severity of conditions {place}")
        severity[rows] = stream.choices(weights, len(rows))
    return np.array(SEVERITIES, dtype=object)[severity]


def _care(assessed: Assessed) -> list[tuple[Column, ...]]:
    """Every item of the German assessment; findings only where they hold."""
    parts: list[tuple[Column, ...]] = []
    for item, answers in care_items(assessed.people, _how_many(assessed), assessed.seed):
        texts = np.asarray(answers)
        if texts.dtype != object:
            texts = decimal_column(texts, 0)
        user = np.flatnonzero(texts != "")
        same = [np.full(len(user), name, dtype=object) for name in ("pflegegrad", item)]
        parts.append((user, *same, texts[user], np.zeros(len(user), dtype=np.int64)))
    return parts


def _bundled(table: str, columns: tuple[str, ...]) -> dict[str, Column]:
    rows = bundled(table)
    return {name: np.array([row[name] for row in rows], dtype=object) for name in columns}


def _bands(assessed: Assessed) -> dict[str, Column]:
    """Bands of points, each worth what half of its people have today at most, never falling."""
    starts = np.arange(0, _LAST_BAND + 1, _BAND)
    ends = np.append(starts[1:] - 1, _MOST_POINTS)
    band = np.minimum(assessed.points // (1000 * _BAND), len(starts) - 1)
    amounts = np.zeros(len(starts), dtype=np.int64)
    for place in range(len(starts)):
        costs = np.sort(assessed.today[(band == place) & (assessed.today > 0)])
        # Whole pounds, as tables are printed.
        amounts[place] = costs[(len(costs) - 1) // 2] // 100 * 100 if len(costs) else 0
    rising = np.maximum.accumulate(amounts)
    return {"from": starts * 1000, "to": ends * 1000, "amount": rising}


def _rates(assessed: Assessed) -> dict[str, Column]:
    """What a unit costs the council, at the mean of all people, and what others would pay."""
    services, tables = assessed.tables.services, assessed.tables
    price = services.price[tables.price_list].sum(axis=0) // len(assessed.people)
    market = price * (1000 + assumption("market_premium")) // 1000
    ids = np.array(services.ids, dtype=object)
    return {"service_id": ids, "rate": price, "market_rate": market}


def _reckoner() -> dict[str, Column]:
    """One service for each need: day care where it serves a need that is not basic."""
    basic = {row["outcome"] for row in bundled("outcomes") if row["basic"] == "yes"}
    rows = bundled("reckoner")
    by_day = {(row["outcome"], row["severity"]) for row in rows if row["service_id"] == "day_care"}
    kept = [
        row
        for row in rows
        if row["service_id"]
        == (
            "day_care"
            if row["outcome"] not in basic and (row["outcome"], row["severity"]) in by_day
            else "home_care"
        )
    ]
    names = ("outcome", "severity", "service_id", "units")
    return {name: np.array([row[name] for row in kept], dtype=object) for name in names}


def _shares(assessed: Assessed) -> Mapping[str, Column]:
    """What part of today's spending each client group has, in millionths."""
    group, size = assessed.people.group, len(CLIENT_GROUPS)
    # Where nobody has anything today, each person counts the same.
    weights = np.maximum(assessed.today, 0 if assessed.today.any() else 1)
    share = largest_remainder(_MILLION, np.bincount(group, weights, size).astype(np.int64))
    order = sorted(range(size), key=CLIENT_GROUPS.__getitem__)
    held = [place for place in order if (group == place).any()]
    return {
        "group": np.array(CLIENT_GROUPS, dtype=object)[held],
        "share": decimal_column(share[held], 6),
    }


def _sample(assessed: Assessed, users: Table) -> dict[str, Column]:
    """Points and plan costs of some people, in no order that means anything."""
    order = assessed.stream("sample").permutation(len(assessed.people))
    rows = order[: assumption("sample_people")]
    return {
        "points": assessed.points[rows],
        "cost": np.asarray(users["plan_cost"])[rows],
        "client_group": np.asarray(users["client_group"])[rows],
    }
