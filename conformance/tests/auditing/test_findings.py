"""Findings, and how they are told: without a TensorFlow."""

import dataclasses
import json

import pytest

from conformance.auditing import findings, showing
from conformance.auditing.findings import Alarm, Finding, judged, not_applicable, unanswered
from conformance.exits import Exit
from conformance.measuring.observation import Observation
from conformance.words import Outcome, Word

COLUMN = {"id": "tf2.15", "tensorflow": "2.15.1", "keras": "2.15.0"}
KEPT = [Word.WEIGHTS_KEPT]
CLAIM = "frozen/weights-are-not-updated"


def of(word, layer="backbone.blocks[2].norm", question="fit()"):
    """Return a finding about the weights of a frozen layer."""
    return judged(
        question, "weights", layer, CLAIM, Observation(word), KEPT, Alarm.FROZEN_TRAINED.value, "why"
    )


HOLDS, ALARM = of(Word.WEIGHTS_KEPT), of(Word.WEIGHTS_UPDATED)
PLAIN = judged("predict()", "training", "drop", "c/c", Observation(Word.TRUE), [Word.FALSE])
PINNED = Finding("x", "weights", "the model", Outcome.DEVIATES, word="changed", pin="pin", reason="known")
SILENT = not_applicable("fit()", "mode", "norm", "needs a batch of more than one row")
LOST = unanswered("fit()", Outcome.TIMED_OUT, "still at work after 120 s")


def test_an_alarm_and_its_reason_are_of_what_deviates():
    """What holds says nothing of them."""
    assert (HOLDS.outcome, HOLDS.alarm, HOLDS.reason) == (Outcome.HOLDS, "", "")
    assert (ALARM.outcome, ALARM.alarm, ALARM.reason) == (Outcome.DEVIATES, "says frozen, was trained", "why")


def test_the_worst_comes_first():
    """Alarms, what deviates, what is known here, what has no answer, what cannot be judged, what holds."""
    order = [ALARM, PLAIN, PINNED, LOST, SILENT, HOLDS]
    assert findings.worst_first(order[::-1]) == order


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([HOLDS, SILENT], Exit.MEASURED),
        ([HOLDS, PINNED], Exit.MEASURED),
        ([HOLDS, LOST], Exit.NOT_MEASURED),
        ([LOST, PLAIN], Exit.DEVIATES),
        ([ALARM], Exit.DEVIATES),
    ],
)
def test_exit_codes(found, code):
    """Not applicable is no fault, and what this TensorFlow does to any model is not the model's."""
    assert findings.exit_code(found) == code


def test_one_fault_is_one_row_with_every_question_that_shows_it():
    """As in a step of each kind."""
    text = showing.as_text(
        "m:build", COLUMN, [ALARM, of(Word.WEIGHTS_UPDATED, question="train_on_batch()")], False
    )
    (row,) = [line for line in text.splitlines() if "blocks[2]" in line]
    assert row.strip() == (
        "backbone.blocks[2].norm: says frozen, was trained: weights: weights updated, expected weights kept"
    )
    assert "in fit(), train_on_batch()" in text


def test_what_rows_have_in_common_is_told_once_below_them():
    """One cause is one story, with all pins that are parts of it, and each way to write it in a line."""
    known = {"reason": "It is so.", "remedies": ("A. (recipe a/a)", "B. (recipe b/b)")}
    parts = [
        Finding(
            f"saved as .{pin}",
            "flag",
            layer,
            Outcome.DEVIATES,
            "c/c",
            "changed",
            ("unchanged",),
            pin=pin,
            **known,
        )
        for layer in ("box", "head")
        for pin in ("h5", "keras")
    ]
    told = showing.as_text("m:build", COLUMN, parts, False).splitlines()
    assert told[3:-2] == [
        "  box: flag: changed, expected unchanged",
        "      in saved as .h5, saved as .keras",
        "  head: flag: changed, expected unchanged",
        "      in saved as .h5, saved as .keras",
        "      c/c",
        "      It is so. (pin h5, keras)",
        "      write: A. (recipe a/a)",
        "      or: B. (recipe b/b)",
    ]


def test_a_value_that_the_user_wrote_is_theirs():
    """Its pin explains it, and it is told with what deviates: not every model has written it."""
    found = dataclasses.replace(PINNED, claim=findings.WRITTEN)
    assert (findings.weight(PINNED), findings.weight(found)) == (2, 1)


def test_what_holds_is_shown_where_asked_for():
    """And counted otherwise."""
    assert "norm" not in showing.as_text("m:build", COLUMN, [HOLDS, SILENT], False)
    text = showing.as_text("m:build", COLUMN, [HOLDS, SILENT], True)
    assert "needs a batch of more than one row" in text
    assert text.endswith("1 not applicable, 1 hold\n")


def test_names_from_outside_do_nothing_to_a_terminal():
    """A layer may be called anything."""
    text = showing.as_text("m:build", COLUMN, [of(Word.WEIGHTS_UPDATED, layer="\x1b[2J\n::error::x")], False)
    assert "\x1b" not in text
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


def test_json_has_every_finding():
    """Worst first too."""
    told = json.loads(showing.as_json("m:build", COLUMN, [HOLDS, ALARM]))
    assert [row["outcome"] for row in told["findings"]] == ["deviates", "holds"]
    assert told["findings"][0]["expected"] == ["weights kept"]
