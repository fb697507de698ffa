"""A corpus of bad and awkward instances: small files, and the findings each must give.

Read with ``runpy.run_path``; every case changes a few files of the same sound instance.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SCENARIO = 'schema_version = 1\nname = "small"\nbudget = 100.00\n'
USERS = "user_id,points,area\nA1,10,North\nB2,5.5,South\nC3,0.125,North\n"
PACKAGES = (
    "user_id,package_id,cost,met_need\n"
    "A1,home,10.50,3\nA1,day,4,1.5\nB2,home,20,4\nC3,home,5.25,0.125\n"
)
SOUND: Mapping[str, str] = {
    "scenario.toml": SCENARIO,
    "users.csv": USERS,
    "packages.csv": PACKAGES,
}

Place = tuple[str, int, str, str]
"""File, row, column and code of a finding."""


@dataclass(frozen=True)
class Case:
    """One instance on disk and what must be found in it.

    Parameters
    ----------
    name
        What is odd about it.
    files
        Bytes of each file.
    errors, warnings
        Every finding, as file, row, column and code.
    """

    name: str
    files: Mapping[str, bytes]
    errors: tuple[Place, ...] = ()
    warnings: tuple[Place, ...] = ()


def case(
    name: str,
    changed: Mapping[str, str | bytes | None],
    *errors: Place,
    warnings: tuple[Place, ...] = (),
) -> Case:
    """A case that differs from the sound instance in these files; None takes a file away."""
    files = {file: text for file, text in {**SOUND, **changed}.items() if text is not None}
    data = {
        file: text if isinstance(text, bytes) else text.encode() for file, text in files.items()
    }
    return Case(name, data, errors, warnings)


def users(name: str, text: str | bytes, *errors: Place, warnings: tuple[Place, ...] = ()) -> Case:
    return case(name, {"users.csv": text}, *errors, warnings=warnings)


def packages(name: str, text: str, *errors: Place, warnings: tuple[Place, ...] = ()) -> Case:
    return case(name, {"packages.csv": text}, *errors, warnings=warnings)


def scenario(name: str, text: str | bytes, *errors: Place) -> Case:
    return case(name, {"scenario.toml": text}, *errors)


def in_users(row: int, column: str, code: str) -> Place:
    return ("users.csv", row, column, code)


def in_packages(row: int, column: str, code: str) -> Place:
    return ("packages.csv", row, column, code)


def in_scenario(row: int, column: str, code: str) -> Place:
    return ("scenario.toml", row, column, code)


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


def bad_numbers() -> Iterator[Case]:
    for cell, code in NUMBERS.items():
        shown = cell[:12].encode("unicode_escape").decode() + "..." * (len(cell) > 1000)
        text = USERS.replace("B2,5.5", f"B2,{cell}")
        yield users(f"points are {shown}", text, in_users(3, "points", code))
        text = PACKAGES.replace("B2,home,20", f"B2,home,{cell}")
        yield packages(f"a cost is {shown}", text, in_packages(4, "cost", code))
    yield packages(
        "a cost has a tenth of a penny",
        PACKAGES.replace("10.50", "10.505"),
        in_packages(2, "cost", "too-many-decimals"),
    )
    yield users(
        "an arrival is half",
        "user_id,points,arrival\nA1,1,1\nB2,1,2.5\nC3,1,3\n",
        in_users(3, "arrival", "too-many-decimals"),
    )


def good_numbers() -> Iterator[Case]:
    for cell in ("0", "007", "10.500000", "0." + "0" * 5000, "000000000000000000000012.5"):
        yield packages(f"a cost is {cell[:30]}", PACKAGES.replace("10.50", cell))
    yield users("points are a million million", USERS.replace("5.5", "1000000000000.000"))


def headings() -> Iterator[Case]:
    missing = in_users(1, "user_id", "missing-column")
    yield users("no column user_id", USERS.replace("user_id", "person"), missing)
    for slip in ("User ID", "userid", "user-id", "usre_id", "USER_ID", " user_id"):
        text = USERS.replace("user_id", slip)
        yield users(f"user_id is spelt {slip!r}", text, in_users(1, slip, "misspelt-column"))
    yield packages(
        "met_need and cost are misspelt",
        PACKAGES.replace("met_need", "metneed").replace("cost", "costs"),
        in_packages(1, "costs", "misspelt-column"),
        in_packages(1, "metneed", "misspelt-column"),
    )
    yield packages(
        "cost and met_need are missing",
        "user_id,package_id\nA1,home\n",
        in_packages(1, "cost", "missing-column"),
        in_packages(1, "met_need", "missing-column"),
    )
    yield users(
        "an optional column is misspelt",
        USERS.replace("area", "Basic need"),
        in_users(1, "Basic need", "misspelt-column"),
    )
    yield packages(
        "cost stands twice",
        PACKAGES.replace("met_need\n", "met_need,cost\n")
        .replace("\n", ",1\n")
        .replace("cost,1\n", "cost\n", 1),
        in_packages(1, "cost", "duplicate-column"),
    )
    yield packages(
        "a column has no heading",
        "user_id,,package_id,cost,met_need\nA1,x,home,1,1\nB2,,home,1,1\nC3,,home,1,1\n",
        in_packages(1, "", "blank-heading"),
    )
    yield users("no headings", USERS.split("\n", 1)[1], in_users(1, "", "no-headings"))
    yield users(
        "points are missing",
        "user_id,area\nA1,x\nB2,y\nC3,x\n",
        warnings=(in_users(0, "points", "no-points"),),
    )


def form() -> Iterator[Case]:
    yield users("an empty file", "", in_users(0, "", "empty"))
    yield users("only line ends", "\n\r\n\n", in_users(0, "", "empty"))
    yield users("only headings", "user_id,points\n", in_users(0, "", "no-rows"))
    yield users("semicolons", USERS.replace(",", ";"), in_users(0, "", "separator"))
    yield users(
        "semicolons and decimal commas",
        USERS.replace(",", ";").replace(".", ","),
        in_users(0, "", "separator"),
    )
    yield users("tabs", USERS.replace(",", "\t"), in_users(0, "", "separator"))
    yield users("bars", USERS.replace(",", "|"), in_users(0, "", "separator"))
    yield users("a line for Excel", "sep=,\n" + USERS, in_users(0, "", "title-rows"))
    yield users("a title above", "Council 2024\n\n" + USERS, in_users(0, "", "title-rows"))
    yield users("a blank row above", "\n" + USERS, in_users(0, "", "title-rows"))
    yield users("zeros", b"\0" * 1000, in_users(1, "", "zero-byte"))
    yield users("a zero in row 3", USERS.replace("B2", "B\0"), in_users(3, "", "zero-byte"))
    yield users("a quote never closed", USERS.replace("B2", '"B2'), in_users(3, "", "quote"))
    yield users("text after a quote", USERS.replace("B2", '"B"2'), in_users(3, "", "quote"))
    yield users(
        "a quote never closed in a long file",
        USERS.replace("B2", '"B2') + "x,1,y\n" * 40_000,
        in_users(3, "", "quote"),
    )
    yield users(
        "a short row", USERS.replace("B2,5.5,South", "B2,5.5"), in_users(3, "", "ragged-row")
    )
    yield users("a comma too many", USERS.replace("5.5", "5,5"), in_users(3, "", "ragged-row"))
    yield users("cut in the last row", USERS[:-10], in_users(4, "", "ragged-row"))
    yield users("a blank row", USERS.replace("B2", "\nB2"), in_users(3, "", "blank-row"))
    yield users("a row of commas", USERS.replace("B2", ",,\nB2"), in_users(3, "", "blank-row"))
    yield users("a row of totals", USERS + "Total,15.625,\n", in_users(5, "user_id", "totals-row"))
    yield users("totals without a name", USERS + ",15.625,\n", in_users(5, "user_id", "blank-id"))
    yield users(
        "old Macintosh", USERS.replace("\n", "\r"), warnings=(in_users(0, "", "line-ends"),)
    )
    yield users("Windows line ends", USERS.replace("\n", "\r\n"))
    yield users("mixed line ends", USERS.replace("\n", "\r\n", 2))
    yield users("no last line end", USERS.rstrip())
    yield users("empty rows at the end", USERS + "\n,,\n,,\n\n")
    yield users("empty columns at the end", USERS.replace("\n", ",,\n"))
    yield users(
        "everything quoted", '"' + USERS.rstrip().replace(",", '","').replace("\n", '"\n"') + '"'
    )


def encodings() -> Iterator[Case]:
    named = USERS.replace("area", "rent £").replace("North", "Nørth £")
    yield users("a UTF-8 mark", named.encode("utf-8-sig"))
    yield users("UTF-16, little end first", named.encode("utf-16"))
    yield users("UTF-16, big end first", b"\xfe\xff" + named.encode("utf-16-be"))
    yield users("UTF-16 without a mark", USERS.encode("utf-16-le"), in_users(1, "", "zero-byte"))
    yield users("UTF-16 cut off", USERS.encode("utf-16")[:-1], in_users(0, "", "bad-encoding"))
    yield users(
        "UTF-16 with a zero",
        USERS.replace("5.5", "\0").encode("utf-16"),
        in_users(0, "", "zero-byte"),
    )
    yield users(
        "cp1252",
        USERS.replace("North", "N£").encode("cp1252"),
        in_users(2, "area", "bad-encoding"),
        in_users(4, "area", "bad-encoding"),
    )
    yield users(
        "a pound sign of cp1252 in points",
        USERS.replace("5.5", "£5.5").encode("cp1252"),
        in_users(3, "points", "bad-encoding"),
    )
    yield users(
        "a heading in cp1252",
        USERS.replace("area", "ar£a").encode("cp1252"),
        in_users(1, "", "bad-encoding"),
    )
    yield users(
        "UTF-8 and cp1252 mixed",
        USERS.replace("South", "Sø").encode().replace(b"North", b"N\xf8", 1),
        in_users(2, "area", "bad-encoding"),
    )
    yield users(
        "a damaged pound sign",
        USERS.replace("South", "Â£100 a week"),
        warnings=(in_users(3, "area", "mojibake"),),
    )


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


def identifiers() -> Iterator[Case]:
    for cell, code in IDS.items():
        shown = cell.encode("unicode_escape").decode()
        text = USERS + f"{cell},1,North\n"
        yield users(f"a user is called {shown!r}", text, in_users(5, "user_id", code))
        text = PACKAGES + f"C3,{cell},1,0.1\n"
        yield packages(f"a package is called {shown!r}", text, in_packages(6, "package_id", code))
    quoted = ['"' + identifier.replace('"', '""') + '"' for identifier in AWKWARD_IDS]
    yield case(
        "awkward identifiers",
        {
            "users.csv": "user_id,points\n" + "".join(f"{q},1\n" for q in quoted),
            "packages.csv": "user_id,package_id,cost,met_need\n"
            + "".join(f"{q},{q},1,1\n" for q in quoted),
        },
    )
    yield users("a user stands twice", USERS + "A1,1,x\n", in_users(5, "user_id", "duplicate-user"))
    yield users(
        "a user stands three times",
        USERS + "A1,1,North\nA1,1,North\n",
        in_users(5, "user_id", "duplicate-user"),
        in_users(6, "user_id", "duplicate-user"),
    )
    yield packages(
        "a package stands twice",
        PACKAGES + "A1,home,1,1\n",
        in_packages(6, "package_id", "duplicate-package"),
    )
    yield packages(
        "a stranger has a package",
        PACKAGES + "D4,home,1,1\n",
        in_packages(6, "user_id", "unknown-user"),
    )
    yield packages(
        "a user is written small",
        PACKAGES + "a1,bed,1,1\n",
        in_packages(6, "user_id", "unknown-user"),
    )


def look_alikes() -> Iterator[Case]:
    both = "user_id,package_id,cost,met_need\n{0},home,1,1\n{1},home,1,1\n"
    pairs = {
        "case": ("Ann", "ann", "look-alike"),
        "composition": ("Zo\u00eb", "Zoe\u0308", "same-letters"),
        "script": ("AB", "\u0410B", "look-alike"),
        "width": ("A1", "\uff211", "look-alike"),
        "spaces": ("A B", "A\u00a0B", "look-alike"),
    }
    for what, (one, other, code) in pairs.items():
        found = in_users(3, "user_id", code)
        yield case(
            f"two users differ by {what}",
            {
                "users.csv": f"user_id,points\n{one},1\n{other},1\n",
                "packages.csv": both.format(one, other),
            },
            *((found,) if code == "same-letters" else ()),
            warnings=(found,) if code == "look-alike" else (),
        )
    yield case(
        "the menus compose a letter otherwise",
        {
            "users.csv": "user_id,points\nZo\u00eb,1\n",
            "packages.csv": "user_id,package_id,cost,met_need\nZoe\u0308,home,1,1\n",
        },
        in_packages(2, "user_id", "unknown-user"),
    )
    yield case(
        "the menus lost a zero",
        {
            "users.csv": "user_id,points\n007,1\n",
            "packages.csv": "user_id,package_id,cost,met_need\n7,home,1,1\n",
        },
        in_packages(2, "user_id", "unknown-user"),
    )


def needs() -> Iterator[Case]:
    stated = "user_id,points,need,basic_need\nA1,1,3,1\nB2,1,4,4\nC3,1,1,1\n"
    yield users("needs are stated", stated)
    yield users(
        "a package meets more than the need",
        stated.replace("A1,1,3", "A1,1,2.999"),
        in_packages(2, "met_need", "above-need"),
    )
    yield users(
        "basic need is more than need",
        stated.replace("B2,1,4,4", "B2,1,4,4.001"),
        in_users(3, "basic_need", "basic-above-need"),
    )
    menu = "user_id,package_id,cost,met_need,basic_met_need,paid_nhs\n"
    yield packages(
        "more basic need than need is met",
        menu + "A1,a,1,2,2.5,0\nB2,a,1,2,2,0\nC3,a,1,2,0,3.50\n",
        in_packages(2, "basic_met_need", "basic-above-met"),
    )
    yield packages(
        "another payer's amount is no number",
        menu + "A1,a,1,2,2,0\nB2,a,1,2,2,x\nC3,a,1,2,0,3.50\n",
        in_packages(3, "paid_nhs", "not-a-number"),
    )
    yield users(
        "everyone has 0 points",
        "user_id,points\nA1,0\nB2,0\nC3,0.000\n",
        warnings=(in_users(0, "points", "zero-points"),),
    )
    yield users(
        "a user has no package",
        USERS + "D4,1,North\n",
        warnings=(in_users(5, "user_id", "no-package"),),
    )
    yield users(
        "an area is blank",
        USERS.replace("B2,5.5,South", "B2,5.5,"),
        warnings=(in_users(0, "area", "no-group"),),
    )
    yield users(
        "an area has a space behind it",
        USERS.replace("South", "North "),
        in_users(3, "area", "spaces"),
    )
    yield users(
        "two areas differ by a capital letter",
        USERS.replace("South", "north"),
        warnings=(in_users(3, "area", "look-alike"),),
    )
    yield packages(
        "numbers are too large together",
        PACKAGES.replace("10.50,3", "900000000000,900000000000"),
        in_packages(0, "", "numbers-too-large"),
    )


def catalogues() -> Iterator[Case]:
    base = "area,package_id,cost,met_need\nNorth,home,10,2\n,day,5,1\nSouth,home,12,2.5\n"

    def catalogue(name: str, text: str, *found: tuple[int, str, str], warn: bool = False) -> Case:
        places = tuple(("catalogue.csv", *place) for place in found)
        files = {"packages.csv": None, "catalogue.csv": text}
        return case(name, files, *(() if warn else places), warnings=places if warn else ())

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
    yield case(
        "a share above 1",
        {
            "packages.csv": None,
            "users.csv": "user_id,points,need\nA1,1,1\n",
            "catalogue.csv": "package_id,cost,share_of_need\nhome,1,1.5\nday,1,60%\n",
        },
        ("catalogue.csv", 2, "share_of_need", "too-large"),
        ("catalogue.csv", 3, "share_of_need", "percent"),
    )
    yield case(
        "menus and a catalogue", {"catalogue.csv": base}, ("catalogue.csv", 0, "", "two-menus")
    )
    yield case(
        "nobody has both values",
        {
            "packages.csv": None,
            "users.csv": "user_id,points,area,band\nA1,1,North,x\nB2,1,South,y\n",
            "catalogue.csv": "area,band,package_id,cost,met_need\n*,*,day,1,1\nNorth,y,home,1,1\n",
        },
        warnings=(("catalogue.csv", 3, "package_id", "unused-row"),),
    )


def previous() -> Iterator[Case]:
    def now(name: str, text: str, *found: tuple[int, str, str]) -> Case:
        places = tuple(("previous.csv", *place) for place in found)
        return case(name, {"previous.csv": text}, *places)

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


def scenarios() -> Iterator[Case]:
    def with_line(name: str, line: str, *found: Place) -> Case:
        return scenario(name, SCENARIO + line + "\n", *found)

    def without(key: str) -> str:
        return "".join(
            line for line in SCENARIO.splitlines(keepends=True) if not line.startswith(key)
        )

    for key in ("schema_version", "name", "budget"):
        yield scenario(f"no {key}", without(key), in_scenario(0, key, "missing-key"))
    yield with_line("an unknown key", "bugdet = 5", in_scenario(4, "bugdet", "unknown-key"))
    yield scenario(
        "a later format",
        SCENARIO.replace("= 1", "= 99"),
        in_scenario(1, "schema_version", "newer-version"),
    )
    yield scenario(
        "a version as text",
        SCENARIO.replace("= 1", '= "1"', 1),
        in_scenario(1, "schema_version", "bad-value"),
    )
    for name in ("../up", "/etc/x", "CON", "a/b", "", "x" * 5000, "\\u202Ea", "com1.txt"):
        text = SCENARIO.replace("small", name)
        yield scenario(f"it is called {name[:8]!r}", text, in_scenario(2, "name", "bad-value"))
    for value in (
        "-5",
        "nan",
        "inf",
        "true",
        '"5 GBP"',
        "1e13",
        "1e-999999999",
        "[1]",
        "5.005",
        "2024-01-01",
    ):
        text = SCENARIO.replace("100.00", value)
        yield scenario(f"a budget of {value}", text, in_scenario(3, "budget", "bad-value"))
    yield with_line(
        "a choice that is none", 'packages = "hole"', in_scenario(4, "packages", "bad-value")
    )
    yield with_line(
        "more overheads than money", "overheads = 200", in_scenario(0, "top_slice", "bad-value")
    )
    yield with_line(
        "a group that is none", 'groups = ["aera"]', in_scenario(0, "groups", "unknown-group")
    )
    yield with_line("groups as text", 'groups = "area"', in_scenario(4, "groups", "bad-value"))
    yield with_line("a key twice", "budget = 5", in_scenario(4, "", "bad-toml"))
    yield with_line("no TOML", "budget == 5", in_scenario(4, "", "bad-toml"))
    yield with_line(
        "a rule that is no table", "[rules]\nx = 3", in_scenario(4, "rules.x", "bad-value")
    )
    yield with_line(
        "an outsize option", "[rules.x]\ny = 1e-99999999", in_scenario(4, "rules.x.y", "bad-value")
    )
    yield scenario(
        "an empty scenario",
        "",
        *(in_scenario(0, k, "missing-key") for k in ("budget", "name", "schema_version")),
    )
    yield scenario(
        "not UTF-8",
        SCENARIO.replace("small", "£").encode("cp1252"),
        in_scenario(2, "", "bad-encoding"),
    )
    yield scenario("deep nesting", "a = " + "[" * 100_000, in_scenario(0, "", "bad-toml"))
    yield scenario("a long number", "a = " + "1" * 5000, in_scenario(0, "", "bad-toml"))
    yield scenario("too large", "#" * (2 * 1024**2), in_scenario(0, "", "too-large-file"))
    yield scenario("a mark and Windows line ends", ("\ufeff" + SCENARIO).replace("\n", "\r\n"))
    yield scenario(
        "several faults",
        'schema_version = 1\nname = "../up"\nbudget = -1\npackage = "whole"\nchoice = "none"\n',
        in_scenario(2, "name", "bad-value"),
        in_scenario(3, "budget", "bad-value"),
        in_scenario(4, "package", "unknown-key"),
        in_scenario(5, "choice", "bad-value"),
    )


def folders() -> Iterator[Case]:
    yield case("no scenario", {"scenario.toml": None}, in_scenario(0, "", "missing-file"))
    yield case("no users", {"users.csv": None}, in_users(0, "", "missing-file"))
    yield case("no menus", {"packages.csv": None}, in_packages(0, "", "missing-file"))
    for name in ("user.csv", "Users.csv", "users.xlsx", "users.txt"):
        files = {"users.csv": None, name: USERS}
        yield case(f"users are in {name}", files, (name, 0, "", "misnamed-file"))
    yield case(
        "previous is misspelt", {"previos.csv": "x"}, ("previos.csv", 0, "", "misnamed-file")
    )
    yield case(
        "users and user", {"user.csv": USERS}, warnings=(("user.csv", 0, "", "misnamed-file"),)
    )
    yield case(
        "a table of later", {"services.csv": "x"}, warnings=(("services.csv", 0, "", "not-read"),)
    )
    yield case("other files", {"README.md": "x", "notes.csv": "x", "users.xlsx": b"PK"})
    yield case("both forms", {"users.parquet": b"PAR1"}, ("users.parquet", 0, "", "two-forms"))
    for name, data in {
        "cut off": b"PAR1\x15\x04",
        "a pickle": b"\x80\x04\x95\x00\x00cos\nsystem\n.",
        "CSV": USERS.encode(),
        "empty": b"",
        "only the marks": b"PAR1" + b"\0" * 20 + b"PAR1",
    }.items():
        files = {"users.csv": None, "users.parquet": data}
        yield case(f"users.parquet is {name}", files, ("users.parquet", 0, "", "not-parquet"))


CASES: tuple[Case, ...] = (
    case("a sound instance", {}),
    *bad_numbers(),
    *good_numbers(),
    *headings(),
    *form(),
    *encodings(),
    *identifiers(),
    *look_alikes(),
    *needs(),
    *catalogues(),
    *previous(),
    *scenarios(),
    *folders(),
)
