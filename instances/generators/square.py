"""Tables of menus with equally many packages each, in whole units of money and need."""

from decimal import Decimal
from typing import Any

import numpy as np

from metneed.instances.generators.family import Table, identifiers
from metneed.models.arrays import TextArray
from metneed.models.menus import Menus


def square_tables(menus: Menus) -> dict[str, Table]:
    """Users and packages; the points of a user are the need, the best met need of the menu."""
    user_ids = identifiers("U", menus.n_users)
    package_ids = square_package_ids(menus)
    return {
        "users": {
            "user_id": user_ids,
            "points": menus.best_met_need,
            "need": menus.best_met_need,
        },
        "packages": {
            "user_id": np.repeat(user_ids, menus.n_packages // menus.n_users),
            "package_id": package_ids,
            "cost": menus.cost,
            "met_need": menus.met_need,
        },
    }


def square_package_ids(menus: Menus) -> TextArray:
    """The identifier of each package: ``p01`` and so on within each menu."""
    packages = menus.n_packages // menus.n_users
    width = len(str(packages))
    names = np.array([f"p{j:0{width}d}" for j in range(1, packages + 1)], dtype=object)
    return np.tile(names, menus.n_users)


def square_scenario(name: str, description: str, budget: int, seed: int) -> dict[str, Any]:
    """A scenario whose money and needs have no decimals."""
    return {
        "schema_version": 1,
        "name": name,
        "description": description,
        "budget": Decimal(budget),
        "money_decimals": 0,
        "need_decimals": 0,
        "seed": seed,
    }
