"""Start of the command line, and what its exit codes mean.

0 done, 1 a bug of metneed, 2 bad input or usage, 3 infeasible, 4 a limit was reached and the best
answer so far was written, 130 interrupted.
"""

import sys


def main() -> None:
    """Run the command line and end with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; its exit code, with the message of any error on stderr."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        # Nothing but sys is sure to have been imported by now.
        sys.stderr.write("interrupted; nothing was left half-written\n")
        return 130


def _run(arguments: list[str]) -> int:
    import click  # noqa: PLC0415 - here and below: an interrupt during imports is caught as well

    from metneed.cli import app  # noqa: PLC0415
    from metneed.models.errors import BrokenAllocationError, MetNeedError  # noqa: PLC0415

    try:
        code = app.main(arguments, prog_name="metneed", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        raise KeyboardInterrupt from None
    except BrokenAllocationError:
        raise
    except MetNeedError as error:
        click.echo(f"metneed: {error}", err=True)
        return 2
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    main()
