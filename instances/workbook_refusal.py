"""Why a workbook is not read, or not further."""

from metneed.instances.faults import Fault
from metneed.models.errors import MissingExtraError

SAVE = "Save it from the spreadsheet as an Excel workbook (.xlsx)"


class RefusedWorkbookError(Exception):
    """A workbook that is not read, or not further; its fault says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.problem)


def damaged(problem: str) -> RefusedWorkbookError:
    """The refusal of a workbook that is not whole."""
    remedy = f"It may be cut off or damaged. {SAVE} once more"
    return RefusedWorkbookError(Fault("not-a-workbook", problem, remedy))


def missing_extra() -> MissingExtraError:
    """What is raised where the libraries for workbooks are not installed."""
    return MissingExtraError("reading workbooks", "excel")
