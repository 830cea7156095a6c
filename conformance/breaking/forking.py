"""Processes forked off for one thing each: what one breaks is broken nowhere else, and nothing is undone."""

from __future__ import annotations

import json
import os
import signal
import tempfile
from pathlib import Path
from typing import Any, Callable

from conformance.results import results


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
