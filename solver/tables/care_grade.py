"""From answers to a care grade: module sums, weighted points, the total, the grade."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from metneed.models.arrays import BoolArray, IntArray
from metneed.models.columns import Labels
from metneed.models.errors import OptionError
from metneed.solver.tables.care_system import CareSystem

Unanswered: TypeAlias = Literal["refused", "nothing"]


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers of people, one row a user and item.

    Parameters
    ----------
    user
        Row of the user.
    item
        Code of the item, such as ``4.8``, or name of a finding, such as ``urine``.
    answer
        Level, number of the level from 0, or how often: ``3 a day``.
    users
        How many users there are.
    """

    user: IntArray
    item: Labels
    answer: Labels
    users: int


@dataclass(frozen=True, eq=False)
class Sums:
    """Points of each module, and what was found beside them.

    Parameters
    ----------
    modules
        Users by modules.
    hardship, infant
        For each user whether the finding holds.
    assessed
        For each user whether there is any answer.
    """

    modules: IntArray
    hardship: BoolArray
    infant: BoolArray
    assessed: BoolArray


@dataclass(frozen=True, eq=False)
class Graded:
    """Weighted points, totals and grades.

    Parameters
    ----------
    weighted
        Users by modules, hundredths, whether they count or not.
    total
        Hundredths of points, 0 to 10,000.
    grade
        0 to 5.
    """

    weighted: IntArray
    total: IntArray
    grade: IntArray


def grades(system: CareSystem, sums: Sums) -> Graded:
    """Weighted points, total and grade of module sums.

    Of the modules that the system says so of, only the higher weighted points count. Infants get a
    grade one higher; for all others hardship gives the highest grade whatever the total.

    Raises
    ------
    OptionError
        Where a sum is more than the module can have.
    """
    weighted = np.zeros(sums.modules.shape, dtype=np.int64)
    for place, (code, module) in enumerate(system.modules.items()):
        column = sums.modules[:, place]
        wrong = np.flatnonzero((column < 0) | (column > module.upper[-1]))
        if len(wrong):
            raise OptionError(
                f"module {code} ({module.name}) cannot have a sum of {int(column[wrong[0]])}: its "
                f"sums are 0 to {module.upper[-1]}"
            )
        bands = np.searchsorted(np.array(module.upper), column, side="left")
        weighted[:, place] = np.array(module.weighted, dtype=np.int64)[bands]
    either = [place for place, code in enumerate(system.modules) if code in system.higher_of]
    rest = [place for place in range(len(system.modules)) if place not in either]
    total = weighted[:, rest].sum(axis=1) + weighted[:, either].max(axis=1, initial=0)
    return Graded(weighted, total, grade_of(system, total, sums.infant, sums.hardship))


def grade_of(
    system: CareSystem, total: IntArray, infant: BoolArray, hardship: BoolArray
) -> IntArray:
    """The grade of totals in hundredths: 0 where they are below the first grade.

    Infants have grades of their own, for which hardship does not matter.
    """
    usual = np.searchsorted(np.array(system.grades), total, side="right")
    infants = np.searchsorted(np.array(system.infant_grades), total, side="right")
    past = np.where(hardship, len(system.grades), usual)
    result: IntArray = np.where(infant, infants + (infants > 0), past).astype(np.int64)
    return result


