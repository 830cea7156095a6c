"""How long a question is waited for: by the clock, and never against somebody else's timer."""

import signal
import time

import pytest

from conformance.auditing.waiting import within
from conformance.measuring.observation import NeverReturns


@pytest.fixture(autouse=True)
def _no_timer():
    """What pytest-timeout set stands still for one test, which needs the timer itself."""
    left = signal.setitimer(signal.ITIMER_REAL, 0)[0]
    yield
    signal.setitimer(signal.ITIMER_REAL, left)


def test_what_sleeps_is_ended_too():
    """It does no work, and is never over."""
    with pytest.raises(NeverReturns, match=r"fit\(\) was not over after 0.05 s"), within(0.05, "fit()"):
        time.sleep(20)


def test_the_timer_is_off_afterwards():
    """Whatever comes next has its time."""
    with within(5, "fit()"):
        pass
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_the_timer_of_a_test_stays():
    """As pytest-timeout's."""
    signal.setitimer(signal.ITIMER_REAL, 50)
    with within(1, "fit()"):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 40
    assert signal.getitimer(signal.ITIMER_REAL)[0] > 40
