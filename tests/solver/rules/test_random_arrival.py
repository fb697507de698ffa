import numpy as np
import pytest

from .claims_problem import awards, crowd, five, lines


def test_orders_of_arrival_are_all_orders_where_there_are_few() -> None:
    assert lines(five(50), "random_arrival")["orders of arrival"] == "all"
    assert awards(five(50), "random_arrival", seed=1) == awards(five(50), "random_arrival", seed=2)


def test_the_option_draws_says_how_many_orders_are_drawn() -> None:
    few, many = (lines(crowd(40), "random_arrival", draws=draws) for draws in (400, 40_000))

    assert (few["orders of arrival"], many["orders of arrival"]) == (400, 40_000)
    # A hundred times as many orders have a tenth of the error.
    error = "standard error of an award"
    assert many[error] == pytest.approx(float(few[error]) / 10, rel=0.5)


def test_at_least_two_circles_are_drawn_so_that_there_is_a_standard_error() -> None:
    assert lines(crowd(40), "random_arrival", draws=1)["orders of arrival"] == 80


def test_the_option_seed_draws_other_orders_and_the_scenario_gives_it_otherwise() -> None:
    problem = crowd(40).replace(seed=5)
    drawn = awards(problem, "random_arrival", draws=400)

    assert awards(problem, "random_arrival", draws=400, seed=5) == drawn
    assert awards(problem, "random_arrival", draws=400, seed=6) != drawn
    assert awards(problem.replace(seed=6), "random_arrival", draws=400) != drawn


def test_drawn_orders_come_within_a_few_standard_errors_of_one_another() -> None:
    problem = crowd(40)
    one, other = (np.array(awards(problem, "random_arrival", seed=seed)) for seed in (1, 2))
    error = float(lines(problem, "random_arrival", seed=1)["standard error of an award"])

    assert np.sqrt(np.mean((one - other) ** 2)) < 2 * np.sqrt(2) * max(error, 1)


def test_drawn_orders_do_not_depend_on_the_order_of_rows() -> None:
    problem = crowd(40)
    turned = awards(problem.subset(np.arange(40)[::-1]), "random_arrival", draws=400)
    straight = awards(problem, "random_arrival", draws=400)

    # The last penny goes by the order of rows.
    assert np.abs(np.array(turned[::-1]) - straight).max() <= 1
