"""The settings of a build: what build.toml may say, and what holds where it is silent."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from metneed.instances.evidence import Evidence
from metneed.instances.faults import Fault, FileFaults
from metneed.instances.headings import nearest
from metneed.instances.scenario_file import raw_keys
from metneed.models.findings import Findings
from metneed.models.scenario import Period

FILE = "build.toml"

CARE_ACT = {
    "nutrition": True,
    "hygiene": True,
    "toilet": True,
    "clothed": True,
    "home_safely": True,
    "habitable_home": False,
    "relationships": False,
    "work": False,
    "community": False,
    "child_care": False,
}
"""The ten outcomes of the Care Act (SI 2015/313, regulation 2), and which count as basic.

The regulation ranks none above another: which are basic is an assumption.
"""


class Settings(BaseModel):
    """How menus are built from a council's tables."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    period: Period | None = Field(
        default=None, description="what units, costs and contributions are for; default week"
    )
    weeks_per_year: Literal["365/7", "52", "364/7"] | None = Field(
        default=None, description="how a budget for another period is converted, once"
    )
    cost_current: Literal["list", "recorded"] = Field(
        default="list", description="what today's package costs: at list price, or as recorded"
    )
    evidence: Evidence | None = Field(
        default=None, description="build at this level of evidence; default the best there is"
    )
    outcomes: list[str] = Field(
        default=[*CARE_ACT], description="the outcomes that are expected; others are announced"
    )
    basic_outcomes: list[str] = Field(
        default=[name for name, basic in CARE_ACT.items() if basic],
        description="the outcomes that are basic where needs do not say",
    )
    unassessed: Literal["refuse", "leave_out"] = Field(
        default="refuse", description="people without any need: a fault, or left out and listed"
    )


def settings_of(raw: Mapping[str, Any], findings: Findings) -> Settings:
    """The settings that these keys make; keys that cannot be used are findings."""
    faults = FileFaults(FILE, findings)
    try:
        return Settings.model_validate(dict(raw))
    except ValidationError as error:
        for item in error.errors(include_url=False):
            key = str(item["loc"][0])
            faults.add(_fault(key, item["type"], item["msg"]), key, str(raw.get(key, "")))
        return Settings()


def read_settings(path: Path | None, findings: Findings) -> Settings:
    """The settings of a file, all defaults where there is none; faults are findings.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    if path is None:
        return Settings()
    raw, _ = raw_keys(path, FileFaults(path.name, findings))
    return settings_of(raw or {}, findings)


def _fault(key: str, kind: str, message: str) -> Fault:
    if kind == "extra_forbidden":
        near = nearest(key, Settings.model_fields)
        known = ", ".join(Settings.model_fields)
        remedy = f"Did you mean {near}?" if near else f"Known keys are {known}"
        return Fault("unknown-key", "there is no such key", remedy)
    description = Settings.model_fields[key].description
    return Fault("bad-value", message.replace("Input should", "should"), f"Give {description}")
