"""Shares exactly as they are written: 0.1 is a tenth, not the nearest float."""

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from metneed.models.errors import OptionError

Share: TypeAlias = float | Decimal | Fraction | str


def fraction(share: Share, name: str, most: int = 1) -> Fraction:
    """A share exactly as it is written; OptionError where it is out of range or too fine."""
    try:
        exact = Fraction(str(share))
    except ValueError as error:
        raise OptionError(f"{name} = {share} is no number") from error
    if not 0 <= exact <= most:
        raise OptionError(f"{name} = {share} is not between 0 and {most}")
    if exact.denominator > 10**6:
        raise OptionError(f"{name} = {share}: six decimals at most")
    return exact
