"""Headings, rows, separators and encodings of CSV files.

The helpers come from `small`, which is base.py.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any


def headings(small: SimpleNamespace) -> Iterator[Any]:
    missing = small.in_users(1, "user_id", "missing-column")
    yield small.users("no column user_id", small.USERS.replace("user_id", "person"), missing)
    for slip in ("User ID", "userid", "user-id", "usre_id", "USER_ID", " user_id"):
        text = small.USERS.replace("user_id", slip)
        yield small.users(
            f"user_id is spelt {slip!r}", text, small.in_users(1, slip, "misspelt-column")
        )
    yield small.packages(
        "met_need and cost are misspelt",
        small.PACKAGES.replace("met_need", "metneed").replace("cost", "costs"),
        small.in_packages(1, "costs", "misspelt-column"),
        small.in_packages(1, "metneed", "misspelt-column"),
    )
    yield small.packages(
        "cost and met_need are missing",
        "user_id,package_id\nA1,home\n",
        small.in_packages(1, "cost", "missing-column"),
        small.in_packages(1, "met_need", "missing-column"),
    )
    yield small.users(
        "an optional column is misspelt",
        small.USERS.replace("area", "Basic need"),
        small.in_users(1, "Basic need", "misspelt-column"),
    )
    yield small.packages(
        "cost stands twice",
        small.PACKAGES.replace("met_need\n", "met_need,cost\n")
        .replace("\n", ",1\n")
        .replace("cost,1\n", "cost\n", 1),
        small.in_packages(1, "cost", "duplicate-column"),
    )
    yield small.packages(
        "a column has no heading",
        "user_id,,package_id,cost,met_need\nA1,x,home,1,1\nB2,,home,1,1\nC3,,home,1,1\n",
        small.in_packages(1, "", "blank-heading"),
    )
    yield small.users(
        "no headings", small.USERS.split("\n", 1)[1], small.in_users(1, "", "no-headings")
    )
    yield small.users(
        "points are missing",
        "user_id,area\nA1,x\nB2,y\nC3,x\n",
        warnings=(small.in_users(0, "points", "no-points"),),
    )


def form(small: SimpleNamespace) -> Iterator[Any]:
    yield small.users("an empty file", "", small.in_users(0, "", "empty"))
    yield small.users("only line ends", "\n\r\n\n", small.in_users(0, "", "empty"))
    yield small.users("only headings", "user_id,points\n", small.in_users(0, "", "no-rows"))
    yield small.users(
        "semicolons", small.USERS.replace(",", ";"), small.in_users(0, "", "separator")
    )
    yield small.users(
        "semicolons and decimal commas",
        small.USERS.replace(",", ";").replace(".", ","),
        small.in_users(0, "", "separator"),
    )
    yield small.users("tabs", small.USERS.replace(",", "\t"), small.in_users(0, "", "separator"))
    yield small.users("bars", small.USERS.replace(",", "|"), small.in_users(0, "", "separator"))
    yield small.users(
        "a line for Excel", "sep=,\n" + small.USERS, small.in_users(0, "", "title-rows")
    )
    yield small.users(
        "a title above", "Council 2024\n\n" + small.USERS, small.in_users(0, "", "title-rows")
    )
    yield small.users("a blank row above", "\n" + small.USERS, small.in_users(0, "", "title-rows"))
    yield small.users(
        "nothing but a blank row above", "\na,b\n1,2\n", small.in_users(0, "", "title-rows")
    )
    yield small.users("zeros", b"\0" * 1000, small.in_users(1, "", "zero-byte"))
    yield small.users(
        "a zero in row 3", small.USERS.replace("B2", "B\0"), small.in_users(3, "", "zero-byte")
    )
    yield small.users(
        "a quote never closed", small.USERS.replace("B2", '"B2'), small.in_users(3, "", "quote")
    )
    yield small.users(
        "text after a quote", small.USERS.replace("B2", '"B"2'), small.in_users(3, "", "quote")
    )
    yield small.users(
        "a quote never closed in a long file",
        small.USERS.replace("B2", '"B2') + "x,1,y\n" * 40_000,
        small.in_users(3, "", "quote"),
    )
    yield small.users(
        "a short row",
        small.USERS.replace("B2,5.5,South", "B2,5.5"),
        small.in_users(3, "", "ragged-row"),
    )
    yield small.users(
        "a comma too many", small.USERS.replace("5.5", "5,5"), small.in_users(3, "", "ragged-row")
    )
    yield small.users("cut in the last row", small.USERS[:-10], small.in_users(4, "", "ragged-row"))
    yield small.users(
        "a blank row", small.USERS.replace("B2", "\nB2"), small.in_users(3, "", "blank-row")
    )
    yield small.users(
        "a row of commas", small.USERS.replace("B2", ",,\nB2"), small.in_users(3, "", "blank-row")
    )
    yield small.users(
        "a row of totals",
        small.USERS + "Total,15.625,\n",
        small.in_users(5, "user_id", "totals-row"),
    )
    yield small.users(
        "totals without a name",
        small.USERS + ",15.625,\n",
        small.in_users(5, "user_id", "blank-id"),
    )
    yield small.users(
        "old Macintosh",
        small.USERS.replace("\n", "\r"),
        warnings=(small.in_users(0, "", "line-ends"),),
    )
    yield small.users("Windows line ends", small.USERS.replace("\n", "\r\n"))
    yield small.users("mixed line ends", small.USERS.replace("\n", "\r\n", 2))
    yield small.users("no last line end", small.USERS.rstrip())
    yield small.users("empty rows at the end", small.USERS + "\n,,\n,,\n\n")
    yield small.users("empty columns at the end", small.USERS.replace("\n", ",,\n"))
    yield small.users(
        "everything quoted",
        '"' + small.USERS.rstrip().replace(",", '","').replace("\n", '"\n"') + '"',
    )


def encodings(small: SimpleNamespace) -> Iterator[Any]:
    named = small.USERS.replace("area", "rent £").replace("North", "Nørth £")
    yield small.users("a UTF-8 mark", named.encode("utf-8-sig"))
    yield small.users("UTF-16, little end first", named.encode("utf-16"))
    yield small.users("UTF-16, big end first", b"\xfe\xff" + named.encode("utf-16-be"))
    yield small.users(
        "UTF-16 without a mark", small.USERS.encode("utf-16-le"), small.in_users(1, "", "zero-byte")
    )
    yield small.users(
        "UTF-16 cut off", small.USERS.encode("utf-16")[:-1], small.in_users(0, "", "bad-encoding")
    )
    yield small.users(
        "UTF-16 with a zero",
        small.USERS.replace("5.5", "\0").encode("utf-16"),
        small.in_users(0, "", "zero-byte"),
    )
    yield small.users(
        "cp1252",
        small.USERS.replace("North", "N£").encode("cp1252"),
        small.in_users(2, "area", "bad-encoding"),
        small.in_users(4, "area", "bad-encoding"),
    )
    yield small.users(
        "a pound sign of cp1252 in points",
        small.USERS.replace("5.5", "£5.5").encode("cp1252"),
        small.in_users(3, "points", "bad-encoding"),
    )
    yield small.users(
        "a heading in cp1252",
        small.USERS.replace("area", "ar£a").encode("cp1252"),
        small.in_users(1, "", "bad-encoding"),
    )
    yield small.users(
        "UTF-8 and cp1252 mixed",
        small.USERS.replace("South", "Sø").encode().replace(b"North", b"N\xf8", 1),
        small.in_users(2, "area", "bad-encoding"),
    )
    yield small.users(
        "a damaged pound sign",
        small.USERS.replace("South", "Â£100 a week"),
        warnings=(small.in_users(3, "area", "mojibake"),),
    )


def cases(small: SimpleNamespace) -> Iterator[Any]:
    yield from headings(small)
    yield from form(small)
    yield from encodings(small)
