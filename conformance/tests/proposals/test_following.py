"""Pins brought up to today's cases: what was renamed, removed, and asked since."""

import pytest

import conformance
from conformance.pins.drift import Judgement, Moved
from conformance.pins.history import Step
from conformance.pins.pins import Pin, Pins
from conformance.proposals import following

HISTORY = (
    Step("0.1.0"),
    Step("0.1.1", {"f/c[old-*": "f/c[new-*", "f/c[one]": "f/d[one]"}, ("f/c[young]",), {"f/gone[*": "Why."}),
)
CASES = ["f/c[new-1]", "f/c[new-2]", "f/c[other]", "f/c[young]", "f/d[one]", "f/d[two]"]


def pins(suite, **observed):
    """Return pins of a version with one pin."""
    missed = [step for step in HISTORY if step.version > suite]
    renames = tuple(pair for step in missed for pair in step.renamed.items())
    return Pins([Pin("p", ({},), observed, "Why.", "unreported", "", renames)], True, suite, HISTORY)


@pytest.mark.parametrize(
    ("globs", "after"),
    [
        (["f/c[old-*"], ["f/c[new-*"]),
        (["f/c[old-1]"], ["f/c[new-1]"]),
        (["f/c[old-2]", "f/c[new-2]"], ["f/c[new-2]"]),
        (["f/c[o*"], ["f/c[new-*", "f/c[other]", "f/d[one]"]),
        (["f/c[other]", "f/c[typo]", "f/gone[x]"], ["f/c[other]", "f/c[typo]"]),
        (["f/c[new-*"], ["f/c[new-*"]),
    ],
)
def test_ids_become_those_of_today(globs, after):
    """As few as mean the same cases; what is no case and never was is left for a person."""
    found = following.followed(pins("0.1.0", w=tuple(globs)), CASES)
    assert [pin.observed for pin in found.pins] == [{"w": tuple(after)}]
    assert found.pins[0].renames == ()


def test_a_pin_of_nothing_is_gone():
    """And a word, if only its cases were removed. Each is told with the reason."""
    found = following.followed(pins("0.1.0", w=("f/gone[*]",), v=("f/gone[x]",)), CASES)
    assert found.pins == []
    assert list(found.hints) == [
        "removed: f/gone[*]: suite 0.1.1: Why.",
        "removed: f/gone[x]: suite 0.1.1: Why.",
    ]


def test_what_was_removed_long_ago():
    """Is gone from pins of today too."""
    found = following.followed(pins("0.1.1", w=("f/gone[x]", "f/c[other]", "f/c[typo]")), CASES)
    assert [pin.observed for pin in found.pins] == [{"w": ("f/c[other]", "f/c[typo]")}]


def test_what_was_renamed_is_counted():
    """By what stood in the pins."""
    found = following.followed(pins("0.1.0", w=("f/c[old-*", "f/c[one]", "f/c[other]")), CASES)
    assert list(found.hints) == ["renamed: 2 ids and globs are written as this suite has them"]


def test_pins_of_today_are_not_touched():
    """Not even those that name a case by what it was called once: that is a mistake of theirs."""
    known = pins("0.1.1", w=("f/c[old-1]", "f/c[new-1]"))
    assert following.followed(known, CASES).pins == known


def measured(*cases, valid=True):
    """Return results of some cases."""
    return {"valid": valid, "cases": {case: {} for case in cases}}


def left(judgement, case):
    """Return a case that nothing was done about."""
    return Moved(judgement, case, "tf2.9", None, "w")


@pytest.mark.parametrize(
    ("told", "left", "is_of_today"),
    [
        ([measured(*CASES)], [], True),
        ([measured(*CASES), measured("f/d[one]")], [], True),
        ([measured(*CASES), measured("f/c[other]")], [], False),
        ([measured(*CASES, valid=False)], [], False),
        ([measured(*CASES)], [left(Judgement.STALE, "f/c[young]")], False),
        ([measured(*CASES)], [left(Judgement.REGRESSED, "f/c[young]")], False),
        ([measured(*CASES)], [left(Judgement.REGRESSED, "f/c[other]")], True),
        ([measured(*CASES)], [left(Judgement.STOPPED, "f/c[young]")], True),
    ],
)
@pytest.mark.parametrize("suite", ["", "0.1.0"])
def test_when_pins_are_of_this_suite(suite, told, left, is_of_today):
    """When they know of each case that was added, where its claim was measured at all."""
    found = following.suite(pins(suite, w=("f/c[other]",)), told, left, CASES)
    assert found == (conformance.__version__ if is_of_today else suite)
