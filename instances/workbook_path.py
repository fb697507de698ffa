"""A path as the sheets of a workbook: one sheet a figure, rules down and years across."""

from metneed.instances.results import NOTE
from metneed.instances.workbook_results import cell_form
from metneed.instances.workbook_write import Column, Sheet
from metneed.models.comparison import Unit
from metneed.models.path import Path


def path_sheets(path: Path) -> list[Sheet]:
    """What was asked, each figure by rule and year, what breaks first, and all figures as rows.

    Nothing in it is about single people.
    """
    measures = list(dict.fromkeys((item.measure, item.unit) for item in path.figures))
    return [
        _about(path),
        *(_by_year(path, measure, unit) for measure, unit in measures),
        _breaks(path),
    ]


def _about(path: Path) -> Sheet:
    scenario = path.instance.scenario
    plan = path.plan.model_dump(mode="json", exclude_none=True)
    said = {
        "what this is": NOTE,
        "scenario": scenario.name,
        "description": scenario.description,
        "users": f"{len(path.instance.users):,}",
        "currency and period": f"{scenario.currency} a {scenario.period}",
        "top_slice": str(scenario.top_slice),
        **{f"path.{key}": str(value) for key, value in plan.items()},
        **{
            f"{rule} in year {year}": f"no allocation: {reason}"
            for (year, rule), reason in path.reasons.items()
        },
        **{f"sha256 of {name}": digest for name, digest in path.instance.inputs.items()},
    }
    said = {name: text for name, text in said.items() if text}
    columns = [Column("about this workbook", list(said)), Column("", list(said.values()))]
    return Sheet("about", columns, note="", kept=0)


def _by_year(path: Path, measure: str, unit: Unit) -> Sheet:
    kind, decimals = cell_form(unit, path.instance.scenario.units)
    columns = [Column("rule", list(path.rules))]
    for year in path.years:
        values = [path.value(year, rule, measure) for rule in path.rules]
        columns.append(Column(f"year {year}", values, kind, decimals))
    return Sheet(measure.replace("_", " "), columns)


def _breaks(path: Path) -> Sheet:
    columns = [
        Column("rule", [item.rule for item in path.breaks]),
        Column("floor or limit", [item.limit for item in path.breaks]),
        Column("first year", [str(item.year) for item in path.breaks]),
        Column("users", [item.users for item in path.breaks], "amount", 0),
    ]
    return Sheet("first to break", columns)
