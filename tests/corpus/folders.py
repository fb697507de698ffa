"""Scenarios, and the files of a folder.

The helpers come from `small`, which is base.py.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any


def with_line(
    small: SimpleNamespace, name: str, line: str, *found: tuple[str, int, str, str]
) -> Any:
    return small.scenario(name, small.SCENARIO + line + "\n", *found)


def keys(small: SimpleNamespace) -> Iterator[Any]:
    def without(key: str) -> str:
        return "".join(
            line for line in small.SCENARIO.splitlines(keepends=True) if not line.startswith(key)
        )

    for key in ("schema_version", "name", "budget"):
        yield small.scenario(f"no {key}", without(key), small.in_scenario(0, key, "missing-key"))
    yield with_line(
        small, "an unknown key", "bugdet = 5", small.in_scenario(4, "bugdet", "unknown-key")
    )
    yield small.scenario(
        "a later format",
        small.SCENARIO.replace("= 1", "= 99"),
        small.in_scenario(1, "schema_version", "newer-version"),
    )
    yield small.scenario(
        "a version as text",
        small.SCENARIO.replace("= 1", '= "1"', 1),
        small.in_scenario(1, "schema_version", "bad-value"),
    )
    for name in ("../up", "/etc/x", "CON", "a/b", "", "x" * 5000, "\\u202Ea", "com1.txt"):
        text = small.SCENARIO.replace("small", name)
        yield small.scenario(
            f"it is called {name[:8]!r}", text, small.in_scenario(2, "name", "bad-value")
        )
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
        text = small.SCENARIO.replace("100.00", value)
        yield small.scenario(
            f"a budget of {value}", text, small.in_scenario(3, "budget", "bad-value")
        )


def choices(small: SimpleNamespace) -> Iterator[Any]:
    yield with_line(
        small,
        "a choice that is none",
        'packages = "hole"',
        small.in_scenario(4, "packages", "bad-value"),
    )
    yield with_line(
        small,
        "more overheads than money",
        "overheads = 200",
        small.in_scenario(0, "top_slice", "bad-value"),
    )
    yield with_line(
        small,
        "a group that is none",
        'groups = ["aera"]',
        small.in_scenario(0, "groups", "unknown-group"),
    )
    yield with_line(
        small, "groups as text", 'groups = "area"', small.in_scenario(4, "groups", "bad-value")
    )
    yield with_line(small, "a key twice", "budget = 5", small.in_scenario(4, "", "bad-toml"))
    yield with_line(small, "no TOML", "budget == 5", small.in_scenario(4, "", "bad-toml"))
    yield with_line(
        small,
        "a rule that is no table",
        "[rules]\nx = 3",
        small.in_scenario(4, "rules.x", "bad-value"),
    )
    yield with_line(
        small,
        "an outsize option",
        "[rules.x]\ny = 1e-99999999",
        small.in_scenario(4, "rules.x.y", "bad-value"),
    )


def texts(small: SimpleNamespace) -> Iterator[Any]:
    yield small.scenario(
        "an empty scenario",
        "",
        *(small.in_scenario(0, k, "missing-key") for k in ("budget", "name", "schema_version")),
    )
    yield small.scenario(
        "not UTF-8",
        small.SCENARIO.replace("small", "£").encode("cp1252"),
        small.in_scenario(2, "", "bad-encoding"),
    )
    yield small.scenario(
        "deep nesting", "a = " + "[" * 100_000, small.in_scenario(0, "", "bad-toml")
    )
    yield small.scenario("a long number", "a = " + "1" * 5000, small.in_scenario(0, "", "bad-toml"))
    yield small.scenario(
        "too large", "#" * (2 * 1024**2), small.in_scenario(0, "", "too-large-file")
    )
    yield small.scenario(
        "a mark and Windows line ends", ("\ufeff" + small.SCENARIO).replace("\n", "\r\n")
    )
    yield small.scenario(
        "several faults",
        'schema_version = 1\nname = "../up"\nbudget = -1\npackage = "whole"\nchoice = "none"\n',
        small.in_scenario(2, "name", "bad-value"),
        small.in_scenario(3, "budget", "bad-value"),
        small.in_scenario(4, "package", "unknown-key"),
        small.in_scenario(5, "choice", "bad-value"),
    )


def folders(small: SimpleNamespace) -> Iterator[Any]:
    yield small.case(
        "no scenario", {"scenario.toml": None}, small.in_scenario(0, "", "missing-file")
    )
    yield small.case("no users", {"users.csv": None}, small.in_users(0, "", "missing-file"))
    yield small.case("no menus", {"packages.csv": None}, small.in_packages(0, "", "missing-file"))
    for name in ("user.csv", "Users.csv", "users.xlsx", "users.txt"):
        files = {"users.csv": None, name: small.USERS}
        yield small.case(f"users are in {name}", files, (name, 0, "", "misnamed-file"))
    yield small.case(
        "previous is misspelt", {"previos.csv": "x"}, ("previos.csv", 0, "", "misnamed-file")
    )
    yield small.case(
        "users and user",
        {"user.csv": small.USERS},
        warnings=(("user.csv", 0, "", "misnamed-file"),),
    )
    yield small.case(
        "a table of later", {"response.csv": "x"}, warnings=(("response.csv", 0, "", "not-read"),)
    )
    yield small.case("other files", {"README.md": "x", "notes.csv": "x", "users.xlsx": b"PK"})
    yield small.case(
        "both forms", {"users.parquet": b"PAR1"}, ("users.parquet", 0, "", "two-forms")
    )
    for name, data in {
        "cut off": b"PAR1\x15\x04",
        "a pickle": b"\x80\x04\x95\x00\x00cos\nsystem\n.",
        "CSV": small.USERS.encode(),
        "empty": b"",
        "only the marks": b"PAR1" + b"\0" * 20 + b"PAR1",
    }.items():
        files = {"users.csv": None, "users.parquet": data}
        yield small.case(f"users.parquet is {name}", files, ("users.parquet", 0, "", "not-parquet"))


def cases(small: SimpleNamespace) -> Iterator[Any]:
    yield from keys(small)
    yield from choices(small)
    yield from texts(small)
    yield from folders(small)
