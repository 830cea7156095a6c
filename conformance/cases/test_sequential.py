"""A Sequential tells every layer of `training`, the last as well as the first."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import INFERENCE, Word

PLACES = ("first", "second", "behind-Dense", "behind-Dropout", "last")
FORMS = ("built", "deferred", "added", "nested")


@checks("training/reaches-nested-layers", expects=Word.TRUE)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_true_reaches_each_of_a_sequential(observe, form, place):
    """`training=True` reaches each layer of a Sequential, wherever it stands."""
    observe(fixtures.sequences.seen(form, place, "call-training"))


@checks("training/reaches-nested-layers", expects=Word.FALSE)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_false_reaches_each_of_a_sequential(observe, form, place):
    """So does `training=False`."""
    observe(fixtures.sequences.seen(form, place, "call-false"))


@checks("training/set-by-entry-point", expects=INFERENCE)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_each_of_a_sequential_simply_called(observe, form, place):
    """In a Sequential that is simply called, no layer sees True."""
    observe(fixtures.sequences.seen(form, place, "call"))


@checks("training/set-by-entry-point", expects=Word.TRUE)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_each_of_a_sequential_in_fit(observe, form, place):
    """In `fit()` each layer of a Sequential sees True."""
    observe(fixtures.sequences.seen(form, place, "fit"))


@checks("training/set-by-entry-point", expects=Word.FALSE)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_each_of_a_sequential_in_predict(observe, form, place):
    """In `predict()` each layer of a Sequential sees False."""
    observe(fixtures.sequences.seen(form, place, "predict"))
