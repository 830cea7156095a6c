"""Where commands speak: streams that may refuse what they are told, and the summary of a job on GitHub."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable
from typing import Any, TextIO

from conformance.legible import legible


class Outlet(io.FileIO):
    """The end of a stream, which keeps what refused it instead of raising wherever a line is printed.

    A command goes on when nobody listens any more: what it measures and its exit code are worth having.
    """

    refusal: OSError | None = None

    def write(self, data: Any) -> int:
        """Write bytes, or nothing once that was refused; return how many would have been written."""
        if self.refusal is None:
            try:
                return super().write(data)
            except OSError as error:
                self.refusal = error
        return len(data)


def outlet(stream: TextIO) -> TextIO:
    """Return a stream to the same place that never raises: not for a full disk, nor for a letter it lacks."""
    end = io.BufferedWriter(Outlet(stream.fileno(), "w", closefd=False))
    return io.TextIOWrapper(end, stream.encoding, "backslashreplace", line_buffering=stream.isatty())


def lost(stream: TextIO | None) -> str:
    """Return why what was printed is lost, if it is. A reader that went away, such as `head`, had enough."""
    if stream is None:
        return ""
    stream.flush()
    refusal = getattr(getattr(stream.buffer, "raw", None), "refusal", None)
    return "" if refusal is None or refusal.errno == errno.EPIPE else str(refusal.strerror)


def teller(err: bool) -> Callable[[str], None]:
    """Return a function that tells a line, whatever it quotes, on one of both streams."""

    def tell(line: str) -> None:
        print(legible(line, 1000), file=sys.stderr if err else sys.stdout, flush=True)

    return tell


def summarize(title: str, text: str) -> None:
    """Add Markdown to what GitHub shows of a job, where there is such a place and it can be written."""
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if not target:
        return
    try:
        with open(target, "a", encoding="utf-8") as stream:
            stream.write(f"### {title}\n\n{text}\n")
    except OSError as error:
        why = f"{target}: {error.strerror}"
        print(f"note: the summary of this job could not be written ({why})", file=sys.stderr)
