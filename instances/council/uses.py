"""The services of a built instance, what its packages use of them, and their forms of care."""

from typing import Any

import numpy as np

from metneed.instances.build import Built
from metneed.instances.council.record import Council
from metneed.instances.schemas import UNIT_DECIMALS
from metneed.models.arrays import IntArray, TextArray
from metneed.models.errors import OptionError
from metneed.models.services import NO_LIMIT

_YES = np.array(["no", "yes"], dtype=object)


def has_uses(council: Council) -> bool:
    """Whether what packages use is written: where services are limited, or limits are named."""
    wanted = council.prices.stock.limited or bool(council.scenario.constraints)
    return wanted and council.evidence != "C"


def uses_tables(council: Council, built: Built) -> dict[str, dict[str, Any]]:
    """The tables services and uses; none where nothing asks for them."""
    if not has_uses(council):
        return {}
    prices, stock = council.prices, council.prices.stock
    names = np.array(prices.ids, dtype=object)
    package, service = np.nonzero(built.units)
    plan = np.array([each.package_id for each in built.plans], dtype=object)
    capacity = np.where(stock.capacity == NO_LIMIT, 0, stock.capacity)
    quantity = _quantities(council, capacity)
    return {
        "services": {
            "service_id": names,
            "unit": np.array(prices.unit, dtype=object),
            "capacity": np.where(stock.capacity == NO_LIMIT, NO_LIMIT, quantity),
            "fixed_cost": stock.fixed_cost,
            "least_members": stock.least_members,
            "paid_anyway": _YES[stock.paid_anyway.astype(np.int64)],
        },
        "uses": {
            "user_id": council.ids[built.user[package]],
            "package_id": plan[built.plan[package]],
            "service_id": names[service],
            "amount": _quantities(council, built.units[package, service]),
        },
    }


def forms_of(council: Council, built: Built) -> TextArray | None:
    """For each package the forms of care of its services; None where no service has one."""
    forms = council.prices.stock.form
    if not any(forms) or council.evidence == "C":
        return None
    kinds = list(dict.fromkeys(form for form in forms if form))
    of_kind = np.array([[form == kind for form in forms] for kind in kinds])
    used = (built.units[:, None, :] > 0) & of_kind[None, :, :]
    sets, back = np.unique(used.any(axis=2), axis=0, return_inverse=True)
    words = [
        " and ".join(kind for kind, has in zip(kinds, row, strict=True) if has)
        for row in sets.tolist()
    ]
    text: TextArray = np.array(words, dtype=object)[back.reshape(-1)]
    return text


def _quantities(council: Council, thousandths: IntArray) -> IntArray:
    """Units as smallest quantities of the scenario; OptionError where it keeps fewer decimals."""
    decimals = council.scenario.quantity_decimals
    if decimals >= UNIT_DECIMALS:
        finer: IntArray = thousandths * 10 ** (decimals - UNIT_DECIMALS)
        return finer
    amounts, rest = np.divmod(thousandths, 10 ** (UNIT_DECIMALS - decimals))
    if rest.any():
        raise OptionError(
            f"scenario.toml, quantity_decimals: packages use {int(thousandths[rest > 0][0]) / 1000}"
            f" units of a service, which {decimals} decimals cannot hold; write "
            f"quantity_decimals = {UNIT_DECIMALS}, or leave it out"
        )
    return amounts
