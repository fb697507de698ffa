"""Amounts and shares as scenarios write them: plain decimals, exactly."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field


def _decimal(value: object) -> object:
    """TOML numbers and plain decimal text as Decimal; floats never get here unnoticed."""
    if isinstance(value, bool):
        msg = "not a yes or no"
        raise ValueError(msg)  # noqa: TRY004 - pydantic reads ValueError
    if isinstance(value, float):
        msg = "write the amount as text or a TOML number, not as a binary float"
        raise ValueError(msg)  # noqa: TRY004 - pydantic reads ValueError
    if isinstance(value, str) and not re.fullmatch(r"[0-9]+(\.[0-9]+)?", value, re.ASCII):
        share = "; write 0.2 for 20 %" if "%" in value else ""
        msg = f"{value!r} is not a plain decimal number such as 1250000.00{share}"
        raise ValueError(msg)
    return value


Amount = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0, le=10**12)]
Share = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0, le=1)]
