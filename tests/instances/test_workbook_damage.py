"""Workbooks of other programs, workbooks without the library, and damaged workbooks."""

import io
import re
import runpy
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from metneed.instances.read import examine, read
from metneed.models.errors import MissingExtraError
from metneed.models.instance import Instance

pytest.importorskip("python_calamine", reason="the extra excel is not installed")

PLACE = Path(__file__).parents[1] / "corpus" / "workbooks.py"
CORPUS = runpy.run_path(str(PLACE))["EVERYTHING"]
SOUND, excel = CORPUS["SOUND"], CORPUS["excel"]


def saved(folder: Path, data: bytes, name: str = "council.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def same(one: Instance, other: Instance) -> bool:
    return one.scenario == other.scenario and all(
        np.array_equal(getattr(each[0], name), getattr(each[1], name))
        for each, names in (
            ((one.menus, other.menus), ("cost", "met_need", "offsets")),
            ((one.users, other.users), ("ids", "points")),
        )
        for name in names
    )


def rewritten(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts[part] = change(parts[part])
    return CORPUS["zipped"](parts)  # type: ignore[no-any-return]


SHEET = "xl/worksheets/sheet2.xml"
SPELLINGS: Mapping[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a prefix before each name": (
        SHEET,
        lambda data: (
            data.replace(b"<", b"<x:")
            .replace(b"<x:/", b"</x:")
            .replace(b"<x:?", b"<?")
            .replace(b"xmlns=", b"xmlns:x=")
        ),
    ),
    "cells without references": (SHEET, lambda data: without(data, rb' r="[A-Z]+[0-9]+"')),
    "rows and cells without references": (SHEET, lambda data: without(data, rb' r="[A-Z0-9]+"')),
    "the names of the strict standard": (
        SHEET,
        lambda data: data.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
    ),
    "targets from the root": (
        "xl/_rels/workbook.xml.rels",
        lambda data: data.replace(b'Target="', b'Target="/xl/'),
    ),
    "targets with backslashes": (
        "xl/_rels/workbook.xml.rels",
        lambda data: data.replace(b"worksheets/", b"worksheets\\"),
    ),
    "parts named in other letters": (
        "xl/_rels/workbook.xml.rels",
        lambda data: data.replace(b"sheet2", b"Sheet2"),
    ),
}


def without(data: bytes, pattern: bytes) -> bytes:
    return re.sub(pattern, b"", data)


@pytest.mark.parametrize("name", SPELLINGS)
def test_other_programs_spell_the_same_workbook_otherwise(name: str, tmp_path: Path) -> None:
    part, change = SPELLINGS[name]
    data = rewritten(excel(SOUND), part, change)

    assert data != excel(SOUND)
    assert same(read(saved(tmp_path, data)), read(saved(tmp_path, excel(SOUND), "sound.xlsx")))


@pytest.mark.parametrize("library", ["python_calamine", "defusedxml.ElementTree"])
def test_without_its_library_the_message_names_the_extra(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(MissingExtraError, match=r"metneed\[excel\]"):
        read(saved(tmp_path, excel(SOUND)))


def mutated(data: bytes, random: Random) -> bytes:
    """The bytes with a few flipped, cut out, put in twice or written over."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(changed))
        match random.randrange(4):
            case 0:
                changed[at] ^= 1 << random.randrange(8)
            case 1:
                del changed[at : at + random.randint(1, 30)]
            case 2:
                changed[at:at] = changed[:at][-random.randint(1, 40) :]
            case _:
                changed[at] = random.randrange(256)
    return bytes(changed)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_workbook_gives_findings_and_never_a_traceback(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    cases: list[Any] = [case for case in CORPUS["CASES"] if "(council" in case.name]
    refused = 0
    for _ in range(80):
        case = random.choice(cases)
        data = case.data
        if random.random() < 0.5:
            with zipfile.ZipFile(io.BytesIO(data)) as source:
                part = random.choice(source.namelist())
            data = rewritten(data, part, lambda inside: mutated(inside, random))
        else:
            data = mutated(data, random)
        instance, findings = examine(saved(tmp_path, data, case.file))
        refused += instance is None

        assert (instance is None) == bool(findings.errors)
        assert all(str(finding).isprintable() for finding in findings)
    assert refused
