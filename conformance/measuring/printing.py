"""Beside TensorFlow: import it once, and say what scripts print, each in a process that is forked off.

`python -I printing.py SCRIPT...`, by path: the scripts must not find this project. Importing TensorFlow takes
longer than all that a script does.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import signal
import sys
import tempfile
import traceback
from contextlib import ExitStack
from typing import IO, Any, Callable, List, Optional, Tuple

#: Seconds for a script, and of them those that it may compute. Most need one, and a machine may be busy.
PATIENCE = 300
LABOUR = 15
_TOO_LONG = (signal.SIGALRM, signal.SIGPROF)


def printed(script: str, first: Callable[[], Any] = list) -> Tuple[Optional[str], str, str]:
    """Run a script; return the word that it prints, or None, why there is none, and what it did instead.

    `first` is done before, in the process of the script.
    """
    with ExitStack() as opened:
        out, errors, raised = (opened.enter_context(tempfile.TemporaryFile()) for _ in range(3))
        sys.stdout.flush()  # or the child would write it too
        child = os.fork()
        if not child:
            _become(script, first, out, errors, raised)
        status = os.waitpid(child, 0)[1]
        lines, error, name = _lines(out), (_lines(errors) or ["no error"])[-1], "".join(_lines(raised))
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in _TOO_LONG:
        return None, "does not come to an end", "never returns"
    if status or not lines:
        return None, f"prints nothing, and ends with {error[:200]}", f"raises {name}" if name else ""
    return (lines[0], "", "") if len(lines) == 1 else (None, f"prints {len(lines)} lines", "")


def _become(
    script: str, first: Callable[[], Any], out: IO[bytes], errors: IO[bytes], raised: IO[bytes]
) -> None:
    """Run a script in this process, and end it."""
    os.dup2(out.fileno(), 1)
    os.dup2(errors.fileno(), 2)
    signal.alarm(PATIENCE)
    signal.setitimer(signal.ITIMER_PROF, LABOUR)
    status = 1
    try:
        first()
        runpy.run_path(script, run_name="__main__")
        status = 0
    except BaseException as error:
        traceback.print_exc()
        os.write(raised.fileno(), type(error).__name__.encode())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _lines(stream: IO[bytes]) -> List[str]:
    stream.seek(0)
    return stream.read().decode("utf-8", "replace").strip().splitlines()


def _load() -> None:
    """Import TensorFlow, and Keras, which it puts off until it is used.

    No script's garbage collector walks through that: it would be copied into each process.
    """
    import tensorflow

    tensorflow.keras.layers.Layer  # noqa: B018
    gc.collect()
    gc.freeze()


def main(scripts: List[str]) -> None:
    """Write a line of JSON for each script: its word, or null, why there is none, and what it did instead."""
    said = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an import prints is no answer
    _load()
    for script in scripts:
        said.write(json.dumps(printed(script)) + "\n")
        said.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
