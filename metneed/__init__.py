"""metneed: with this budget, who gets which care package, and what else could be done.

>>> from metneed import compare, demo_council
>>> compare(demo_council().instance(), rules=["current", "points_proportional"]).table.shape[0]
2
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from metneed.instances.generators import demo_council, generate
    from metneed.instances.read import examine, from_frames, read
    from metneed.models.allocation import Allocation, Infeasible, NotApplicable
    from metneed.models.budget_path import BudgetPath
    from metneed.models.comparison import Comparison
    from metneed.models.errors import InputError, MetNeedError
    from metneed.models.instance import Instance
    from metneed.models.scenario import Scenario
    from metneed.models.settings import Settings
    from metneed.solver.compare import compare
    from metneed.solver.measures import measures
    from metneed.solver.rules import rules
    from metneed.solver.solve import solve
    from metneed.solver.years.path import path

_HOMES = {
    "Allocation": "models.allocation",
    "BudgetPath": "models.budget_path",
    "Comparison": "models.comparison",
    "Infeasible": "models.allocation",
    "InputError": "models.errors",
    "Instance": "models.instance",
    "MetNeedError": "models.errors",
    "NotApplicable": "models.allocation",
    "Scenario": "models.scenario",
    "Settings": "models.settings",
    "compare": "solver.compare",
    "demo_council": "instances.generators",
    "examine": "instances.read",
    "from_frames": "instances.read",
    "generate": "instances.generators",
    "measures": "solver.measures",
    "path": "solver.years.path",
    "read": "instances.read",
    "rules": "solver.rules",
    "solve": "solver.solve",
}

__all__ = [
    "Allocation",
    "BudgetPath",
    "Comparison",
    "Infeasible",
    "InputError",
    "Instance",
    "MetNeedError",
    "NotApplicable",
    "Scenario",
    "Settings",
    "compare",
    "demo_council",
    "examine",
    "from_frames",
    "generate",
    "measures",
    "path",
    "read",
    "rules",
    "solve",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """Import a public name when it is first used, so that ``import metneed`` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'metneed' has no attribute {name!r}")
    return getattr(import_module(f"metneed.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
