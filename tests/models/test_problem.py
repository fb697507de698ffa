import numpy as np

from metneed.models.columns import Labels
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.settings import Settings


def test_a_problem_is_what_its_instance_states(instance: Instance) -> None:
    problem = Problem.of(instance)
    scenario = instance.scenario

    assert (problem.budget, problem.allocable) == (1_500, 1_200)
    assert problem.users is instance.users
    assert problem.menus is instance.menus
    assert problem.previous is instance.previous
    assert problem.package_ids is instance.package_ids
    for name in ("packages", "choice", "leftover", "units", "seed"):
        assert getattr(problem, name) == getattr(scenario, name)


def test_how_to_run_is_no_part_of_the_instance(instance: Instance) -> None:
    settings = Settings(time_limit=1)

    assert Problem.of(instance, settings).settings is settings
    assert Problem.of(instance).settings == Settings()


def test_another_budget_is_another_problem_with_the_same_menus(problem: Problem) -> None:
    richer = problem.replace(allocable=2_000)

    assert richer.allocable == 2_000
    assert problem.allocable == 1_200
    assert richer.menus is problem.menus


def test_a_subset_has_users_menus_and_today_s_packages_of_the_same_people(
    problem: Problem,
) -> None:
    part = problem.subset(np.array([2]))

    assert part.users.ids.tolist() == ["é"]
    assert part.menus.cost.tolist() == [400, 800]
    assert part.previous is not None
    assert part.previous.package_ids.tolist() == ["b"]
    assert part.allocable == problem.allocable


def test_a_subset_of_a_problem_without_today_s_packages_has_none(problem: Problem) -> None:
    assert problem.replace(previous=None).subset(np.array([0])).previous is None


def test_a_subset_has_identifiers_forms_and_payers_of_the_packages_of_the_same_people(
    problem: Problem,
) -> None:
    forms = Labels(np.array([0, 0, 1, 0, 1, 1, 1, 0]), ("direct", "home"))
    noted = problem.replace(forms=forms, paid={"nhs": np.arange(8)})
    part = noted.subset(np.array([2, 0]))

    assert part.package_ids is not None
    assert part.package_ids.text().tolist() == ["a", "b", "a", "b", "c"]
    assert part.forms is not None
    assert part.forms.text().tolist() == ["home", "direct", "direct", "direct", "home"]
    assert part.paid is not None
    assert part.paid["nhs"].tolist() == [6, 7, 0, 1, 2]
    assert problem.subset(np.array([2])).forms is problem.subset(np.array([2])).paid is None
