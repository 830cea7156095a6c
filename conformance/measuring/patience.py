"""How long TensorFlow is waited for where older releases never come back."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import Any, Iterator

from conformance.measuring.observation import NeverReturns


@contextlib.contextmanager
def within(seconds: int, what: str) -> Iterator[None]:
    """Raise NeverReturns where the body, which takes a tiny part of that, is still at work after `seconds`.

    Seconds of this process's own work: on a machine that is busy with other things the body may take longer.
    Where there is no such timer, or the body does not run in the main thread, it takes as long as it does.
    """
    if not hasattr(signal, "SIGVTALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: Any) -> None:
        raise NeverReturns(f"{what} was still at work after {seconds} s")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
