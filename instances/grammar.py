"""The grammar of numbers in tables: plain digits, at most one point, nothing else.

No reader converts a number before it gets here, so that nothing is guessed and nothing rounded.
"""

import re
import unicodedata

import numpy as np

from metneed.instances.faults import Fault
from metneed.instances.schemas import LARGEST, MOST_DECIMALS
from metneed.models.arrays import BoolArray, IntArray, TextArray

PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
_QUICK = 24
"""Texts up to this length are parsed as arrays; longer ones, which are rare, one by one."""

_AS = "Write it as plain digits, such as 1250.00"
_LEAVE = "Give a number; for nothing write 0"
_PATTERNS: tuple[tuple[str, Fault], ...] = (
    (
        r"#(REF|N/A|DIV/0|VALUE|NAME|NULL|NUM|SPILL|CALC|GETTING_DATA)[!?]?",
        Fault("spreadsheet-error", "an error of the spreadsheet", "Mend the formula there"),
    ),
    (
        r"[+-]?(nan|n/?a|null|none|nil|inf|infinity|∞|-|\.|\?|tbc|tbd|unknown)",
        Fault("no-number", "stands for no number", _LEAVE),
    ),
    (r"true|false|yes|no", Fault("true-false", "not a number but a yes or no", _LEAVE)),
    (r".*[%‰].*", Fault("percent", "a percentage", "Write it as a plain number")),
    (
        r"(gbp|eur|usd)\s*[0-9].*|.*[0-9]\s*(gbp|eur|usd|p)",
        Fault("currency", "a currency beside the amount", _AS),
    ),
    (
        r"\(.*\)|[-−‐‑‒–—―﹣－].*|.*[-−]",
        Fault("negative", "negative", "Amounts are 0 or more"),
    ),
    (r"\+.*", Fault("plus-sign", "a plus sign", _AS)),
    (
        r"[0-9.]+e[+-]?[0-9]+",
        Fault("exponent", "written with an exponent", "Write out all digits"),
    ),
    (
        r"[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}([ t].*)?|[0-9]{1,2}[- ][a-z]{3,9}([- ][0-9]+)?",
        Fault("date", "looks like a date", "Give the number that was meant"),
    ),
    (
        r"[0-9]{1,3}(,[0-9]{3})+",
        Fault(
            "comma",
            "a comma, which may mark thousands or decimals",
            "Take it out, or write a point",
        ),
    ),
    (
        r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]+",
        Fault("comma", "commas between thousands", "Take the commas out"),
    ),
    (
        r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|[0-9]*,[0-9]*",
        Fault("comma", "a decimal comma", "Write a point, and nothing between thousands"),
    ),
    (
        r"[0-9]{1,3}([_'’\s][0-9]{3})+(\.[0-9]+)?|[0-9]+(_[0-9]+)+",
        Fault("thousands", "something between thousands", "Write the digits without a break"),
    ),
    (r"\.[0-9]+", Fault("point", "no digit before the point", "Write 0 before it")),
    (r"[0-9]+\.", Fault("point", "no digit after the point", "Take the point out")),
)
_CLASSES = tuple((re.compile(pattern, re.IGNORECASE), fault) for pattern, fault in _PATTERNS)


def parse(texts: TextArray, decimals: int, largest: int = LARGEST) -> tuple[IntArray, BoolArray]:
    """Whole numbers of smallest units, and which of the texts are plain numbers that fit.

    Zeros after the last kept decimal are harmless; any other digit there is not, for nothing is
    rounded in silence. Where a text does not fit its number is 0, and `explain` says why.

    Parameters
    ----------
    texts
        Cells.
    decimals
        How many decimals are kept; no more than leave `largest` below 2^63 smallest units.
    largest
        The greatest number that fits.

    Examples
    --------
    >>> parse(np.array(["12.50", "7", "0.125", "1,200"], dtype=object), 2)
    (array([1250,  700,    0,    0]), array([ True,  True, False, False]))
    """
    units = np.zeros(len(texts), dtype=np.int64)
    good = np.zeros(len(texts), dtype=np.bool_)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    simple = np.fromiter(map(str.isascii, texts), dtype=np.bool_, count=len(texts))
    quick = np.flatnonzero(simple & (lengths <= _QUICK))
    units[quick], good[quick] = _parse_quickly(texts[quick], lengths[quick], decimals, largest)
    for row in np.flatnonzero(simple & (lengths > _QUICK)):
        number = _parse_one(texts[row], decimals, largest)
        if number is not None:
            units[row], good[row] = number, True
    return units, good


