"""Every pair of pinned and seen has one judgement, and what moved is grouped by its cause."""

import pytest

from conformance.pins import drift, since
from conformance.pins.drift import Judgement
from conformance.pins.history import Step
from conformance.pins.pins import Pin, Pins
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
        (None, "blocked", "w", Judgement.AS_EXPECTED),
        ("w", "blocked", "v", Judgement.AS_EXPECTED),
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
    why = "no case that ran and could answer"
    assert gone == drift.Moved(Judgement.STALE, "f/gone[*]", "tf2.16, tf2.17", pin, why)
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


HISTORY = (
    Step("0.1.0", added=("f/c[first]",)),
    Step("0.2.0", {"f/c[old]": "f/c[b]", "f/c[older]": "f/c[mid]"}, ("f/c[a]",), {"f/gone[*": "Why."}),
    Step("0.3.0", {"f/c[mid]": "f/c[c]"}, ("f/d[x]",)),
)


def of_suite(suite, *globs):
    """Return a user's pins of a version, with one pin for these cases."""
    missed = [step for step in HISTORY if step.version > suite]
    renames = tuple(pair for step in reversed(missed) for pair in step.renamed.items())
    pin = Pin("q", ({"flavour": "keras3"},), {"w": globs}, "Why.", "unreported", "", renames)
    return Pins([pin] if globs else [], True, suite, HISTORY)


@pytest.mark.parametrize(
    ("suite", "judgement", "why"),
    [
        ("0.1.0", Judgement.STALE, "asked since suite 0.2.0, and the pins are of 0.1.0: "),
        ("0.2.0", Judgement.REGRESSED, ""),
        ("", Judgement.REGRESSED, ""),
    ],
)
def test_a_new_case_has_not_regressed(suite, judgement, why):
    """What pins cannot know of makes them stale, if they say how old they are."""
    (found,) = drift.moved(of_suite(suite), results(a=("deviates", "w")))
    assert (found.judgement, found.seen, found.is_unpinned) == (judgement, "w", True)
    assert found.why.startswith(why)
    assert found.cause == (f"f/c: w ({found.why})" if why else "f/c: w")


def test_a_new_case_that_is_as_it_should_be():
    """Holds, or is pinned, or gave no answer: its age does not matter."""
    assert drift.moved(of_suite("0.1.0"), results(a=("holds", "x"))) == []
    assert drift.moved(of_suite("0.1.0", "f/c[a]"), results(a=("deviates", "w"))) == []
    (found,) = drift.moved(of_suite("0.1.0"), results(a=("crashed", None)))
    assert found.judgement is Judgement.STOPPED


def test_what_is_said_of_a_new_case_where_it_fails():
    """Beside TensorFlow a case is judged by itself: its pin knows no word, and says why."""
    pins = of_suite("0.1.0", "f/c[b]")
    pin = drift.pin_for(pins, "f/c[a]", COLUMN)
    assert pin.word("f/c[a]") is None
    record = {"reason": "expected x, observed w", "observed": "w", "outcome": "deviates"}
    said = drift.sentence(Judgement.REGRESSED, "f/c[a]", record, pin, COLUMN)
    assert said == (
        "stale: expected x, observed w; asked since suite 0.2.0, and the pins are of 0.1.0: "
        "`python -m conformance pin --pins FILE`"
    )
    assert drift.sentence(Judgement.STOPPED, "f/c[a]", record, pin, COLUMN).startswith("stopped: ")
    assert drift.pin_for(of_suite("0.2.0"), "f/c[a]", COLUMN) is None
    assert drift.pin_for(of_suite("0.1.0", "f/c[a]"), "f/c[a]", COLUMN).id == "q"
    assert drift.absent(pins, [results(a=("holds", "x")), results()]) == []


def test_an_old_id_is_followed():
    """Over several versions; by pins that are as new as the new id, it is not."""
    seen = results(b=("deviates", "w"), c=("deviates", "w"))
    assert drift.moved(of_suite("0.1.0", "f/c[old]", "f/c[mid]"), seen) == []
    assert drift.moved(of_suite("0.1.0", "f/c[ol*"), seen) == []
    assert [m.case for m in drift.moved(of_suite("0.2.0", "f/c[old]", "f/c[mid]"), seen)] == ["f/c[b]"]


