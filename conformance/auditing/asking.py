"""Having a model asked in a process of its own: where that dies, or hangs for good, the others go on."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
from typing import Any, Callable, Dict, Iterator, List, Mapping, Tuple

from conformance.auditing.findings import Finding, unanswered
from conformance.exits import Exit
from conformance.words import Outcome

BUILD = "build()"
#: Seconds beyond a question's own, after which its process is ended: Python does not come back to end it.
GRACE = 30
_ANSWERING = (sys.executable, "-m", "conformance.auditing.answering")


class RefusedError(Exception):
    """A model that cannot be asked. Its text is one line."""

    def __init__(self, message: str, exit_code: Exit) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def ask(asked: Mapping[str, Any], tell: Callable[[str], None]) -> Tuple[Mapping[str, Any], List[Finding]]:
    """Return the column of the TensorFlow that is installed, and what questions to a model find there.

    `asked` are `subject`, `only`, `skip` and `limit`; `tell` is told the name of each question. Raises
    RefusedError.
    """
    column: Dict[str, Any] = {}
    found: Dict[str, List[Finding]] = {}
    done = False
    while not done:
        name, how = BUILD, Ending()
        for said in _said({**asked, "known": list(found)}, how):
            if "refused" in said:
                raise RefusedError(said["refused"], Exit(said["code"]))
            if "asking" in said:
                name = said["asking"]
                how.wait(asked["limit"] + GRACE)
                tell(name)
            if "found" in said:
                found[name] = [_finding(row) for row in said["found"]]
            column = said.get("column", column)
            done = done or "done" in said
        if not done and (name == BUILD or name in found):
            raise RefusedError(f"the model cannot be asked: {how.reason}", Exit.NOT_MEASURED)
        if not done:
            found[name] = [unanswered(name, how.outcome, how.reason)]
    return column, [one for each in found.values() for one in each]


class Ending:
    """How a process ended, that is waited for no longer than it was said last."""

    def __init__(self) -> None:
        self._timer = threading.Timer(0, list)
        self._late = False
        self.process: Any = None

    def wait(self, seconds: float) -> None:
        """Wait for so long from now."""
        self._timer.cancel()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def _end(self) -> None:
        self._late = True
        self.process.kill()

    def close(self) -> None:
        """Wait for nothing, and leave no process behind."""
        self._timer.cancel()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    @property
    def outcome(self) -> Outcome:
        """What that makes of the question."""
        return Outcome.TIMED_OUT if self._late else Outcome.CRASHED

    @property
    def reason(self) -> str:
        """What became of the process."""
        if self._late:
            return "it does not come to an end, and could not be interrupted"
        code = self.process.returncode
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"its process ended with {how}"


def _said(asked: Mapping[str, Any], how: Ending) -> Iterator[Mapping[str, Any]]:
    """Yield what a process says, and see to it that it ends."""
    command = [*_ANSWERING, json.dumps(asked)]
    how.process = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
    with contextlib.closing(how):
        for line in how.process.stdout:
            yield json.loads(line)
        how.process.wait()


def _finding(row: Mapping[str, Any]) -> Finding:
    texts = {name: tuple(row[name]) for name in ("expected", "remedies")}
    return Finding(**{**row, **texts, "outcome": Outcome(row["outcome"])})
