"""The instance that a council's tables make, in memory: what writing and reading it would give."""

from dataclasses import replace

import numpy as np

from metneed.instances.build import Built
from metneed.instances.council.menus import CLOSED, Today, council_menus, today_of
from metneed.instances.council.record import Council
from metneed.instances.response import Knots, Response
from metneed.models.arrays import IntArray, frozen
from metneed.models.columns import Labels
from metneed.models.instance import Instance, Previous, Users
from metneed.models.menus import Menus


def instance_of(council: Council, built: Built, today: Today | None) -> Instance:
    """The instance, without groups and limits beside the budget: enough to run rules on."""
    names = [plan.package_id for plan in built.plans]
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.argsort(np.array(order, dtype=np.int64))
    return Instance(
        scenario=council.scenario.model_copy(update={"constraints": {}}),
        users=Users(
            ids=frozen(council.ids, object),
            need=frozen(built.need),
            points=frozen(built.need if council.points is None else council.points),
            basic_need=frozen(built.basic_need),
            arrival=None if council.arrival is None else frozen(council.arrival),
        ),
        menus=Menus.of(
            built.offsets, built.cost, built.met_need, basic_met_need=built.basic_met_need
        ),
        package_ids=Labels(place[built.plan], tuple(names[position] for position in order)),
        previous=None if today is None else _previous(len(council), today),
        evidence=council.evidence,
        paid=None if council.tables.contribution is None else {"user": frozen(built.paid)},
    )


def with_response(council: Council, knots: Knots) -> Instance:
    """The instance that the same tables make when every need has this response curve."""
    tables = council.tables
    curve = np.zeros(len(tables.reckoner.points), dtype=np.int64)
    reckoner = replace(tables.reckoner, response=Response((knots,), curve))
    other = replace(council, tables=replace(tables, reckoner=reckoner))
    return instance_of(other, council_menus(other), today_of(other))


def _previous(people: int, today: Today) -> Previous:
    held = np.zeros(people, dtype=np.bool_)
    held[today.rows] = True
    names = np.full(people, "", dtype=object)
    names[today.rows] = np.where(today.closed, CLOSED, "current")

    def spread(column: IntArray) -> IntArray:
        values = np.zeros(people, dtype=np.int64)
        values[today.rows] = column
        return frozen(values)

    return Previous(
        held=frozen(held, np.bool_),
        package_ids=frozen(names, object),
        cost=spread(today.cost),
        met_need=spread(today.met_need),
        basic_met_need=spread(today.basic_met_need),
    )
