"""What is called beside the model that is trained: where its batches are made, and between two of them."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import INFERENCE, Word

#: Where a base is called on what the model is fed with. By the last, its own `predict()` is.
CALLED = ("parallel", "py_function", "generator", "from_generator", "Sequence")
MAKING = (*CALLED, "predict")
EAGERLY = ("py_function", "generator")
AUGMENTATIONS = ("RandomFlip", "RandomContrast")
FEATURES = ("predict", "call", "map")
TOLD_FALSE = "training/explicit-value-wins[false-in-fit-of-nested]"
IN_FIT = "training/set-by-entry-point[in-fit-of-Functional]"
#: What a callback does after the first batch of an epoch, with the model or with another one.
OF_MODEL = ("predict", "evaluate", "predict_on_batch", "test_on_batch", "call")
ACTS = (*OF_MODEL, "fit-another", "evaluate-another")


# A base that makes batches.


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("way", MAKING)
def test_pipeline_dropout(observe, way):
    """A base that is simply called where the batches of a `fit()` are made masks nothing."""
    observe(fixtures.pipelines.dropout(way, "nothing", "fit"))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("way", MAKING)
def test_pipeline_mode(observe, way):
    """It normalizes with its moving statistics."""
    observe(fixtures.pipelines.mode(way, "nothing", "fit"))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("way", MAKING)
def test_pipeline_statistics(observe, way):
    """And gathers none."""
    observe(fixtures.pipelines.statistics(way, "nothing", "fit"))


@checks("training/explicit-value-wins", expects=Word.DROPS)
@pytest.mark.parametrize("way", CALLED)
def test_pipeline_dropout_told_true(observe, way):
    """Called there with `training=True` it drops, also where the batches are those of `evaluate()`."""
    observe(fixtures.pipelines.dropout(way, "True", "evaluate"))


@checks("training/explicit-value-wins", expects=Word.PASSES)
@pytest.mark.parametrize("way", ["parallel", *EAGERLY])
def test_pipeline_dropout_told_false(observe, way):
    """Called there with `training=False` it masks nothing in `fit()`."""
    observe(fixtures.pipelines.dropout(way, "False", "fit"))


@checks("training/explicit-value-stays-local", expects=INFERENCE)
@pytest.mark.parametrize("way", ["parallel", *EAGERLY])
def test_pipeline_told_true_model_evaluated(observe, way):
    """The True that a base is told there is not what the model sees in `evaluate()`."""
    observe(fixtures.pipelines.training(way, "True", "evaluate"))


@checks("training/explicit-value-stays-local", expects=Word.TRUE)
@pytest.mark.parametrize("way", ["parallel", *EAGERLY])
def test_pipeline_told_false_model_fitted(observe, way):
    """Nor is the False what it sees in `fit()`."""
    observe(fixtures.pipelines.training(way, "False", "fit"))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("way", ["parallel", *EAGERLY])
def test_pipeline_frozen_mode(observe, way):
    """Frozen, it normalizes with its moving statistics, even called with `training=True` there."""
    observe(fixtures.pipelines.mode(way, "frozen-True", "fit"))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("way", ["parallel", *EAGERLY])
def test_pipeline_frozen_statistics(observe, way):
    """And keeps them."""
    observe(fixtures.pipelines.statistics(way, "frozen-True", "fit"))


# An augmentation there.


@checks("training/explicit-value-wins", expects=Word.PASSES)
@pytest.mark.parametrize("layer", AUGMENTATIONS)
def test_pipeline_augmentation_told_false(observe, layer):
    """An augmentation that is called in `Dataset.map` with `training=False` leaves images as they are."""
    observe(fixtures.pipelines.augmentation(layer, "map", training=False))


@checks("training/explicit-value-wins", expects=Word.AUGMENTS)
@pytest.mark.parametrize("layer", AUGMENTATIONS)
@pytest.mark.parametrize("way", ["map", "py_function"])
def test_pipeline_augmentation_told_true(observe, way, layer):
    """Called there with `training=True` it is at work."""
    observe(fixtures.pipelines.augmentation(layer, way, training=True))


# Features that a base gave once.


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.SAME)
@pytest.mark.parametrize("way", FEATURES)
def test_features_of_frozen_base(observe, way):
    """A head learns the same from features of a frozen base as behind that base in a model."""
    observe(fixtures.pipelines.features(way, "frozen"))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.SAME, given=[TOLD_FALSE])
@pytest.mark.parametrize("way", FEATURES)
def test_features_of_base_told_false(observe, way):
    """So it does where the base has a Dropout, and is called with `training=False` in the model."""
    observe(fixtures.pipelines.features(way, "with-dropout"))


# A callback in the middle of an epoch.


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("act", OF_MODEL)
def test_between_batches_dropout(observe, act):
    """Used by a callback between two batches, the model masks nothing."""
    observe(fixtures.pipelines.between(act, "during", "dropout"))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("act", OF_MODEL)
def test_between_batches_mode(observe, act):
    """It normalizes with its moving statistics."""
    observe(fixtures.pipelines.between(act, "during", "mode"))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("act", OF_MODEL)
def test_between_batches_statistics(observe, act):
    """And gathers none."""
    observe(fixtures.pipelines.between(act, "during", "statistics"))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
@pytest.mark.parametrize("act", ACTS)
def test_dropout_in_the_batch_after(observe, act):
    """In the batch after that it drops."""
    observe(fixtures.pipelines.between(act, "after", "dropout"))


@checks("training/set-by-entry-point", expects=Word.TRUE, given=[IN_FIT])
@pytest.mark.parametrize("act", ACTS)
def test_training_in_the_batch_after(observe, act):
    """Its layers see True."""
    observe(fixtures.pipelines.between(act, "after", "training"))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("act", ACTS)
def test_statistics_in_the_batch_after(observe, act):
    """And it moves the moving statistics once."""
    observe(fixtures.pipelines.between(act, "after", "statistics"))
