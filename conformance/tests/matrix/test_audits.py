"""Two audits compared: what is different for one model, and nothing else."""

import dataclasses
import json

import pytest

from conformance.auditing import showing
from conformance.auditing.findings import WHOLE, Alarm, Finding, not_applicable, unanswered
from conformance.exits import Exit
from conformance.matrix import audits
from conformance.matrix.comparing import Change
from conformance.reporting import audited
from conformance.words import Outcome

CLAIM = "frozen/weights-are-not-updated"
BASE = {"keras": "2.15.0", "flavour": "keras2", "python": "3.11.7", "numpy": "1.26.4", "packages": {}}
OLD = {"id": "tf2.15", "tensorflow": "2.15.1", **BASE}
NEW = {**OLD, "id": "tf2.21", "tensorflow": "2.21.0"}


def one(outcome, word, layer="head", question="fit()", alarm="", reason=""):
    """Return a finding as an audit has it."""
    return Finding(
        question, "weights", layer, outcome, CLAIM, word, alarm=alarm, reason=reason, asked=question
    )


HELD = one(Outcome.HOLDS, "weights kept")
BROKEN = one(Outcome.DEVIATES, "weights updated", alarm=Alarm.FROZEN_TRAINED.value, reason="tied")
SILENT = not_applicable("fit()", "weights", "head", "no gradient reaches it")
LOST = Finding(**{**unanswered("fit()", Outcome.TIMED_OUT, "not over").__dict__, "asked": "fit()"})
NOT_THERE = Finding("fit()", "", "", Outcome.NOT_APPLICABLE, reason="needs eager execution", asked="fit()")


def told(column, *found):
    """Return an audit as its JSON is read."""
    return json.loads(showing.as_json("m:build", column, found))


def changes(before, after):
    """Return what became of what, between two lists of findings."""
    return [each.change for each in audits.difference(told(OLD, *before), told(NEW, *after))]


@pytest.mark.parametrize(
    ("before", "after", "change", "code"),
    [
        (HELD, HELD, None, Exit.MEASURED),
        (BROKEN, BROKEN, None, Exit.MEASURED),
        (HELD, BROKEN, Change.LOST, Exit.DEVIATES),
        (BROKEN, HELD, Change.WON, Exit.MEASURED),
        (BROKEN, one(Outcome.DEVIATES, "weights partly updated"), Change.OTHERWISE, Exit.DEVIATES),
        (SILENT, BROKEN, Change.APPEARED, Exit.DEVIATES),
        (HELD, SILENT, Change.GONE, Exit.MEASURED),
        (HELD, LOST, Change.UNANSWERED, Exit.NOT_MEASURED),
        (LOST, BROKEN, Change.UNANSWERED, Exit.NOT_MEASURED),
        (LOST, LOST, None, Exit.MEASURED),
        (HELD, NOT_THERE, Change.GONE, Exit.MEASURED),
        (NOT_THERE, HELD, None, Exit.MEASURED),
        (one(Outcome.HOLDS, "None"), one(Outcome.HOLDS, "False"), None, Exit.MEASURED),
    ],
)
def test_what_becomes_of_an_answer(before, after, change, code):
    """Two words that both hold are no difference; the exit code says whether anything is worse."""
    found = audits.difference(told(OLD, before), told(NEW, after))
    assert [each.change for each in found] == ([change] if change else [])
    assert audits.exit_code(found) == code


def test_one_cause_is_one_row_with_its_questions():
    """And what says something stands before what says nothing."""
    questions = ("fit()", "train_on_batch()")
    before = [one(Outcome.HOLDS, "weights kept", question=q) for q in questions]
    after = [one(Outcome.DEVIATES, "weights updated", question=q) for q in questions]
    gone = one(Outcome.HOLDS, "weights kept", layer="spare")
    first, second = audits.difference(told(OLD, gone, *before), told(NEW, *after))
    assert (*first.layers, first.questions, second.change) == ("head", questions, Change.GONE)


def test_layers_that_keras_names_otherwise_are_the_same_layers():
    """A Functional model is `model` in one release and `functional` in another."""
    other = [one(Outcome.HOLDS, "weights kept", layer=layer) for layer in ("functional.norm", "head")]
    names = [one(Outcome.HOLDS, "weights kept", layer=layer) for layer in ("model.norm", "head")]
    assert changes(names, other) == []
    assert changes(names, [*other, one(Outcome.HOLDS, "weights kept", layer="more")]) == [Change.GONE]


def test_it_is_told_in_each_format():
    """With what was, and what is; of a hostile name nothing acts."""
    before, after = told(OLD, HELD), told({**NEW, "id": "\x1b[2J|<b>"}, BROKEN)
    found = audits.difference(before, after)
    for tell in audited.FORMATS.values():
        text = tell(before, after, found)
        assert all(word in text for word in ("head", "weights kept", "weights updated", CLAIM.split("/")[0]))
        assert "\x1b" not in text
    assert "<b>" not in audited.markdown(before, after, found).replace("\\<b", "")
    assert "Nothing is different for this model." in audited.terminal(before, after, [])


def test_the_whole_model_is_one_of_the_layers():
    """It has a name of its own."""
    before = one(Outcome.HOLDS, "weights kept", layer=WHOLE)
    (only,) = audits.difference(told(OLD, before), told(NEW, one(Outcome.DEVIATES, "x", layer=WHOLE)))
    assert only.layers == (WHOLE,)


def test_what_became_of_many_layers_alike_is_one_row():
    """As of all BatchNormalizations of a backbone: named while they are few, and counted then."""
    names = [f"base.norm{n}" for n in range(9)]
    before = [one(Outcome.HOLDS, "False", layer=name) for name in names]
    after = [one(Outcome.DEVIATES, "True", layer=name) for name in names]
    (only,) = audits.difference(told(OLD, *before), told(NEW, *after))
    assert only.layers == tuple(names)
    text = audited.terminal(told(OLD, *before), told(NEW, *after), [only])
    assert "base.norm0 and 8 more layers: " in text
    few = dataclasses.replace(only, layers=tuple(names[:2]))
    assert "base.norm0, base.norm1: " in audited.terminal(told(OLD), told(NEW), [few])
