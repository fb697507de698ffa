from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metneed.models.account import Awards
from metneed.models.allocation import Infeasible
from metneed.models.arrays import IntArray, frozen
from metneed.models.columns import Numbers
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.solver.money.settlement import MILLION, Amounts, Settlement, settle
from metneed.solver.purchase import buy

from ..conftest import make_problem


@pytest.fixture
def three() -> Problem:
    """Three users with packages of 40 and 100, 60 and 200, 300; 600 pounds."""
    return make_problem([0, 2, 4, 5], [40, 100, 60, 200, 300], [2, 4, 3, 8, 10], 600)


def amounts(*money: int, excluded: tuple[int, ...] = ()) -> Amounts:
    out = np.isin(np.arange(len(money)), excluded)
    reasons = np.where(out, "not eligible", "").astype(object)
    return Amounts(frozen(money), frozen(out, np.bool_), reasons)


def settled(problem: Problem, given: Amounts, **options: object) -> Awards:
    found = settle(problem, given, Settlement.model_validate(options))
    assert isinstance(found, Awards), found
    return found


def lines(found: Awards) -> dict[str, object]:
    return {line.name: line.value for line in found.account.lines}


def column(problem: Problem, *values: int) -> Problem:
    held = Numbers(frozen(values), 0, np.ones(len(values), dtype=np.bool_))
    return problem.replace(users=replace(problem.users, numbers={"x": held}))


def test_amounts_that_the_money_pays_for_are_awards_as_they_are(three: Problem) -> None:
    found = settled(three, amounts(100, 200, 300), affordability="none")

    assert found.amount.tolist() == [100, 200, 300]


def test_amounts_beyond_the_money_are_a_funding_gap(three: Problem) -> None:
    found = settle(three, amounts(100, 300, 300), Settlement(affordability="none"))

    assert isinstance(found, Infeasible)
    assert (found.shortfall, found.users) == (100, 3)
    assert "a funding gap of £100" in found.reason


def test_totals_scale_awards_so_that_they_add_up_to_the_penny(three: Problem) -> None:
    found = settled(three, amounts(100, 200, 601), affordability="totals")

    # 600 x 100/901, 200/901 and 601/901: 66.6, 133.2 and 400.2.
    assert found.amount.tolist() == [67, 133, 400]


def test_final_spend_scales_by_what_awards_buy_and_not_by_dividing_totals(three: Problem) -> None:
    # Totals 60 + 150 + 300 = 510 fit 400 at 0.784: 47, 117 and 235, which buy 40 + 60 + 0.
    problem = three.replace(allocable=400)
    divided = settled(problem, amounts(60, 150, 300), affordability="totals")
    found = settled(problem, amounts(60, 150, 300))

    assert buy(problem, divided.amount).total_cost == 100
    # From 1.0 the third can buy 300; with 40 and 60 that is 400. At 4/3 the second could buy 200.
    assert buy(problem, found.amount).total_cost == 400
    assert found.amount.sum() > 400
    assert found.account.by_purchase
    assert lines(found)["expected final spend"] == 400


def test_nobody_gets_more_than_buys_the_best_there_is_where_money_is_plenty(three: Problem) -> None:
    found = settled(three.replace(allocable=10_000), amounts(100, 100, 100))

    # The third needs three times 100, and that ends it.
    assert found.amount.tolist() == [300, 300, 300]
    assert lines(found)["every amount times"] == 3.0


