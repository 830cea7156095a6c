"""The learning phase set by hand (`keras.backend.set_learning_phase`), and steps that it contradicts."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import INFERENCE, Word

#: When the phase was set: before the model was made, after it, or only while it was made.
MOMENTS = ("before", "after", "while-made")


@checks("training/set-by-entry-point", expects=Word.TRUE)
@pytest.mark.parametrize("moment", MOMENTS)
def test_phase_0_fit(observe, moment):
    """In `fit()` a layer sees True, also where the phase was set to 0."""
    observe(fixtures.phases.against("fit", moment).training())


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_phase_0_dropout(observe, moment):
    """So Dropout drops in `fit()`."""
    observe(fixtures.phases.against("fit", moment).dropout())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("moment", MOMENTS)
def test_phase_0_mode(observe, moment):
    """And BatchNormalization normalizes with the batch's statistics."""
    observe(fixtures.phases.against("fit", moment).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("moment", MOMENTS)
def test_phase_0_statistics(observe, moment):
    """And it moves the moving ones, once with each batch."""
    observe(fixtures.phases.against("fit", moment).statistics())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("moment", MOMENTS)
def test_phase_0_frozen_statistics(observe, moment):
    """Those of a frozen one do not move."""
    observe(fixtures.phases.against("fit", moment).frozen_statistics())


@checks("training/set-by-entry-point", expects=INFERENCE)
@pytest.mark.parametrize("moment", MOMENTS)
def test_phase_1_predict(observe, moment):
    """In `predict()` a layer sees False, also where the phase was set to 1."""
    observe(fixtures.phases.against("predict", moment).training_in_inference())


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("moment", MOMENTS)
def test_phase_1_dropout(observe, moment):
    """So Dropout masks nothing in `predict()`."""
    observe(fixtures.phases.against("predict", moment).dropout_in_inference())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("moment", MOMENTS)
def test_phase_1_mode(observe, moment):
    """And BatchNormalization normalizes with its moving statistics."""
    observe(fixtures.phases.against("predict", moment).mode(trains=False))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("moment", MOMENTS)
def test_phase_1_frozen_mode(observe, moment):
    """A frozen one does so, whatever the phase."""
    observe(fixtures.phases.against("predict", moment).frozen_mode())
