"""Settings: how to run. Never part of a scenario, and never changes a proven answer."""

from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Engine: TypeAlias = Literal["auto", "numpy", "numba"]


class Settings(BaseModel):
    """How to run: which engine and outside solver, and the limits they must keep."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    solver: str = Field(default="HiGHS", description="PuLP's name of the outside solver")
    time_limit: float = Field(
        default=60.0, gt=0, description="seconds that a search may take, an outside solver included"
    )
    memory_limit: float = Field(
        default=0.5, gt=0, description="GiB, about, that a search may take for its states"
    )
    engine: Engine = Field(
        default="auto",
        description="what passes over all packages run on: auto takes numba for large instances "
        "where it is installed; the answers are the same",
    )
    write_lp: Path | None = Field(
        default=None, description="also write the linear programme to this file"
    )
