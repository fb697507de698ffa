import tomllib
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.scenario_text import scenario_text
from metneed.models.scenario import Scenario

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.decimals(allow_nan=False, places=3, min_value=-(10**9), max_value=10**9)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(description=TEXT, rules=st.dictionaries(TEXT, st.dictionaries(TEXT, VALUES, max_size=3)))
def test_a_scenario_is_read_back_from_its_text_as_it_was(
    description: str, rules: dict[str, dict[str, Any]]
) -> None:
    scenario = Scenario(
        schema_version=1, name="t", budget="12.50", description=description, rules=rules
    )
    again = tomllib.loads(scenario_text(scenario), parse_float=Decimal)

    assert Scenario(**again) == scenario
