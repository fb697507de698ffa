import subprocess
import sys

import pytest

import metneed


@pytest.mark.parametrize("name", metneed.__all__)
def test_every_public_name_can_be_used(name: str) -> None:
    assert getattr(metneed, name) is not None
    assert name in dir(metneed)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'optimise'"):
        _ = metneed.optimise  # type: ignore[attr-defined]


def test_importing_metneed_or_asking_for_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, metneed, metneed.__main__ as m; m.run(['--help']); "
        "print([n for n in ('numpy', 'pandas', 'pulp', 'pydantic') if n in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip().endswith("[]")
