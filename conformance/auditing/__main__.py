"""`python -m conformance.auditing package.module:build`: a model of one's own, held against the claims.

It needs nothing of the tool's: it runs wherever the model does.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import List, Optional

from conformance.exits import Exit
from conformance.legible import legible
from conformance.measuring import settings


def _arguments(given: Optional[List[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m conformance audit", description=__doc__.split("\n")[0])
    parser.add_argument("subject", metavar="package.module:build", help="A function that builds the model.")
    parser.add_argument("--only", action="append", default=[], metavar="QUESTION", help="Ask this, no more.")
    parser.add_argument("--all", action="store_true", help="Show also what holds or is not applicable.")
    parser.add_argument("--format", choices=["terminal", "json"], default="terminal", help="How.")
    parser.add_argument("--limit", type=int, default=120, metavar="S", help="Seconds for each question.")
    return parser.parse_args(given)


def main(given: Optional[List[str]] = None) -> int:
    """Audit what the command line names, and return the exit code."""
    asked = _arguments(given)
    obstacle = settings.obstacle(os.environ)
    if obstacle:
        return _end(obstacle, Exit.BAD_INPUT)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from conformance.auditing import findings, loading, showing

    try:
        build = loading.function(asked.subject)
        try:
            from conformance.auditing.questions import Audit
            from conformance.measuring import installed
        except ImportError as error:
            return _end(f"no TensorFlow that can be imported ({error})", Exit.NOT_MEASURED)
        audit = Audit(build, asked.limit)
        unknown = [name for name in asked.only if name not in audit.questions()]
        if unknown:
            return _end(f"--only {unknown[0]}: ask one of {', '.join(audit.questions())}", Exit.BAD_INPUT)
        found = audit.ask(asked.only, _progress)
        _progress("")
    except loading.SubjectError as error:
        return _end(str(error), error.exit_code)
    column = installed.column()
    if asked.format == "json":
        sys.stdout.write(showing.as_json(asked.subject, column, found))
    else:
        sys.stdout.write(showing.as_text(asked.subject, column, found, asked.all))
    return findings.exit_code(found)


def _progress(name: str) -> None:
    """Say what is being asked, where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{name}", end="", file=sys.stderr, flush=True)


def _end(message: str, code: Exit) -> int:
    print(f"error: {legible(message, 1000)}", file=sys.stderr)
    return code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(Exit.INTERRUPTED)
