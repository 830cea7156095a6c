"""Every pair of pinned and seen has one judgement, and what moved is grouped by its cause."""

import pytest

from conformance.pins import drift
from conformance.pins.drift import Judgement
from conformance.pins.pins import Pin
from conformance.words import Outcome

COLUMN = {"id": "tf2.16", "tensorflow": "2.16.2", "keras": "3.15.1", "flavour": "keras3", "python": "3.12.1"}
PIN = Pin("p", ({"flavour": "keras3"},), {"w": ("f/c[*]",)}, "why", "unreported", "x.py")


@pytest.mark.parametrize(
    ("pinned", "outcome", "observed", "judgement"),
    [
        (None, "holds", "x", Judgement.AS_EXPECTED),
        (None, "not-applicable", None, Judgement.AS_EXPECTED),
        (None, "deviates", "w", Judgement.REGRESSED),
        (None, "error", None, Judgement.STOPPED),
        (None, "crashed", None, Judgement.STOPPED),
        (None, "timed-out", None, Judgement.STOPPED),
        (None, "not-run", None, Judgement.STOPPED),
        ("w", "deviates", "w", Judgement.PINNED),
        ("w", "deviates", "v", Judgement.CHANGED),
        ("w", "holds", "x", Judgement.FIXED),
        ("w", "not-applicable", None, Judgement.STOPPED),
        ("w", "error", None, Judgement.STOPPED),
        ("w", "crashed", None, Judgement.STOPPED),
        ("w", "timed-out", None, Judgement.STOPPED),
        ("w", "not-run", None, Judgement.STOPPED),
    ],
)
def test_the_judgement(pinned, outcome, observed, judgement):
    """The whole table."""
    assert drift.judge(pinned, outcome, observed) is judgement


def test_the_table_is_total():
    """Every outcome has a judgement, pinned or not."""
    assert all(isinstance(drift.judge(p, o.value, "w"), Judgement) for p in (None, "w") for o in Outcome)


def results(**cases):
    """Return results of the column."""
    return {
        "column": COLUMN,
        "cases": {f"f/c[{k}]": dict(zip(("outcome", "observed"), v, strict=True)) for k, v in cases.items()},
    }


def test_what_moved_is_grouped_by_cause():
    """A pin's cases move together; unpinned ones by claim and word."""
    found = drift.moved([PIN], results(a=("holds", "x"), b=("deviates", "w"), c=("deviates", "v")))
    grouped = drift.by_cause(found)
    assert list(grouped) == [Judgement.CHANGED, Judgement.FIXED]
    assert [m.case for m in grouped[Judgement.FIXED]["p"]] == ["f/c[a]"]
    loose = drift.by_cause(drift.moved([], results(b=("deviates", "w"), c=("deviates", "w"))))
    assert list(loose[Judgement.REGRESSED]) == ["f/c: w"]


def test_canaries_are_not_judged():
    """They have done their work when a column is valid."""
    value = {"column": COLUMN, "cases": {"canary/x[y]": {"outcome": "deviates", "observed": "w"}}}
    assert drift.moved([], value) == []


@pytest.mark.parametrize(
    ("pin", "lines"),
    [
        (PIN, 0),
        (Pin("q", ({"flavour": "keras3"},), {"w": ("f/gone[*]",)}, "why", "unreported", "x.py"), 1),
        (Pin("q", ({"flavour": "tf1"},), {"w": ("f/c[*]",)}, "why", "unreported", "x.py"), 1),
    ],
    ids=["matches", "no-case", "no-column"],
)
def test_a_pin_that_matches_nothing_is_stale(pin, lines):
    """It explains nothing, and would hide nothing: an error."""
    assert len(drift.stale([pin], [results(a=("deviates", "w"))])) == lines


