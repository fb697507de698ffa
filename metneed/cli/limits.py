"""What limits beside the budget cost, for a screen and for machines."""

from collections.abc import Sequence
from fractions import Fraction

from metneed.cli.screen import table
from metneed.models.units import Units
from metneed.solver.constraint import Reading
from metneed.solver.limit_costs import LimitCost, Step

_UNITS = {"money": "a pound", "need": "a unit of need", "quantity": "a unit", "users": "a user"}


def limit_blocks(costs: Sequence[LimitCost], steps: Sequence[Step], units: Units) -> list[str]:
    """The table of limits, what more of each would bring, and the ladder."""
    rows = [
        [
            cost.name,
            cost.kind,
            "not known" if cost.lost is None else _need(cost.lost, units),
            "no money would" if cost.money is None else units.show_money(cost.money),
        ]
        for cost in costs
    ]
    title = "What each limit beside the budget costs, part packages allowed:\n"
    heads = ["limit", "kind", "need met without it", "money that makes up for it"]
    blocks = [title + table(heads, rows, left=2)]
    margins = [
        f"{row}: {_margin(price, cost.readings[row], units)}"
        for cost in costs
        for row, price in cost.prices.items()
    ]
    if margins:
        blocks.append("What one more would bring, where a limit binds:\n" + "\n".join(margins))
    blocks.append("The limits one at a time:\n" + "\n".join(_ladder(steps, units)))
    return blocks


def limit_document(
    costs: Sequence[LimitCost], steps: Sequence[Step], units: Units
) -> dict[str, object]:
    """The same as plain data; amounts as decimal strings, what is not known as null."""
    return {
        "limits": [
            {
                "name": cost.name,
                "kind": cost.kind,
                "met_need_lost": None if cost.lost is None else units.need(cost.lost),
                "money_that_makes_up": None if cost.money is None else units.money(cost.money),
                "multipliers": {
                    row: [str(price.numerator), str(price.denominator)]
                    for row, price in cost.prices.items()
                },
            }
            for cost in costs
        ],
        "ladder": [
            {
                "with": step.name or "budget",
                "met_need": None if step.met_need is None else units.need(step.met_need),
                **({"reason": step.reason} if step.reason else {}),
            }
            for step in steps
        ],
    }


def _ladder(steps: Sequence[Step], units: Units) -> list[str]:
    lines, before = [], None
    for step in steps:
        name = f"with {step.name}" if step.name else "the budget alone"
        if step.met_need is None:
            lines.append(f"{name}: no allocation: {step.reason}")
        else:
            change = "" if before is None else f", {_need(before - step.met_need, units)} less"
            lines.append(f"{name}: met need {_need(step.met_need, units)}{change}")
            before = step.met_need
    return lines


def _margin(price: Fraction, reading: Reading, units: Units) -> str:
    """Need met by one more of what a limit counts, in people's units."""
    scale = {
        "money": 10**units.money_decimals,
        "need": 10**units.need_decimals,
        "quantity": 10**units.quantity_decimals,
        "users": 1,
    }[reading.unit]
    worth = float(price * reading.per * scale / 10**units.need_decimals)
    return f"{_UNITS[reading.unit]} more would meet {worth:,.4g} more need"


def _need(amount: int, units: Units) -> str:
    return f"{amount / 10**units.need_decimals:,.1f}"
