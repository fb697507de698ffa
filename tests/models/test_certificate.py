import pytest
from pydantic import ValidationError

from metneed.models.certificate import Certificate


def test_optimal_is_said_only_of_a_proved_value_without_a_gap() -> None:
    assert Certificate(value=5, upper_bound=5, proof="proved").is_optimal
    assert not Certificate(value=5, upper_bound=6, proof="proved").is_optimal
    assert not Certificate(value=5, upper_bound=5, proof="solver's word only").is_optimal
    assert not Certificate(value=5, proof="proved").is_optimal


def test_the_gap_is_what_the_bound_leaves_open() -> None:
    assert Certificate(value=5, upper_bound=8).gap == 3
    assert Certificate(value=5).gap is None


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        (Certificate(value=5), "sums can be re-checked; the rule maximises nothing"),
        (Certificate(value=5, upper_bound=5, proof="proved"), "optimal (proved)"),
        (
            Certificate(value=5, upper_bound=1505, proof="proved"),
            "within 1.5 of the best possible (proved)",
        ),
        (
            Certificate(value=5, upper_bound=1505, proof="proved", stopped="time limit"),
            "within 1.5 of the best possible (proved), stopped by time limit",
        ),
        (
            Certificate(
                value=5, upper_bound=1505, proof="solver's word only", stopped="time limit"
            ),
            "solver's word only, within 1.5 of the bound, stopped by time limit",
        ),
        (Certificate(value=5, proof="solver's word only"), "solver's word only"),
        (Certificate(value=5, upper_bound=5, proof="solver's word only"), "solver's word only"),
    ],
)
def test_words_never_claim_more_than_is_proved(certificate: Certificate, words: str) -> None:
    assert certificate.words() == words


def test_a_claim_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Certificate(value=5, optimal=True)


def test_a_least_cost_that_was_not_proved_is_not_left_unsaid() -> None:
    proved = Certificate(value=5, upper_bound=5, proof="proved", least_cost=False)

    assert proved.words() == "optimal (proved), least cost not proved"
    assert proved.model_copy(update={"least_cost": True}).words() == "optimal (proved)"
