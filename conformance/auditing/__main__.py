"""`python -m conformance.auditing package.module:build`: a model of one's own, held against the claims.

It needs nothing of the tool's: it runs wherever the model does.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any, List, Mapping, Optional, Sequence

from conformance.auditing import asking, findings, junit, pages
from conformance.auditing.findings import Finding
from conformance.exits import Exit
from conformance.legible import legible
from conformance.measuring import settings
from conformance.results import scratch

_ENDS = (
    "exit code: 0 all that could be asked holds; 1 something deviates; 10 nothing deviates, but a question "
    "has no answer, or there is no TensorFlow; 11 what was given cannot be audited; 130 interrupted"
)


#: The longest that a question may take, in seconds: a timer takes no number of any size.
_DAY = 24 * 60 * 60


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= _DAY):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 1 to {_DAY}, a day")
    return int(text)


def _arguments(given: Optional[List[str]]) -> argparse.Namespace:
    about = "Hold a model of your own against the claims."
    parser = argparse.ArgumentParser(
        prog="python -m conformance audit", description=about, epilog=_ENDS, allow_abbrev=False
    )
    parser.add_argument("subject", metavar="package.module:build", help="a function that builds the model")
    parser.add_argument("--only", action="append", default=[], metavar="QUESTION", help="ask this, no more")
    parser.add_argument("--skip", action="append", default=[], metavar="QUESTION", help="do not ask this")
    parser.add_argument("--all", action="store_true", help="show also what holds or is not applicable")
    parser.add_argument("--format", choices=["terminal", "markdown", "html", "json"], default="terminal")
    parser.add_argument("--junitxml", type=Path, metavar="FILE", help="tell it also as a CI's test report")
    parser.add_argument("--limit", type=_seconds, default=120, metavar="S", help="seconds for each question")
    return parser.parse_args(given)


def main(given: Optional[List[str]] = None) -> int:
    """Audit what the command line names, and return the exit code."""
    asked = _arguments(given)
    obstacle = settings.obstacle(os.environ)
    if obstacle:
        return _end(obstacle, Exit.BAD_INPUT)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    questions = {name: getattr(asked, name) for name in ("subject", "only", "skip", "limit")}
    try:
        if asked.junitxml:
            scratch.make_room(asked.junitxml)
        column, found = asking.ask(questions, _progress)
        _progress("")
        return _tell(asked, column, found)
    except asking.RefusedError as error:
        _progress("")
        return _end(str(error), error.exit_code)
    except OSError as error:
        return _end(f"{error.filename}: cannot be written ({error.strerror})", Exit.NOT_MEASURED)


def _tell(asked: argparse.Namespace, column: Mapping[str, Any], found: Sequence[Finding]) -> int:
    """Tell what was found in the form that was asked for, and return the exit code."""
    if asked.junitxml:
        scratch.replace(asked.junitxml, junit.report(asked.subject, column, found))
    text = pages.FORMATS[asked.format](asked.subject, column, found, asked.all)
    try:
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read it had enough; Python would say so once more at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
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
