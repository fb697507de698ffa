"""Cells that are no numbers, and some that are.

The helpers come from `small`, which is base.py.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

NUMBERS = {
    "NaN": "no-number",
    "nan": "no-number",
    "inf": "no-number",
    "-inf": "no-number",
    "null": "no-number",
    "N/A": "no-number",
    "-": "no-number",
    "tbc": "no-number",
    "": "blank",
    "ten": "not-a-number",
    "12abc": "not-a-number",
    "0x1F": "not-a-number",
    "01/04/2024": "date",
    "2024-04-01": "date",
    "1-Apr": "date",
    "TRUE": "true-false",
    "50%": "percent",
    "#REF!": "spreadsheet-error",
    "#N/A": "spreadsheet-error",
    "#DIV/0!": "spreadsheet-error",
    "£50": "currency",
    "€50": "currency",
    "50 GBP": "currency",
    '"1,234.50"': "comma",
    '"1,234"': "comma",
    '"12,5"': "comma",
    '"1.234,50"': "comma",
    "1 234": "thousands",
    "1\u202f234": "thousands",
    "1_000": "thousands",
    "1'000": "thousands",
    "(50.00)": "negative",
    "-5": "negative",
    "\u22125": "negative",
    "\u20135": "negative",
    "50-": "negative",
    "+5": "plus-sign",
    "1e3": "exponent",
    "1E+05": "exponent",
    "1e308": "exponent",
    "\uff11\uff12": "other-digits",
    "\u0661\u0662": "other-digits",
    "½": "other-digits",
    ".5": "point",
    "5.": "point",
    "1.2.3": "date",
    " 5": "spaces",
    "5 ": "spaces",
    "5\u00a0": "spaces",
    "5\u200b": "invisible",
    '"5\n"': "invisible",
    "1000000000000.01": "too-large",
    "9223372036854775808": "too-large",
    "9" * 400: "too-large",
    "9" * 5000: "too-large",
    "1.0001": "too-many-decimals",
    "0." + "0" * 5000 + "1": "too-many-decimals",
}
"""Cells that are no numbers, and the short name of what is wrong."""


def bad_numbers(small: SimpleNamespace) -> Iterator[Any]:
    for cell, code in NUMBERS.items():
        shown = cell[:12].encode("unicode_escape").decode() + "..." * (len(cell) > 1000)
        text = small.USERS.replace("B2,5.5", f"B2,{cell}")
        yield small.users(f"points are {shown}", text, small.in_users(3, "points", code))
        text = small.PACKAGES.replace("B2,home,20", f"B2,home,{cell}")
        yield small.packages(f"a cost is {shown}", text, small.in_packages(4, "cost", code))
    yield small.packages(
        "a cost has a tenth of a penny",
        small.PACKAGES.replace("10.50", "10.505"),
        small.in_packages(2, "cost", "too-many-decimals"),
    )
    yield small.users(
        "an arrival is half",
        "user_id,points,arrival\nA1,1,1\nB2,1,2.5\nC3,1,3\n",
        small.in_users(3, "arrival", "too-many-decimals"),
    )


def good_numbers(small: SimpleNamespace) -> Iterator[Any]:
    for cell in ("0", "007", "10.500000", "0." + "0" * 5000, "000000000000000000000012.5"):
        yield small.packages(f"a cost is {cell[:30]}", small.PACKAGES.replace("10.50", cell))
    yield small.users(
        "points are a million million", small.USERS.replace("5.5", "1000000000000.000")
    )


def cases(small: SimpleNamespace) -> Iterator[Any]:
    yield from bad_numbers(small)
    yield from good_numbers(small)