@pytest.mark.parametrize(
    ("suite", "glob", "says"),
    [
        ("0.1.0", "f/c[a]", None),
        ("0.1.0", "f/c[old]", None),
        ("0.1.0", "f/c[*]", None),
        ("0.2.0", "f/c[old]", "called f/c[b] since suite 0.2.0"),
        ("0.3.0", "f/gone[x]", "removed in suite 0.2.0: Why."),
        ("0.3.0", "f/c[bb]", "no case of this suite; nearest: f/c[b]"),
        ("0.3.0", "f/cc[a]", "no case of this suite; nearest: f/c[a]"),
        ("0.3.0", "zzz", "no case of this suite"),
    ],
)
def test_what_a_users_pin_names_in_vain(suite, glob, says):
    """It is told where its results are from, with what is near it or became of it."""
    pins = of_suite(suite, glob)
    found = drift.unmatched(pins, [results(a=("holds", "x"), b=("holds", "x"))], [])
    told = [drift.Moved(Judgement.STALE, glob, "tf2.16", pins[0], says)] if says else []
    assert found == told


def test_further_results_know_further_cases():
    """They are asked for only where a glob has matched nothing yet, and no longer than that."""
    asked = []

    def further():
        for name in "bcd":
            asked.append(name)
            yield results(**{name: ("holds", "x")})

    part = [results(a=("holds", "x"))]
    assert drift.unmatched(of_suite("0.3.0", "f/c[a]"), part, further()) == []
    assert asked == []
    assert drift.unmatched(of_suite("0.3.0", "f/c[c]", "f/c[b]"), part, further()) == []
    assert asked == ["b", "c"]


def test_what_is_named_in_vain_is_told_once():
    """For all columns where the pin is meant to apply, and with the nearest of all cases."""
    other = {**results(z=("holds", "x")), "column": {**COLUMN, "id": "mine"}}
    (found,) = drift.unmatched(of_suite("0.3.0", "f/c[aa]"), [results(a=("holds", "x")), other], [other])
    assert (found.column, found.seen) == ("tf2.16, mine", "no case of this suite; nearest: f/c[a]")


@pytest.mark.parametrize(
    ("glob", "near"),
    [
        ("f/c[caled-*", "f/c[called-a-long-name]"),
        ("f/c[frozen-aa]", "f/c[frozen-a]"),
        ("f/d[frozen-aa]", "f/d[frozen]"),
        ("f/dd[frozen-a]", "f/c[frozen-a]"),
    ],
)
def test_what_is_nearest(glob, near):
    """Of the same claim if there is one; a glob is compared with how cases begin."""
    cases = ["f/c[called-a-long-name]", "f/c[called-b]", "f/c[frozen-a]", "f/c[frozen-cc]", "f/d[frozen]"]
    assert since.became(of_suite("0.3.0"), glob, cases) == f"no case of this suite; nearest: {near}"


def test_versions_are_told_in_their_order():
    """0.10 comes after 0.9; and what to write is shown."""
    steps = (Step("0.9.0", added=("f/c[a]",)), Step("0.10.0", added=("f/c[b]",)))
    told = list(since.notes(Pins(own=True, history=steps), CASES, ["f/c[a]", "f/c[b]"]))
    assert told == [
        f"of what no pin says, 1 cases are asked since suite {version}; "
        'a line `suite = "..."` at the top of the pins, with their version, tells them apart'
        for version in ("0.9.0", "0.10.0")
    ]


def test_a_pin_for_columns_that_did_not_run_says_nothing():
    """Whatever it names."""
    elsewhere = {**results(a=("holds", "x")), "column": {**COLUMN, "flavour": "tf1"}}
    assert drift.unmatched(of_suite("0.3.0", "f/c[typo]"), [elsewhere], []) == []


CASES = ["f/c[a]", "f/c[b]", "f/c[c]", "f/d[x]"]


@pytest.mark.parametrize(
    ("pins", "unpinned", "says"),
    [
        (of_suite("0.3.0", "f/c[b]"), [], []),
        (of_suite("0.3.0"), ["f/c[a]"], []),
        (
            of_suite("0.1.0", "f/c[old]", "f/c[older]"),
            ["f/c[a]"],
            ["ids in the pins: 1 renamed in suite 0.2.0, 1 renamed in suite 0.3.0; they are followed, and "],
        ),
        (of_suite("0.2.0", "f/c[b]"), [], ["the pins are of suite 0.2.0, and 1 cases are asked since: "]),
        (of_suite("0.2.0"), ["f/d[x]"], []),
        (of_suite("0.1.0", "f/c[b]", "f/c[old]"), ["f/c[a]"], []),
        (
            of_suite("", "f/c[b]"),
            ["f/c[a]", "f/d[x]", "f/c[z]"],
            [
                "of what no pin says, 1 cases are asked since suite 0.2.0; ",
                "of what no pin says, 1 cases are asked since suite 0.3.0; ",
            ],
        ),
    ],
)
def test_what_to_know_of_older_pins(pins, unpinned, says):
    """What is followed, what is new, and what could be told apart: nothing where they are of today."""
    told = list(since.notes(pins, CASES, unpinned))
    assert [line[: len(start)] for line, start in zip(told, says, strict=True)] == says
