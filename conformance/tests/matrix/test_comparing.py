"""What counts as a change between two columns, and in which order it is told."""

import json

import pytest

from conformance.claims import CLAIMS
from conformance.columns import running
from conformance.exits import Exit
from conformance.matrix import comparing
from conformance.matrix.comparing import Change
from conformance.recipes.standing import Cookbook
from conformance.reporting.upgrading import neighbours, upgrades
from conformance.tests.reporting.test_golden import COLUMNS, MEASURED, PINS
from conformance.tests.test_main import invoke
from conformance.words import Outcome

RECORDS = {
    "h": {"outcome": "holds", "observed": "weights kept"},
    "d": {"outcome": "deviates", "observed": "weights updated"},
    "r": {"outcome": "deviates", "observed": "raises ValueError"},
    "n": {"outcome": "not-applicable", "observed": None},
    "e": {"outcome": "error", "observed": None},
    "t": {"outcome": "timed-out", "observed": None},
}


#: Holds in Keras 2 and deviates in Keras 3.
HELD = "snapshot/freezing-waits-for-compile[frozen-after-compile]"


@pytest.mark.parametrize(
    ("pair", "found"),
    [
        ("hh", None),
        ("hd", Change.LOST),
        ("hn", Change.GONE),
        ("he", Change.UNANSWERED),
        ("dh", Change.WON),
        ("dd", None),
        ("dr", Change.OTHERWISE),
        ("dn", Change.GONE),
        ("nh", None),
        ("nd", Change.APPEARED),
        ("eh", Change.UNANSWERED),
        ("et", None),
    ],
)
def test_change(pair, found):
    """One answer for each pair of outcomes."""
    assert comparing.change(RECORDS[pair[0]], RECORDS[pair[1]]) is found


def test_every_pair_of_outcomes_has_an_answer():
    """The table is total."""
    for before in Outcome:
        for after in Outcome:
            records = ({"outcome": o.value, "observed": n} for n, o in enumerate((before, after)))
            comparing.change(*records)


def test_every_claim_has_its_place():
    """Each claim with cases of its own, once."""
    assert sorted(comparing.CONSEQUENCE) == sorted(c.id for c in CLAIMS.values() if not c.derived_from)


def test_core_before_edge():
    """What concerns a reader of the sentence stands first, what merely does not apply last."""
    measured = running.measured()
    found = comparing.difference(measured["tf2.15"], measured["tf2.16"], []).noticed
    assert [bool(n.core) for n in found if n.change is not Change.GONE] == sorted(
        (bool(n.core) for n in found if n.change is not Change.GONE), reverse=True
    )
    gone = [n.change is Change.GONE for n in found]
    assert gone == sorted(gone)


def test_a_column_differs_from_itself_in_nothing():
    """Nothing in, nothing out."""
    found = comparing.difference(MEASURED["tf2.15"], MEASURED["tf2.15"], PINS)
    assert (found.environment, found.noticed) == ((), ())


def test_an_answer_that_is_missing_has_no_cause():
    """No pin explains what was not seen."""
    found = comparing.difference(MEASURED["tf2.15"], MEASURED["tf2.16"], PINS).noticed
    assert [n.causes for n in found if n.change is Change.UNANSWERED] == [()]


def test_neighbours():
    """Each lineage by itself; tf_keras goes on from Keras 2."""
    pairs = [("tf1.15", "tf2.15"), ("tf2.15", "tf2.16"), ("tf2.15", "tf2.16-tf_keras")]
    assert neighbours(COLUMNS) == pairs


def test_neighbours_of_different_suites_are_named_and_not_compared():
    """A report is made while columns are measured anew; it claims nothing of those pairs."""
    other = {**MEASURED["tf2.16"], "suite": {**MEASURED["tf2.16"]["suite"], "digest": "other"}}
    page = upgrades(COLUMNS, {**MEASURED, "tf2.16": other}, PINS, Cookbook())
    assert "not compared: tf2.15 to tf2.16." in page
    assert "## tf2.15 to tf2.16" not in page
    assert "## tf1.15 to tf2.15" in page


def test_diff_takes_files_and_columns(tmp_path):
    """And says as JSON what it says in words."""
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(running.measured()["tf2.21"]), encoding="utf-8")
    found = json.loads(invoke("diff", path, "tf2.22rc0", "--format", "json").output)
    assert (found["before"], found["after"]) == ("tf2.21", "tf2.22rc0")
    assert {"claim", "was", "is", "because"} <= set(found["noticed"][0])
    assert "was" in invoke("diff", "tf2.21", "tf2.22rc0").output


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["diff", "tf2.1", "tf2.99"], Exit.BAD_INPUT, "nearest: tf2.22rc0"),
        (["diff", "tf2.1", "/nowhere.json"], Exit.BAD_INPUT, "/nowhere.json"),
        (["explain", "dropout/off-in-inference[calld]"], Exit.BAD_INPUT, "nearest: dropout/off-in-infer"),
        (["explain", "dropout/off-in-inferenc"], Exit.BAD_INPUT, "nearest: dropout/off-in-inference"),
        (["explain", "x", "--upstream"], Exit.BAD_INPUT, "of which column?"),
        (["explain", HELD, "tf2.15", "--upstream"], Exit.BAD_INPUT, "does not deviate in tf2.15: holds"),
        (
            ["diff", "2.98", "3.1"],
            Exit.BAD_INPUT,
            "called 'tf2.98'; nearest: tf2.22rc0, tf2.21, tf2.20; nor 'tf3.1'",
        ),
        (["diff", "tf2.18-keras3.6", "tf2.1"], Exit.BAD_INPUT, "nearest: tf2.16-keras3.6"),
        (["explain", "x", "tf2.99"], Exit.BAD_INPUT, "nearest: tf2.22rc0"),
    ],
)
def test_a_mistake_is_one_line(arguments, code, says):
    """With the nearest names and its own exit code."""
    done = invoke(*arguments)
    assert (done.exit_code, len(done.output.splitlines())) == (code, 1)
    assert says in done.output


def test_results_of_another_suite_are_not_compared(tmp_path):
    """A difference would be one of the cases."""
    path = tmp_path / "other.json"
    other = {**running.measured()["tf2.21"], "suite": {"version": "0", "digest": "other"}}
    path.write_text(json.dumps(other), encoding="utf-8")
    assert invoke("diff", path, "tf2.21").exit_code == Exit.BAD_INPUT


def test_explain_prints_the_script_of_the_pin():
    """Whole, so that it can be pasted into a report."""
    done = invoke("explain", HELD, "tf2.21")
    assert "seen        deviates (weights kept) in tf2.21" in done.output
    assert "import tensorflow as tf" in done.output
    held = invoke("explain", HELD, "tf2.15").output
    assert "test_snapshot.py::test_frozen_after[compile]" in held
