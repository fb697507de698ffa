import numpy as np

from metneed.models.columns import Labels
from metneed.models.instance import Instance, Previous, Users

LAST_AND_FIRST = np.array([2, 0])


def test_labels_are_the_text_of_their_codes() -> None:
    labels = Labels(np.array([1, 0, 1]), ("home care", "none"))

    assert len(labels) == 3
    assert labels.text().tolist() == ["none", "home care", "none"]
    assert labels.text(np.array([1])).tolist() == ["home care"]
    assert labels.subset(np.array([1, 1])).text().tolist() == ["home care", "home care"]


def test_a_subset_of_users_has_every_column_of_theirs(users: Users) -> None:
    part = users.subset(LAST_AND_FIRST)

    assert len(part) == 2
    assert part.ids.tolist() == ["é", "007"]
    for name in ("need", "points", "basic_need", "weight", "arrival"):
        assert getattr(part, name).tolist() == getattr(users, name)[LAST_AND_FIRST].tolist()
    assert part.groups["band"].text().tolist() == ["low", "low"]


def test_a_subset_of_users_lacks_what_the_users_lack(users: Users) -> None:
    part = Users(users.ids, users.need).subset(LAST_AND_FIRST)

    assert part.points is part.basic_need is part.weight is part.arrival is None
    assert part.groups == {}


def test_a_subset_of_today_s_packages_has_every_column(previous: Previous) -> None:
    part = previous.subset(LAST_AND_FIRST)

    assert part.held.tolist() == [True, True]
    assert part.package_ids.tolist() == ["b", "old"]
    assert part.cost.tolist() == [800, 900]
    assert part.met_need.tolist() == [9_000, 9_500]
    assert part.basic_met_need is not None
    assert part.basic_met_need.tolist() == [4_000, 5_000]


def test_today_s_met_basic_need_may_be_unknown(previous: Previous) -> None:
    plain = Previous(previous.held, previous.package_ids, previous.cost, previous.met_need)

    assert plain.subset(LAST_AND_FIRST).basic_met_need is None


def test_an_instance_without_faults_has_no_warnings(instance: Instance) -> None:
    assert len(instance.warnings) == 0
    assert instance.inputs == {}
