"""Identifiers and other text that must mean the same to a person and to a machine."""

import unicodedata

import numpy as np

from metneed.instances.faults import Fault
from metneed.instances.reading import Reading
from metneed.instances.tables import Text
from metneed.models.arrays import BoolArray, IntArray, TextArray

_TOTALS = {"total", "totals", "grand total", "subtotal", "sub-total", "sum", "sum total"}
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_FILLERS = set("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters and marks by category that show nothing."""

_SHOWN = 12
_TWINS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρ",
    "ABESIJKMHOPCTYXaesijopcyxABEZHIKMNOPTYXovp",
)
"""Letters of the Cyrillic and Greek scripts that look like Latin ones."""

BLANK = Fault("blank-id", "blank", "Give the identifier; if this is a row of totals, delete it")


def check_ids(reading: Reading, heading: str) -> tuple[Text, BoolArray] | None:
    """The column of identifiers, and which of its distinct texts can be used; None without column.

    Refused are blanks, spaces around an identifier, characters that cannot be seen, and rows of
    totals: each row is a finding.
    """
    text = reading.text(heading)
    if text is None:
        return None
    return text, check_ids_of(reading, heading, text, np.arange(len(text.distinct)))


def check_ids_of(reading: Reading, heading: str, text: Text, codes: IntArray) -> BoolArray:
    """The same for the texts of these codes only, where the others are known to be usable."""
    reading.cells(heading, np.flatnonzero(text.codes < 0), BLANK)
    return check_texts(reading, heading, text, codes, identifiers=True)


def check_texts(
    reading: Reading,
    heading: str,
    text: Text,
    codes: IntArray | None = None,
    *,
    identifiers: bool = False,
) -> BoolArray:
    """Which of the distinct texts of a column can be used; every row of the others is a finding.

    Only the texts of the given codes are looked at, by default all of them.
    """
    good = np.ones(len(text.distinct), dtype=np.bool_)
    faults: dict[int, Fault] = {}
    among = np.arange(len(good)) if codes is None else codes
    for place in _suspects(text.distinct[among], identifiers):
        code = int(among[place])
        fault = _fault(text.distinct[code], identifiers)
        if fault is not None:
            faults[code], good[code] = fault, False
    if faults:
        rows = text.rows_of(list(faults))
        reading.cells(heading, rows, lambda row: faults[int(text.codes[row])])
    return good


def check_look_alikes(reading: Reading, heading: str, text: Text, usable: BoolArray) -> None:
    """Add a finding for each usable text that a reader could take for another one of the column.

    Texts that are the same letters in other code points (é as one or as two) are errors, for two
    programs would disagree whether they are equal; other look-alikes are warnings.
    """
    groups: dict[str, list[int]] = {}
    for code in _could_collide(text.distinct, usable):
        groups.setdefault(_skeleton(text.distinct[code]), []).append(code)
    pairs = [(code, codes[0]) for codes in groups.values() for code in codes[1:]]
    if not pairs:
        return
    others = dict(pairs)
    first = text.first_rows()
    same = {code for code, other in pairs if _equivalent(text.distinct[code], text.distinct[other])}

    def fault(row: int) -> Fault:
        code = int(text.codes[row])
        other = others[code]
        return _look_alike(
            text.distinct[code],
            text.distinct[other],
            int(reading.table.rows[first[other]]),
            "same-letters" if code in same else "look-alike",
        )

    reading.cells(heading, np.sort(first[sorted(same)]), fault)
    alike = np.sort(first[sorted(set(others) - same)])
    reading.cells(heading, alike, fault, "warning")


def one_row_each(reading: Reading, heading: str, text: Text) -> IntArray:
    """For each identifier the first row that has it; further rows are findings.

    Parameters
    ----------
    reading, heading
        The table, and its column of identifiers: ``user_id`` or ``service_id``.
    text
        What stands in the column.
    """
    first = text.first_rows()
    again = np.ones(len(text), dtype=np.bool_)
    again[first] = False
    rows = np.flatnonzero(again & (text.codes >= 0))

    def fault(row: int) -> Fault:
        earlier = reading.table.rows[first[text.codes[row]]]
        problem = f"the same {heading} as in row {earlier}"
        if heading == "service_id":
            return Fault("duplicate-service", problem, "Keep one row a service")
        return Fault("duplicate-user", problem, "Keep one row a user")

    reading.cells(heading, rows[text.distinct[text.codes[rows]] != ""], fault)
    return first


