import pytest
from pydantic import ValidationError

from metneed.models.settings import Settings


def test_a_time_limit_is_a_positive_number_of_seconds() -> None:
    assert Settings(time_limit=0.5).time_limit == 0.5
    with pytest.raises(ValidationError, match="greater than 0"):
        Settings(time_limit=0)


def test_every_setting_says_what_it_is() -> None:
    assert all(item.description for item in Settings.model_fields.values())
