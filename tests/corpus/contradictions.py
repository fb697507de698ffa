"""Amounts that contradict each other, catalogues, and what people have now.

The helpers come from `small`, which is base.py.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any


def needs(small: SimpleNamespace) -> Iterator[Any]:
    stated = "user_id,points,need,basic_need\nA1,1,3,1\nB2,1,4,4\nC3,1,1,1\n"
    yield small.users("needs are stated", stated)
    yield small.users(
        "a package meets more than the need",
        stated.replace("A1,1,3", "A1,1,2.999"),
        small.in_packages(2, "met_need", "above-need"),
    )
    yield small.users(
        "basic need is more than need",
        stated.replace("B2,1,4,4", "B2,1,4,4.001"),
        small.in_users(3, "basic_need", "basic-above-need"),
    )
    menu = "user_id,package_id,cost,met_need,basic_met_need,paid_nhs\n"
    yield small.packages(
        "more basic need than need is met",
        menu + "A1,a,1,2,2.5,0\nB2,a,1,2,2,0\nC3,a,1,2,0,3.50\n",
        small.in_packages(2, "basic_met_need", "basic-above-met"),
    )
    yield small.packages(
        "another payer's amount is no number",
        menu + "A1,a,1,2,2,0\nB2,a,1,2,2,x\nC3,a,1,2,0,3.50\n",
        small.in_packages(3, "paid_nhs", "not-a-number"),
    )
    yield small.users(
        "everyone has 0 points",
        "user_id,points\nA1,0\nB2,0\nC3,0.000\n",
        warnings=(small.in_users(0, "points", "zero-points"),),
    )
    yield small.users(
        "a user has no package",
        small.USERS + "D4,1,North\n",
        warnings=(small.in_users(5, "user_id", "no-package"),),
    )
    yield small.users(
        "an area is blank",
        small.USERS.replace("B2,5.5,South", "B2,5.5,"),
        warnings=(small.in_users(0, "area", "no-group"),),
    )
    yield small.users(
        "an area has a space behind it",
        small.USERS.replace("South", "North "),
        small.in_users(3, "area", "spaces"),
    )
    yield small.users(
        "two areas differ by a capital letter",
        small.USERS.replace("South", "north"),
        warnings=(small.in_users(3, "area", "look-alike"),),
    )
    yield small.packages(
        "numbers are too large together",
        small.PACKAGES.replace("10.50,3", "900000000000,900000000000"),
        small.in_packages(0, "", "numbers-too-large"),
    )


def catalogues(small: SimpleNamespace) -> Iterator[Any]:
    base = "area,package_id,cost,met_need\nNorth,home,10,2\n,day,5,1\nSouth,home,12,2.5\n"

    def catalogue(name: str, text: str, *found: tuple[int, str, str], warn: bool = False) -> Any:
        places = tuple(("catalogue.csv", *place) for place in found)
        files = {"packages.csv": None, "catalogue.csv": text}
        return small.case(name, files, *(() if warn else places), warnings=places if warn else ())

    yield catalogue("a catalogue", base)
    yield catalogue("a star for everyone", base.replace("\n,day", "\n*,day"))
    yield catalogue(
        "an area that nobody has", base + "East,bed,1,1\n", (5, "area", "unknown-value"), warn=True
    )
    yield catalogue(
        "a user matches a package twice",
        base + "North,day,6,1\n",
        (5, "package_id", "duplicate-package"),
    )
    yield catalogue(
        "the key is misspelt", base.replace("area", "aera"), (1, "aera", "misspelt-column")
    )
    yield catalogue(
        "a column that decides nothing",
        base.replace("area", "ward").replace("South,home", "South,flat"),
        (1, "ward", "unused-column"),
        warn=True,
    )
    yield catalogue(
        "a key of numbers",
        "points,package_id,cost,met_need\n10,home,1,1\n",
        (0, "points", "bad-key"),
    )
    yield catalogue(
        "a share without a need",
        "package_id,cost,share_of_need\nhome,1,0.5\n",
        (0, "share_of_need", "no-need"),
    )
    yield catalogue(
        "no amounts at all", "package_id,cost\nhome,1\n", (1, "met_need", "missing-column")
    )
    yield catalogue(
        "both amounts, and none",
        "package_id,cost,met_need,share_of_need\na,1,1,\nb,1,1,0.5\nc,1,,\n",
        (0, "share_of_need", "no-need"),
        (3, "share_of_need", "both-amounts"),
        (4, "met_need", "blank"),
    )
    yield small.case(
        "a share above 1",
        {
            "packages.csv": None,
            "users.csv": "user_id,points,need\nA1,1,1\n",
            "catalogue.csv": "package_id,cost,share_of_need\nhome,1,1.5\nday,1,60%\n",
        },
        ("catalogue.csv", 2, "share_of_need", "too-large"),
        ("catalogue.csv", 3, "share_of_need", "percent"),
    )
    yield small.case(
        "menus and a catalogue", {"catalogue.csv": base}, ("catalogue.csv", 0, "", "two-menus")
    )
    yield small.case(
        "nobody has both values",
        {
            "packages.csv": None,
            "users.csv": "user_id,points,area,band\nA1,1,North,x\nB2,1,South,y\n",
            "catalogue.csv": "area,band,package_id,cost,met_need\n*,*,day,1,1\nNorth,y,home,1,1\n",
        },
        warnings=(("catalogue.csv", 3, "package_id", "unused-row"),),
    )


def previous(small: SimpleNamespace) -> Iterator[Any]:
    def now(name: str, text: str, *found: tuple[int, str, str]) -> Any:
        places = tuple(("previous.csv", *place) for place in found)
        return small.case(name, {"previous.csv": text}, *places)

    yield now("today's packages", "user_id,package_id\nA1,home\nC3,home\n")
    yield now("today's package is not offered", "user_id,package_id,cost,met_need\nA1,old,9,1\n")
    yield now(
        "an unknown package without a cost",
        "user_id,package_id\nA1,old\n",
        (2, "package_id", "not-on-menu"),
    )
    yield now(
        "a stranger, and a user twice",
        "user_id,package_id\nZ9,home\nA1,home\nA1,day\n",
        (2, "user_id", "unknown-user"),
        (4, "user_id", "duplicate-user"),
    )
    yield now("previous has only headings", "user_id,package_id\n", (0, "", "no-rows"))
    yield now(
        "more basic need than need",
        "user_id,package_id,cost,met_need,basic_met_need\nA1,old,9,1,2\n",
        (2, "basic_met_need", "basic-above-met"),
    )


def cases(small: SimpleNamespace) -> Iterator[Any]:
    yield from needs(small)
    yield from catalogues(small)
    yield from previous(small)