def test_what_moved_says_where_and_what():
    """Behind a canary too, and with the outcome where nothing was observed."""
    value = results(b=("deviates", "v"), c=("crashed", None), d=("deviates", "w"))
    value["cases"] = {"canary/x[y]": {"outcome": "holds", "observed": "w"}, **value["cases"]}
    changed, stopped = drift.moved([PIN], value)
    assert changed == drift.Moved(Judgement.CHANGED, "f/c[b]", "tf2.16", PIN, "v")
    assert stopped == drift.Moved(Judgement.STOPPED, "f/c[c]", "tf2.16", PIN, "crashed")


def test_what_is_stale_says_which_glob_and_where():
    """Each glob alone, in all the columns where it should have matched."""
    pin = Pin("q", ({"flavour": "keras3"},), {"w": ("f/gone[*]",), "v": ("f/lost[a]",)}, "why", "unreported")
    other = {**results(a=("deviates", "w")), "column": {**COLUMN, "id": "tf2.17"}}
    gone, lost = drift.stale([pin], [results(a=("deviates", "w")), other])
    assert gone == drift.Moved(Judgement.STALE, "f/gone[*]", "tf2.16, tf2.17", pin, "no case that ran")
    assert lost.case == "f/lost[a]"
    nowhere = Pin("q", ({"flavour": "tf1"},), {"w": ("f/c[*]",)}, "why", "unreported")
    assert [m.column for m in drift.stale([nowhere], [other])] == ["no column"]


def test_the_pin_for_a_case():
    """It must apply to the column and cover the case."""
    assert drift.pin_for([PIN], "f/c[a]", COLUMN) is PIN
    assert drift.pin_for([PIN], "f/d[a]", COLUMN) is None
    assert drift.pin_for([PIN], "f/c[a]", {**COLUMN, "flavour": "tf1"}) is None


@pytest.mark.parametrize(
    ("judgement", "record", "pin", "says"),
    [
        (Judgement.REGRESSED, {"reason": "why"}, None, "regressed: why; no pin says so"),
        (Judgement.STOPPED, {"outcome": "crashed"}, None, "stopped: crashed; no pin says so"),
        (Judgement.CHANGED, {"observed": "v"}, PIN, "changed: v, where pin p says 'w'"),
        (
            Judgement.FIXED,
            {"observed": "x"},
            PIN,
            "fixed: it holds, and pin p says 'w'; shrink",
        ),
    ],
)
def test_the_sentence(judgement, record, pin, says):
    """The reason before the word, the word before the outcome."""
    whole = {"reason": None, "observed": None, "outcome": "deviates", **record}
    assert drift.sentence(judgement, "f/c[a]", whole, pin, COLUMN).startswith(says)


def test_how_a_range_is_shrunk():
    """What it says now, and what to leave out, in words that `where` knows."""
    places = ({"flavour": ["tf1", "keras2"]}, {"keras": "<=3.1", "columns": ["tf2.16"]})
    pin = Pin("q", places, {"w": ("f/c[*]",)}, "why", "unreported")
    seen = {"reason": None, "observed": "x", "outcome": "holds"}
    says = drift.sentence(Judgement.FIXED, "f/c[a]", seen, pin, {"tensorflow": "2.16.2", "keras": "3.1.1"})
    where = "its `where`, which is tf1, keras2 or keras <=3.1 tf2.16"
    assert f"{where}, to leave out TensorFlow 2.16.2 with Keras 3.1.1: " in says


def test_a_pinned_case_that_is_absent():
    """It has stopped where another column has it; what no pin names is nobody's loss."""
    whole = results(**{"a": ("deviates", "w"), "b": ("deviates", "w")})
    part = {**results(a=("deviates", "w")), "column": {**COLUMN, "id": "tf2.17"}}
    (found,) = drift.absent([PIN], [whole, part])
    assert found == drift.Moved(Judgement.STOPPED, "f/c[b]", "tf2.17", PIN, "not in the results")
    assert drift.absent([], [whole, part]) == []
    assert drift.absent([PIN], [whole, whole]) == []
