"""What drifted is told in every format, and the worst class decides the exit code."""

import json

import pytest

from conformance import alarms, pins
from conformance.drift import Judgement, Moved
from conformance.exits import Exit
from conformance.pins import Pin

PIN = Pin("p", ({"flavour": "keras3"},), {"w": ("f/c[*]",)}, "It <drops>.", "unreported", "x.py")
COLUMN = {"id": "tf2.16", "tensorflow": "2.16.2", "keras": "3.15.1", "flavour": "keras3", "python": "3.12.1"}


def moved(judgement, case="f/c[a]", pin=None):
    """Return one case that is not as pinned."""
    return Moved(judgement, case, "tf2.16", pin, "drops|%:\n")


@pytest.mark.parametrize(
    ("classes", "code"),
    [
        ([], 0),
        ([Judgement.STALE], Exit.STALE),
        ([Judgement.STALE, Judgement.FIXED], Exit.FIXED),
        ([Judgement.FIXED, Judgement.STOPPED], Exit.STOPPED),
        ([Judgement.STOPPED, Judgement.CHANGED], Exit.CHANGED),
        ([Judgement.FIXED, Judgement.REGRESSED], Exit.REGRESSED),
    ],
)
def test_the_worst_decides(classes, code):
    """A new deviation is worse than one that is gone."""
    assert alarms.exit_code([moved(c) for c in classes]) == code


@pytest.mark.parametrize("form", alarms.FORMATS)
def test_nothing_moved(form):
    """Every format can say so."""
    assert alarms.FORMATS[form]([]) in ("everything is as pinned\n", "[]\n", "")


def test_the_terminal_groups_by_cause():
    """Five cases of a pin are one alarm, with its reason, and not all of them are listed."""
    text = alarms.terminal([moved(Judgement.FIXED, f"f/c[{n}]", PIN) for n in range(5)])
    assert text.splitlines()[0] == "fixed: p, 5 cases in tf2.16"
    assert "  and 2 more" in text


def test_every_column_counts():
    """Many are not all listed, but their number is told; a stale pin has its columns in one text."""
    rows = [Moved(Judgement.REGRESSED, "f/c[a]", f"tf2.{n}", None, "w") for n in range(9)]
    first = "tf2.0, tf2.1, tf2.2, tf2.3, tf2.4, tf2.5 and 3 more columns"
    assert alarms.terminal(rows).splitlines()[0] == f"regressed: f/c: w, in {first}"
    assert alarms.terminal(rows[:2]).splitlines()[0] == "regressed: f/c: w, in tf2.0, tf2.1"
    stale = Moved(Judgement.STALE, "f/c[a]", ", ".join(m.column for m in rows), PIN, "no case that ran")
    assert alarms.terminal([stale]).splitlines()[0] == f"stale: p, in {first}"


def test_markdown_escapes_what_tensorflow_said():
    """No text of a reason or an exception becomes mark-up."""
    text = alarms.markdown([moved(Judgement.CHANGED, pin=PIN)])
    assert r"\<drops\>" in text
    assert r"drops\|%" in text


def test_json_has_one_object_for_each_case():
    """For machines."""
    rows = json.loads(alarms.as_json([moved(Judgement.CHANGED, pin=PIN), moved(Judgement.REGRESSED)]))
    assert [(r["judgement"], r["pin"]) for r in rows] == [("changed", "p"), ("regressed", None)]


def test_a_workflow_command_cannot_end_early():
    """Percent signs, line ends, and in a title colons and commas are written as codes."""
    (line,) = alarms.github([moved(Judgement.REGRESSED)]).splitlines()
    assert line.startswith("::error file=fixtures/pins.toml,title=regressed%3A f/c%3A drops|%25%3A%0A::")


def test_two_pins_on_one_case_are_refused():
    """Which of them should be believed?"""
    results = {"column": COLUMN, "valid": True, "cases": {"f/c[a]": {"outcome": "holds", "observed": "x"}}}
    other = Pin("q", PIN.where, PIN.observed, "", "", "")
    with pytest.raises(pins.PinsError, match="claimed by p and q"):
        alarms.found([PIN, other], [results], whole=True)


def test_an_invalid_column_has_stopped():
    """It says nothing, and that is said."""
    results = {"column": COLUMN, "valid": False, "cases": {}}
    (found,) = alarms.found([], [results], whole=False)
    assert (found.judgement, found.column) == (Judgement.STOPPED, "tf2.16")
