"""Each of this project's pins has a script, which was seen to print what the matrix has around it."""

import json

import pytest
from hypothesis import given

from conformance.pins import faults, pins
from conformance.reproductions import own, reproducing
from conformance.reproductions.judging import faults as faults_of_script
from conformance.results.results import ResultsError
from conformance.tests.results.mutations import FUZZED, files, read_or_refused
from conformance.words import Outcome

KNOWN = pins.read()
OWN = own.read()
MEASURED = reproducing.settled()
SAID = reproducing.words(reproducing.read())
SCRIPTS = sorted(path.name for path in faults.REPRODUCTIONS.glob("*.py"))


@pytest.mark.parametrize("pin", KNOWN, ids=lambda pin: pin.id)
def test_a_pin_is_reproduced(pin):
    """A changed script, lock, pin or word of the matrix fails here: run `python -m conformance reproduce`."""
    asked = reproducing.Asked([pin], {})
    reproducing.check(asked)
    (found,) = reproducing.findings(asked, SAID, MEASURED)
    assert list(found.wrong) == []


def test_a_core_case_that_deviates_is_reproduced():
    """By a script of its very situation, in each column where it deviates, and beside it."""
    found = reproducing.findings(reproducing.Asked([], OWN), SAID, MEASURED)
    assert [f"{each.of}: {line}" for each in found for line in each.wrong] == []


def test_every_core_case_that_deviates_has_a_script_of_its_own():
    """And nothing else has: a script of a case that holds everywhere would show nothing."""
    each = [(case, r) for found in MEASURED.values() for case, r in found["cases"].items()]
    core = {case for case, record in each if record["core"] and record["outcome"] == Outcome.DEVIATES.value}
    assert set(OWN) == core


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_a_reproduction(script):
    """Short, of TensorFlow and NumPy only, and named by a pin or a case."""
    assert list(faults_of_script(faults.REPRODUCTIONS / script)) == []
    assert script in reproducing.named()


def test_nothing_else_is_kept():
    """What was printed by a script or for a pin that is gone is gone too."""
    kept = {printed.script for printed in reproducing.read()}
    assert kept == set(SCRIPTS)


ROW = {"script": "x.py", "digest": "d", "lock": "l", "column": "tf2.9", "word": "drops"}
KEPT = {"schema": 1, "printed": [ROW, {**ROW, "column": "tf2.8", "word": None}]}


@FUZZED
@given(data=files(KEPT))
def test_what_is_kept_means_what_it_says_or_is_refused(tmp_path_factory, data):
    """A word that a script printed is evidence."""
    path = tmp_path_factory.getbasetemp() / "reproduced.json"
    found = read_or_refused(reproducing.read, path, data)
    if found is None:
        return
    assert [json.loads(each.dumped()) for each in found] == json.loads(data)["printed"]
    reproducing.words(found)


@pytest.mark.parametrize(
    ("kept", "says"),
    [
        ({**KEPT, "printed": [ROW, ROW]}, "two words of x.py in tf2.9"),
        (
            {**KEPT, "printed": [{**ROW, "script": "../x.py"}]},
            "printed: 1: script is '../x.py', not the name",
        ),
        ({**KEPT, "printed": [{**ROW, "script": "x" * 300 + ".py"}]}, "xxx…, not the name of a script"),
        ({"schema": 1}, "lacks printed"),
    ],
)
def test_what_is_wrong_with_what_is_kept_is_said(tmp_path, kept, says):
    """One line, and what to do."""
    path = tmp_path / "reproduced.json"
    path.write_text(json.dumps(kept))
    with pytest.raises(ResultsError, match=f"{says}.*; delete it and run"):
        reproducing.read(path)
