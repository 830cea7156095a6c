"""Pins after an edit: the fewest that say what was measured, and nothing beyond it."""

import dataclasses

import pytest

from conformance.columns import running
from conformance.pins import drift, pins
from conformance.pins.drift import Judgement, Moved
from conformance.pins.pins import Pin
from conformance.proposals import evidence, proposing, revising
from conformance.proposals.revising import Ground

COLUMNS = ["tf2.9", "tf2.10", "tf2.11", "tf2.12"]
REASON = ("It drops.", "unreported")
NEW = Pin("new", (), {}, *REASON)
KNOWN = pins.read()
COMMITTED = proposing.ground(evidence.gathered([], running.measured(), {}))


def ground(*unmeasured, **cases):
    """Return a ground of four columns, and for each case a letter a column: h(olds), d, e, n(ot), -."""
    outcomes = {"h": "holds", "d": "deviates", "e": "deviates", "n": "not-applicable", "x": "crashed"}
    about = [
        {"id": c, "tensorflow": c[2:] + ".1", "keras": "2", "flavour": "keras2", "python": "3.11.7"}
        for c in COLUMNS
    ]
    found = {}
    for number, column in enumerate(about):
        records = {
            f"f/c[{case}]": {"outcome": outcomes[s[number]], "observed": {"d": "w", "e": "v"}.get(s[number])}
            for case, s in cases.items()
            if s[number] != "-"
        }
        if column["id"] not in unmeasured:
            found[column["id"]] = {"column": column, "valid": True, "cases": records}
    return Ground(found, about)


def moved(known, measured):
    """Return what is not as pinned."""
    each = [m for results in measured.results.values() for m in drift.moved(known, results)]
    return each + drift.stale(known, list(measured.results.values()))


def said(found):
    """Return pins as one would write them down: id, ranges, cases by word."""
    return {
        pin.id: (
            [" ".join(place.values()) for place in pin.where],
            {w: list(g) for w, g in pin.observed.items()},
        )
        for pin in found
    }


def pin(name, ranges, *reason, **observed):
    """Return a pin of one place and one or more words."""
    where = {"flavour": "keras2", **({"tensorflow": ranges} if ranges else {})}
    return Pin(
        name, (where,), {w: tuple(f"f/c[{c}]" for c in g) for w, g in observed.items()}, *(reason or REASON)
    )


@pytest.mark.parametrize(
    ("cases", "where"),
    [
        ({"a": "dddd"}, "keras2"),
        ({"a": "ddhh"}, "keras2 <=2.10.1"),
        ({"a": "hhdd"}, "keras2 >=2.11.1"),
        ({"a": "dhdd"}, "keras2 <=2.9.1|>=2.11.1"),
        ({"a": "dndd"}, "keras2 <=2.9.1|>=2.11.1"),
        ({"a": "d-dd"}, "keras2 <=2.9.1|>=2.11.1"),
        ({"a": "ddd-"}, "keras2 <=2.11.1"),
    ],
)
def test_a_range_is_as_wide_as_what_was_measured(cases, where):
    """It spans no column that was measured to do otherwise, or in which the case was not measured."""
    measured = ground(**cases)
    found = revising.revised([], measured, revising.pinned(moved([], measured)), NEW)
    assert said(found) == {"new": ([where], {"w": ["f/c[a]"]})}
    assert moved(found, measured) == []


def test_a_known_column_without_results_is_not_spanned():
    """Nobody knows what it would say."""
    measured = ground("tf2.10", a="dddd")
    found = revising.revised([], measured, revising.pinned(moved([], measured)), NEW)
    assert said(found)["new"][0] == ["keras2 <=2.9.1|>=2.11.1"]


