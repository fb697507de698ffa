"""A corpus of bad and awkward workbooks, built in memory, and the findings each must give.

Read with ``runpy.run_path``.
"""

import runpy
from pathlib import Path

PARTS = {
    name: runpy.run_path(str(Path(__file__).with_name(f"workbook_{name}.py")))
    for name in ("files", "cells", "base")
}
EVERYTHING = {
    **PARTS["files"],
    **PARTS["base"],
    "CASES": [*PARTS["files"]["CASES"], *PARTS["cells"]["CASES"]],
}
"""All that the parts define, by name."""
