"""A run that is told to end keeps what it measured, says so, and leaves nothing behind."""

import os
import signal
import time

import pytest

from conformance.exits import Exit
from conformance.tests.measuring.stand_in import HEAD

CASES = """
    @checks("dropout/ignores-trainable", expects=Word.DROPS, core=ALL)
    @pytest.mark.parametrize("n", range(40))
    def test_takes_its_time(observe, n):
        with open("begun", "a") as begun:
            begun.write(f"{os.getpid()}\\n")
        time.sleep(0.3)
        observe(Observation(Word.DROPS))
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_sigterm_interrupts(project, workers):
    """As CI ends a job: what was measured is written, the rest is not-run, and no worker is left."""
    project.write("cases/test_dropout.py", HEAD + CASES)
    process = project.start("--measure", "-n", workers)
    begun = project.root / "begun"
    while process.poll() is None and not (begun.exists() and begun.read_text().count("\n") > 4):
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == Exit.NOT_MEASURED, printed
    assert "results: " in printed
    assert {"holds", "not-run"} == set(project.outcomes().values())
    assert [at for at in set(begun.read_text().split()) if _is_there(int(at))] == []


def _is_there(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
