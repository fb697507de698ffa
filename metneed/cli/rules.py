"""``metneed rules``: list the rules, or explain one."""

import inspect
import sys

import click

from metneed.cli.common import emit, json_option
from metneed.cli.screen import table
from metneed.solver.option_words import option_words, takes
from metneed.solver.rule import Rule
from metneed.solver.rules import rule as rule_named
from metneed.solver.rules import rules

HAND_OUT = {"money": "hands out money", "package": "chooses packages"}


@click.command("rules")
@click.argument("name", required=False)
@json_option
def command(name: str | None, as_json: bool) -> None:
    """List all rules, or explain the rule NAME with its options."""
    chosen = [rule_named(name)] if name else list(rules().values())
    if as_json:
        emit([describe(item) for item in chosen])
    elif name:
        click.echo(explanation(chosen[0]))
    else:
        rows = [[item.name, item.title, HAND_OUT[item.family]] for item in chosen]
        click.echo(table(["rule", "in words", "kind"], rows, left=3))
        click.echo("\nmetneed rules NAME explains one of them.")


def describe(rule: Rule) -> dict[str, object]:
    """A rule as plain data."""
    return {
        "name": rule.name,
        "title": rule.title,
        "family": rule.family,
        "packages": list(rule.readings),
        "needs": list(rule.needs),
        "never_takes_when_money_grows": rule.monotone,
        "options": {
            key: {
                "help": field.description,
                "default": None if field.is_required() else plain(field.get_default()),
                "type": takes(field),
            }
            for key, field in rule.options.model_fields.items()
        },
        "explanation": documentation(rule),
    }


def plain(value: object) -> object:
    """A default as JSON holds it: numbers that it has none for, as text."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)


def documentation(rule: Rule) -> str:
    """The text at the top of the rule's file."""
    return inspect.cleandoc(sys.modules[rule.run.__module__].__doc__ or rule.title)


def explanation(rule: Rule) -> str:
    """A rule in words, with its options and what it needs."""
    lines = [f"{rule.name}: {rule.title}", "", documentation(rule), ""]
    lines.append(f"Packages: {' or '.join(rule.readings)}. It {HAND_OUT[rule.family]}.")
    if rule.needs:
        lines.append(f"Needs: {', '.join(rule.needs)}.")
    for option in option_words(rule.options):
        default = "needed" if option.default == "needed" else f"default {option.default or 'none'}"
        lines.append(f"--option {option.name}=...  {option.says}.")
        lines.append(f"    {option.takes}; {default}")
    return "\n".join(lines)
