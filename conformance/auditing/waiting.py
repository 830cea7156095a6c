"""How long one question is waited for, by the clock: what hangs may do no work at all."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import Any, Iterator

from conformance.measuring.observation import NeverReturns


@contextlib.contextmanager
def within(seconds: int, what: str) -> Iterator[None]:
    """Raise NeverReturns where the body is still at work after `seconds`.

    Where there is no such timer, or somebody else's is running (pytest-timeout's), or the body does not run
    in the main thread, it takes as long as it does. What never comes back to Python cannot be interrupted.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not (is_main and hasattr(signal, "setitimer")) or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield
        return

    def ring(number: int, frame: Any) -> None:
        raise NeverReturns(f"{what} was not over after {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
