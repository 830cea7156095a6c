"""`python -m conformance`: the way in to conformance/commands, and what all commands have in common.

It says in one line what an interpreter lacks that is too old or has not the tool's libraries, and it ends as
a shell expects: 130 where it was interrupted, and never with a traceback because nobody reads what it prints.
"""

from __future__ import annotations

import signal
import sys
from typing import Any

from conformance.exits import Exit

OLDEST = (3, 10)


def entry() -> int:
    """Do what the command line asks, and return the exit code."""
    if sys.version_info < OLDEST:
        found = "{}.{}".format(*sys.version_info)
        print(f"error: `python -m conformance` needs Python 3.10 or newer, this is {found}", file=sys.stderr)
        return Exit.BAD_INPUT
    from conformance.commands import telling

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A script's background jobs ignore SIGINT unless they ask for it; what nohup ignores stays ignored.
        if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    sys.stdout, sys.stderr = (stream and telling.outlet(stream) for stream in (sys.stdout, sys.stderr))
    code = _command()
    why = telling.lost(sys.stdout)
    if why:
        print(f"error: what this command prints cannot be written ({why})", file=sys.stderr)
    return code or (Exit.NOT_MEASURED if why else 0)


def _command() -> int:
    from conformance.columns import tool

    try:
        from conformance.commands.main import main
    except ModuleNotFoundError as error:
        if not tool.is_needed(error.name):
            raise
        print(f"error: {tool.missing(str(error.name))}", file=sys.stderr)
        return Exit.BAD_INPUT
    try:
        main()
    except SystemExit as left:
        return _code(left.code)
    return 0


def _code(left: Any) -> int:
    return left if isinstance(left, int) else 0 if left is None else 1


if __name__ == "__main__":
    try:
        sys.exit(entry())
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(Exit.INTERRUPTED)
