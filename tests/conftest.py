"""How thorough the run is: some checks take the first few of many instances unless told."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough",
        action="store_true",
        help="hold whole packages against HiGHS on thousands of instances of 25 to 40 users "
        "instead of a hundred: takes about ten minutes",
    )


def pytest_report_header(config: pytest.Config) -> str:
    if config.getoption("thorough"):
        return "thorough: all instances against HiGHS"
    return "quick: a part of the instances against HiGHS; all of them with --thorough"
