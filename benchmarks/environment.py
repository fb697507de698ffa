"""Environments for competitors that cannot share an installation with the others.

Each is a folder of `benchmarks/environments` with its `requirements.txt`; the virtual environment
is made inside it, and no test makes one.
"""

import os
import subprocess
import venv
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "environments"


def environments() -> list[str]:
    """The names of all environments, made or not."""
    return sorted(path.parent.name for path in FOLDER.glob("*/requirements.txt"))


def python_of(name: str) -> Path:
    """The Python of an environment, which is there once the environment is made."""
    place = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return FOLDER.joinpath(name, ".venv", *place)


def is_made(name: str) -> bool:
    """Whether an environment is there and is what its requirements say."""
    asked, stamp = _asked(name), _stamp(name)
    return stamp.exists() and stamp.read_bytes() == asked.read_bytes()


def make(name: str) -> bool:
    """Make an environment anew unless it is what its requirements say; whether it was made.

    Raises
    ------
    subprocess.CalledProcessError
        Where pip failed; what it said is on stderr.
    """
    if is_made(name):
        return False
    asked, stamp = _asked(name), _stamp(name)
    venv.create(stamp.parent, clear=True, symlinks=os.name != "nt", with_pip=True)
    pip = (str(python_of(name)), "-m", "pip")
    subprocess.run([*pip, "install", "--quiet", "--requirement", str(asked)], check=True)
    stamp.write_bytes(asked.read_bytes())
    return True


def _asked(name: str) -> Path:
    return FOLDER / name / "requirements.txt"


def _stamp(name: str) -> Path:
    """What was asked for when the environment was made: written when all of it was there."""
    return FOLDER / name / ".venv" / "requirements.txt"
