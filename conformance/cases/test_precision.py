"""Fine-tuning in half precision: of a base, of its head, of all; and steps whose gradients overflow."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: Which part of the model is in half precision. `global` is all of it, by the policy of new layers.
PRECISIONS = ("mixed_float16", "mixed_bfloat16", "global", "head-only", "base-only")
HALF_BASES = ("mixed_float16", "mixed_bfloat16", "global")
OPTIMIZERS = ("SGD", "LossScaleOptimizer")


# What is frozen.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_half_precision_frozen_weights(observe, precision):
    """`fit()` does not move the weights of a frozen Dense."""
    observe(fixtures.precision.in_step(precision, "fit").weights())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_half_precision_frozen_mode(observe, precision):
    """In `fit()` a frozen BatchNormalization normalizes with its moving statistics."""
    observe(fixtures.precision.in_step(precision, "fit").frozen_mode())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_half_precision_frozen_statistics(observe, precision):
    """And keeps them."""
    observe(fixtures.precision.in_step(precision, "fit").frozen_statistics())


# What trains.


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_half_precision_mode(observe, precision):
    """In `fit()` one that is not frozen normalizes with the batch's statistics."""
    observe(fixtures.precision.in_step(precision, "fit").mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_half_precision_statistics(observe, precision):
    """And moves its own towards them, once."""
    observe(fixtures.precision.in_step(precision, "fit").statistics())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("precision", HALF_BASES)
@pytest.mark.parametrize("step", ["call-training", "fit"])
def test_half_precision_small_steps(observe, step, precision):
    """It does so where what is left to go is less than half precision can tell from nothing."""
    observe(fixtures.precision.small_steps(precision, step))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_half_precision_dropout_in_fit(observe, precision):
    """In `fit()` Dropout drops."""
    observe(fixtures.precision.in_step(precision, "fit").dropout())


@checks("training/set-by-entry-point", expects=Word.TRUE)
@pytest.mark.parametrize("precision", ["mixed_float16", "global"])
def test_half_precision_training_in_fit(observe, precision):
    """Layers see True in it."""
    observe(fixtures.precision.in_step(precision, "fit").training())


# In inference.


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("step", ["evaluate", "predict"])
def test_half_precision_dropout_in(observe, step, precision):
    """In `evaluate()` and `predict()` Dropout masks nothing."""
    observe(fixtures.precision.in_step(precision, step).dropout())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("step", ["evaluate", "predict"])
def test_half_precision_mode_in(observe, step, precision):
    """And BatchNormalization normalizes with its moving statistics."""
    observe(fixtures.precision.in_step(precision, step).mode())


# Thawed, and compiled again.


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_half_precision_thawed_weights(observe, precision):
    """Once thawed and compiled again, the Dense is trained."""
    observe(fixtures.precision.in_step(precision, "thawed").weights())


@checks("batchnorm/thawed-trains-again", expects=Word.BATCH)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_half_precision_thawed_mode(observe, precision):
    """And the BatchNormalization that was frozen is in training mode."""
    observe(fixtures.precision.in_step(precision, "thawed").frozen_mode())


# A step whose gradients are not finite: an optimizer that scales the loss leaves it out.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_overflowing_frozen_weights(observe, optimizer):
    """A step with infinite gradients does not move the weights of a frozen Dense."""
    observe(fixtures.precision.overflowing(optimizer).weights())


@checks("batchnorm/frozen-keeps-weights", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_overflowing_frozen_gamma(observe, optimizer):
    """Nor gamma and beta of a frozen BatchNormalization."""
    observe(fixtures.precision.overflowing(optimizer).gamma())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_overflowing_frozen_statistics(observe, optimizer):
    """Nor its moving statistics."""
    observe(fixtures.precision.overflowing(optimizer).frozen_statistics())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_overflowing_statistics(observe, optimizer):
    """One that is not frozen moves its own towards those of the batch, once: the batch is finite."""
    observe(fixtures.precision.overflowing(optimizer).statistics())


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_UPDATED)
def test_overflowing_then_thawed(observe):
    """Thawed and compiled again after a step that was left out, the Dense is trained."""
    observe(fixtures.precision.overflowing("LossScaleOptimizer", "thawed").weights())
