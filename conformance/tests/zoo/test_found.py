"""What was found in the zoo: committed, of today, and in every column what is known of its models."""

import json

import pytest

from conformance.columns.columns import columns
from conformance.mutants import kill_matrix, recipes, trials
from conformance.reporting import trust
from conformance.suite import ROOT
from conformance.zoo import kept
from conformance.zoo.unasked import UNASKED, UNASKED_IN_KERAS3, UNNOTICED, UNNOTICED_IN, unasked, unnoticed

VISITS, TRIALS = kept.read()
FOUND = {(visit.column, visit.model): visit for visit in VISITS}
COLUMNS = columns()
HEALTHY, FAULTY = kept.models("HEALTHY"), kept.models("FAULTY")
EXPECTED = json.loads((ROOT / "conformance" / "tests" / "auditing" / "zoo.json").read_text(encoding="utf-8"))
EXPECTED["tf1"] = EXPECTED["tf_keras"] = EXPECTED["keras2"]
#: What TensorFlow does with a healthy model too. The suite's case of it ends with an exception there.
ITS_OWN = {("tf1.14", "frozen_before_compile"): ["model: flag: changed"]}
#: Where TensorFlow has a fault that its flavour has nowhere else: a flag does not reach what a dict holds.
MORE = {
    column: {"batchnorm_in_a_dict"}
    for column in ("tf2.0", "tf2.1", "tf2.2", "tf2.16-keras3.0", "tf2.16-keras3.1")
}
#: Until TF 2.1 no model has a `train_step`; until 2.2 no flag reaches what is in a list, whoever sets it.
_STEPS = {"step_without_training", "step_forgets_a_layer", "step_trains_the_frozen"}
_LISTS = {"flag_stops_at_a_layer"}
_GRAPHS = {"frozen_layer_counts", "frozen_by_constructor"}
#: Since Keras 3.16 a value that was written arrives. That it stays for what is called after it has a pin.
_WRITTEN = {"inference_in_a_graph", "inference_in_a_class", "base_in_inference"}
LESS = {
    "tf1.14": {*_STEPS, *_LISTS, *_GRAPHS, "layer_drops_training"},
    "tf1.15": {*_STEPS, *_LISTS, *_GRAPHS},
    "tf2.0": {*_STEPS, *_LISTS},
    "tf2.1": {*_STEPS, *_LISTS},
    "tf2.2": _LISTS,
    "tf2.22rc0": _WRITTEN,
}
#: Words that are not the cell's, and why: what was asked is a little different.
OTHERWISE = {
    "saving/flags-come-back[flag-from_config-box]": "a Functional base where the case has a Sequential one",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_every_model_was_visited(column):
    """By today's audits: else run `python -m conformance zoo`. Each question had an answer."""
    lost = {model: FOUND[column, model].unanswered for model in (*HEALTHY, *FAULTY)}
    assert {model: lines for model, lines in lost.items() if lines} == {}


@pytest.mark.parametrize("column", COLUMNS)
def test_healthy_models_report_nothing(column):
    """But what this TensorFlow does with any."""
    for model in HEALTHY:
        assert FOUND[column, model].reported == ITS_OWN.get((column, model), [])


@pytest.mark.parametrize("column", COLUMNS)
def test_faults_are_reported(column):
    """Of the models that have one in this flavour, and of no other."""
    reported = {model for model in FAULTY if FOUND[column, model].reported}
    expected = set(EXPECTED[COLUMNS[column].flavour]) | MORE.get(column, set())
    assert reported == expected - LESS.get(column, set())


@pytest.mark.parametrize("column", COLUMNS)
def test_words_are_those_of_the_matrix(column):
    """Where the suite has a case of the same situation."""
    visits = [FOUND[column, model] for model in HEALTHY]
    assert sum(visit.agrees for visit in visits) > 40
    assert {text.split(": ")[0] for visit in visits for text in visit.differs} <= set(OTHERWISE)


@pytest.mark.parametrize("column", trials.COLUMNS)
def test_every_mutant_was_tried(column):
    """That cases notice there, and that breaks what audits ask: else run `make zoo`."""
    there = recipes.applying(column, kill_matrix.read())
    due = {name for name in there if not unasked(name, COLUMNS[column].flavour)}
    assert {trial.mutant for trial in TRIALS if trial.column == column} == due


def test_audits_notice():
    """Every mutant that was tried, but those of which it is said why not; and nothing is said in vain."""
    missed = {(trial.column, trial.mutant) for trial in TRIALS if not trial.noticed}
    assert [pair for pair in sorted(missed) if not unnoticed(*reversed(pair))] == []
    assert {mutant for _, mutant in missed} >= set(UNNOTICED)
    assert missed >= {(column, mutant) for column, why in UNNOTICED_IN.items() for mutant in why}


def test_what_is_not_asked_is_a_mutant():
    """None that is not there any more."""
    assert {*UNASKED, *UNASKED_IN_KERAS3, *UNNOTICED} <= set(trials.written())


def test_the_page_is_of_what_was_found():
    """Else run `python -m conformance zoo`, which has nothing to ask then."""
    page = kept.KEPT.with_suffix(".md").read_text(encoding="utf-8")
    assert page == trust.page(VISITS, TRIALS)
