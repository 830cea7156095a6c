"""Each of this project's pins has a script, which was seen to print what the matrix has around it."""

import pytest

from conformance.columns import running
from conformance.pins import faults, pins
from conformance.reproductions import reproducing
from conformance.reproductions.judging import faults as faults_of_script

KNOWN = pins.read()
MEASURED = running.measured()
SAID = reproducing.words(reproducing.read())
SCRIPTS = sorted(path.name for path in faults.REPRODUCTIONS.glob("*.py"))


@pytest.mark.parametrize("pin", KNOWN, ids=lambda pin: pin.id)
def test_a_pin_is_reproduced(pin):
    """A changed script, lock, pin or word of the matrix fails here: run `python -m conformance reproduce`."""
    reproducing.check([pin])
    (found,) = reproducing.findings([pin], SAID, MEASURED)
    assert list(found.wrong) == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_a_reproduction(script):
    """Short, of TensorFlow and NumPy only, and named by a pin."""
    assert list(faults_of_script(faults.REPRODUCTIONS / script)) == []
    assert script in {pin.reproduction for pin in KNOWN}


def test_nothing_else_is_kept():
    """What was printed by a script or for a pin that is gone is gone too."""
    kept = {printed.script for printed in reproducing.read()}
    assert kept == set(SCRIPTS)
