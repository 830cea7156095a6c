"""A run that is told to end ends as one that a user interrupts: its results are written, no worker is left.

CI ends a job with SIGTERM, of which Python dies at once: without a line, with all that the run knew, and
with workers that notice it late.
"""

from __future__ import annotations

import contextlib
import signal
from typing import Any, Optional

import pytest


class Stopping:
    """A pytest plugin, in the process that keeps the records."""

    def __init__(self) -> None:
        self.before: Optional[Any] = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Hear SIGTERM where nothing of the user's does. A run in another thread can hear none."""
        with contextlib.suppress(ValueError):
            if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
                self.before = signal.signal(signal.SIGTERM, self._end)

    def pytest_unconfigure(self) -> None:
        """Leave SIGTERM as it was."""
        if self.before is not None:
            signal.signal(signal.SIGTERM, self.before)

    def _end(self, *_: object) -> None:
        """Interrupt the run, once: it then writes what it knows, and is not to be disturbed."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise KeyboardInterrupt("SIGTERM")
