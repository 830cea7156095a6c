"""Why something was not measured, in a few words, read from what uv, pip, tox or pytest left in its log."""

from __future__ import annotations

import re
import shutil
import signal
from pathlib import Path

from conformance import exits
from conformance.legible import legible

#: A connection that did not come about, or a network that is switched off: as uv says it, then as pip does.
_UNREACHABLE = re.compile(
    r"client error \(Connect\)|error sending request|dns error|network was disabled|operation timed out"
    r"|HTTP status server error|407 Proxy Authentication|Network is unreachable"
    r"|NewConnectionError|Could not fetch URL|name resolution",
    re.IGNORECASE,
)
#: What such a tool says last is nearest to the cause.
_CAUSE = re.compile(r"^\W*(?:cause|caused by): *(.+)$", re.IGNORECASE | re.MULTILINE)
_NO_ROOM = re.compile(r"No space left on device|Disk quota exceeded")
_REFUSED = re.compile(r"Read-only file system|Permission denied")
#: pytest-timeout's and the recorder's, where a case took its whole run with it; and this tool's own.
_TIME_IS_UP = re.compile(
    r"^\++ Timeout \++$|: no answer within \S+ s ended the run; |^not over after \d+ s$", re.MULTILINE
)
_BEGUN = re.compile(r"^=+ test session starts =+$", re.MULTILINE)
_EPILOGUE = re.compile(r" *(\S+: (exit \d+|FAIL|OK|SKIP)|evaluation failed|congratulations)\b")
_COLOURS = re.compile("\x1b\\[[0-9;]*m")
#: How a process ends that had a time limit: as `timeout` has it.
TIMED_OUT = 124


def not_over(seconds: int) -> str:
    """Return what stands in the log of a process that was ended by its time limit."""
    return f"not over after {seconds} s"


def unreachable(text: str) -> str:
    """Return that no package index could be reached, and why, if that is what a tool said; else nothing."""
    if not _UNREACHABLE.search(text):
        return ""
    if "network was disabled" in text:
        return "the package index could not be reached (uv is told to stay offline)"
    causes = _CAUSE.findall(text)
    return "the package index could not be reached" + (f" ({legible(causes[-1])})" if causes else "")


def of_building(log: Path) -> str:
    """Return why an environment could not be built, as far as its log says it."""
    why = _of_the_machine(_text(log))
    return f"could not be built{f': {why}' if why else ' from its lock'}, see {log}"


def _of_the_machine(text: str) -> str:
    """Return what was lacking that is not the fault of what was to be built; nothing if that was it."""
    refused = _NO_ROOM.search(text) or _REFUSED.search(text) or _TIME_IS_UP.search(text)
    return unreachable(text) or (refused[0].lower() if refused else "")


def of_running(code: int, log: Path) -> str:
    """Return how a run ended that measured nothing: `not measured (bad input), see <log>: <last line>`."""
    text = _text(log)
    if _of_the_machine(text) and not (_BEGUN.search(text) or _TIME_IS_UP.search(text)):
        return of_building(log)
    how = exits.not_measured(code)
    if _TIME_IS_UP.search(text):
        how = "not measured (timed-out)"
    elif _signal(code):
        how = f"not measured (ended by {_signal(code)})"
    last = _last(text) or ("" if shutil.disk_usage(log.parent).free else "no space left on device")
    return f"{how}, see {log}{f': {last}' if last else ''}"


def _last(text: str) -> str:
    """Return the last line of a log that says something, which none does that tox ends with."""
    lines = (line for line in reversed(text.splitlines()) if line.strip() and not _EPILOGUE.match(line))
    return next(map(legible, lines), "")


def _signal(code: int) -> str:
    """Return the name of the signal that an exit code tells of, as Python, a shell or tox passes it on."""
    number = -code if code < 0 else code - 128 if code <= 192 else 256 - code
    try:
        return signal.Signals(number).name if code != exits.Exit.INTERRUPTED else ""
    except ValueError:
        return ""


def _text(log: Path) -> str:
    """Return what a log says, without the colours that tox gives it."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return _COLOURS.sub("", text)
