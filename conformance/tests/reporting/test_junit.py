"""A check as a CI's test report: its counts are right, and it can be parsed whatever a case said."""

from xml.etree import ElementTree

import pytest

from conformance.columns.checking import Checked
from conformance.pins.drift import Judgement, Moved
from conformance.pins.pins import Pin
from conformance.reporting import junit
from conformance.tests.results import examples
from conformance.tests.results.examples import CLAIM

PIN = Pin("p", ({"flavour": "keras2"},), {"w": (f"{CLAIM}[pinned*]",)}, "It drops.", "https://x", "x.py")
CASES = {
    "canary/x[sings]": ("holds", "drops", None),
    f"{CLAIM}[holds]": ("holds", "drops", None),
    f"{CLAIM}[lacks]": ("not-applicable", None, "no such layer"),
    f"{CLAIM}[pinned]": ("deviates", "w", "expected drops, observed w"),
    f"{CLAIM}[pinned-otherwise]": ("deviates", "v", "expected drops, observed v"),
    f"{CLAIM}[pinned-no-more]": ("holds", "drops", None),
    f"{CLAIM}[pinned-lacks]": ("not-applicable", None, "no such layer"),
    f"{CLAIM}[new]": ("deviates", "w", "expected drops, observed w"),
    f"{CLAIM}[errs]": ("error", None, "NameError: x"),
    f"{CLAIM}[hangs]": ("timed-out", None, "not over after 60 s"),
    f"{CLAIM}[pinned-crashed]": ("crashed", None, "the worker died"),
}


@pytest.fixture
def report():
    """Return a function that makes the report of results, and of what has none, and parses it."""

    def made(cases=CASES, valid=True, stale=(), **lost):
        rows = {
            case: examples.record(outcome, word, reason=why) for case, (outcome, word, why) in cases.items()
        }
        checked = [(Checked("tf2.9", None, "measured"), examples.of(rows, valid=valid))]
        checked += [(Checked(name, None, message), None) for name, message in lost.items()]
        return ElementTree.fromstring(junit.report(checked, [PIN], stale))

    return made


def ended(root):
    """Return how each test ended, by its name."""
    found = {}
    for test in root.iter("testcase"):
        how = [child for child in test if child.tag != "properties"]
        found[test.get("name")] = (how[0].tag, how[0].get("type")) if how else None
    return found


def test_each_case_ends_as_the_pins_have_it(report):
    """What moved failed; what is pinned or not applicable was skipped; without an answer it is an error."""
    assert ended(report()) == {
        "sings": None,
        "holds": None,
        "lacks": ("skipped", "not-applicable"),
        "pinned": ("skipped", "pinned"),
        "pinned-otherwise": ("failure", "changed"),
        "pinned-no-more": ("failure", "fixed"),
        "pinned-lacks": ("failure", "stopped"),
        "new": ("failure", "regressed"),
        "errs": ("error", "error"),
        "hangs": ("error", "timed-out"),
        "pinned-crashed": ("error", "crashed"),
    }


def test_counts_are_right(report):
    """Of each environment, and of all; one that was not measured is an error."""
    root = report(mine="could not be built")
    counts = [{k: v for k, v in e.attrib.items() if k != "name"} for e in (root, *root)]
    assert counts == [
        {"tests": "12", "failures": "4", "errors": "4", "skipped": "2"},
        {"tests": "11", "failures": "4", "errors": "3", "skipped": "2"},
        {"tests": "1", "failures": "0", "errors": "1", "skipped": "0"},
    ]
    assert root[1][0][0].get("message") == "could not be built"


def test_a_failure_says_what_drift_says(report):
    """And where, with the word that was seen."""
    (test,) = report().findall(".//testcase[@name='new']")
    assert test.get("classname") == CLAIM
    assert test.find("failure").get("message") == "regressed: expected drops, observed w; no pin says so"
    said = {p.get("name"): p.get("value") for p in test.iter("property")}
    assert said == {"column": "tf2.9", "outcome": "deviates", "observed": "w"}


def test_an_invalid_column_passes_nothing(report):
    """Nothing that it says is believed; the canary that failed says why."""
    cases = {**CASES, "canary/x[sings]": ("deviates", "raises", "no sound")}
    root = report(cases, valid=False)
    assert root.get("errors") == root.get("tests") == str(len(CASES))
    (canary,) = root.findall(".//testcase[@name='sings']")
    assert canary.find("error").get("message") == "a canary failed: no sound"


def test_a_pin_that_names_nothing_has_failed(report):
    """It is of no environment."""
    root = report(stale=[Moved(Judgement.STALE, "f/gone[*]", "tf2.9", PIN, "no case")])
    (test,) = root.findall("testsuite[@name='pins']/testcase")
    assert (test.get("classname"), test.get("name")) == ("p", "f/gone[*]")
    assert test.find("failure").get("message") == "stale: no case, in tf2.9"
    assert root.get("failures") == "5"


HOSTILE = "\x1b[31m\x00\ud800 <b>&\"'\n]]>\uffff::error::"


def test_what_a_case_said_is_only_text(report):
    """Control characters, half pairs and mark-up: it can be parsed, and nothing of it is lost in silence."""
    root = report({f"{CLAIM}[hostile]": ("deviates", "w", HOSTILE)})
    (failure,) = root.iter("failure")
    assert "<U+001B>[31m<U+0000><U+D800>" in failure.get("message")
    assert "<b>&\"' ]]><U+FFFF><U+003A>:error::" in failure.get("message")
