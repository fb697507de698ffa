"""What is proved of pooled services, as certificates hold it and as it is read back."""

from collections.abc import Mapping, Sequence
from typing import Any

from metneed.models.certificate import OpeningBound
from metneed.solver.engines.gains import Prices
from metneed.solver.engines.one_opening import Answer
from metneed.solver.engines.pool import Pool
from metneed.solver.engines.pooled import Pooled
from metneed.solver.engines.rows import Row
from metneed.solver.engines.whole_answer import RowsWhole


def proof_of(
    found: Pooled, limits: Sequence[Row], pools: Sequence[Pool], per: Sequence[int]
) -> dict[str, Any]:
    """The fields of the certificate that say what is proved of all openings.

    Parameters
    ----------
    found
        The best opening.
    limits, pools
        The rows of the problem and its services.
    per
        For each row and each service's members how many of its units make one that is said.
    """
    names = [row.name for row in limits] + [pool.members.name for pool in pools]
    openings = tuple(_named(prices, names, per) for prices in found.prices)
    return {
        "openings": openings,
        "multipliers": openings[0].multipliers if openings[0].valued else {},
        "stopped": found.stopped,
        "least_cost": found.least_cost,
        "proof": _word(found.answer, found.upper_bound),
    }


def _word(answer: Answer, upper_bound: int) -> str:
    if isinstance(answer.found, RowsWhole) and answer.value < upper_bound:
        return answer.found.proof
    return "proved"


def _named(prices: Prices, names: Sequence[str], per: Sequence[int]) -> OpeningBound:
    triples = zip(names, prices.multipliers, per, strict=True)
    return OpeningBound(
        valued=prices.valued,
        multipliers={name: (p * more, prices.denominator) for name, p, more in triples},
    )


def prices_said(
    openings: Sequence[OpeningBound], names: Sequence[str], per: Sequence[int]
) -> list[Prices]:
    """The prices of a certificate, each for the rows of these names.

    Raises
    ------
    ValueError
        Where they are not those of the rows, below 0, or over several denominators.
    """
    return [_prices(each.valued, each.multipliers, names, per) for each in openings]


def _prices(
    valued: bool,
    said: Mapping[str, tuple[int, int]],
    names: Sequence[str],
    per: Sequence[int],
) -> Prices:
    if set(said) != set(names):
        raise ValueError("openings: multipliers are not one for each limit and service")
    pairs = [said[name] for name in names]
    denominators = {q for _, q in pairs}
    if len(denominators) != 1 or min(denominators) < 1 or min(p for p, _ in pairs) < 0:
        raise ValueError("openings: multipliers must be 0 or more, over one denominator")
    finer = [divmod(p, more) for (p, _), more in zip(pairs, per, strict=True)]
    if any(rest for _, rest in finer):
        raise ValueError("openings: multipliers are not those of the limits as they are counted")
    return Prices(tuple(p for p, _ in finer), denominators.pop(), valued)
