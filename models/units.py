"""Units: how exact integers are written as money and as met need."""

import re
from dataclasses import dataclass
from decimal import Decimal

from metneed.models.errors import OptionError

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


@dataclass(frozen=True)
class Units:
    """Decimals of money and need: everything inside metneed counts in the smallest unit.

    Parameters
    ----------
    currency
        Three-letter code, for display only.
    money_decimals
        Decimals of money, 0 to 4: with 2, amounts are whole pence.
    need_decimals
        Decimals of points, need and met need, 0 to 6: with 3, they are whole thousandths.
    period
        What the amounts are for: ``year`` or ``week``.
    quantity_decimals
        Decimals of quantities of services, 0 to 4: with 2, they are whole hundredths of a unit.
    """

    currency: str = "GBP"
    money_decimals: int = 2
    need_decimals: int = 3
    period: str = "year"
    quantity_decimals: int = 2

    def money(self, amount: int) -> str:
        """An amount as an exact decimal, as files hold it: ``61200.00``."""
        return decimal_text(amount, self.money_decimals)

    def need(self, amount: int) -> str:
        """A need or met need as an exact decimal, as files hold it: ``9.500``."""
        return decimal_text(amount, self.need_decimals)

    def short_need(self, amount: int) -> str:
        """An amount of need as an exact decimal without noughts at its end.

        >>> Units().short_need(70_000), Units().short_need(115_900)
        ('70', '115.9')
        """
        text = self.need(amount)
        return text.rstrip("0").rstrip(".") if "." in text else text

    def quantity(self, amount: int) -> str:
        """A quantity of a service as an exact decimal, as files hold it: ``37.50``."""
        return decimal_text(amount, self.quantity_decimals)

    def show_money(self, amount: int, *, rounded: bool = False) -> str:
        """An amount for a screen: ``£61,200.00``, or ``£61,200`` rounded."""
        symbol = SYMBOLS.get(self.currency, self.currency + " ")
        sign, size = "-" if amount < 0 else "", abs(amount)
        if rounded:
            unit = 10**self.money_decimals
            return f"{sign}{symbol}{(size + unit // 2) // unit:,}"
        return f"{sign}{symbol}{decimal_text(size, self.money_decimals, grouped=True)}"

    def show_need(self, amount: int, decimals: int = 1) -> str:
        """A need or met need for a screen, rounded: ``1,204.5``."""
        return f"{amount / 10**self.need_decimals:,.{decimals}f}"

    def read_money(self, text: str | Decimal) -> int:
        """The smallest units of a decimal amount; OptionError where it has more decimals."""
        return read_decimal(text, self.money_decimals)

    def read_need(self, text: str | Decimal) -> int:
        """The smallest units of a decimal need; OptionError where it has more decimals."""
        return read_decimal(text, self.need_decimals)


def decimal_text(amount: int, decimals: int, *, grouped: bool = False) -> str:
    """An integer of smallest units as an exact decimal.

    >>> decimal_text(-5, 2), decimal_text(6120000, 2, grouped=True), decimal_text(7, 0)
    ('-0.05', '61,200.00', '7')
    """
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(int(amount)), 10**decimals)
    digits = f"{whole:,}" if grouped else str(whole)
    return f"{sign}{digits}.{part:0{decimals}d}" if decimals else sign + digits


def read_decimal(text: str | Decimal, decimals: int) -> int:
    """The integer of smallest units that a decimal stands for, exactly.

    Raises
    ------
    OptionError
        Where the text is no plain decimal, or has more decimals than are kept.

    >>> read_decimal("61200.5", 2)
    6120050
    """
    plain = format(text, "f") if isinstance(text, Decimal) else text
    if not _DECIMAL.fullmatch(plain):
        raise OptionError(f"{plain!r} is not a plain decimal number such as 1250.00")
    sign = -1 if plain.startswith("-") else 1
    whole, _, part = plain.lstrip("-").partition(".")
    kept, rest = part[:decimals], part[decimals:]
    if rest.strip("0"):
        raise OptionError(f"{plain} has more than {decimals} decimals, which would be lost")
    return sign * int(whole + kept.ljust(decimals, "0"))