@pytest.mark.parametrize(
    ("known", "cases", "after"),
    [
        # a new word beside the old one, in the same columns: the pin takes it in
        ([pin("p", "<=2.10.1", w="a")], {"a": "ddhh", "b": "eehh"}, {"p": ("<=2.10.1", "v: b w: a")}),
        # the same case in one more column: the pin is widened
        ([pin("p", "<=2.10.1", w="a")], {"a": "dddh"}, {"p": ("<=2.11.1", "w: a")}),
        # one of its cases in one more column: it goes to a pin of its own
        (
            [pin("p", "<=2.10.1", w="ab")],
            {"a": "dddh", "b": "ddhh"},
            {"p": ("<=2.10.1", "w: b"), "new": ("<=2.11.1", "w: a")},
        ),
        # and joins one that is there already
        (
            [pin("p", "<=2.10.1", w="ab"), pin("q", "<=2.11.1", v="c")],
            {"a": "dddh", "b": "ddhh", "c": "eeeh"},
            {"p": ("<=2.10.1", "w: b"), "q": ("<=2.11.1", "v: c w: a")},
        ),
        # another reason: another pin, and the old one is left alone
        (
            [pin("p", "<=2.10.1", "Why not?", "unreported", w="a")],
            {"a": "dddh"},
            {"p": ("<=2.10.1", "w: a"), "new": (">=2.11.1,<=2.11.1", "w: a")},
        ),
        # it deviates in another way in one column
        (
            [pin("p", "", w="ab")],
            {"a": "ddde", "b": "dddd"},
            {"p": ("", "w: b"), "new": ("<=2.11.1", "w: a"), "new-a": (">=2.12.1", "v: a")},
        ),
        ([pin("p", "", w="a")], {"a": "eeee"}, {"p": ("", "v: a")}),
        # two sets of columns: two pins, told apart by their cases
        (
            [],
            {"a": "dddd", "b": "ddhh"},
            {"new": ("", "w: a"), "new-b": ("<=2.10.1", "w: b")},
        ),
    ],
)
def test_pinning(known, cases, after):
    """What deviates is taken in by a pin of the same reason, or gets a new one; then nothing drifts."""
    measured = ground(**cases)
    found = revising.revised(known, measured, revising.pinned(moved(known, measured)), NEW)
    assert short(found) == after
    assert moved(found, measured) == []


def short(found):
    """Return pins by id: their range, and their cases by word, without what is the same in all."""
    return {
        pin.id: (
            pin.where[0].get("tensorflow", ""),
            " ".join(f"{w}: {', '.join(c[4:-1] for c in g)}" for w, g in sorted(pin.observed.items())),
        )
        for pin in found
    }


@pytest.mark.parametrize(
    ("known", "cases", "after"),
    [
        ([pin("p", "", w="a")], {"a": "dddh"}, {"p": ("<=2.11.1", "w: a")}),
        ([pin("p", "", w="a")], {"a": "hddd"}, {"p": (">=2.10.1", "w: a")}),
        ([pin("p", "", w="a")], {"a": "dndd"}, {"p": ("<=2.9.1|>=2.11.1", "w: a")}),
        ([pin("p", "", w="a")], {"a": "hhhh"}, {}),
        ([pin("p", "", w="ab")], {"a": "hhhh", "b": "dddd"}, {"p": ("", "w: b")}),
        (
            [pin("p", "", w="ab")],
            {"a": "dddh", "b": "dddd"},
            {"p": ("", "w: b"), "p-a": ("<=2.11.1", "w: a")},
        ),
        ([pin("p", "", w=["a", "gone"])], {"a": "dddd"}, {"p": ("", "w: a")}),
        ([pin("p", "", w=["gone"])], {"a": "hhhh"}, {}),
        # a case that gave no answer may deviate still
        ([pin("p", "", w="a")], {"a": "dddx"}, {"p": ("", "w: a")}),
    ],
)
def test_pruning(known, cases, after):
    """What holds or does not apply is taken out: pins are narrowed, split or removed."""
    measured = ground(**cases)
    found = revising.revised(known, measured, revising.pruned(moved(known, measured)))
    assert short(found) == after


def test_globs_are_made_again_only_where_cases_moved():
    """A list that somebody wrote stays as it was written."""
    known = [
        Pin("p", ({"flavour": "keras2"},), {"w": ("f/c[a]", "f/c[b]"), "v": ("f/c[c-*",)}, *REASON),
        pin("q", "", "Why not?", "unreported", w="z"),
    ]
    measured = ground(**{"a": "dddd", "b": "dddd", "c-1": "eeee", "c-2": "hhhh", "c-3": "eeee", "z": "dddd"})
    found = revising.revised(known, measured, revising.pruned(moved(known, measured)))
    assert found[0].observed == {"w": ("f/c[a]", "f/c[b]"), "v": ("f/c[c-1]", "f/c[c-3]")}
    assert found[1] is known[1]


@pytest.mark.parametrize("gone", KNOWN[::6], ids=lambda pin: pin.id)
def test_a_pin_that_was_lost_comes_back_as_it_was(gone):
    """What was measured gives the very ranges and globs that are committed."""
    known = [pin for pin in KNOWN if pin is not gone]
    lost = [
        Moved(Judgement.REGRESSED, case, column, None, word)
        for case, word in COMMITTED.entries(gone)
        for column in COMMITTED.span(gone)
    ]
    new = dataclasses.replace(gone, where=(), observed={})
    found = revising.revised(known, COMMITTED, revising.pinned(lost), new)
    assert [pin for pin in found if pin not in known] == [gone]
    assert [pin for pin in found if pin in known] == known
