"""Drills: each way in which pins and results can part gives its alarm, on copies of what is committed."""

import copy
import dataclasses

import pytest

from conformance.columns import running
from conformance.exits import Exit
from conformance.pins import drift, pins
from conformance.pins.drift import Judgement
from conformance.reporting import alarms

KNOWN = pins.read()
CASE = "dropout/on-when-training[at-rate-one]"
PIN = next(pin for pin in KNOWN if pin.id == "rate-one-raises")
MEASURED = running.measured()
COLUMNS = ("tf2.15", "tf2.16-keras3.13", "tf2.16", "tf2.22rc0")


@pytest.fixture
def measured():
    """Return committed results that a drill may spoil: some columns, in which nothing has moved."""
    return {name: copy.deepcopy(MEASURED[name]) for name in COLUMNS}


def alarm(measured, known=KNOWN, whole=False):
    """Return what moved, in words, and the exit code."""
    found = alarms.found(known, list(measured.values()), whole)
    stale = {m.case for m in drift.stale(KNOWN, [MEASURED[c] for c in COLUMNS])}
    told = [m for m in found if not (m.judgement is Judgement.STALE and m.case in stale)]
    return {(str(m.judgement), m.case, m.column, m.seen) for m in told}, alarms.exit_code(told)


def test_nothing_moved(measured):
    """What the drills begin with."""
    assert alarm(measured) == (set(), 0)


def test_a_pin_removed(measured):
    """What it explained has regressed, where it did."""
    known = [pin for pin in KNOWN if pin is not PIN]
    seen = "raises ValueError"
    assert alarm(measured, known) == (
        {("regressed", CASE, "tf2.15", seen), ("regressed", CASE, "tf2.16-keras3.13", seen)},
        Exit.REGRESSED,
    )


def test_a_pin_widened(measured):
    """Where it did not deviate it is told as fixed."""
    wide = dataclasses.replace(PIN, where=({"tensorflow": ">=1"},))
    known = [wide if pin is PIN else pin for pin in KNOWN]
    assert alarm(measured, known) == (
        {("fixed", CASE, "tf2.16", "drops"), ("fixed", CASE, "tf2.22rc0", "drops")},
        Exit.FIXED,
    )


def test_a_pin_narrowed(measured):
    """Where it is no longer said, it is told as regressed."""
    narrow = dataclasses.replace(PIN, where=({"flavour": "keras2"},))
    known = [narrow if pin is PIN else pin for pin in KNOWN]
    assert alarm(measured, known)[1] == Exit.REGRESSED


@pytest.mark.parametrize(
    ("column", "change", "judgement", "code"),
    [
        ("tf2.15", {"observed": "raises TypeError"}, "changed", Exit.CHANGED),
        ("tf2.15", {"outcome": "holds", "observed": "drops"}, "fixed", Exit.FIXED),
        ("tf2.15", {"outcome": "not-applicable", "observed": None}, "stopped", Exit.STOPPED),
        ("tf2.15", {"outcome": "crashed", "observed": None}, "stopped", Exit.STOPPED),
        ("tf2.16", {"outcome": "deviates", "observed": "raises ValueError"}, "regressed", Exit.REGRESSED),
        ("tf2.16", {"outcome": "timed-out", "observed": None}, "stopped", Exit.STOPPED),
        ("tf2.16", {"outcome": "not-applicable", "observed": None}, None, 0),
    ],
)
def test_an_observation_changed(measured, column, change, judgement, code):
    """One case in one column, and nothing else."""
    measured[column]["cases"][CASE].update(change)
    seen = change["observed"] or change["outcome"]
    assert alarm(measured) == ({(judgement, CASE, column, seen)} if judgement else set(), code)


def test_a_case_deleted_in_one_column(measured):
    """It is pinned there, and says nothing: in the whole matrix that is told."""
    del measured["tf2.15"]["cases"][CASE]
    assert alarm(measured, whole=True) == (
        {("stopped", CASE, "tf2.15", "not in the results")},
        Exit.STOPPED,
    )
    assert alarm(measured) == (set(), 0)


def test_a_case_deleted_everywhere(measured):
    """The pin that names it matches nothing."""
    for results in measured.values():
        del results["cases"][CASE]
    assert alarm(measured, whole=True) == (
        {("stale", CASE, "tf2.15, tf2.16-keras3.13", "no case that ran and could answer")},
        Exit.STALE,
    )


_SILENT = "no canary ran, so nothing shows that the measuring works here"


def test_a_column_invalid(measured):
    """It says nothing, whatever stands in it."""
    measured["tf2.16"]["valid"] = False
    measured["tf2.16"]["cases"][CASE].update(outcome="deviates", observed="raises ValueError")
    assert alarm(measured) == (
        {("stopped", "every case", "tf2.16", f"the column is invalid: {_SILENT}")},
        Exit.STOPPED,
    )
