"""Start of the command line, and what its exit codes mean.

0 done, 1 a bug of metneed, 2 bad input or usage, 3 infeasible, 4 a limit was reached and the best
answer so far was written, 130 interrupted.
"""

import sys

import click

from metneed.models.errors import BrokenAllocationError, MetNeedError


def main() -> None:
    """Run the command line and end with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; its exit code, with the message of any error on stderr."""
    from metneed.cli import app  # noqa: PLC0415 - so that an interrupt during imports is caught

    try:
        code = app.main(arguments, prog_name="metneed", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; nothing was left half-written", err=True)
        return 130
    except BrokenAllocationError:
        raise
    except MetNeedError as error:
        click.echo(f"metneed: {error}", err=True)
        return 2
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    main()
