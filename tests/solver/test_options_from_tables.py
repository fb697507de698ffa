"""Options that are made of rows are read from the small tables of an instance."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from pydantic import Field

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.errors import OptionError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.solver.option_words import option_words
from metneed.solver.rule import Options, Rule
from metneed.solver.solve import bind, bind_all, solve


class Row(Options):
    start: Decimal = Field(alias="from", ge=0)
    amount: Decimal = Field(ge=0, le=100)


class Banded(Options):
    bands: tuple[Row, ...] = Field(
        default=(), description="what is given", json_schema_extra={"table": "bands"}
    )
    share: Decimal = Field(default=Decimal(1), ge=0, description="of it")


def awards(problem: Problem, options: Banded) -> IntArray:
    return np.full(len(problem.users), int(options.bands[0].amount), dtype=np.int64)


RULE = Rule("banded", "so much for everyone", "money", awards, options=Banded)


@pytest.fixture
def instance(d3_instance: Instance) -> Instance:
    rows = ({"from": "0", "amount": "3"}, {"from": "10", "amount": "4.5"})
    return replace(d3_instance, tables={"bands": rows}, inputs={"bands.csv": "1f"})


def amounts(options: Options) -> Sequence[Decimal]:
    assert isinstance(options, Banded)
    return [row.amount for row in options.bands]


def test_an_option_that_is_left_out_is_read_from_the_table(instance: Instance) -> None:
    assert amounts(bind(RULE, {}, instance)) == [3, Decimal("4.5")]
    assert amounts(bind(RULE, {"share": "0.5"}, instance)) == [3, Decimal("4.5")]


def test_a_scenario_that_states_the_option_has_the_last_word(instance: Instance) -> None:
    stated = {"bands": [{"from": "0", "amount": "7"}]}

    assert amounts(bind(RULE, stated, instance)) == [7]
    assert amounts(bind(RULE, {"bands": []}, instance)) == []


def test_without_the_table_or_the_instance_the_default_stands(instance: Instance) -> None:
    assert amounts(bind(RULE, {}, replace(instance, tables={}))) == []
    assert amounts(bind(RULE, {})) == []


@pytest.mark.parametrize(
    ("inputs", "place"),
    [
        ({"users.csv": "", "bands.csv": ""}, "bands.csv"),
        ({"bands.parquet": ""}, "bands.parquet"),
        ({"council.xlsx": ""}, "sheet bands of council.xlsx"),
        ({}, "table bands"),
    ],
)
def test_a_fault_in_the_table_is_told_with_file_row_and_column(
    instance: Instance, inputs: dict[str, str], place: str
) -> None:
    rows = ({"from": "0", "amount": "3"}, {"from": "10", "amount": "450"})
    faulty = replace(instance, tables={"bands": rows}, inputs=inputs)
    with pytest.raises(OptionError) as caught:
        bind(RULE, {}, faulty)

    assert f"rule banded: {place}, row 3, column amount: input should be less than" in str(
        caught.value
    )
    assert "(given '450')" in str(caught.value)


def test_a_column_that_the_rule_needs_and_the_table_has_not_is_named(instance: Instance) -> None:
    faulty = replace(instance, tables={"bands": ({"from": "0"},)})
    with pytest.raises(OptionError, match=r"bands\.csv, row 2, column amount: it is missing"):
        bind(RULE, {}, faulty)


def test_a_fault_that_the_scenario_states_is_told_by_option(instance: Instance) -> None:
    with pytest.raises(
        OptionError, match=r"rule banded: bands, row 1, column amount: .*given '450'"
    ):
        bind(RULE, {"bands": [{"from": "0", "amount": "450"}]}, instance)


def test_of_many_faults_the_first_five_are_told_and_the_others_counted(
    instance: Instance,
) -> None:
    rows = tuple({"from": "0", "amount": "450"} for _ in range(9))
    with pytest.raises(OptionError) as caught:
        bind(RULE, {}, replace(instance, tables={"bands": rows}))

    assert str(caught.value).count("column amount") == 5
    assert "and 4 more faults" in str(caught.value)


def test_options_that_a_result_repeats_keep_the_headings_and_bind_again(
    instance: Instance,
) -> None:
    dumped = bind(RULE, {}, instance).model_dump(mode="json")

    assert dumped["bands"][1] == {"from": "10", "amount": "4.5"}
    assert bind(RULE, dumped) == bind(RULE, {}, instance)


def test_words_for_such_an_option_say_its_columns_and_its_table() -> None:
    words = {option.name: option for option in option_words(Banded)}

    assert words["bands"].takes == "rows of from, amount; left out, those of the table bands"
    assert words["bands"].default == ""


def test_rules_of_a_scenario_read_the_tables_too(instance: Instance) -> None:
    rows = ({"outcome": "eating", "severity": "1", "points": "2"},)
    held = replace(instance, tables={"points": rows})
    options = bind_all({}, ["points_proportional"], held)["points_proportional"]

    assert options.model_dump(mode="json")["points"] == [{**rows[0], "instrument": ""}]
    assert isinstance(solve(held, "points_proportional"), Allocation)
