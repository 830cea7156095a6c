"""Reproductions: where they have to run, and what counts as wrong."""

import pytest

from conformance import pins, reproducing, running
from conformance.columns import Column
from conformance.exits import Exit
from conformance.tests.test_main import invoke

CASE = "frozen/x[a]"


def pin(**where):
    """Return a pin of one case that says `bad`."""
    return pins.Pin("p", ({"flavour": "keras2", **where},), {"bad": (CASE,)}, "Why.", "unreported", "x.py")


def results(**words):
    """Return results of columns tf2.1, tf2.2 ..., each of which says one word."""
    return {
        name: {
            "column": {"id": name, "flavour": "keras2", "tensorflow": f"2.{name[-1]}.0", "keras": "2.4.0"},
            "cases": {CASE: {"observed": word}},
        }
        for name, word in words.items()
    }


def places(*found):
    """Return column and side of each check."""
    return [(check.column, check.inside) for check in found]


def test_both_sides_of_a_boundary_are_asked():
    """The last column inside and the first outside."""
    measured = results(t1="bad", t2="bad", t3="good", t4="good")
    assert places(*reproducing.checks(pin(tensorflow="<2.3"), measured)) == [("t2", True), ("t3", False)]


def test_without_a_boundary_both_ends_are_asked():
    """A pin that holds everywhere is seen in the first column and in the last."""
    assert places(*reproducing.checks(pin(), results(t1="bad", t2="bad", t3="bad"))) == [
        ("t1", True),
        ("t3", True),
    ]


def test_a_column_in_which_the_case_does_not_apply_is_passed_over():
    """It has no word to compare with."""
    measured = results(t1="bad", t2=None, t3="good")
    assert places(*reproducing.checks(pin(tensorflow="<2.2"), measured)) == [("t1", True), ("t3", False)]


@pytest.mark.parametrize(
    ("inside", "printed", "wrong"),
    [
        (True, "bad", ""),
        (True, "good", "printed 'good', the matrix has bad"),
        (True, "", "printed 0 lines, not one"),
        (True, "bad\nbad", "printed 2 lines, not one"),
        (False, "good", ""),
        (False, "bad", "printed 'bad', which the pin has elsewhere only"),
    ],
)
def test_what_was_printed_is_held_against_the_matrix(inside, printed, wrong):
    """The pin's word inside, and not outside."""
    check = reproducing.Check("p", "x.py", "t1", inside, ("bad" if inside else "good",), ("bad",))
    assert check.wrong(printed) == wrong


def test_a_script_that_imports_this_project_or_is_long_is_named():
    """A reproduction is for somebody who has TensorFlow and nothing else."""
    assert reproducing.script_faults("from conformance import pins\n" + "\n" * 25) == [
        "has 26 lines, 25 are enough",
        "imports conformance",
    ]


def test_what_was_printed_is_kept_until_the_script_changes(tmp_path, monkeypatch):
    """A stale or missing check is named."""
    script, path = tmp_path / "x.py", tmp_path / "reproduced.json"
    script.write_text("print('bad')")
    monkeypatch.setattr(reproducing.digest, "__defaults__", (tmp_path,))
    check = reproducing.Check("p", "x.py", "t1", True, ("bad",), ("bad",))
    assert reproducing.missing([check], path) == ["p in t1: not run with today's script"]
    reproducing.keep([reproducing.Said(check, "bad", reproducing.digest("x.py"))], [check], path)
    assert reproducing.missing([check], path) == []
    script.write_text("print('good')")
    assert reproducing.missing([check], path) == ["p in t1: not run with today's script"]


def test_a_script_runs_in_the_environment_of_its_column(tmp_path):
    """What it prints comes back, and the column's own settings reach it."""
    python = tmp_path / "c" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$SETTING $1"\necho noise >&2\n')
    python.chmod(0o755)
    column = Column("c", "keras3", "3.12", (), {"SETTING": "1"})
    assert running.printed(column, tmp_path / "log", tmp_path, "x.py") == "1 x.py\n"
    assert (tmp_path / "log").read_text() == "noise\n"


def test_an_unknown_pin_is_one_line():
    """With an exit code of its own."""
    done = invoke("reproduce", "no-such-pin")
    assert (done.exit_code, done.stderr) == (
        Exit.NOT_REPRODUCED,
        "error: no pin is called 'no-such-pin'; see fixtures/pins.toml\n",
    )
