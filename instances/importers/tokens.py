"""Files of numbers between white space, read one by one with the line of each."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np

from metneed.instances.faults import Fault, FileFaults
from metneed.instances.grammar import PLAIN, explain
from metneed.models.arrays import IntArray
from metneed.models.errors import InputError
from metneed.models.findings import Findings

_MOST_WHOLE = 10**7
"""No file has more classes, items or jobs: a larger number is something else."""

_MOST_DIGITS = 24


def refuse(file: str, fault: Fault, line: int = 0, value: str = "") -> NoReturn:
    """Raise an InputError about a line of a file.

    Raises
    ------
    InputError
        Always.
    """
    findings = Findings()
    FileFaults(file, findings).add(fault, "", value, row=line)
    raise InputError(findings)


def text_of(path: Path) -> str:
    """The text of a file.

    Raises
    ------
    InputError
        Where it cannot be read, or is no UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        refuse(path.name, Fault("unreadable", problem, "Check its name, and that you may read it"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem = f"byte {error.start} (0x{data[error.start]:02X}) is not UTF-8"
        refuse(path.name, Fault("bad-encoding", problem, "Save the file as UTF-8"), line)


class Tokens:
    """The numbers of a file, each with its line.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        Where it cannot be read, or is no UTF-8.
    """

    def __init__(self, path: Path) -> None:
        self.file = path.name
        lines = text_of(path).splitlines()
        self.widths = [len(line.split()) for line in lines if line.split()]
        self._all = [(text, k) for k, line in enumerate(lines, 1) for text in line.split()]
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        """Whether every number was read."""
        return self._at == len(self._all)

    def whole(self, what: str, least: int = 1) -> int:
        """The next number, a whole one such as a count."""
        text, line = self._next(what)
        if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
            self._refuse(f"{what} is not a whole number", line, text)
        number = int(text)
        if not least <= number <= _MOST_WHOLE:
            self._refuse(f"{what} must be from {least} to {_MOST_WHOLE:,}", line, text)
        return number

    def expect(self, number: int, what: str) -> None:
        """The next number, which must be this one."""
        text, line = self._next(what)
        if text != str(number):
            self._refuse(f"{what} should be {number}", line, text)

    def amounts(self, count: int, what: str) -> list[str]:
        """The next numbers: plain decimals, 0 or more."""
        return [self._amount(what) for _ in range(count)]

    def _amount(self, what: str) -> str:
        text, line = self._next(what)
        if not PLAIN.fullmatch(text) or len(text) > _MOST_DIGITS:
            fault = explain(text, _MOST_DIGITS)
            refuse(self.file, fault._replace(problem=f"{what}: {fault.problem}"), line, text)
        return text

    def _next(self, what: str) -> tuple[str, int]:
        if self.is_at_end:
            line = self._all[-1][1] if self._all else 0
            self._refuse(f"the file ends where {what} should stand", line)
        token = self._all[self._at]
        self._at += 1
        return token

    def _refuse(self, problem: str, line: int, text: str = "") -> NoReturn:
        remedy = "Check that it is the right file and format, and that it is whole"
        refuse(self.file, Fault("not-this-format", problem, remedy), line, text)


def decimals_of(texts: Sequence[str]) -> int:
    """How many decimals these plain numbers have, zeros at their ends left out."""
    return max((len(text.partition(".")[2].rstrip("0")) for text in texts), default=0)


def exact(texts: Sequence[str], decimals: int) -> IntArray:
    """Plain numbers of at most so many decimals as whole numbers of the last of them."""
    units = []
    for text in texts:
        whole, _, part = text.partition(".")
        units.append(int(whole + part.rstrip("0").ljust(decimals, "0")))
    return np.array(units, dtype=np.int64)


def fitting(file: str, texts: Sequence[str], most: int, what: str) -> int:
    """How many decimals these plain numbers have.

    Raises
    ------
    InputError
        Where there are more than can be kept, or a number is too large.
    """
    decimals = decimals_of(texts)
    if decimals > most:
        problem = f"{what} have {decimals} decimals, and at most {most} can be kept"
        refuse(file, Fault("too-many-decimals", problem, "Write the numbers in smaller units"))
    largest = max(texts, key=lambda text: len(text.partition(".")[0].lstrip("0")), default="0")
    if len(largest.partition(".")[0].lstrip("0")) > 12:
        fault = Fault("too-large", f"{what} go beyond 999,999,999,999", "Use larger units")
        refuse(file, fault, 0, largest)
    return decimals
