"""How large amounts may be, so that arithmetic in 64 bits is exact."""

PRODUCT_LIMIT = 2**61
"""Greatest cost x greatest value must be below this: differences of two products fit in int64."""

AMOUNT_LIMIT = 2**53
"""Costs and values must be below this: their float64 quotients then order slopes."""

SUM_LIMIT = 2**63
"""Sums must be below this: they fit in int64."""
