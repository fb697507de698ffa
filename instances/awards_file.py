"""How awards came about, on disk: a row a user with every step, and the figures of the whole."""

import numpy as np

from metneed.instances.cells import Cells, Column
from metneed.instances.tables import float_text
from metneed.models.account import Account, Line, Quantity
from metneed.models.allocation import Allocation
from metneed.models.problem import Problem
from metneed.models.units import Units


def award_columns(
    problem: Problem, allocation: Allocation, cells: Cells
) -> dict[str, Column] | None:
    """The columns of the table of awards: each step for each user, the award and the reason.

    None where the rule has not said how its awards came about, or there is no more to say of any
    user than the award.

    Parameters
    ----------
    problem
        Whose users they are.
    allocation
        With its account, and its award where there is one.
    cells
        How columns are written.
    """
    account, award = allocation.account, allocation.award
    if account is None or not (account.columns or account.reasons):
        return None
    size = len(problem.users)
    columns = {"user_id": cells.text(problem.users.ids)}
    for name, (values, unit) in account.columns.items():
        columns[name] = cells.decimals(values, decimals_of(unit, problem.units))
    # A package rule gives no awards, but may say how it came to its choice: who was drawn when.
    columns["award"] = (
        cells.blank(size) if award is None else cells.decimals(award, problem.units.money_decimals)
    )
    reasons = account.reasons
    columns["reason"] = (
        cells.blank(size) if reasons is None else cells.named(reasons.names, reasons.codes)
    )
    return columns


def account_record(account: Account | None, units: Units) -> dict[str, object]:
    """What a record says of an account: nothing where there is none."""
    if account is None:
        return {}
    lines = [
        {"name": line.name, "value": line_text(line, units), "unit": line.unit}
        for line in account.lines
    ]
    reserve = units.money(account.reserve)
    return {"account": {"lines": lines, "reserve": reserve, "by_purchase": account.by_purchase}}


def line_text(line: Line, units: Units) -> str:
    """The value of a line as plain text: exact decimals of money and points, no exponents."""
    if isinstance(line.value, str):
        return line.value
    if isinstance(line.value, int | np.integer):
        whole = int(line.value)
        return {"money": units.money, "points": units.need}.get(line.unit, str)(whole)
    return float_text(float(line.value))


def decimals_of(unit: Quantity, units: Units) -> int:
    """How many decimals the figures of a column have."""
    return {"money": units.money_decimals, "points": units.need_decimals}.get(unit, 0)