def check_known_users(
    reading: Reading, text: Text, strangers: IntArray, known: TextArray, where: str
) -> None:
    """Add a finding for every row whose user_id is not among the known ones.

    Parameters
    ----------
    reading, text
        The column user_id.
    strangers
        Codes of its texts that are none of the known ones.
    known
        The known identifiers.
    where
        Name of the file that they stand in.
    """
    if not len(strangers):
        return
    loosely = {_loose(identifier): identifier for identifier in known}
    faults = {
        code: _stranger(text.distinct[code], loosely.get(_loose(text.distinct[code])), where)
        for code in strangers.tolist()
    }
    reading.cells("user_id", text.rows_of(strangers), lambda row: faults[int(text.codes[row])])


def code_points(text: str) -> str:
    """The code points of the first characters of a text: ``U+00EB U+0020``."""
    shown = " ".join(f"U+{ord(char):04X}" for char in text[:_SHOWN])
    return shown + (" ..." if len(text) > _SHOWN else "")


def _suspects(values: TextArray, identifiers: bool) -> list[int]:
    """Positions that need a closer look: for the usual plain identifiers there are none."""
    joined = "".join(values)
    totals = identifiers and any(word in joined.casefold() for word in ("total", "sum"))
    if not totals and joined.isascii() and joined.isprintable() and " " not in joined:
        return np.flatnonzero(values == "").tolist() if identifiers else []
    return list(range(len(values)))


def _fault(value: str, identifiers: bool) -> Fault | None:
    if identifiers and not value:
        return BLANK
    if not (value.isascii() and value.isprintable()) and any(map(_is_unseen, value)):
        return Fault(
            "invisible",
            f"holds characters that cannot be seen ({code_points(value)})",
            "Type it anew, without them",
        )
    if value != value.strip():
        return Fault("spaces", "spaces around it", "Take the spaces out, here and elsewhere")
    if identifiers and value.casefold() in _TOTALS:
        return Fault("totals-row", "looks like a row of totals", "Delete the row")
    return None


def _loose(value: str) -> str:
    return _skeleton(value).replace(" ", "").lstrip("0")


def _stranger(value: str, meant: str | None, where: str) -> Fault:
    problem, remedy = f"{where} has no such user_id", "Add the user there, or delete the row"
    if meant is not None:
        problem += f", but has {meant!r}"
        if not (value.isascii() and meant.isascii()):
            problem += f" ({code_points(meant)}, here {code_points(value)})"
        remedy = "Write it the same way in both"
    return Fault("unknown-user", problem, remedy)


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in _UNSEEN or char in _FILLERS


def _could_collide(values: TextArray, usable: BoolArray) -> list[int]:
    """Positions of texts that some other text might look like: none if all is lower case."""
    joined = "".join(values)
    if joined.isascii() and (joined in (joined.upper(), joined.lower()) or _all_differ(values)):
        return []
    return np.flatnonzero(usable).tolist()


def _all_differ(values: TextArray) -> bool:
    """Whether plain texts surely differ by more than capital letters."""
    # Equal texts have equal hashes: they take far less room than the texts would.
    hashes = np.fromiter(map(hash, map(str.casefold, values)), dtype=np.int64, count=len(values))
    hashes.sort()
    return bool((hashes[1:] != hashes[:-1]).all())


def _skeleton(value: str) -> str:
    if value.isascii():
        return value.casefold()
    plain = unicodedata.normalize("NFKC", value).translate(_TWINS)
    return unicodedata.normalize("NFKC", " ".join(plain.split()).casefold())


def _equivalent(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def _look_alike(value: str, other: str, row: int, code: str) -> Fault:
    if code == "same-letters":
        how = f"written in other characters ({code_points(value)}, there {code_points(other)})"
    elif value.casefold() == other.casefold():
        how = "but for capital letters"
    else:
        how = f"to the eye ({code_points(value)}, there {code_points(other)})"
    remedy = "Write it the same way everywhere if it is the same; else give it another name"
    return Fault(code, f"the same as {other!r} in row {row}, {how}", remedy)
