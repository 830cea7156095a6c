"""What the cases of one claim say together."""

import pytest

from conformance.results.verdicts import seen_instead, tallies, verdict, why_invalid
from conformance.words import Verdict

CLAIM = "dropout/ignores-trainable"


def records(core="", edge=""):
    """Return records from letters: h holds, d deviates, n not applicable, e c t r unknown, b blocked."""
    outcomes = {
        "h": "holds",
        "d": "deviates",
        "n": "not-applicable",
        "e": "error",
        "c": "crashed",
        "t": "timed-out",
        "r": "not-run",
        "b": "blocked",
    }
    letters = [(letter, True) for letter in core] + [(letter, False) for letter in edge]
    return [{"outcome": outcomes[x], "core": is_core, "observed": x} for x, is_core in letters]


@pytest.mark.parametrize(
    ("core", "edge", "expected"),
    [
        ("hh", "hh", Verdict.HOLDS),
        ("hn", "n", Verdict.HOLDS),
        ("hh", "hd", Verdict.EXCEPTIONS),
        ("hh", "he", Verdict.EXCEPTIONS),
        ("hd", "hh", Verdict.DEVIATES),
        ("de", "", Verdict.DEVIATES),
        ("he", "hh", Verdict.UNKNOWN),
        ("hc", "", Verdict.UNKNOWN),
        ("ht", "", Verdict.UNKNOWN),
        ("hr", "", Verdict.UNKNOWN),
        ("nn", "nn", Verdict.NOT_APPLICABLE),
        ("", "", Verdict.NOT_APPLICABLE),
        ("nn", "hh", Verdict.HOLDS),
        ("nn", "hd", Verdict.EXCEPTIONS),
        ("hb", "hb", Verdict.HOLDS),
        ("hb", "db", Verdict.EXCEPTIONS),
        ("db", "", Verdict.DEVIATES),
        ("b", "hh", Verdict.UNKNOWN),
        ("b", "b", Verdict.UNKNOWN),
        ("nb", "h", Verdict.UNKNOWN),
        ("h", "b", Verdict.HOLDS),
    ],
)
def test_verdict(core, edge, expected):
    """The core decides; an edge can only make an exception."""
    assert verdict(records(core, edge)) is expected


def test_tally():
    """A claim's cases are counted by how they ended, canaries left out."""
    letters = records("hd", "ne")
    cases = {f"{CLAIM}[{index}]": record for index, record in enumerate(letters)}
    cases["canary/tap-sees-inference[x]"] = records("h")[0]
    (tally,) = tallies(cases)
    assert (tally.claim.id, tally.applicable) == (CLAIM, 3)
    assert tally.deviates == (f"{CLAIM}[1]",)
    assert seen_instead(tally, cases) == [("d", 1)]


def test_a_tally_keeps_its_verdict_and_what_did_not_apply():
    """What reports show beside the counts."""
    cases = {f"{CLAIM}[{index}]": record for index, record in enumerate(records("h", "dn"))}
    (tally,) = tallies(cases)
    assert tally.verdict is Verdict.EXCEPTIONS
    assert tally.not_applicable == (f"{CLAIM}[2]",)


def test_what_was_seen_instead_is_counted():
    """Most often first, and by the alphabet where that is equal."""
    cases = {f"{CLAIM}[{n}]": {**records("d")[0], "observed": word} for n, word in enumerate("bzzac")}
    (tally,) = tallies(cases)
    assert seen_instead(tally, cases) == [("z", 2), ("a", 1), ("b", 1), ("c", 1)]


def test_why_results_are_invalid():
    """The canary that failed is named, with what it saw, and what that means."""
    good = {"outcome": "holds", "reason": None}
    bad = {"outcome": "deviates", "reason": "expected drops, observed distorts"}
    told = why_invalid({"canary/a[x]": good, "canary/b[y]": bad, f"{CLAIM}[z]": bad})
    assert told == (
        "a canary failed (canary/b[y]: expected drops, observed distorts): "
        "every TensorFlow must pass it, so the measuring is broken here"
    )
    assert ", and 1 more)" in why_invalid({"canary/a[x]": bad, "canary/b[y]": bad})
    assert why_invalid({"canary/a[x]": good}).startswith("no canary ran")