def explain(text: str, decimals: int, setting: str = "", largest: int = LARGEST) -> Fault:
    """Why a text is not a number that fits: for texts that `parse` refuses.

    Parameters
    ----------
    text
        The cell.
    decimals
        How many decimals are kept.
    setting
        Key of the scenario that keeps more, if one does.
    largest
        The greatest number that fits.
    """
    if PLAIN.fullmatch(text):
        return _explain_plain(text, decimals, setting, largest)
    if not text:
        return Fault("blank", "blank", _LEAVE)
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in text):
        return Fault("invisible", "holds characters that cannot be seen", "Type the number anew")
    if text != text.strip():
        return Fault("spaces", "spaces around it", "Take the spaces out")
    return _explain_other(text)


def _explain_other(text: str) -> Fault:
    for pattern, fault in _CLASSES:
        if pattern.fullmatch(text):
            return fault
    if any(unicodedata.category(char) == "Sc" for char in text):
        return Fault("currency", "a currency sign beside the amount", _AS)
    if not text.isascii() and any(char.isnumeric() for char in text):
        return Fault("other-digits", "digits of another script or width", "Use the digits 0 to 9")
    return Fault("not-a-number", "not a number", _AS)


def _explain_plain(text: str, decimals: int, setting: str, largest: int) -> Fault:
    whole, _, part = text.partition(".")
    size = whole.lstrip("0")
    part = part.rstrip("0")
    if len(size) > len(str(largest)) or int(size or "0") + bool(part) > largest:
        return Fault("too-large", f"greater than {largest:,}", "Check the amount and its unit")
    kept = f"more than {decimals} decimals" if decimals else "not a whole number"
    possible = len(part) <= MOST_DECIMALS.get(setting, 0)
    more = f", or set {setting} = {len(part)} in scenario.toml" if possible else ""
    where = f"Round it to {decimals}" if decimals else "Round it"
    return Fault("too-many-decimals", f"{kept}, and nothing is rounded in silence", where + more)


def _parse_one(text: str, decimals: int, largest: int) -> int | None:
    if not PLAIN.fullmatch(text):
        return None
    whole, _, part = text.partition(".")
    whole = whole.lstrip("0")
    # Python refuses to convert thousands of digits, and they could not fit in any case.
    if len(whole) > len(str(largest)) or part[decimals:].strip("0"):
        return None
    part = part[:decimals]
    number = int((whole or "0") + part) * 10 ** (decimals - len(part))
    return number if number <= largest * 10**decimals else None


def _parse_quickly(
    texts: TextArray, lengths: IntArray, decimals: int, largest: int
) -> tuple[IntArray, BoolArray]:
    """Read all texts side by side: first every first character, then every second, and so on."""
    n = len(texts)
    characters = np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8)
    starts = np.cumsum(lengths) - lengths
    whole, part = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    places = np.zeros(n, dtype=np.int64)
    after_point, ends_in_digit = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
    good = np.ones(n, dtype=np.bool_)
    for k in range(int(lengths.max(initial=0))):
        rows = np.flatnonzero(good & (lengths > k))
        digit = characters[starts[rows] + k].astype(np.int64) - ord("0")
        is_digit = (digit >= 0) & (digit <= 9)
        is_point = (digit == ord(".") - ord("0")) & ~after_point[rows] & (k > 0)
        good[rows] = is_digit | is_point
        ends_in_digit[rows] = is_digit
        before, kept = ~after_point[rows], places[rows] < decimals
        _push(whole, rows[is_digit & before], digit[is_digit & before])
        _push(part, rows[is_digit & ~before & kept], digit[is_digit & ~before & kept])
        places[rows[is_digit & ~before & kept]] += 1
        good[rows[is_digit & ~before & ~kept & (digit > 0)]] = False
        after_point[rows] |= is_point
    good &= ends_in_digit & (whole <= largest)
    units = np.where(good, whole, 0) * 10**decimals + part * 10 ** (decimals - places)
    good &= units <= largest * 10**decimals
    units[~good] = 0
    return units, good


def _push(numbers: IntArray, rows: IntArray, digits: IntArray) -> None:
    # Beyond ten times the greatest amount it no longer matters how large a number is.
    numbers[rows] = np.minimum(numbers[rows] * 10 + digits, LARGEST * 10)
