"""Whatever a file of problems holds, it is imported or refused with findings."""

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metneed.instances.importers import import_problems
from metneed.models.errors import MetNeedError

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples" / "problems"
FILES = {
    "mckp": ("four-items.csv", {"budget": "8"}),
    "mmkp": ("two-problems.txt", {}),
    "gap": ("three-jobs.txt", {}),
    "pabulib": ("election.pb", {"value": "votes_times_cost"}),
    "hbp": ("benefits/interventions.csv", {"scenario": 6}),
}
PIECES = ["", "0", "-1", "1e400", "9" * 30, "0.00000001", ";", '"', "\n", "\r", "\x00", "é", "NaN"]


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_changed_file_is_imported_or_refused_and_never_breaks_the_importer(
    name: str, data: st.DataObject
) -> None:
    source, options = FILES[name]
    text = (EXAMPLES / source).read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 6)))
        text = text[:start] + data.draw(st.sampled_from(PIECES)) + text[end:]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / Path(source).name
        file.write_text(text, encoding="utf-8", newline="")
        if name == "hbp":
            limits = (EXAMPLES / "benefits" / "constraints.yaml").read_bytes()
            (Path(folder) / "constraints.yaml").write_bytes(limits)
        with suppress(MetNeedError):
            instances = import_problems(name, file, **options).write(Path(folder) / "out")
            assert all(len(instance.users) for instance in instances.values())
