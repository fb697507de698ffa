"""Whether shares can be arranged as a mix of allowed plans, and what the best such mix is worth.

A small linear programme of equations in exact fractions: a handful of shares of a few people.
"""

from collections.abc import Sequence
from fractions import Fraction


def greatest(
    worth: Sequence[int], rows: Sequence[Sequence[int]], amounts: Sequence[int]
) -> Fraction | None:
    """The greatest worth of amounts of columns, 0 or more, that add up to what each row says.

    Parameters
    ----------
    worth
        Of one unit of each column.
    rows
        For each column the rows in which it counts 1.
    amounts
        What each row must come to, 0 or more.

    Returns
    -------
    Fraction or None
        None where no amounts of the columns add up to that.

    >>> greatest([5, 1, 1, 0], [(0, 2), (0, 3), (1, 2), (1, 3)], [2, 1, 2, 1])
    Fraction(10, 1)
    >>> greatest([1], [(0,)], [1, 1]) is None
    True
    """
    columns, height = len(worth), len(amounts)
    table = [
        [Fraction(int(row in rows[k])) for k in range(columns)] + [Fraction(amounts[row])]
        for row in range(height)
    ]
    # Each row begins with a column of its own, which counts as missing.
    basis = [columns + row for row in range(height)]
    short = [sum((line[k] for line in table), Fraction(0)) for k in range(columns + 1)]
    _climb(table, basis, short, columns)
    if short[-1] != 0:
        return None
    _leave(table, basis, columns)
    gain = [Fraction(each) for each in worth] + [Fraction(0)]
    for line, own in zip(table, basis, strict=True):
        if gain[own]:
            _take(gain, line, gain[own])
    _climb(table, basis, gain, columns)
    return -gain[-1]


def _climb(
    table: list[list[Fraction]], basis: list[int], gain: list[Fraction], columns: int
) -> None:
    """Change the basis as long as a column gains; the first that does, so that it ends."""
    while True:
        enter = next((k for k in range(columns) if gain[k] > 0), None)
        if enter is None:
            return
        steps = [
            (line[-1] / line[enter], own, row)
            for row, (line, own) in enumerate(zip(table, basis, strict=True))
            if line[enter] > 0
        ]
        _pivot(table, basis, gain, min(steps)[2], enter)


def _leave(table: list[list[Fraction]], basis: list[int], columns: int) -> None:
    """Take out the rows' own columns: at 0, or of rows that others already imply."""
    for row in reversed(range(len(table))):
        if basis[row] < columns:
            continue
        enter = next((k for k in range(columns) if table[row][k]), None)
        if enter is None:
            del table[row], basis[row]
        else:
            _pivot(table, basis, [Fraction(0)] * (columns + 1), row, enter)


def _pivot(
    table: list[list[Fraction]], basis: list[int], gain: list[Fraction], row: int, enter: int
) -> None:
    by = table[row][enter]
    table[row] = [each / by for each in table[row]]
    for other, line in enumerate(table):
        if other != row and line[enter]:
            _take(line, table[row], line[enter])
    if gain[enter]:
        _take(gain, table[row], gain[enter])
    basis[row] = enter


def _take(line: list[Fraction], other: list[Fraction], times: Fraction) -> None:
    for k, each in enumerate(other):
        line[k] -= times * each
