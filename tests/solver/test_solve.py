from typing import Any

import numpy as np
import pytest

from metneed.models.allocation import Allocation, NotApplicable
from metneed.models.errors import BrokenAllocationError, OptionError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.solver.rule import Rule
from metneed.solver.rules import rule
from metneed.solver.solve import run, solve
from metneed.testing import check_rule, problems


def rule_of(run_it: Any, **changes: Any) -> Rule:
    return Rule(name="trial", title="a trial", family="money", run=run_it, **changes)


def test_an_instance_is_solved_by_the_name_of_a_rule(d3_instance: Instance) -> None:
    outcome = solve(d3_instance, "met_need_whole")

    assert isinstance(outcome, Allocation)
    assert outcome.total_met_need == 19
    assert outcome.certificate.is_optimal


def test_options_given_go_before_those_of_the_scenario(d3_instance: Instance) -> None:
    outcome = solve(d3_instance, "greatest_need", options={"by": "need"})

    assert isinstance(outcome, Allocation)
    assert outcome.total_met_need == 17
    with pytest.raises(OptionError, match="its options: by, take"):
        solve(d3_instance, "greatest_need", options={"bye": "need"})


def test_nobody_to_allocate_to_is_not_applicable(d3: Problem) -> None:
    nobody = d3.subset(np.array([], dtype=np.int64))

    assert run(rule_of(lambda problem, _: problem.users.points), nobody) == NotApplicable(
        "there are no users"
    )


def test_a_rule_that_breaks_its_contract_is_a_bug_with_a_name(d3: Problem) -> None:
    with pytest.raises(TypeError, match="trial must give one award a user"):
        run(rule_of(lambda *_: np.array([1])), d3)
    with pytest.raises(TypeError, match="must give awards, not an allocation"):
        run(rule_of(lambda problem, _: Allocation.of_picks(problem, np.array([-1] * 3))), d3)
    chooser = Rule("trial", "a trial", "package", lambda *_: "everything")  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError, match="must give an outcome, not str"):
        run(chooser, d3)


def spend_twice(problem: Problem, _: object) -> Any:
    return np.full(len(problem.users), problem.allocable)


def half(problem: Problem, _: object) -> Any:
    return np.full(len(problem.users), problem.allocable // (2 * len(problem.users)))


def by_chance(problem: Problem, _: object) -> Any:
    return np.random.default_rng().integers(0, 2, len(problem.users))


def first_takes_all(problem: Problem, _: object) -> Any:
    return np.eye(1, len(problem.users), dtype=np.int64)[0] * problem.allocable


@pytest.mark.parametrize(
    ("awards", "claims", "words"),
    [
        (spend_twice, {}, "awards exceed what is allocable"),
        (half, {"divides_all": True}, "awards add up to"),
        (by_chance, {}, "a second run gives another answer"),
        (first_takes_all, {}, "the order of the users changes the answer"),
        (lambda *_: NotApplicable("never"), {}, "no allocation on any problem"),
    ],
)
def test_the_conformance_suite_catches_rules_that_break_a_promise(
    awards: Any, claims: dict[str, Any], words: str
) -> None:
    with pytest.raises(BrokenAllocationError, match=words):
        check_rule(rule_of(awards, **claims))


def test_the_conformance_suite_catches_a_false_claim_to_be_monotone() -> None:
    whole = rule("met_need_whole")
    claimed = Rule("trial", "a trial", "package", whole.run, ("whole",), monotone=True)

    with pytest.raises(BrokenAllocationError, match="more takes met need from somebody"):
        check_rule(claimed, cases=problems(400))


def test_the_conformance_suite_has_awkward_problems_of_every_kind() -> None:
    cases = list(problems())

    assert len(cases) == 40
    assert {case.problem.packages for case in cases} == {"whole", "divisible"}
    assert {case.problem.choice for case in cases} == {"at_most_one", "exactly_one"}
    assert any((np.diff(case.problem.menus.offsets) == 0).any() for case in cases)
    assert any((case.problem.menus.cost == 0).any() for case in cases)
    assert any(case.problem.allocable == 0 for case in cases)
