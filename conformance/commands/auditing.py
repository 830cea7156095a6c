"""The command that looks at a model of the user's own: it runs beside TensorFlow, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import click


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []}, add_help_option=False
)
@click.argument("arguments", metavar="PACKAGE.MODULE:BUILD [OPTION]...", nargs=-1, type=click.UNPROCESSED)
def audit(arguments: tuple[str, ...]) -> None:
    """Hold a model of your own against the claims, in the TensorFlow that this interpreter has.

    BUILD is a function without arguments that returns the model, or the model and a batch.
    `audit --help` lists the options; `python -m conformance.auditing` is the same without this tool.
    """
    code = subprocess.call([sys.executable, "-m", "conformance.auditing", *arguments])
    sys.exit(code if code >= 0 else 128 - code)


COMMANDS = (audit,)
