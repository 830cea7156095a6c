"""Replacing a file in one step, by way of a scratch file beside it that is never left for long.

A process that is killed in between leaves its scratch file. Its name says which process on which machine
made it, so that the next one to write there can clear it away.

What is no file, such as /dev/null or a pipe, is never replaced or removed: it is written to.
"""

from __future__ import annotations

import os
import platform
import re
import stat
import tempfile
import time
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Optional

_DAY = 24 * 3600
_SCRATCH = re.compile(r"\..+\.([0-9a-f]{8})-([0-9]+)-[^.]*\.part\Z")


def replace(path: Path, text: str) -> None:
    """Replace a file's text in one step. Raises OSError where that fails, and leaves it as it was.

    Of a link the file that it leads to is replaced. Who may read and write it does not change. A device, a
    pipe or this process's own output is written to.
    """
    if _is_kept(path):
        _write(path, text)
        return
    path = Path(os.path.realpath(str(path)))
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = stat.S_IMODE(path.stat().st_mode) if os.path.lexists(str(path)) else 0o644
    clear(path.parent)
    prefix = f".{path.name}.{_machine()}-{os.getpid()}-"
    handle, scratch = tempfile.mkstemp(dir=str(path.parent), prefix=prefix, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(scratch, mode)
        os.replace(scratch, str(path))
    except BaseException:
        with suppress(OSError):
            os.unlink(scratch)
        raise


def make_room(path: Path) -> None:
    """Remove an earlier file before the work for a new one. Raises OSError where none could be made."""
    if _is_kept(path):
        return
    path = Path(os.path.realpath(str(path)))
    path.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(str(path)):
        os.unlink(str(path))
    with tempfile.TemporaryFile(dir=str(path.parent)):
        pass


def _is_kept(path: Path) -> bool:
    """Return whether a path names what is no file and no folder, or what this process prints to."""
    if _stream(path) is not None:
        return True
    try:
        mode = os.stat(str(path)).st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _stream(path: Path) -> Optional[int]:
    """Return which stream of this process a path such as /dev/stdout names, None for any other path.

    It may be a file that a shell has opened: replaced, it would be lost with all that is printed.
    """
    for number in (1, 2) if str(path).startswith(("/dev/", "/proc/")) else ():
        with suppress(OSError):
            if os.path.samestat(os.stat(str(path)), os.fstat(number)):
                return number
    return None


def _write(path: Path, text: str) -> None:
    number = _stream(path)
    handle = opened(str(path), os.O_WRONLY) if number is None else os.dup(number)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)


def opened(path: str, flags: int) -> int:
    """Open what may be a pipe, without waiting for somebody at its other end: that could be for ever."""
    if not hasattr(os, "O_NONBLOCK"):
        return os.open(path, flags)
    handle = os.open(path, flags | os.O_NONBLOCK)
    os.set_blocking(handle, True)
    return handle


def clear(folder: Path) -> None:
    """Remove the scratch files in a folder whose process is gone."""
    for name in os.listdir(str(folder)):
        found = _SCRATCH.match(name)
        if found:
            with suppress(OSError):
                if _is_left(folder / name, found.group(1), int(found.group(2))):
                    os.unlink(str(folder / name))


def _is_left(path: Path, machine: str, process: int) -> bool:
    """Return whether nobody writes a scratch file any more.

    Of another machine, or a container with the same folder, nothing is known but how old it is. The same
    goes for Windows, where asking after a process could end it.
    """
    if time.time() - path.stat().st_mtime > _DAY:
        return True
    if machine != _machine() or os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:
        return False
    return False


def _machine() -> str:
    """Return a short name for this machine, or container, that tells nobody what it is called."""
    return f"{zlib.crc32(platform.node().encode('utf-8', 'replace')):08x}"
