import numpy as np
import pytest

from metneed.models.allocation import Allocation
from metneed.models.errors import OptionError
from metneed.solver.money.exclusions import Exclusions, reasons_of
from metneed.solver.rules import rule, rules
from metneed.solver.solve import bind, run
from metneed.testing import problems

EXCLUDING = sorted(name for name, each in rules().items() if issubclass(each.options, Exclusions))


@pytest.mark.parametrize("name", EXCLUDING)
def test_whom_a_scenario_excludes_gets_nothing_and_is_told_why_in_its_words(name: str) -> None:
    chosen, allocations = rule(name), 0
    for case in problems():
        last = case.problem.users.ids[-1]
        given = {**chosen.example, "exclude": [last], "excluded_because": "moved away"}
        found = run(chosen, case.problem, bind(chosen, given))
        if isinstance(found, Allocation):
            allocations += 1
            assert found.award is not None
            assert found.account is not None
            assert found.account.reasons is not None
            assert found.award[-1] == 0
            assert found.account.reasons.text()[-1] == "moved away"

    assert allocations


def test_an_excluded_user_whom_nobody_knows_is_refused_with_the_nearest() -> None:
    problem = next(case.problem for case in problems() if len(case.problem.users))
    known = problem.users.ids[0]

    with pytest.raises(OptionError, match=f"exclude: there is no user called '{known}x'.*{known}"):
        Exclusions(exclude=(f"{known}x",)).check(problem)


def test_reasons_are_kept_only_where_there_is_something_to_say() -> None:
    some = reasons_of(np.array(["", "late", ""], dtype=object))

    assert some is not None
    assert some.text().tolist() == ["", "late", ""]
    assert reasons_of(np.array(["", ""], dtype=object)) is None


def test_every_reason_that_is_kept_is_somebodys() -> None:
    everyone = reasons_of(np.array(["late", "early"], dtype=object))

    assert everyone is not None
    assert everyone.names == ("early", "late")
    assert everyone.text().tolist() == ["late", "early"]
