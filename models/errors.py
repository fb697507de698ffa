"""All errors that metneed raises on purpose.

MetNeedError
  InputError           faults in the input, all of them at once (also a ValueError)
  OptionError          an option, setting or argument that cannot be used (ValueError)
  UnknownNameError     no rule, measure or family of that name (KeyError)
  NumbersTooLargeError amounts too large for exact arithmetic at these decimals (OverflowError)
  MissingExtraError    an optional library is not installed (ImportError)
  SolverError          an outside solver failed or gave an unusable answer (RuntimeError)
  OutputError          a result could not be written (OSError)
  BrokenAllocationError an allocation breaks its own problem: a bug of a rule (AssertionError)

Infeasible is not an error: it is an outcome.
"""

from collections.abc import Iterable
from difflib import get_close_matches

from metneed.models.findings import Findings


class MetNeedError(Exception):
    """The root of every error that metneed raises on purpose."""


class InputError(MetNeedError, ValueError):
    """Faults in the input; `findings` holds every one with its place and remedy."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        super().__init__(findings.summary())


class OptionError(MetNeedError, ValueError):
    """An option, setting or argument that cannot be used; the message says what can."""


class UnknownNameError(MetNeedError, KeyError):
    """No thing of that kind and name; the message names the nearest ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        folded = {item.casefold(): item for item in names}
        wanted = name.strip().casefold()
        holding = [item for key, item in folded.items() if wanted and wanted in key]
        close = [folded[key] for key in get_close_matches(wanted, folded, n=3)]
        near = list(dict.fromkeys([*holding, *close]))[:5]
        shown = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
        hint = f"did you mean {', '.join(near)}?" if near else f"known: {shown}"
        self.message = f"there is no {kind} called {name!r}; {hint}"
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class NumbersTooLargeError(MetNeedError, OverflowError):
    """Costs and values too large for exact 64-bit arithmetic at these decimals."""


class MissingExtraError(MetNeedError, ImportError):
    """An optional library is needed here and is not installed."""

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(
            f"{purpose} needs the extra {extra!r}: install it with  pip install 'metneed[{extra}]'"
        )


class SolverError(MetNeedError, RuntimeError):
    """An outside solver failed, was killed, or gave an answer that cannot be used."""


class OutputError(MetNeedError, OSError):
    """A result could not be written; what stood there before is untouched."""


class BrokenAllocationError(MetNeedError, AssertionError):
    """An allocation contradicts the problem it was made for: the rule has a bug."""
