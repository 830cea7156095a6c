"""What happens between two steps, or beside one, and should change nothing: an error, a thread, a rate."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: What may leave a mode of its own behind, if it is not cleaned up.
ENDED = (
    "callback-raises",
    "interrupted",
    "stopped",
    "call-raises",
    "step-raises",
    "clear_session",
)
#: What may make Keras trace a step anew, or forget to.
ACTS = ("callback-raises", "set_weights", "learning-rate", "predict", "evaluate", "clear_session")
#: Where a network is called: in another thread, and there while a call with True goes on in this one.
PLACES = ("thread", "thread-in-a-call")


# Between two steps.


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("act", ENDED)
def test_dropout_called_after(observe, act):
    """A model that is simply called after that masks nothing."""
    observe(fixtures.between.dropout_called_after(act))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
@pytest.mark.parametrize("act", ENDED)
def test_dropout_in_fit_after(observe, act):
    """In the next `fit()` Dropout drops in every batch."""
    observe(fixtures.between.fed_after(act).dropout())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("act", ENDED)
def test_frozen_statistics_after(observe, act):
    """The moving statistics of a frozen BatchNormalization do not move."""
    observe(fixtures.between.fed_after(act).frozen_statistics())


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("act", [*ENDED, "set_weights"])
def test_frozen_dense_after(observe, act):
    """Nor does a frozen Dense learn."""
    observe(fixtures.between.fed_after(act).frozen_dense())


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize("act", ACTS)
def test_frozen_before(observe, act):
    """Frozen before that, and not compiled again, a Dense still learns in the next `fit()`."""
    observe(fixtures.between.frozen_before(act).waiting)


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("act", ACTS)
def test_frozen_before_and_compiled_again(observe, act):
    """Compiled again after that, it rests."""
    observe(fixtures.between.frozen_before(act).applied)


# Beside a step.


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("place", PLACES)
def test_dropout_beside(observe, place):
    """A network that is simply called there masks nothing."""
    observe(fixtures.beside.dropout(place, "nothing"))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("place", PLACES)
def test_statistics_beside(observe, place):
    """Its BatchNormalization gathers no statistics."""
    observe(fixtures.beside.statistics(place, "nothing"))


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("place", PLACES)
def test_dropout_beside_told_true(observe, place):
    """One that is called there with `training=True` drops."""
    observe(fixtures.beside.dropout(place, "True"))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("place", PLACES)
def test_frozen_statistics_beside_told_true(observe, place):
    """A frozen BatchNormalization that is called there with True keeps its moving statistics."""
    observe(fixtures.beside.statistics(place, "frozen-True"))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
def test_dropout_fitted_in_thread(observe):
    """In a `fit()` in another thread Dropout drops."""
    observe(fixtures.beside.fed_in_thread("smaller-last").dropout())


@checks("dropout/off-in-inference", expects=Word.PASSES)
def test_dropout_predicting_in_thread(observe):
    """In a `predict()` in another thread it masks nothing."""
    observe(fixtures.beside.fed_in_thread("predict").dropout_in_inference())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
def test_frozen_statistics_fitted_in_thread(observe):
    """A `fit()` in another thread keeps the moving statistics of a frozen BatchNormalization."""
    observe(fixtures.beside.fed_in_thread("smaller-last").frozen_statistics())


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
def test_frozen_dense_fitted_in_thread(observe):
    """And the weights of a frozen Dense."""
    observe(fixtures.beside.fed_in_thread("smaller-last").frozen_dense())
