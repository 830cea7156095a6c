"""What was found in the zoo: committed, of today, and in every column what is known of its models."""

import json

import pytest

from conformance.columns.columns import columns
from conformance.reporting import trust
from conformance.suite import ROOT
from conformance.zoo import kept

VISITS, TRIALS = kept.read()
FOUND = {(visit.column, visit.model): visit for visit in VISITS}
COLUMNS = columns()
HEALTHY, FAULTY = kept.models("HEALTHY"), kept.models("FAULTY")
EXPECTED = json.loads((ROOT / "conformance" / "tests" / "auditing" / "zoo.json").read_text(encoding="utf-8"))
EXPECTED["tf_keras"] = EXPECTED["keras2"]
#: Until TF 2.2 a model's flag does not reach what it holds in a list or a dict, as most of these models do.
OLD = ("tf1.14", "tf1.15", "tf2.0", "tf2.1", "tf2.2")
UNREACHED = ": flag: does not reach"
#: What TensorFlow does with a healthy model too. The suite's case of it ends with an exception there.
ITS_OWN = {("tf1.14", "frozen_before_compile"): ["model: flag: changed"]}
#: Where TensorFlow has a fault that its flavour has nowhere else: what a dict holds is trained.
MORE = {column: {"batchnorm_in_a_dict"} for column in ("tf2.16-keras3.0", "tf2.16-keras3.1")}
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
        reported = FOUND[column, model].reported
        left = [line for line in reported if not (column in OLD and line.endswith(UNREACHED))]
        assert left == ITS_OWN.get((column, model), [])


@pytest.mark.parametrize("column", [column for column in COLUMNS if column not in OLD])
def test_faults_are_reported(column):
    """Of the models that have one in this flavour, and of no other."""
    reported = {model for model in FAULTY if FOUND[column, model].reported}
    assert reported == set(EXPECTED[COLUMNS[column].flavour]) | MORE.get(column, set())


@pytest.mark.parametrize("column", COLUMNS)
def test_words_are_those_of_the_matrix(column):
    """Where the suite has a case of the same situation."""
    visits = [FOUND[column, model] for model in HEALTHY]
    assert sum(visit.agrees for visit in visits) > 40
    assert {text.split(": ")[0] for visit in visits for text in visit.differs} <= set(OTHERWISE)


def test_the_page_is_of_what_was_found():
    """Else run `python -m conformance zoo`, which has nothing to ask then."""
    page = kept.KEPT.with_suffix(".md").read_text(encoding="utf-8")
    assert page == trust.page(VISITS, TRIALS)
