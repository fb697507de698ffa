"""Workbooks with faults in their cells, each in both forms."""

import runpy
from pathlib import Path

BASE = runpy.run_path(str(Path(__file__).with_name("workbook_base.py")))
Formula = BASE["Formula"]
Error = BASE["Error"]
Date = BASE["Date"]
Page = BASE["Page"]
with_pages = BASE["with_pages"]
both = BASE["both"]
users_with = BASE["users_with"]
packages_with = BASE["packages_with"]
scenario_with = BASE["scenario_with"]
USERS = BASE["USERS"]
PACKAGES = BASE["PACKAGES"]
SCENARIO = BASE["SCENARIO"]
SOUND = BASE["SOUND"]
YES = True

CASES = [
    *both(
        "no headings",
        with_pages(users=USERS[1:]),
        ("users", 1, "", "no-headings", ""),
    ),
    *both(
        "a date with a time",
        users_with(3, 2, Date(45_000.5, "2023-03-15T12:00:00")),
        ("users", 3, "points", "date", "B3"),
    ),
    *both("sound", SOUND),
    *both("sound with other sheets", with_pages(Notes=[["checked by", "A. N. Other"]])),
    *both(
        "numeric identifiers",
        with_pages(
            users=[("user_id", "points"), (7, 1), ("8", 2)],
            packages=[PACKAGES[0], ("8", "home", 1, 1), (7, 4, 1, 1)],
        ),
        ("users", 2, "user_id", "wrong-type", "A2"),
        ("packages", 3, "user_id", "wrong-type", "A3"),
        ("packages", 3, "package_id", "wrong-type", "B3"),
    ),
    *both(
        "a yes for an identifier",
        users_with(2, 1, YES),
        ("users", 2, "user_id", "wrong-type", "A2"),
        ("packages", 2, "user_id", "unknown-user", "A2"),
        ("packages", 3, "user_id", "unknown-user", "A3"),
    ),
    *both("a yes for a number", users_with(2, 2, YES), ("users", 2, "points", "true-false", "B2")),
    *both("a date for points", users_with(3, 2, Date()), ("users", 3, "points", "date", "B3")),
    *both(
        "a date for an identifier",
        packages_with(4, 2, Date()),
        ("packages", 4, "package_id", "date", "B4"),
    ),
    *both(
        "a date among areas",
        users_with(3, 3, Date()),
        warnings=[("users", 3, "area", "date", "C3")],
    ),
    *both(
        "a column of dates",
        with_pages(users=[(*line, Date() if n else "since") for n, line in enumerate(USERS)]),
    ),
    *both(
        "an error for a number",
        packages_with(5, 3, Error()),
        ("packages", 5, "cost", "spreadsheet-error", "C5"),
    ),
    *both(
        "an error for an identifier",
        packages_with(3, 2, Error("#N/A")),
        ("packages", 3, "package_id", "spreadsheet-error", "B3"),
    ),
    *both(
        "an error in a heading",
        users_with(1, 3, Error("#NAME?")),
        ("users", 1, "", "spreadsheet-error", "C1"),
        ("users", 1, "", "blank-heading", "C1"),
    ),
    *both(
        "a formula without a result",
        packages_with(5, 3, Formula()),
        ("packages", 5, "cost", "no-result", "C5"),
    ),
    *both(
        "a formula without a result for an identifier",
        packages_with(5, 2, Formula()),
        ("packages", 5, "package_id", "no-result", "B5"),
    ),
    *both("formulas with results", packages_with(5, 3, Formula(4.25))),
    *both("a formula whose result is text", users_with(2, 3, Formula("West"))),
    *both(
        "a formula whose result is nothing",
        users_with(2, 3, Formula("")),
        warnings=[("users", 0, "area", "no-group", "C")],
    ),
    *both(
        "merged identifiers",
        with_pages(
            packages=Page(
                [
                    PACKAGES[0],
                    ("A1", "home", 1, 1),
                    ("", "day", 1, 1),
                    ("B2", "home", 1, 1),
                    ("C3", "home", 1, 1),
                ],
                merged=("A2:A3",),
            )
        ),
        ("packages", 2, "user_id", "merged", "A2"),
    ),
    *both(
        "a merged block of numbers",
        with_pages(
            packages=Page(
                [
                    PACKAGES[0],
                    ("A1", "home", 1, ""),
                    ("A1", "day", "", ""),
                    ("B2", "home", 1, 1),
                    ("C3", "home", 1, 1),
                ],
                merged=("C2:D3",),
            )
        ),
        ("packages", 2, "cost", "merged", "C2"),
    ),
    *both(
        "a section heading across the table",
        with_pages(
            packages=Page([*PACKAGES[:3], ("Team B", "", "", ""), *PACKAGES[3:]], merged=("A4:D4",))
        ),
        ("packages", 4, "user_id", "merged", "A4"),
    ),
    *both(
        "merged blocks that overlap",
        with_pages(packages=Page(PACKAGES, merged=("C2:D5", "C3:D4", "D2:D5"))),
        ("packages", 2, "cost", "merged", "C2"),
        ("packages", 2, "met_need", "merged", "D2"),
        ("packages", 3, "cost", "merged", "C3"),
    ),
    *both(
        "a hidden row and a hidden column",
        with_pages(users=Page(USERS, hidden_rows=(3,), hidden_columns=(2,))),
        warnings=[
            ("users", 0, "", "hidden-rows", ""),
            ("users", 0, "", "hidden-columns", ""),
        ],
    ),
    *both(
        "a hidden sheet that is read, and two that are not",
        with_pages(
            users=Page(USERS, hidden=True),
            old=Page([["x"]], hidden=True),
            older=Page([["x"]], hidden=True),
        ),
        warnings=[("users", 0, "", "hidden-sheet", ""), ("", 0, "", "hidden-sheet", "")],
    ),
    *both(
        "a title above the headings",
        with_pages(users=[["People who draw on care"], [], *USERS]),
        ("users", 0, "", "title-rows", ""),
    ),
    *both("nothing but headings", with_pages(users=USERS[:1]), ("users", 0, "", "no-rows", "")),
    *both("an empty sheet", with_pages(users=[[]]), ("users", 0, "", "empty", "")),
    *both(
        "a misnamed sheet",
        with_pages(users=None, Users=USERS),
        ("Users", 0, "", "misnamed-sheet", ""),
    ),
    *both(
        "a sheet nearly of the right name",
        with_pages(packages=None, package=PACKAGES),
        ("package", 0, "", "misnamed-sheet", ""),
    ),
    *both(
        "all sheets missing",
        {"Sheet1": Page([["x"]])},
        ("", 0, "", "missing-sheet", ""),
        ("", 0, "", "missing-sheet", ""),
        ("", 0, "", "missing-sheet", ""),
    ),
    *both(
        "a catalogue beside packages",
        with_pages(catalogue=[("package_id", "cost", "met_need"), ("all", 1, 0.1)]),
        ("catalogue", 0, "", "two-menus", ""),
    ),
    *both(
        "a table that is not read yet",
        with_pages(response=[("outcome", "severity")]),
        warnings=[("response", 0, "", "not-read", "")],
    ),
    *both(
        "a heading given twice",
        with_pages(users=[("user_id", "points", "points"), *(line[:2] for line in USERS[1:])]),
        ("users", 1, "points", "duplicate-column", "C1"),
    ),
    *both(
        "cells without a heading",
        with_pages(users=[USERS[0], (*USERS[1], "", "seen"), *USERS[2:]]),
        ("users", 1, "", "blank-heading", "E1"),
    ),
    *both(
        "an empty row in between",
        with_pages(users=[*USERS[:2], [], *USERS[2:]]),
        ("users", 3, "", "blank-row", "A3"),
    ),
    *both(
        "a misspelt heading",
        with_pages(users=[("user_id", "pionts", "area"), *USERS[1:]]),
        ("users", 1, "pionts", "misspelt-column", "B1"),
        warnings=[("users", 0, "points", "no-points", "")],
    ),
    *both(
        "a cost with too many decimals",
        packages_with(2, 3, 10.125),
        ("packages", 2, "cost", "too-many-decimals", "C2"),
    ),
    *both("a negative cost", packages_with(2, 3, -1), ("packages", 2, "cost", "negative", "C2")),
    *both("a cost as text", packages_with(2, 3, "£5"), ("packages", 2, "cost", "currency", "C2")),
    *both("numbers as text", packages_with(2, 3, "5.20")),
    *both(
        "a user who is nowhere",
        packages_with(3, 1, "A2"),
        ("packages", 3, "user_id", "unknown-user", "A3"),
    ),
    *both(
        "an unknown key",
        scenario_with(("buget", 1)),
        ("scenario", 5, "buget", "unknown-key", "B5"),
    ),
    *both(
        "a key given twice",
        scenario_with(("budget", 1)),
        ("scenario", 5, "key", "duplicate-key", "A5"),
    ),
    *both(
        "a key that cannot be used",
        scenario_with(("top_slice", 1.5)),
        ("scenario", 5, "top_slice", "bad-value", "B5"),
    ),
    *both(
        "a value without a key",
        scenario_with(("", "whole")),
        ("scenario", 5, "value", "blank-key", "B5"),
    ),
    *both(
        "a scenario without a budget",
        with_pages(scenario=SCENARIO[:3]),
        ("scenario", 0, "budget", "missing-key", ""),
    ),
    *both(
        "a group that there is not",
        scenario_with(("groups", "aera")),
        ("scenario", 5, "groups", "unknown-group", "B5"),
    ),
    *both(
        "a scenario without the column of values",
        with_pages(scenario=[("key", "amount"), *(line[:2] for line in SCENARIO[1:])]),
        ("scenario", 1, "value", "missing-column", ""),
        ("scenario", 0, "schema_version", "missing-key", ""),
        ("scenario", 0, "name", "missing-key", ""),
        ("scenario", 0, "budget", "missing-key", ""),
    ),
]
