"""Putting a finished result in its folder, whole or not at all, with a record that vouches."""

import hashlib
import json
import platform
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from metneed.instances.files import sha256
from metneed.instances.schemas import SCHEMAS
from metneed.models.errors import OutputError

RECORDS = ("result.json", "comparison.json", "path.json")
SUFFIXES = (".csv", ".parquet")
TABLES = tuple(
    f"{table}{suffix}"
    for table in ("allocation", "parts", "awards", "comparison", "path")
    for suffix in SUFFIXES
)
INSTANCE, YEARS = "instance", "years"
"""Folders below a result: what it was made from where that stands nowhere else, and its years."""


def sealed(record: Mapping[str, object]) -> str:
    """The record as JSON, closed by a digest of everything before it.

    Numbers are digested as they are written, so that no digit of a float goes unnoticed.
    """
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    parsed = json.loads(text, parse_float=str, parse_int=str)
    canonical = json.dumps(parsed, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return json.dumps({**record, "digest": digest}, ensure_ascii=False, indent=2) + "\n"


def digests(folder: Path) -> dict[str, str]:
    """The sha256 of every file in a folder and below, by its path from there."""
    return {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def versions(*others: str) -> dict[str, str]:
    """The versions that a result names: of metneed, NumPy, Python and the others asked for."""
    used = {name: version(name) for name in ("metneed", "numpy", *others)}
    return {**used, "python": platform.python_version()}


@contextmanager
def staging_in(folder: Path) -> Iterator[Path]:
    """A folder inside `folder` to write to first, gone afterwards whatever happens.

    A `folder` that was made for it goes too, where nothing has been put into it.

    Raises
    ------
    OutputError
        Where the folder cannot be written or the disk is full.
    """
    staging, is_new = None, not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".metneed-", dir=folder))
        yield staging
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"cannot write to {folder}: {error.strerror or error}") from error
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # not empty: that is what it is for
                folder.rmdir()


def publish(staging: Path, folder: Path) -> None:
    """Move finished files to their folder: records of old go first, the new one comes last.

    A folder that is caught between two results thus has no record that vouches for a mixture.
    Results below `rules` and `years` that the new result has not are taken away; files of others
    stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in RECORDS:
        (folder / name).unlink(missing_ok=True)
    for name in TABLES:
        if not (staging / name).exists():
            (folder / name).unlink(missing_ok=True)
    new = staging / "rules"
    rules = sorted(new.iterdir()) if new.exists() else []
    _withdraw(folder / "rules", keep={rule.name for rule in rules})
    for rule in rules:
        publish(rule, folder / "rules" / rule.name)
    if (staging / INSTANCE).exists():
        _withdraw_instance(folder / INSTANCE)
        publish(staging / INSTANCE, folder / INSTANCE)
    years = sorted((staging / YEARS).glob("*"))
    _withdraw_years(folder / YEARS, keep={year.name for year in years})
    for year in years:
        publish(year, folder / YEARS / year.name)
    files = [path for path in staging.iterdir() if path.is_file()]
    for path in sorted(files, key=lambda path: path.name in RECORDS):
        path.replace(folder / path.name)


def _withdraw(rules: Path, keep: Collection[str]) -> None:
    for record in sorted(rules.glob("*/result.json")):
        if record.parent.name not in keep:
            for name in (*RECORDS, *TABLES):
                (record.parent / name).unlink(missing_ok=True)
            _withdraw_instance(record.parent / INSTANCE)
            with suppress(OSError):
                record.parent.rmdir()
    with suppress(OSError):
        rules.rmdir()


def _withdraw_instance(folder: Path) -> None:
    """Take away the files of an instance that a result brought with it."""
    for name in ("scenario.toml", *(name + suffix for name in SCHEMAS for suffix in SUFFIXES)):
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()


def _withdraw_years(folder: Path, keep: Collection[str]) -> None:
    for year in sorted(folder.glob("*")):
        if year.name not in keep:
            _withdraw(year / "rules", keep=())
            with suppress(OSError):
                year.rmdir()
    with suppress(OSError):
        folder.rmdir()
