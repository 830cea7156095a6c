"""The commands together, and how each ends where something is wrong: in one line, with a code of its own."""

from __future__ import annotations

import errno
import sys
from typing import Any, NoReturn

import click

from conformance.columns import tool
from conformance.commands import auditing, cooking, measuring, moved, reading
from conformance.exits import Exit
from conformance.legible import legible, lines

#: What a system says that does not let a file be made or written.
_REFUSALS = {
    getattr(errno, name)
    for name in (
        "EACCES",
        "EPERM",
        "EROFS",
        "ENOSPC",
        "EDQUOT",
        "ENOTDIR",
        "EISDIR",
        "EMFILE",
        "ENAMETOOLONG",
    )
}


class OneLineErrors(click.Group):
    """Commands of which the project's own errors, and the system's refusals, end in one line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (click.Abort, KeyboardInterrupt) as error:
            if isinstance(error.__context__, EOFError):  # nobody is there who could answer: that is a no
                sys.exit(Exit.DEVIATES)
            click.echo("interrupted: what had been measured before is kept", err=True)
            sys.exit(Exit.INTERRUPTED)
        except Exception as error:
            _end(error)


def _end(error: Exception) -> NoReturn:
    """Say an error in a line and leave with its code, or raise it where it is a fault of this program."""
    if isinstance(error, ModuleNotFoundError) and tool.is_needed(error.name):
        error = tool.missing(str(error.name))
    if isinstance(error, OSError) and error.errno in _REFUSALS:
        what = error.filename or "a file that this command makes"
        click.echo(f"error: {legible(str(what), 1000)}: cannot be written ({error.strerror})", err=True)
        sys.exit(Exit.NOT_MEASURED)
    if not hasattr(error, "exit_code"):
        raise error
    click.echo(f"error: {lines(str(error))}", err=True)
    sys.exit(error.exit_code)


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Claims about Keras's training and inference mode, checked against real TensorFlow."""


for command in (
    *reading.COMMANDS,
    *cooking.COMMANDS,
    *moved.COMMANDS,
    *auditing.COMMANDS,
    *measuring.COMMANDS,
):
    main.add_command(command)
