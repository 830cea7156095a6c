"""What drifted is told in every format, and the worst class decides the exit code."""

import json

import pytest

from conformance.claims import CLAIMS
from conformance.columns import running
from conformance.exits import Exit
from conformance.matrix import sources
from conformance.pins import pins
from conformance.pins.drift import Judgement, Moved
from conformance.pins.pins import Pin, Pins
from conformance.reporting import alarms, spans
from conformance.results import results
from conformance.suite import ROOT
from conformance.tests.test_main import invoke

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
    """Many are told as ranges; a stale pin has its columns in one text."""
    rows = [Moved(Judgement.REGRESSED, "f/c[a]", f"tf2.{n}", None, "w") for n in range(9)]
    assert alarms.terminal(rows).splitlines()[0] == "regressed: f/c: w, in tf2.0 to tf2.8"
    assert alarms.terminal(rows[:2]).splitlines()[0] == "regressed: f/c: w, in tf2.0 to tf2.1"
    stale = Moved(Judgement.STALE, "f/c[a]", ", ".join(m.column for m in rows), PIN, "no case that ran")
    assert alarms.terminal([stale]).splitlines()[0] == "stale: p, in tf2.0 to tf2.8"


def test_markdown_escapes_what_tensorflow_said():
    """No text of a reason or an exception becomes mark-up."""
    text = alarms.markdown([moved(Judgement.CHANGED, pin=PIN)])
    assert r"\<drops\>" in text
    assert r"drops\|%" in text


def test_json_has_one_object_for_each_case():
    """For machines."""
    rows = json.loads(alarms.as_json([moved(Judgement.CHANGED, pin=PIN), moved(Judgement.REGRESSED)]))
    assert [(r["judgement"], r["pin"]) for r in rows] == [("changed", "p"), ("regressed", None)]
    (row,) = json.loads(alarms.as_json([Moved(Judgement.STALE, "f/c[a]", "mine", None, "w", "It is new.")]))
    assert (row["seen"], row["pin"], row["why"]) == ("w", None, "It is new.")


def test_a_workflow_command_cannot_end_early():
    """Percent signs, and in a title colons and commas, are written as codes; a line has no end."""
    (line,) = alarms.github([moved(Judgement.REGRESSED)]).splitlines()
    assert line.startswith("::error file=fixtures/pins.toml,title=regressed%3A f/c%3A drops|%25%3A::")


def test_an_annotation_stands_where_one_would_look():
    """A pin's at its line, an unpinned deviation's at the case's function."""
    pin = pins.read()[1]
    text = (ROOT / "fixtures" / "pins.toml").read_text(encoding="utf-8").splitlines()
    at = text.index(f'id = "{pin.id}"') + 1
    claim = "dropout/ignores-trainable"
    function = sources.functions()[claim][0]
    case = f"{claim}[{function.slug}-x]"
    told = alarms.github([moved(Judgement.FIXED, pin=pin), moved(Judgement.REGRESSED, case)])
    new, known = told.splitlines()
    assert known.startswith(f"::error file=fixtures/pins.toml,line={at},title=fixed")
    assert new.startswith(f"::error file={function.path},line={function.line},title=regressed")


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """Return the repository of somebody whose job this is."""
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    return tmp_path


def test_an_annotation_of_a_file_that_is_not_theirs_names_none(workspace):
    """GitHub would show it nowhere."""
    pin = pins.read()[1]
    told = alarms.github([moved(Judgement.FIXED, pin=pin), moved(Judgement.REGRESSED)])
    assert [line.partition("title=")[0] for line in told.splitlines()] == ["::error ", "::error "]


def test_an_annotation_stands_at_a_pin_of_ones_own(workspace):
    """In the file of the job's repository; at the file where no pin says so."""
    mine = workspace / "ci" / "pins, mine.toml"
    mine.parent.mkdir()
    mine.write_text("# ours\n\n[[pin]]\nid = 'p'\n")
    told = alarms.github([moved(Judgement.FIXED, pin=PIN), moved(Judgement.REGRESSED)], mine)
    new, known = (line.partition("title=")[0] for line in told.splitlines())
    assert known == "::error file=ci/pins%2C mine.toml,line=4,"
    assert new == "::error file=ci/pins%2C mine.toml,"


