"""Words for numbers of things."""


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun in the form that goes with it.

    Parameters
    ----------
    number
        How many there are.
    one, many
        The noun for one and for more; `many` has an s where it is not given.

    >>> counted(1, "user"), counted(1200, "user"), counted(1, "person", "people")
    ('1 user', '1,200 users', '1 person')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
