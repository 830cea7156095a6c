"""Who is to blame where a case does not hold: the case itself, or one that it is given."""

import pytest

from conformance.pins import drift
from conformance.pins.pins import Pin
from conformance.results import blame
from conformance.tests.results.examples import record

CAUSE, ROOT = "dropout/ignores-trainable[cause]", "dropout/ignores-trainable[root]"
CASE = "dropout/ignores-trainable[case]"


def settled(given, case="deviates", **others):
    """Return how a case that is given others ends."""
    cases = {
        CASE: record(case, given=given),
        **{f"dropout/ignores-trainable[{k}]": v for k, v in others.items()},
    }
    return blame.settled(cases)[CASE]


@pytest.mark.parametrize("case", ["holds", "deviates", "error", "crashed", "timed-out", "not-run"])
@pytest.mark.parametrize(
    ("cause", "blocks"),
    [
        ("holds", False),
        ("not-applicable", False),
        ("deviates", True),
        ("error", True),
        ("crashed", True),
        ("timed-out", True),
        ("not-run", True),
    ],
)
def test_the_table(case, cause, blocks):
    """Every pair of outcomes: what does not hold blocks, whatever the case itself says."""
    found = settled([CAUSE], case, cause=record(cause))
    assert found["outcome"] == ("blocked" if blocks else case)
    assert found.get("by") == (CAUSE if blocks else None)
    assert found["observed"] == record(case)["observed"]


def test_what_does_not_apply_is_not_blocked():
    """There is nothing to blame anybody for."""
    assert settled([CAUSE], "not-applicable", cause=record("deviates"))["outcome"] == "not-applicable"


def test_the_root_is_blamed():
    """Of a chain of cases, the first: once."""
    found = settled([CAUSE], cause=record("deviates", given=[ROOT]), root=record("deviates"))
    assert (found["by"], found["reason"]) == (ROOT, f"blocked by {ROOT}")
    held = settled([CAUSE], cause=record("deviates", given=[ROOT]), root=record("holds"))
    assert held["by"] == CAUSE


def test_a_circle_blames_nobody_else():
    """The suite refuses one; results with one are read all the same."""
    assert settled([CASE])["outcome"] == "blocked"
    assert settled([CAUSE], "holds", cause=record("holds", given=[CASE]))["outcome"] == "holds"


def test_one_that_was_not_asked():
    """It blocks where the pins know that it deviates there, and only there."""
    column = {"id": "c", "flavour": "keras3", "tensorflow": "2.16.2", "keras": "3.4.1", "python": "3.12"}
    pin = Pin("p", ({"flavour": "keras3"},), {"raises ValueError": (CAUSE,)}, "why", "unreported")
    cases = {CASE: record("deviates", given=[CAUSE])}
    assert blame.settled(cases)[CASE]["outcome"] == "deviates"
    assert blame.settled(cases, drift.known_to_fail([pin], column))[CASE]["by"] == CAUSE
    elsewhere = {**column, "flavour": "keras2"}
    assert blame.settled(cases, drift.known_to_fail([pin], elsewhere))[CASE]["outcome"] == "deviates"
    assert drift.moved([pin], {"column": column, "cases": cases}) == []


def test_a_pin_of_blocked_cases_only_is_stale():
    """Blame goes to the cause, once: the pin of the cause remains."""
    column = {"id": "c", "flavour": "keras3", "tensorflow": "2.16.2", "keras": "3.4.1", "python": "3.12"}
    pin = Pin("p", ({"flavour": "keras3"},), {"passes through": (CAUSE, CASE)}, "why", "unreported")
    cases = {CASE: record("deviates", given=[CAUSE]), CAUSE: record("deviates")}
    found = {"column": column, "cases": cases}
    assert drift.moved([pin], found) == []
    (stale,) = drift.stale([pin], [found])
    assert (stale.case, stale.seen) == (CASE, "no case that ran and could answer")


def test_faults_are_told_all_at_once():
    """A name of no case, and a circle of any length."""
    given = {"a": ("b",), "b": ("a",), "c": ("c",), "d": ("x", "a"), "e": ()}
    assert list(blame.faults(given)) == [
        "d is given x, which is no case",
        "a is given itself, by way of b",
        "b is given itself, by way of a",
        "c is given itself, by way of c",
    ]
