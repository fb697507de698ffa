"""Identifiers: refused, awkward and alike.

The helpers come from `small`, which is base.py.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

IDS = {
    " A1": "spaces",
    "A1 ": "spaces",
    "A1\u00a0": "spaces",
    "A\u200b1": "invisible",
    "\ufeffA1": "invisible",
    "A\u00ad1": "invisible",
    '"A\n1"': "invisible",
    "A\t1": "invisible",
    "A\x071": "invisible",
    "\u202eA1": "invisible",
    "A\u34641".replace("\u3464", "\u3164"): "invisible",
    "": "blank-id",
    "TOTAL": "totals-row",
}
"""Identifiers that are refused wherever they stand."""

AWKWARD_IDS = (
    "007",
    "NA",
    "null",
    "nan",
    "None",
    "TRUE",
    "1e3",
    "12345678901234567890",
    "12345678901234567891",
    "1.0",
    "01/02/2024",
    "=1+1",
    "@cmd",
    "-5",
    "'quoted",
    'say "hi"',
    "Smith, John",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "[red]x[/red]",
    "{{7*7}}",
    "Zoë",
    "李雷",
    "عمر",
    "🙂",
    "A B",
    "x" * 500,
)
"""Identifiers that people have, and that a careless reader changes."""


def identifiers(small: SimpleNamespace) -> Iterator[Any]:
    for cell, code in IDS.items():
        shown = cell.encode("unicode_escape").decode()
        text = small.USERS + f"{cell},1,North\n"
        yield small.users(f"a user is called {shown!r}", text, small.in_users(5, "user_id", code))
        text = small.PACKAGES + f"C3,{cell},1,0.1\n"
        yield small.packages(
            f"a package is called {shown!r}", text, small.in_packages(6, "package_id", code)
        )
    quoted = ['"' + identifier.replace('"', '""') + '"' for identifier in AWKWARD_IDS]
    yield small.case(
        "awkward identifiers",
        {
            "users.csv": "user_id,points\n" + "".join(f"{q},1\n" for q in quoted),
            "packages.csv": "user_id,package_id,cost,met_need\n"
            + "".join(f"{q},{q},1,1\n" for q in quoted),
        },
    )
    yield small.users(
        "a user stands twice",
        small.USERS + "A1,1,x\n",
        small.in_users(5, "user_id", "duplicate-user"),
    )
    yield small.users(
        "a user stands three times",
        small.USERS + "A1,1,North\nA1,1,North\n",
        small.in_users(5, "user_id", "duplicate-user"),
        small.in_users(6, "user_id", "duplicate-user"),
    )
    yield small.packages(
        "a package stands twice",
        small.PACKAGES + "A1,home,1,1\n",
        small.in_packages(6, "package_id", "duplicate-package"),
    )
    yield small.packages(
        "a stranger has a package",
        small.PACKAGES + "D4,home,1,1\n",
        small.in_packages(6, "user_id", "unknown-user"),
    )
    yield small.packages(
        "a user is written small",
        small.PACKAGES + "a1,bed,1,1\n",
        small.in_packages(6, "user_id", "unknown-user"),
    )


def look_alikes(small: SimpleNamespace) -> Iterator[Any]:
    both = "user_id,package_id,cost,met_need\n{0},home,1,1\n{1},home,1,1\n"
    pairs = {
        "case": ("Ann", "ann", "look-alike"),
        "composition": ("Zo\u00eb", "Zoe\u0308", "same-letters"),
        "script": ("AB", "\u0410B", "look-alike"),
        "width": ("A1", "\uff211", "look-alike"),
        "spaces": ("A B", "A\u00a0B", "look-alike"),
    }
    for what, (one, other, code) in pairs.items():
        found = small.in_users(3, "user_id", code)
        yield small.case(
            f"two users differ by {what}",
            {
                "users.csv": f"user_id,points\n{one},1\n{other},1\n",
                "packages.csv": both.format(one, other),
            },
            *((found,) if code == "same-letters" else ()),
            warnings=(found,) if code == "look-alike" else (),
        )
    yield small.case(
        "the menus compose a letter otherwise",
        {
            "users.csv": "user_id,points\nZo\u00eb,1\n",
            "packages.csv": "user_id,package_id,cost,met_need\nZoe\u0308,home,1,1\n",
        },
        small.in_packages(2, "user_id", "unknown-user"),
    )
    yield small.case(
        "the menus lost a zero",
        {
            "users.csv": "user_id,points\n007,1\n",
            "packages.csv": "user_id,package_id,cost,met_need\n7,home,1,1\n",
        },
        small.in_packages(2, "user_id", "unknown-user"),
    )


def cases(small: SimpleNamespace) -> Iterator[Any]:
    yield from identifiers(small)
    yield from look_alikes(small)