def test_the_scale_is_the_greatest_number_of_millionths_that_the_money_pays_for(
    three: Problem,
) -> None:
    @given(st.lists(st.integers(1, 400), min_size=3, max_size=3), st.integers(0, 600))
    def holds(money: list[int], allocable: int) -> None:
        problem = three.replace(allocable=allocable)
        found = settled(problem, amounts(*money))
        scale = round(float(str(lines(found)["every amount times"])) * MILLION)

        def cost(times: int) -> int:
            return buy(problem, frozen(np.array(money) * times // MILLION)).total_cost

        assert cost(scale) <= allocable
        assert cost(scale + 1) > allocable or cost(scale + 1) == cost(1000 * MILLION)

    holds()


def test_each_factor_is_shown_in_pounds_in_the_order_given(three: Problem) -> None:
    rows = [{"name": "inflation", "factor": "1.04"}, {"name": "deflator", "factor": "0.9"}]
    found = settled(three, amounts(100, 200, 300), adjustments=rows, affordability="none")

    assert [line.name for line in found.account.lines[:3]] == [
        "amounts together",
        "inflation",
        "deflator",
    ]
    # 104, 208, 312; then 93.6, 187.2 and 280.8, each rounded down.
    assert [line.value for line in found.account.lines[:3]] == [600, 24, -64]
    assert found.amount.tolist() == [93, 187, 280]
    columns = {name: values.tolist() for name, (values, _) in found.account.columns.items()}
    assert columns["after inflation"] == [104, 208, 312]
    assert columns["after deflator"] == [93, 187, 280]


def test_the_order_of_factors_matters_by_their_rounding(three: Problem) -> None:
    rows = [{"name": "deflator", "factor": "0.5"}, {"name": "sustainability", "factor": "1.5"}]
    one = settled(three, amounts(101, 1, 1), adjustments=rows, affordability="none")
    other = settled(three, amounts(101, 1, 1), adjustments=rows[::-1], affordability="none")

    assert one.amount.tolist() == [75, 0, 0]  # 50.5, 50; 75
    assert other.amount.tolist() == [75, 0, 0]  # 151.5, 151; 75.5
    assert [line.value for line in one.account.lines[1:3]] == [-53, 25]
    assert [line.value for line in other.account.lines[1:3]] == [50, -78]


def test_what_a_contingency_takes_is_kept_in_reserve(three: Problem) -> None:
    rows = [{"name": "contingency", "factor": "0.95"}]
    found = settled(three, amounts(100, 200, 300), adjustments=rows, affordability="totals")

    assert found.account.reserve == 30
    assert found.amount.sum() == 570


def test_a_contingency_cannot_raise_awards(three: Problem) -> None:
    with pytest.raises(OptionError, match=r"a contingency of factor 1\.05 would raise awards"):
        settled(three, amounts(1, 1, 1), adjustments=[{"name": "contingency", "factor": "1.05"}])


def test_a_factor_that_stands_twice_is_refused(three: Problem) -> None:
    rows = [{"name": "inflation", "factor": "1.04"}] * 2
    with pytest.raises(OptionError, match="inflation, inflation: each may stand there once"):
        settled(three, amounts(1, 1, 1), adjustments=rows)


def test_expected_overrides_are_kept_in_reserve_and_leave_less_for_awards(three: Problem) -> None:
    plain = settled(three, amounts(100, 200, 300), affordability="totals")
    found = settled(
        three,
        amounts(100, 200, 300),
        affordability="totals",
        overrides_share="0.1",
        overrides_uplift="0.5",
    )

    # 600 / 1.05 = 571.4; a twentieth of 571 is 28.55, rounded up.
    assert plain.amount.sum() == 600
    assert found.amount.sum() == 571
    assert found.account.reserve == 29
    more = settled(
        three,
        amounts(100, 200, 300),
        affordability="totals",
        overrides_share="0.1",
        overrides_uplift="1",
    )
    assert more.account.reserve > 29


def test_final_spend_counts_the_overrides_of_a_panel(three: Problem) -> None:
    problem = three.replace(allocable=400)
    found = settled(problem, amounts(60, 150, 300), overrides_share="1", overrides_uplift="0.5")

    # At 1.0 they buy 400 and a panel adds 255: too much. Below it the third buys nothing.
    spent = buy(problem, found.amount).total_cost
    assert spent < 400
    assert spent + found.account.reserve <= 400


def test_a_cap_binds_all_but_named_exceptions_and_is_shown_in_pounds(three: Problem) -> None:
    found = settled(three, amounts(100, 200, 300), affordability="none", cap="150")
    spared = settled(
        three, amounts(100, 200, 300), affordability="none", cap="150", cap_exceptions=["u3"]
    )

    assert found.amount.tolist() == [100, 150, 150]
    assert lines(found)["taken off by the cap"] == -200
    assert found.account.reasons is not None
    assert found.account.reasons.text().tolist() == ["", "held at the cap", "held at the cap"]
    assert spared.amount.tolist() == [100, 150, 300]


def test_an_exception_that_nobody_is_is_refused(three: Problem) -> None:
    options = Settlement.model_validate({"cap": "1", "cap_exceptions": ["u9"]})
    with pytest.raises(OptionError, match="cap_exceptions: there is no user called 'u9'"):
        options.check(three)


def test_a_high_cost_add_on_goes_to_those_whose_amount_is_high_enough(three: Problem) -> None:
    problem = column(three, 7, 7, 7)
    found = settled(
        problem, amounts(100, 150, 300), affordability="none", add_on="x", add_on_from="150"
    )
    everyone = settled(problem, amounts(100, 150, 300), affordability="none", add_on="x")

    assert found.amount.tolist() == [100, 157, 307]
    assert lines(found)["high-cost add-on"] == 14
    assert everyone.amount.tolist() == [107, 157, 307]


def test_what_people_pay_is_taken_off_the_award_and_never_more_than_it(three: Problem) -> None:
    found = settled(
        column(three, 30, 500, 0), amounts(100, 200, 300), affordability="none", contribution="x"
    )

    assert found.amount.tolist() == [70, 0, 300]
    assert lines(found)["taken off for what people pay"] == -230
    assert found.account.reasons is not None
    assert found.account.reasons.text().tolist()[1] == "what the user pays covers it"


def test_charges_leave_more_for_the_scale(three: Problem) -> None:
    problem = column(three, 10, 10, 10).replace(allocable=300, packages="divisible")
    without = settled(problem, amounts(100, 200, 300))
    charged = settled(problem, amounts(100, 200, 300), contribution="x")

    scale = "every amount times"
    assert float(str(lines(without)[scale])) == pytest.approx(0.5, abs=0.005)
    assert float(str(lines(charged)[scale])) == pytest.approx(0.55, abs=0.005)


def test_who_is_excluded_gets_nothing_and_keeps_the_reason(three: Problem) -> None:
    found = settled(three, amounts(100, 200, 300, excluded=(1,)), affordability="none")

    assert found.amount.tolist() == [100, 0, 300]
    assert found.account.reasons is not None
    assert found.account.reasons.text().tolist() == ["", "not eligible", ""]


@given(
    money=st.lists(st.integers(0, 10**9), min_size=3, max_size=3),
    allocable=st.integers(0, 10**9),
    how=st.sampled_from(["final_spend", "totals"]),
)
def test_what_is_bought_and_kept_is_never_more_than_there_is(
    money: list[int], allocable: int, how: str
) -> None:
    costs: IntArray = np.array([40, 100, 60, 200, 300]) * 10**6
    problem = make_problem([0, 2, 4, 5], costs.tolist(), [2, 4, 3, 8, 10], allocable)
    found = settle(
        problem,
        amounts(*money),
        Settlement.model_validate(
            {
                "affordability": how,
                "adjustments": [{"name": "contingency", "factor": "0.9"}],
                "overrides_share": "0.2",
                "overrides_uplift": "0.3",
            }
        ),
    )

    assert isinstance(found, Awards)
    assert buy(problem, found.amount).total_cost + found.account.reserve <= allocable


@given(
    money=st.lists(st.integers(0, 400), min_size=3, max_size=3),
    off=st.lists(st.integers(0, 50), min_size=3, max_size=3),
    cap=st.one_of(st.none(), st.integers(0, 400)),
    allocable=st.integers(0, 600),
    packages=st.sampled_from(["whole", "divisible"]),
)
def test_the_expected_final_spend_is_what_the_awards_really_buy(
    money: list[int], off: list[int], cap: int | None, allocable: int, packages: str
) -> None:
    problem = make_problem(
        [0, 3, 5, 6], [0, 40, 100, 60, 200, 300], [1, 2, 4, 3, 8, 10], allocable
    ).replace(packages=packages)
    options = {"contribution": "x"} | ({} if cap is None else {"cap": str(cap)})
    problem = column(problem, *off)
    found = settled(problem, amounts(*money), **options)

    spent = buy(problem, found.amount).total_cost
    assert lines(found)["expected final spend"] == spent
    assert spent <= allocable
