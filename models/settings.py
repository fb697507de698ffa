"""Settings: how to run. Never part of a scenario, and never changes a proven answer."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """How to run: which outside solver, and the limits it must keep."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    solver: str = Field(default="HiGHS", description="PuLP's name of the outside solver")
    time_limit: float = Field(
        default=60.0, gt=0, description="seconds the outside solver may take, each time it is asked"
    )
    write_lp: Path | None = Field(
        default=None, description="also write the linear programme to this file"
    )
