import numpy as np

from metneed.models.menus import Menus
from metneed.solver.engines.kinds import kinds_of
from metneed.solver.engines.near_ties import near_ties, neighbourhood
from metneed.solver.engines.rows import Row

MENUS = Menus.of([0, 2, 3], [4, 6, 5], [7, 9, 8])
KINDS = kinds_of(MENUS, np.array([False, True]), [Row("budget", MENUS.cost, 9)], merge=False)


def test_only_what_loses_no_more_than_the_gap_is_in_question() -> None:
    # Options: nothing, first and second package of the first user; the package of the second.
    near = near_ties(KINDS, np.array([5, 0, 2, 0]), 2, ranked_only=False)

    assert near.allowed.tolist() == [True, True, True]
    assert near.due.tolist() == [True, True]
    assert near.everything


def test_nothing_is_in_question_where_it_loses_little() -> None:
    near = near_ties(KINDS, np.array([1, 0, 2, 0]), 1, ranked_only=False)

    assert near.allowed.tolist() == [True, False, True]
    assert near.due.tolist() == [False, True]


def test_losses_that_only_rank_rule_nothing_out_for_certain() -> None:
    assert not near_ties(KINDS, np.array([1, 0, 2, 0]), 9, ranked_only=True).everything


def test_neighbours_may_have_what_loses_little_and_all_others_keep_what_they_have() -> None:
    menus = Menus.of(np.arange(0, 801, 2), np.arange(800) % 7, np.arange(800) % 9)
    kinds = kinds_of(menus, np.ones(400, dtype=np.bool_), [Row("b", menus.cost, 9)], merge=False)
    loss = np.where(np.arange(800) % 2, np.arange(800), 0)
    chosen = np.arange(400) * 2

    near = neighbourhood(kinds, loss, 700, chosen, np.random.default_rng(1))

    count = np.add.reduceat(near.allowed.astype(np.int64), menus.offsets[:-1])
    assert near.due.all()
    assert not near.everything
    assert near.allowed[chosen].all()
    assert int((count == 2).sum()) == 60
    assert (count[300:] == 1).all()
