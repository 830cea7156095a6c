"""Processes forked off for one thing each: what one breaks is broken nowhere else, and nothing is undone."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import IO, Any, Callable

from conformance.results import results


def share() -> None:
    """Keep what was imported from the garbage collector: looking at it copies it into each child."""
    gc.collect()
    gc.freeze()


def forked(act: Callable[[], Any], seconds: int) -> Any:
    """Return what a function returns in a process of its own, by way of JSON.

    None where it raised, took the process down, or took longer than so many seconds.
    """
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.json"
        child = os.fork()
        if not child:
            signal.alarm(seconds)
            try:
                results.replace(said, json.dumps(act()))
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        return json.loads(said.read_text(encoding="utf-8")) if said.exists() else None


def serve(answer: Callable[[IO[str], IO[str]], None]) -> None:
    """Let a function answer on standard output what comes in, from a folder of its own."""
    said = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an import prints is no answer
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        answer(sys.stdin, said)
