"""Ready reckoner: the hours each person is assessed to need, times the rate of each service.

In words: the assessment says so many hours of home care and so many sessions at the day centre;
each is multiplied by its rate and rounded, and the sum is the indicative budget. Where users are
paid less than providers ask, the shortfall is said. The amounts are then settled with the money
there is.

Formula: award = sum over services of hours x rate x (1 + uplift), item by item rounded as said;
shortfall = hours x (market rate - rate), where that is more than 0. Then the steps of the
settlement.

Source: price lists and ready reckoners of English councils; Devon publishes such rates.

Ignores: what the hours achieve, and whether other services would do as well.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from metneed.models.account import Awards, Line, Quantity
from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.arrays import IntArray, frozen
from metneed.models.assessment import PARTS, Assessment
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.money.answers import (
    NOT_ELIGIBLE,
    Kind,
    Lacking,
    answers_of,
    looked_up,
    parts_left,
)
from metneed.solver.money.columns import number_column
from metneed.solver.money.exclusions import Exclusions
from metneed.solver.money.settlement import Amounts, settle
from metneed.solver.money.tabled import Rounded, said_of, whole
from metneed.solver.rule import Options, Rule
from metneed.solver.selection import exact
from metneed.solver.tables.reckoner import Rate, Reckoned, raised, reckon
from metneed.solver.tables.rounding import Rounding

UNIT_DECIMALS = 3
"""Hours are kept in thousandths, so that parts of them that carers meet stay exact."""


class ReckonerRow(Options):
    """Units of a service for one severity of one outcome."""

    outcome: str = Field(description="what was asked about")
    severity: str = Field(description="what was found")
    service_id: str = Field(description="the service")
    units: Decimal = Field(ge=0, le=10**5, description="units for the whole need")


class RateRow(Options):
    """What a unit of a service counts."""

    service_id: str = Field(description="the service")
    rate: Decimal = Field(ge=0, le=10**9, description="what the council counts for a unit")
    market_rate: Decimal | None = Field(
        default=None, ge=0, le=10**9, description="what providers ask for a unit"
    )
    rounding: Rounding | None = Field(
        default=None, description="how items of this service are rounded; default: as all"
    )
    uplift_rounding: Rounding | None = Field(
        default=None, description="how its raised rate is rounded; default: as all"
    )


class Hours(Options):
    """A column of users that has their hours of a service."""

    service_id: str = Field(description="the service")
    column: str = Field(description="column of numbers of users")


class ReadyReckoner(Exclusions, Rounded):
    """Hours, rates and what is done to them."""

    reckoner: tuple[ReckonerRow, ...] = Field(
        default=(),
        description="units of services by outcome and severity, for hours from assessed needs",
        json_schema_extra={"table": "reckoner"},
    )
    hours: tuple[Hours, ...] = Field(
        default=(), description="or: columns of users with their hours of services"
    )
    rates: tuple[RateRow, ...] = Field(
        default=(), description="rate of each service", json_schema_extra={"table": "rates"}
    )
    instrument: str = Field(default="", description="questionnaire whose answers count")
    informal: Literal["counted", "deducted"] = Field(
        default="counted",
        description="hours count in full, or less what unpaid carers meet",
    )
    times: Decimal = Field(
        default=Decimal(1),
        ge=0,
        le=1000,
        description="how often the hours occur in the period: 52 for weekly hours and a year",
    )
    uplift: Decimal = Field(
        default=Decimal(0), ge=-1, le=10, description="share by which all rates are raised"
    )
    uplift_rounding: Rounding = Field(
        default="nearest", description="how raised rates are rounded, before hours multiply them"
    )

    @model_validator(mode="after")
    def _rounding_of_a_rise(self) -> "ReadyReckoner":
        if self.uplift_rounding != "nearest" and not self.uplift:
            msg = "uplift_rounding says how raised rates are rounded: give an uplift, too"
            raise ValueError(msg)
        return self


def awards(problem: Problem, options: ReadyReckoner) -> Awards | NotApplicable | Infeasible:
    """Hours times rates."""
    rates = _rates(problem, options)
    services = [rate.service for rate in rates]
    assessment = problem.assessment
    if not options.hours and assessment is None:
        return NotApplicable(
            "there is no table of assessed needs, and no column of hours is named: add needs.csv, "
            "or say hours"
        )
    answers = None
    if not options.hours and assessment is not None:
        answers = answers_of(assessment, options.instrument)
    if answers is None:
        quantity = _of_columns(problem, options, services)
    else:
        quantity = _of_needs(problem, answers, options, services)
    missing = [Rate(service, None) for service in services[len(rates) :]]
    with said_of("ready_reckoner"):
        found = reckon(
            quantity, [*rates, *missing], per=10**UNIT_DECIMALS, whole=whole(problem.units)
        )
    return settle(problem, _amounts(problem, options, found, services, answers), options)


def _amounts(
    problem: Problem,
    options: ReadyReckoner,
    found: Reckoned,
    services: Sequence[str],
    answers: Assessment | None,
) -> Amounts:
    """The sums of the items, and who has none."""
    excluded = options.excluded(problem)
    reasons = np.where(excluded, options.excluded_because, "").astype(object)
    reasons[(found.amount == 0) & ~excluded] = "no hours that count"
    if answers is not None:
        needs = np.zeros(len(excluded), dtype=np.bool_)
        needs[answers.user[answers.eligible]] = True
        reasons[~needs & ~excluded] = NOT_ELIGIBLE
    columns: dict[str, tuple[IntArray, Quantity]] = {
        f"amount: {service}": (frozen(found.items[:, place]), "money")
        for place, service in enumerate(services)
        if found.items[:, place].any()
    }
    lines: tuple[Line, ...] = ()
    short = np.where(excluded, 0, found.shortfall)
    if short.any():
        columns["market shortfall"] = (frozen(short), "money")
        lines = (
            Line("market shortfall", exact_sum(short), "money"),
            Line("users with a market shortfall", int((short > 0).sum()), "users"),
        )
    return Amounts(frozen(found.amount), frozen(excluded, np.bool_), reasons, columns, lines)


def _rates(problem: Problem, options: ReadyReckoner) -> list[Rate]:
    if not options.rates:
        raise OptionError(
            "ready_reckoner needs rates (service_id, rate): add rates.csv to the instance, or the "
            "option rates"
        )
    decimals, found = problem.units.money_decimals, {}
    for row in options.rates:
        place = f"rates: {row.service_id}"
        if row.service_id in found:
            raise OptionError(f"{place}: has two rates; keep one row")
        rate = exact(row.rate, decimals, place)
        if options.uplift:
            how = row.uplift_rounding or options.uplift_rounding
            rate = raised(rate, Fraction(options.uplift), how, whole(problem.units))
        market = None if row.market_rate is None else exact(row.market_rate, decimals, place)
        found[row.service_id] = Rate(
            row.service_id,
            rate,
            row.rounding or options.rounding,
            market,
            Fraction(options.times),
        )
    return list(found.values())


def _of_columns(problem: Problem, options: ReadyReckoner, services: list[str]) -> IntArray:
    """Hours as columns of users have them; services without a rate are added to the list."""
    named = [row.service_id for row in options.hours]
    if len(set(named)) < len(named):
        raise OptionError(f"hours: {', '.join(named)}: each service may stand there once")
    services += [name for name in named if name not in services]
    quantity = np.zeros((len(problem.users), len(services)), dtype=np.int64)
    for row in options.hours:
        column = number_column(problem, row.column, "hours", UNIT_DECIMALS)
        quantity[:, services.index(row.service_id)] = column
    return quantity


def _of_needs(
    problem: Problem, answers: Assessment, options: ReadyReckoner, services: list[str]
) -> IntArray:
    """Hours as the reckoner has them for assessed needs; unknown services are added to the list."""
    if not options.reckoner:
        raise OptionError(
            "ready_reckoner needs hours: add reckoner.csv (outcome, severity, service_id, units) "
            "or the option reckoner, or name columns of users in the option hours"
        )
    units: dict[Kind, dict[str, int]] = {}
    for row in options.reckoner:
        level = units.setdefault((row.outcome, row.severity), {})
        place = f"reckoner: {row.outcome} / {row.severity}: {row.service_id}"
        if row.service_id in level:
            raise OptionError(f"{place}: stands in the table twice; keep one row")
        level[row.service_id] = exact(row.units, UNIT_DECIMALS, place)
        if row.service_id not in services:
            services.append(row.service_id)
    remedy = "add one, with 0 units where nothing is given for it"
    found, at = looked_up(answers, units, {}, Lacking("reckoner", "outcome", remedy))
    table = np.zeros((len(found), len(services)), dtype=np.int64)
    for number, level in enumerate(found):
        for service, amount in level.items():
            table[number, services.index(service)] = amount
    kept = parts_left(answers, deducted=options.informal == "deducted")
    quantity = np.zeros((len(problem.users), len(services)), dtype=np.int64)
    # What carers leave is rounded down once for each answer, in thousandths of an hour.
    np.add.at(quantity, answers.user, table[at] * kept[:, np.newaxis] // PARTS)
    return quantity


RULE = Rule(
    name="ready_reckoner",
    title="assessed hours times the rate of each service",
    family="money",
    usual=False,
    run=awards,
    options=ReadyReckoner,
    rounds=False,
    example={
        "hours": [{"service_id": "home care", "column": "hours"}],
        "rates": [{"service_id": "home care", "rate": "20", "market_rate": "22"}],
    },
)
