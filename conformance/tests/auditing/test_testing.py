"""A model in somebody's own tests: how each case ends, with an audit that answers what it is told."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conformance.auditing import testing
from conformance.auditing.findings import WHOLE, Finding, not_applicable, unanswered
from conformance.auditing.loading import SubjectError
from conformance.claims import CLAIMS
from conformance.suite import ROOT
from conformance.tests.auditing.test_findings import ALARM, CLAIM, HOLDS
from conformance.words import Outcome

LAYER = HOLDS.layer
CASE = f"{CLAIM}[{LAYER}]"
PINNED = Finding(
    "fit()", "weights", LAYER, Outcome.DEVIATES, CLAIM, "weights updated", pin="a-pin", reason="known here"
)
LOST = unanswered("fit()", Outcome.TIMED_OUT, "fit() was not over after 120 s")
SILENT = not_applicable("fit()", "weights", LAYER, "no gradient reaches it")
PASSED = "passed"


class Told:
    """An audit that finds what it was told, and keeps which questions it was asked."""

    def __init__(self, *found):
        self.found, self.asked = found, []

    def answer(self, name):
        """Return what was told."""
        self.asked.append(name)
        return self.found


class Refused:
    """An audit of what cannot be audited."""

    def answer(self, name):
        """Say so."""
        raise SubjectError("build() returns the same model each time")


def check(audit, expected=None, listed=((CLAIM, LAYER),)):
    """Return the checks of an audit in which each claim is judged by one question."""
    return testing.checks_of(audit, listed, lambda claim: ("fit()",), list(CLAIMS), expected or {})


def ended(audit, expected=None):
    """Return how the one case of an audit ended, and what it said."""
    (only,) = check(audit, expected)
    try:
        only()
    except (pytest.fail.Exception, pytest.skip.Exception, pytest.xfail.Exception) as error:
        return type(error).__name__.lower(), str(error)
    return PASSED, ""


def test_what_holds_passes():
    """And a case asks only the questions of its claim."""
    audit = Told(HOLDS)
    assert ended(audit) == (PASSED, "")
    assert audit.asked == ["fit()"]


def test_what_deviates_fails_in_a_line():
    """With the layer, what was seen, where, and why."""
    assert ended(Told(HOLDS, ALARM)) == (
        "failed",
        f"{LAYER}: says frozen, was trained: weights: weights updated, expected weights kept; in fit(); why",
    )


def test_what_is_expected_is_a_reason():
    """Checked both ways: what holds is taken out again."""
    assert ended(Told(ALARM), {CASE: "tied, on purpose"}) == ("xfailed", "tied, on purpose")
    how, said = ended(Told(HOLDS), {CASE: "tied, on purpose"})
    assert (how, "it holds, and is expected to deviate (tied, on purpose)" in said) == ("failed", True)


def test_what_cannot_be_judged_is_skipped_whatever_is_expected():
    """It is never a pass."""
    assert ended(Told(SILENT)) == ("skipped", "no gradient reaches it")
    assert ended(Told(SILENT), {CASE: "tied, on purpose"})[0] == "skipped"
    assert ended(Told()) == ("skipped", "nothing in this model asks it")


def test_what_this_tensorflow_does_with_any_model_is_no_fault_of_it():
    """The pin and its reason are told."""
    how, said = ended(Told(PINNED))
    assert (how, "known here (pin a-pin)" in said) == ("xfailed", True)


def test_no_answer_fails():
    """A deviation that was seen all the same outweighs it."""
    assert ended(Told(HOLDS, LOST)) == ("failed", f"no answer in fit(): {LOST.reason}")
    assert ended(Told(ALARM, LOST))[1].startswith(LAYER)
    assert ended(Refused()) == ("failed", "build() returns the same model each time")


def test_another_layer_or_claim_says_nothing():
    """A case is one claim about one layer."""
    other, whole = check(Told(ALARM), listed=[("frozen/state-updates-are-not-run", LAYER), (CLAIM, WHOLE)])
    for each in (other, whole):
        with pytest.raises(pytest.skip.Exception):
            each()


def test_an_expected_case_that_there_is_not_fails():
    """As where a layer was renamed; the nearest is named. Of a claim that was not chosen nothing is said."""
    first, second = check(Told(HOLDS), {CASE[:-1] + "s]": "renamed since"})
    first()
    with pytest.raises(pytest.fail.Exception, match=r"is no case of this model; nearest: frozen"):
        second()
    assert testing.checks_of(Told(), [], lambda claim: (), ["dropout/has-no-weights"], {CASE: "x"}) == []


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"claims": "dropuot"}, "claims: no claim or family is called 'dropuot'"),
        ({"expected": {"frozen/no-such[x]": "why"}}, r"frozen/no-such\[x\]: there is no such claim"),
    ],
)
def test_a_mistake_is_one_line(how, says):
    """Where the decorator stands."""
    with pytest.raises(pytest.fail.Exception, match=says):
        testing.parametrize_with_claims(lambda: None, **how)


THEIRS = """
from conformance.auditing import testing
from conformance.tests.auditing.test_testing import ALARM, CASE, CLAIM, HOLDS, LAYER, WHOLE, Told, check

LISTED = [(CLAIM, LAYER), (CLAIM, "head"), (CLAIM, WHOLE)]

@testing.marked(check(Told(HOLDS, ALARM), {CASE: "on purpose"}, LISTED))
def test_mine(check):
    check()
"""


@pytest.fixture
def run(tmp_path):
    """Return a function that runs pytest on a test of somebody's own."""
    (tmp_path / "test_mine.py").write_text(THEIRS)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def run(*arguments):
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", os.devnull, "-q"]
        command += ["--rootdir", str(tmp_path), "test_mine.py", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    return run


def test_cases_are_chosen_by_layer(run):
    """With pytest's own -k."""
    done = run("-k", "head")
    assert "1 skipped, 2 deselected" in done.stdout, done.stdout


def test_cases_are_shared_out_among_processes(run, tmp_path):
    """Each worker lists the same ids, or pytest-xdist would refuse; the report has every case."""
    done = run("-p", "xdist", "-n", "2", "--junitxml", "report.xml")
    assert "2 skipped, 1 xfailed" in done.stdout, done.stdout + done.stderr
    tests = list(ElementTree.parse(Path(tmp_path, "report.xml")).iter("testcase"))
    assert sorted(test.get("name") for test in tests) == sorted(
        f"test_mine[{CLAIM}[{layer}]]" for layer in (LAYER, "head", WHOLE)
    )