def test_pins_of_ones_own_outside_the_repository(workspace, tmp_path_factory):
    """Then there is nothing to point at."""
    mine = tmp_path_factory.mktemp("elsewhere") / "pins.toml"
    mine.write_text("[[pin]]\nid = 'p'\n")
    (line,) = alarms.github([moved(Judgement.FIXED, pin=PIN)], mine).splitlines()
    assert line.startswith("::error title=")


def test_columns_are_told_as_ranges():
    """Neighbours of one lineage make a range; a gap ends it, and a column that is not listed stands alone."""
    names = ["tf2.16", "tf2.17", "tf2.19", "tf2.16-keras3.9", "tf2.16-keras3.10", "tf2.16-tf_keras", "mine"]
    assert spans.ranges(names) == (
        "tf2.16 to tf2.17, tf2.19, tf2.16-keras3.9 to tf2.16-keras3.10, tf2.16-tf_keras, mine"
    )


def test_what_is_not_pinned_is_told_with_its_claim():
    """The sentence and its source, so that a reader of a summary knows what is at stake."""
    text = alarms.terminal([moved(Judgement.REGRESSED, "dropout/off-in-inference[x]")])
    assert CLAIMS["dropout/off-in-inference"].statement in text


def test_a_job_summary_is_written(tmp_path, monkeypatch):
    """Where GitHub names a file for it, drift and gather each add their part."""
    target = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(target))
    monkeypatch.setattr(running, "RESULTS", tmp_path / "results")
    invoke("drift")
    invoke("gather", tmp_path, "tf2.9")
    text = target.read_text(encoding="utf-8")
    assert "### What moved\n\neverything is as pinned\n" in text
    assert "tf2.9: no results came" in text


def test_drift_refuses_results_of_another_suite(tmp_path):
    """A case's id may mean something else there."""
    value = dict(next(iter(running.measured().values())))
    results.write(tmp_path / "c.json", {**value, "suite": {**value["suite"], "digest": "other"}})
    done = invoke("drift", tmp_path / "c.json")
    assert (done.exit_code, "another suite" in done.output) == (Exit.BAD_INPUT, True)


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


TYPO = Pin(
    "t", ({"columns": ["tf2.9"]},), {"drops": ("dropout/off-in-inference[caled-*",)}, "Why.", "unreported"
)
ELSEWHERE = Pin("e", ({"columns": ["mine"]},), TYPO.observed, "Why.", "unreported")


def claims(column, *names):
    """Return what the committed results of a column say of some claims."""
    found = running.measured()[column]
    return {**found, "cases": {c: r for c, r in found["cases"].items() if c.split("[")[0] in names}}


@pytest.mark.parametrize("own", [True, False])
def test_a_users_pin_that_names_no_case(own):
    """Is stale, and what is nearest is named; this project's own pins are judged by the whole matrix."""
    part = claims("tf2.9", "dropout/has-no-weights")
    found = alarms.found(Pins([TYPO, ELSEWHERE], own), [part], whole=False)
    assert alarms.exit_code(found) == (Exit.STALE if own else 0)
    if own:
        assert alarms.terminal(found).splitlines() == [
            "stale: t, in tf2.9",
            "  Why. unreported",
            "  dropout/off-in-inference[caled-*: no case of this suite; nearest: "
            "dropout/off-in-inference[called-after-fit-on-replicas-MirroredStrategy]",
        ]


def test_a_part_of_the_claims_is_no_false_alarm():
    """The pins of the other claims, and of other columns, are none that name nothing."""
    own = Pins(pins.read(), own=True)
    assert alarms.found(own, [claims("tf2.9", "dropout/has-no-weights")], whole=False) == []
    assert alarms.found(own, [claims("tf2.9")], whole=False) == []


def test_without_committed_results_nobody_knows_what_there_is(tmp_path, monkeypatch):
    """Part of a column does not say that a case is gone."""
    part = claims("tf2.9", "dropout/has-no-weights")
    monkeypatch.setattr(running, "RESULTS", tmp_path)
    assert alarms.found(Pins([TYPO], own=True), [part], whole=False) == []


def test_a_users_pins_and_the_whole_matrix():
    """What is for a column of their own is no concern of it."""
    own = Pins([*pins.read(), TYPO, ELSEWHERE], own=True)
    (found,) = alarms.found(own, list(running.measured().values()), whole=True)
    assert (found.judgement, found.pin, found.column) == (Judgement.STALE, TYPO, "tf2.9")