def module_sums(
    system: CareSystem,
    answers: Answers,
    unanswered: Unanswered = "refused",
    show: Callable[[int], str] = lambda user: f"row {user}",
) -> Sums:
    """The points of each module.

    Parameters
    ----------
    unanswered
        Whether people with some answers must have answered every item, or whether what is left
        out counts nothing; people with no answer at all are not assessed.
    show
        How a user is called in messages.

    Raises
    ------
    OptionError
        Where an item or level does not exist, an item is answered twice, or one is missing.
    """
    columns = _Columns(system)
    item, answer, users = answers.item, answers.answer, answers.users
    pairs = item.codes.astype(np.int64) * len(answer.names) + answer.codes
    distinct, back = np.unique(pairs, return_inverse=True)
    marks = [
        columns.mark(item.names[pair // len(answer.names)], answer.names[pair % len(answer.names)])
        for pair in distinct.tolist()
    ]
    _check_twice(answers, show)
    found = np.zeros((users, columns.size), dtype=np.int64)
    if marks:
        column, value = (np.array(part, dtype=np.int64) for part in zip(*marks, strict=True))
        np.add.at(found, (answers.user, column[back]), value[back])
    assessed = np.zeros(users, dtype=np.bool_)
    assessed[answers.user] = True
    infant = found[:, columns.finding["infant"]] > 0
    if unanswered == "refused":
        _check_complete(system, answers, assessed, infant, show)
    return Sums(
        columns.modules(found, infant),
        found[:, columns.finding["hardship"]] > 0,
        infant,
        assessed,
    )


class _Columns:
    """Where marks are added up: modules, gated items, groups of frequencies, findings."""

    def __init__(self, system: CareSystem) -> None:
        self.system = system
        self.place: dict[str, int] = {}
        self.gated: list[tuple[int, int, str]] = []
        self.frequency: list[tuple[int, int, int]] = []
        self.infant: list[tuple[int, int, int]] = []
        self.size = len(system.modules)
        for at, module in enumerate(system.modules.values()):
            for code, choice in module.choices.items():
                self.place[code] = at
                if choice.only_if:
                    self.place[code] = self._next()
                    self.gated.append((at, self.place[code], choice.only_if))
            for number, group in enumerate(module.frequencies):
                column = self._next()
                self.place |= dict.fromkeys(group.factors, column)
                self.frequency.append((at, column, number))
            if module.infant:
                self.place[module.infant[0]] = self._next()
                self.infant.append((at, self.place[module.infant[0]], module.infant[1]))
        self.finding = {name: self._next() for name in system.findings}
        self.readers = dict(self._readers())

    def _next(self) -> int:
        self.size += 1
        return self.size - 1

    def _readers(self) -> Iterator[tuple[str, tuple[int, Callable[[str], int | None], str]]]:
        """For each item its column, how an answer is read, and the answers that there are."""
        for module in self.system.modules.values():
            for code, choice in module.choices.items():
                yield code, (self.place[code], choice.value, choice.allowed())
            for group in module.frequencies:
                for code in group.factors:
                    yield code, (self.place[code], _read(group.value, code), group.allowed(code))
            if module.infant:
                code = module.infant[0]
                yield code, (self.place[code], {"no": 0, "yes": 1}.get, "no, yes")
        for name, (levels, holds) in self.system.findings.items():
            known = {level: int(level in holds) for level in levels}
            yield name, (self.finding[name], known.get, ", ".join(levels))

    def mark(self, item: str, answer: str) -> tuple[int, int]:
        """The column of an answer and what it adds there."""
        if item not in self.readers:
            raise OptionError(f"there is no item {item!r}: the items are {', '.join(self.readers)}")
        column, read, allowed = self.readers[item]
        value = read(answer)
        if value is None:
            raise OptionError(
                f"item {item} ({self.system.names[item]}) has no answer {answer!r}: its answers "
                f"are {allowed}"
            )
        return column, value

    def modules(self, found: IntArray, infant: BoolArray) -> IntArray:
        """The sums of the modules from all marks."""
        sums = found[:, : len(self.system.modules)].copy()
        for at, column, name in self.gated:
            sums[:, at] += np.where(found[:, self.finding[name]] > 0, found[:, column], 0)
        modules = list(self.system.modules.values())
        for at, column, number in self.frequency:
            steps = modules[at].frequencies[number].steps
            least = np.array([bound for bound, _ in steps])
            points = np.array([0, *(points for _, points in steps)])
            sums[:, at] += points[np.searchsorted(least, found[:, column], side="right")]
        for at, column, points_of in self.infant:
            sums[:, at] = np.where(infant, (found[:, column] > 0) * points_of, sums[:, at])
        return sums


def _read(value: Callable[[str, str], int | None], code: str) -> Callable[[str], int | None]:
    return lambda text: value(code, text)


def _check_twice(answers: Answers, show: Callable[[int], str]) -> None:
    keys = answers.user * len(answers.item.names) + answers.item.codes
    distinct, first, counts = np.unique(keys, return_index=True, return_counts=True)
    if len(distinct) < len(keys):
        row = int(first[counts > 1][0])
        item = answers.item.names[int(answers.item.codes[row])]
        raise OptionError(
            f"{show(int(answers.user[row]))} answers item {item} twice: keep one of them"
        )


def _check_complete(
    system: CareSystem,
    answers: Answers,
    assessed: BoolArray,
    infant: BoolArray,
    show: Callable[[int], str],
) -> None:
    """Refuse people of whom only some items are answered."""
    given = {name: code for code, name in enumerate(answers.item.names)}
    for module in system.modules.values():
        due = assessed & ~infant if module.infant else assessed
        for code in module.asked():
            answered = np.zeros(answers.users, dtype=np.bool_)
            if code in given:
                answered[answers.user[answers.item.codes == given[code]]] = True
            missing = np.flatnonzero(due & ~answered)
            if len(missing):
                raise OptionError(
                    f"{show(int(missing[0]))} has not answered item {code} "
                    f"({system.names[code]}): answer it, or say unanswered = nothing"
                )
