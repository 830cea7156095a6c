"""A case whose time is up in the one process that there is: what was measured is kept, and the run ends.

Where there are workers the one at work dies of it, and the others go on. Alone, pytest-timeout would end the
interpreter with 1, which says that something is not as pinned, and with all that the run knew.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from typing import Any, Optional

import pytest

from conformance.exits import Exit
from conformance.measuring.keys import CASE


class Overtime:
    """A pytest plugin, in the process that keeps the records."""

    def __init__(self, config: pytest.Config, ledger: Any) -> None:
        self.config, self.ledger = config, ledger

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_timeout_set_timer(self, item: Any, settings: Any) -> Optional[bool]:
        """Wait for a case in pytest-timeout's place; tests of the user's own are left to it."""
        if CASE not in item.stash:
            return None
        timer = threading.Timer(settings.timeout, self._end, (item, settings))
        timer.daemon = True

        def cancel() -> None:
            timer.cancel()
            timer.join()

        item.cancel_timeout = cancel
        timer.start()
        return True

    def _end(self, item: Any, settings: Any) -> None:
        if importlib.import_module("pytest_timeout").is_debugging():
            return
        code: int = Exit.NOT_MEASURED
        try:
            code = self.ledger.run_out(item.stash[CASE], item.nodeid, settings.timeout)
            self._tell()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _tell(self) -> None:
        """End as a run does that comes to its end: pytest's own way there is barred."""
        manager = self.config.pluginmanager
        capture, reporter = manager.getplugin("capturemanager"), manager.getplugin("terminalreporter")
        if capture:
            capture.suspend_global_capture(in_=True)
        if reporter:
            reporter.ensure_newline()
            self.ledger.pytest_terminal_summary(reporter)
