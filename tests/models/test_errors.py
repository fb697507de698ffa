import re

import pytest

from metneed.models import errors
from metneed.models.errors import (
    BrokenAllocationError,
    InputError,
    MetNeedError,
    MissingExtraError,
    NumbersTooLargeError,
    OptionError,
    OutputError,
    SolverError,
    UnknownNameError,
)
from metneed.models.findings import Finding, Findings

BUILT_INS = {
    InputError: ValueError,
    OptionError: ValueError,
    UnknownNameError: KeyError,
    NumbersTooLargeError: OverflowError,
    MissingExtraError: ImportError,
    SolverError: RuntimeError,
    OutputError: OSError,
    BrokenAllocationError: AssertionError,
}


@pytest.mark.parametrize(("error", "built_in"), BUILT_INS.items())
def test_every_error_is_ours_and_the_built_in_that_fits(
    error: type[Exception], built_in: type[Exception]
) -> None:
    assert issubclass(error, MetNeedError)
    assert issubclass(error, built_in)


def test_the_drawing_of_the_tree_names_every_error() -> None:
    drawn = re.findall(r"^  (\w+Error) ", errors.__doc__ or "", re.MULTILINE)
    defined = [
        name
        for name, item in vars(errors).items()
        if isinstance(item, type) and issubclass(item, MetNeedError) and item is not MetNeedError
    ]

    assert sorted(drawn) == sorted(defined) == sorted(error.__name__ for error in BUILT_INS)


def test_an_input_error_carries_its_findings_and_their_summary() -> None:
    findings = Findings([Finding("users.csv", 2, "id", "", "no id", "Give one", "missing-id")])
    error = InputError(findings)

    assert error.findings is findings
    assert str(error) == findings.summary()


def test_an_unknown_name_is_answered_with_near_ones() -> None:
    error = UnknownNameError("rule", "equal_mony", ["equal_money", "equal_cut", "current"])

    assert str(error).startswith("there is no rule called 'equal_mony'; did you mean equal_money")


def test_where_no_name_is_near_all_are_listed() -> None:
    error = UnknownNameError("measure", "zzz", ["spent", "gini"])

    assert str(error) == "there is no measure called 'zzz'; known: gini, spent"


def test_a_missing_extra_says_how_to_install_it() -> None:
    assert str(MissingExtraError("reading Parquet files", "parquet")) == (
        "reading Parquet files needs the extra 'parquet': "
        "install it with  pip install 'metneed[parquet]'"
    )


@pytest.mark.parametrize(
    "error", [OptionError, NumbersTooLargeError, SolverError, OutputError, BrokenAllocationError]
)
def test_a_message_is_given_as_it_is(error: type[MetNeedError]) -> None:
    assert str(error("what to do")) == "what to do"
