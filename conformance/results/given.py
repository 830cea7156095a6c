"""The text of a file that a user names, however an editor or a shell left it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from conformance.results import scratch


def text(path: Path) -> str:
    """Return what a file or a pipe says, without the byte order mark that editors put at the beginning.

    Raises OSError, also for a pipe into which nobody writes, and UnicodeDecodeError.
    """
    with open(str(path), encoding="utf-8-sig", opener=scratch.opened) as stream:
        found = stream.read()
        if not found and stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode):
            raise OSError(errno.EPIPE, "nobody writes into this pipe", str(path))
    return found
