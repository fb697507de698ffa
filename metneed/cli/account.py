"""How awards came about, for a screen: one figure a line."""

from metneed.models.account import Account, Line
from metneed.models.findings import visible
from metneed.models.units import Units


def account_lines(account: Account | None, units: Units) -> list[str]:
    """The figures of an account, one a line; nothing where the rule does not say."""
    if account is None:
        return []
    return [
        f"  {visible(line.name, 64)}: {_shown(line, units)}{f' ({line.note})' if line.note else ''}"
        for line in account.lines
    ]


def _shown(line: Line, units: Units) -> str:
    match line.unit, line.value:
        case "money", int(amount):
            return units.show_money(amount)
        case "points", int(points):
            return units.show_need(points)
        case "share", float(share):
            return f"{share:.2%}"
        case _, int(number):
            return f"{number:,}"
        case _, float(number):
            return f"{number:,.6g}"
        case _, text:
            return visible(str(text), 64)
