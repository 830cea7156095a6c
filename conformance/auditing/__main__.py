"""`python -m conformance.auditing package.module:build`: a model of one's own, held against the claims.

It needs nothing of the tool's: it runs wherever the model does.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path
from typing import Any, List, Optional

from conformance.exits import Exit
from conformance.legible import legible
from conformance.measuring import settings

_ENDS = (
    "exit code: 0 all that could be asked holds; 1 something deviates; 10 nothing deviates, but a question "
    "has no answer, or there is no TensorFlow; 11 what was given cannot be audited; 130 interrupted"
)


def _seconds(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
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
    from conformance.auditing import junit, loading

    try:
        if asked.junitxml:
            junit.make_room(asked.junitxml)
        with contextlib.redirect_stdout(sys.stderr):  # what the user's code prints is no part of the report
            build = loading.function(asked.subject)
            found = _found(build, asked)
        return _tell(asked, found)
    except ImportError as error:
        return _end(f"no TensorFlow that can be imported ({error})", Exit.NOT_MEASURED)
    except loading.SubjectError as error:
        return _end(str(error), error.exit_code)
    except OSError as error:
        return _end(f"{error.filename}: cannot be written ({error.strerror})", Exit.NOT_MEASURED)


def _found(build: Any, asked: argparse.Namespace) -> Any:
    """Return what the questions find that were asked for. Raises SubjectError, ImportError."""
    from conformance.auditing.loading import SubjectError
    from conformance.auditing.questions import Audit

    audit = Audit(build, asked.limit)
    unknown = [name for name in asked.only + asked.skip if name not in audit.questions()]
    if unknown:
        raise SubjectError(f"no question is called {unknown[0]!r}: there are {', '.join(audit.questions())}")
    names = [name for name in asked.only or audit.questions() if name not in asked.skip]
    found = audit.ask(names, _progress)
    _progress("")
    return found


def _tell(asked: argparse.Namespace, found: Any) -> int:
    """Tell what was found in the form that was asked for, and return the exit code."""
    from conformance.auditing import findings, junit, pages
    from conformance.measuring import installed

    column = installed.column()
    if asked.junitxml:
        asked.junitxml.write_text(junit.report(asked.subject, column, found), encoding="utf-8")
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
