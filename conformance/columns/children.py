"""The processes that the tool starts: tox, uv, and a pytest in an environment of the user's.

Each leads a process group, for tox starts pytest, and pytest its workers: where the user ends the tool, or
a time limit ends the process, the whole group ends. On Linux it is told also where the tool is killed
without a chance to say so.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

#: Seconds that a process has to end by itself before it is killed.
GRACE = 3.0
#: What a terminal, a CI or a shell that closes sends to end a program.
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: What a command begins as on Linux: it has itself interrupted when its parent dies (PR_SET_PDEATHSIG is 1).
#: In a program of its own, for code between fork and exec may deadlock where there are threads.
_BOUND = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
try:
    import ctypes
    ctypes.CDLL(None).prctl(1, signal.SIGINT)
except (ImportError, OSError, AttributeError):
    pass  # then only an end without a word leaves it running
if os.getppid() != int(sys.argv[1]):
    sys.exit(130)
try:
    os.execvp(sys.argv[2], sys.argv[2:])
except OSError as error:
    sys.exit(f"{sys.argv[2]}: {error.strerror}")
"""

_lock = threading.RLock()
_live: set[subprocess.Popen[str]] = set()
_is_ending = threading.Event()


def run(
    command: Sequence[str | Path], timeout: float | None = None, said: str | None = None, **how: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with `said` as its input, as subprocess.run does.

    Raises KeyboardInterrupt where the user ends the tool, subprocess.TimeoutExpired after `timeout` seconds;
    then nothing of it runs any more.
    """
    process = _started(command, stdin=subprocess.DEVNULL if said is None else subprocess.PIPE, **how)
    try:
        out, err = process.communicate(said, timeout)
    except BaseException:
        _kill(process)
        raise
    finally:
        with _lock:
            _live.discard(process)
    if _is_ending.is_set():
        _kill(process)
        raise KeyboardInterrupt
    if process.returncode < 0:  # it could not end what it had started itself
        _kill(process)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@contextlib.contextmanager
def asked(command: Sequence[str | Path], **how: Any) -> Iterator[Callable[[str], str]]:
    """Start a command that answers each line with a line, and give the function that asks it.

    That returns `""` where the command has ended. Afterwards nothing of it runs any more.
    """
    process = _started(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **how)

    def ask(line: str) -> str:
        with contextlib.suppress(BrokenPipeError):
            print(line, file=process.stdin, flush=True)
        return next(iter(process.stdout or ()), "")

    try:
        yield ask
    finally:
        _kill(process)
        with _lock:
            _live.discard(process)


def _started(command: Sequence[str | Path], **how: Any) -> subprocess.Popen[str]:
    linux = sys.platform == "linux"
    bound = [sys.executable, "-I", "-S", "-c", _BOUND, str(os.getpid())] if linux else []
    with _lock:
        if _is_ending.is_set():
            raise KeyboardInterrupt
        process = subprocess.Popen([*bound, *map(str, command)], text=True, start_new_session=True, **how)
        _live.add(process)
    return process


@contextlib.contextmanager
def ending_with_us() -> Iterator[None]:
    """Let a signal that ends the tool end all that it runs, in whichever thread it waits for it.

    The main thread then has a KeyboardInterrupt, whatever the signal was. Other threads install nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _is_ending.clear()
    before = {number: signal.signal(number, _interrupt) for number in heeded()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _is_ending.clear()


def heeded() -> list[signal.Signals]:
    """Return the signals that end the tool: not that of a closed terminal, where nohup has it ignored.

    A shell has SIGINT ignored by what a script runs in the background; there it is still meant if it comes.
    """
    ignored = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    return [number for number in ENDING if not (ignored and number == signal.SIGHUP)]


def _interrupt(number: int, frame: FrameType | None) -> None:
    end()
    raise KeyboardInterrupt


def end() -> None:
    """End every process that runs: politely the first time, and whatever is left after that by force."""
    with _lock:
        again = _is_ending.is_set()
        _is_ending.set()
        for process in _live:
            _signal(process, signal.SIGKILL if again else signal.SIGTERM)
    if not again:
        timer = threading.Timer(GRACE, _insist)
        timer.daemon = True
        timer.start()


def _insist() -> None:
    if _is_ending.is_set():
        end()


def _kill(process: subprocess.Popen[str]) -> None:
    _signal(process, signal.SIGKILL)
    process.wait()


def _signal(process: subprocess.Popen[str], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
