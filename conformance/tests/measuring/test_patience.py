"""What goes round in a loop is told from what takes its time."""

import signal
import threading
import time

import pytest

from conformance.measuring import patience
from conformance.measuring.case import Case
from conformance.measuring.observation import NeverReturns
from conformance.measuring.recording import Observer, record


def test_a_loop_ends():
    """After the seconds that it worked, by an exception that says what was waited for."""

    def go_round():
        with patience.within(1, "load"):
            while True:
                pass

    with pytest.raises(NeverReturns, match="load was still at work after 1 s"):
        go_round()
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_what_waits_is_not_at_work():
    """A machine that is busy with other things makes nothing a loop."""
    with patience.within(1, "sleep"):
        time.sleep(1.2)


def test_outside_the_main_thread_nothing_is_limited():
    """Python tells signals to the main thread only."""
    done = []

    def work():
        with patience.within(1, "work"):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def test_it_is_an_observation():
    """The suite raises it, and yet it is what TensorFlow did."""
    case = Case(
        "frozen/optimizer-leaves-it-alone[x]", "frozen/optimizer-leaves-it-alone", ("unchanged",), False
    )
    kept = record(case, Observer(), NeverReturns("h5 was still at work after 10 s"))
    assert (kept["outcome"], kept["observed"]) == ("deviates", "never returns")
    assert kept["reason"].endswith("h5 was still at work after 10 s")
