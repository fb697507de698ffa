"""The command line: one file a command, loaded when it is used."""

import importlib
from importlib.metadata import version
from keyword import iskeyword

import click

COMMANDS = {
    "demo": "Compare ways of rationing on a made-up council: start here.",
    "check": "Read an instance, list every fault, and show what is in it.",
    "solve": "Run one rule and write who gets what.",
    "compare": "Run several rules on the same people and money.",
    "path": "Rules over several years of cuts, each year from the one before.",
    "stages": "Indicative budgets beside final costs: how far apart, and is it worth it?",
    "noise": "What the assessor's error does to what people get.",
    "split": "What part of a change in awards comes from the budget, what from the need.",
    "frontier": "What each budget buys, and the value of the last pound.",
    "verify": "Re-check a result, number by number, without the solver.",
    "rules": "List the rules, or explain one.",
    "measures": "List the figures that comparisons show.",
    "template": "Empty tables for a council to fill in, with help and examples.",
    "build": "An instance from a council's own tables.",
    "generate": "Make an instance: a council, or a test problem.",
    "import": "From a council's extract to its tables.",
    "reconcile": "Pounds and people by service against the ledger.",
}


class _Commands(click.Group):
    """Commands that are imported only when they are called, so that help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        # A module cannot be called import.
        module = cmd_name + "_" * iskeyword(cmd_name)
        command = importlib.import_module(f"metneed.cli.{module}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            ctx.fail(f"There is no command {args[0]!r}.{hint} See metneed --help.")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=(
        "An INSTANCE is a folder with scenario.toml, users and packages as CSV or Parquet. "
        "metneed tests scenarios; it never decides about a person."
    ),
)
@click.version_option(version("metneed"), prog_name="metneed")
def app() -> None:
    """Who gets which care package within a fixed budget, and what else could be done."""
