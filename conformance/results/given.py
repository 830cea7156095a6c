"""The text of a file that a user names, however an editor or a shell left it."""

from __future__ import annotations

import difflib
import errno
import os
import stat
from pathlib import Path

from conformance.results import scratch

_MARK = "\ufeff"


def text(path: Path) -> str:
    """Return what a file or a pipe says, without the byte order mark that editors put at the beginning.

    Raises OSError, also for a pipe into which nobody writes, and UnicodeDecodeError.
    """
    with open(str(path), encoding="utf-8-sig", opener=scratch.opened) as stream:
        found = stream.read()
        if not found and stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode):
            raise OSError(errno.EPIPE, "nobody writes into this pipe", str(path))
    return found


def as_it_was(path: Path, new: str) -> str:
    """Return a new text of a file with the mark and the line ends that it has, if it is there.

    A line that stays ends as it did, and a new one as the first line does. Raises OSError.
    """
    if not path.exists():
        return new
    old = path.read_bytes().decode("utf-8")
    mark = _MARK if old.startswith(_MARK) else ""
    was = old[len(mark) :].splitlines(keepends=True)
    end = "\r\n" if was and was[0].endswith("\r\n") else "\n"
    now = new.splitlines(keepends=True)
    alike = difflib.SequenceMatcher(None, [line.replace("\r\n", "\n") for line in was], now)
    for kind, start, stop, first, last in alike.get_opcodes():
        stays = kind == "equal"
        now[first:last] = was[start:stop] if stays else [x.replace("\n", end) for x in now[first:last]]
    return mark + "".join(now)
