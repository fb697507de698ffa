"""Two problems one below the other, so that some people can be taken from each."""

from dataclasses import replace

import numpy as np

from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.assessment import Assessment
from metneed.models.columns import Labels, Numbers
from metneed.models.errors import OptionError
from metneed.models.instance import Previous, Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.services import Services, Uses


def stacked(first: Problem, second: Problem) -> Problem:
    """The users of both, those of the second after those of the first, with what both know.

    Columns that only one of them has are left out. Money, choices and limits are the first's.

    Raises
    ------
    OptionError
        Where both have services, and not the same ones.
    """
    packages = first.menus.n_packages
    services = first.services if _same_services(first.services, second.services) else None
    return first.replace(
        users=_users(first.users, second.users),
        menus=_menus(first.menus, second.menus),
        previous=_previous(first.previous, second.previous),
        services=services,
        uses=_uses(first.uses, second.uses, packages),
        package_ids=_labels(first.package_ids, second.package_ids),
        forms=_labels(first.forms, second.forms),
        paid=_paid(first, second),
        assessment=_assessment(first.assessment, second.assessment, len(first.users)),
    )


def _column(first: IntArray | None, second: IntArray | None) -> IntArray | None:
    if first is None or second is None:
        return None
    return frozen(np.concatenate([first, second]))


def _flags(first: BoolArray, second: BoolArray) -> BoolArray:
    return frozen(np.concatenate([first, second]), np.bool_)


def _labels(first: Labels | None, second: Labels | None) -> Labels | None:
    return None if first is None or second is None else _both(first, second)


def _both(first: Labels, second: Labels) -> Labels:
    names = tuple(sorted({*first.names, *second.names}))
    place = {name: code for code, name in enumerate(names)}
    codes = [
        np.array([place[name] for name in labels.names], dtype=np.int64)[labels.codes]
        for labels in (first, second)
    ]
    return Labels(frozen(np.concatenate(codes)), names)


def _numbers(first: Numbers, second: Numbers) -> Numbers:
    decimals = max(first.decimals, second.decimals)
    values = np.concatenate([first.units(decimals), second.units(decimals)])
    return Numbers(frozen(values), decimals, _flags(first.stated, second.stated))


def _users(first: Users, second: Users) -> Users:
    return Users(
        ids=np.concatenate([first.ids, second.ids]),
        need=frozen(np.concatenate([first.need, second.need])),
        points=_column(first.points, second.points),
        basic_need=_column(first.basic_need, second.basic_need),
        weight=_column(first.weight, second.weight),
        arrival=_column(first.arrival, second.arrival),
        groups={
            name: _both(labels, second.groups[name])
            for name, labels in first.groups.items()
            if name in second.groups
        },
        numbers={
            name: _numbers(column, second.numbers[name])
            for name, column in first.numbers.items()
            if name in second.numbers
        },
    )


def _menus(first: Menus, second: Menus) -> Menus:
    return Menus.of(
        np.concatenate([first.offsets, second.offsets[1:] + first.n_packages]),
        np.concatenate([first.cost, second.cost]),
        np.concatenate([first.met_need, second.met_need]),
        value=np.concatenate([first.value, second.value]),
        basic_met_need=_column(first.basic_met_need, second.basic_met_need),
    )


def _previous(first: Previous | None, second: Previous | None) -> Previous | None:
    if first is None or second is None:
        return None
    return Previous(
        _flags(first.held, second.held),
        np.concatenate([first.package_ids, second.package_ids]),
        frozen(np.concatenate([first.cost, second.cost])),
        frozen(np.concatenate([first.met_need, second.met_need])),
        _column(first.basic_met_need, second.basic_met_need),
    )


def _same_services(first: Services | None, second: Services | None) -> bool:
    if first is None or second is None:
        return False
    if not np.array_equal(first.ids, second.ids):
        raise OptionError(
            "own and others' needs can be told apart only where before and after have the same "
            "services: list the same service_ids in both"
        )
    return True


def _uses(first: Uses | None, second: Uses | None, packages: int) -> Uses | None:
    if first is None or second is None:
        return None
    return Uses(
        frozen(np.concatenate([first.package, second.package + packages])),
        frozen(np.concatenate([first.service, second.service])),
        frozen(np.concatenate([first.amount, second.amount])),
    )


def _paid(first: Problem, second: Problem) -> dict[str, IntArray] | None:
    if first.paid is None or second.paid is None:
        return None
    return {
        name: frozen(np.concatenate([first.paid[name], second.paid[name]]))
        for name in first.paid
        if name in second.paid
    }


def _assessment(
    first: Assessment | None, second: Assessment | None, users: int
) -> Assessment | None:
    if first is None or second is None:
        return None
    return replace(
        first,
        user=frozen(np.concatenate([first.user, second.user + users])),
        instrument=_both(first.instrument, second.instrument),
        outcome=_both(first.outcome, second.outcome),
        severity=_both(first.severity, second.severity),
        informal=frozen(np.concatenate([first.informal, second.informal])),
        eligible=_flags(first.eligible, second.eligible),
    )
