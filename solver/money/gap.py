"""The funding gap: what is missing where amounts are more than the money for them."""

from metneed.models.allocation import Infeasible
from metneed.models.units import Units


def funding_gap(what: str, together: int, money: int, users: int, units: Units) -> Infeasible:
    """The answer where amounts exceed the money, in pounds and people.

    Parameters
    ----------
    what
        What the amounts are, with its verb: ``the full need of 3 users costs``.
    together, money
        The amounts together, and what there is for them, smallest money units.
    users
        How many users have an amount.
    units
        For the words.
    """
    short = together - money
    return Infeasible(
        reason=(
            f"{what} {units.show_money(together)}, the money for them is "
            f"{units.show_money(money)}: a funding gap of {units.show_money(short)}"
        ),
        shortfall=short,
        users=users,
    )
