import pytest
from pydantic import ValidationError

from metneed.models.certificate import Certificate, Proof


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
            "within 1.500 of the best possible (bound proved)",
        ),
        (
            Certificate(value=5, upper_bound=1505, proof="proved", stopped="time limit"),
            "within 1.500 of the best possible (bound proved), stopped by time limit",
        ),
        (
            Certificate(
                value=5, upper_bound=1505, proof="solver's word only", stopped="time limit"
            ),
            "solver's word only, within 1.500 of the bound, stopped by time limit",
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


@pytest.mark.parametrize(
    ("gap", "scale", "shown"),
    [
        (1, 1000, "0.001"),
        (387_833_812, 1, "387,833,812"),
        (2**63 + 1, 1000, "9,223,372,036,854,775.809"),
    ],
)
def test_a_gap_is_said_exactly_however_small_or_large(gap: int, scale: int, shown: str) -> None:
    certificate = Certificate(value=0, upper_bound=gap, scale=scale, proof="proved")

    assert certificate.words() == f"within {shown} of the best possible (bound proved)"
    assert certificate.claim == certificate.words()


@pytest.mark.parametrize("proof", ["proved", "solver's word only"])
def test_without_a_bound_no_gap_is_claimed(proof: Proof) -> None:
    assert Certificate(value=5, proof=proof).words() == proof
    assert Certificate(value=5, proof=proof).claim == proof
