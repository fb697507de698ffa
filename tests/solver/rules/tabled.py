"""Four people in tables as a council would send them, and what a rule gives them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from metneed.instances.read import from_frames
from metneed.models.account import Account
from metneed.models.allocation import Allocation, Infeasible, NotApplicable
from metneed.models.instance import Instance
from metneed.solver.solve import solve

USERS = {
    "user_id": ["ann", "bea", "col", "dot"],
    "points": ["10", "70", "116", "185"],
    "age": ["30", "64", "65", "90"],
    "hours": ["0", "2.5", "10", "1"],
    "nights": ["0", "0", "0.5", "14"],
    "own_contribution": ["1", "0", "5", "1000"],
}
PACKAGES = {
    "user_id": ["ann", "bea", "col", "dot"],
    "package_id": ["all", "all", "all", "all"],
    "cost": ["400", "500", "1000", "6000"],
    "met_need": ["1", "2", "4", "9"],
}


def rows(headings: str, *lines: str) -> pd.DataFrame:
    """A table from lines of text."""
    split = [[cell.strip() for cell in line.split(",")] for line in lines]
    return pd.DataFrame(split, columns=headings.split(","), dtype=str)


def council(
    *,
    budget: str = "100000",
    users: Mapping[str, list[str]] | None = None,
    keys: Mapping[str, object] | None = None,
    previous: pd.DataFrame | None = None,
    needs: pd.DataFrame | None = None,
    **tables: pd.DataFrame,
) -> Instance:
    """The four people, with the small tables given."""
    return from_frames(
        pd.DataFrame({**USERS, **(users or {})}),
        pd.DataFrame(PACKAGES),
        {"schema_version": 1, "name": "four", "budget": budget, **(keys or {})},
        previous,
        needs=needs,
        tables=tables,
    )


def outcome(instance: Instance, rule: str, **options: Any) -> Any:
    """What a rule does, without scaling to the money unless that is asked for."""
    return solve(instance, rule, options={"affordability": "none", **options})


def allocated(instance: Instance, rule: str, **options: Any) -> Allocation:
    found = outcome(instance, rule, **options)
    assert isinstance(found, Allocation), found
    assert found.award is not None
    return found


def pounds(instance: Instance, rule: str, **options: Any) -> list[float]:
    """Awards in pounds."""
    award = allocated(instance, rule, **options).award
    assert award is not None
    return [each / 100 for each in award.tolist()]


def account(instance: Instance, rule: str, **options: Any) -> Account:
    found = allocated(instance, rule, **options).account
    assert found is not None
    return found


def lines(instance: Instance, rule: str, **options: Any) -> dict[str, float | str]:
    """Figures of the whole by name."""
    return {line.name: line.value for line in account(instance, rule, **options).lines}


def column(instance: Instance, rule: str, name: str, **options: Any) -> list[int]:
    """One figure of each user."""
    return account(instance, rule, **options).columns[name][0].tolist()


def reasons(instance: Instance, rule: str, **options: Any) -> list[str]:
    found = account(instance, rule, **options).reasons
    return [""] * 4 if found is None else [str(each) for each in found.text()]


def refusal(instance: Instance, rule: str, **options: Any) -> str:
    """Why there is no allocation."""
    found = outcome(instance, rule, **options)
    assert isinstance(found, Infeasible | NotApplicable), found
    return found.reason
