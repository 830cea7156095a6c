"""Ways of writing a model and its steps that are met in many people's code."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: Whether a layer whose `call` is a `tf.function` makes its weights in `build`, or when it is first called.
MADE = ("built", "unbuilt")
RECURRENT = ("LSTM", "GRU")


# Layers and models whose `call` is a `tf.function`.


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("made", MADE)
def test_function_mode(observe, made):
    """Told True, a BatchNormalization in a `tf.function` called `call` normalizes with the batch."""
    observe(fixtures.idioms.function(made, "mode", True))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("made", MADE)
def test_function_statistics(observe, made):
    """And gathers its statistics."""
    observe(fixtures.idioms.function(made, "statistics", True))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
def test_function_model_in_fit(observe):
    """So does the one in a model whose `call` is a `tf.function`, in `fit()`."""
    observe(fixtures.idioms.function_model())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
def test_function_mode_in_inference(observe):
    """Told nothing, it normalizes with its moving statistics."""
    observe(fixtures.idioms.function("built", "mode", False))


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("made", MADE)
def test_function_dropout(observe, made):
    """Told True, a Dropout in such a function drops."""
    observe(fixtures.idioms.function(made, "dropout", True))


@checks("dropout/off-in-inference", expects=Word.PASSES)
def test_function_dropout_in_inference(observe):
    """Told nothing, it masks nothing."""
    observe(fixtures.idioms.function("built", "dropout", False))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_function_frozen_mode(observe, moment):
    """Frozen before its first call or after it, it is in inference mode."""
    observe(fixtures.idioms.function_frozen(moment, "mode"))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
def test_function_frozen_statistics(observe):
    """Frozen after it, it keeps its statistics."""
    observe(fixtures.idioms.function_frozen("after", "statistics"))


@checks("dropout/ignores-trainable", expects=Word.DROPS)
def test_function_frozen_dropout(observe):
    """A Dropout there drops, told True, frozen after its first call."""
    observe(fixtures.idioms.function_frozen("after", "dropout"))


@checks("batchnorm/thawed-trains-again", expects=Word.STATISTICS_UPDATED)
def test_function_thawed(observe):
    """Called frozen and then thawed, it gathers statistics again."""
    observe(fixtures.idioms.function_thawed())


@checks("snapshot/recompiling-applies", expects=Word.STATISTICS_KEPT)
def test_function_frozen_and_compiled(observe):
    """After a `fit()`, frozen and compiled again, it keeps its statistics."""
    observe(fixtures.idioms.function_recompiled(False))


@checks("snapshot/recompiling-applies", expects=Word.STATISTICS_UPDATED)
def test_function_thawed_and_compiled(observe):
    """After a `fit()`, thawed and compiled again, it gathers them."""
    observe(fixtures.idioms.function_recompiled(True))


# One optimizer, given to two models.


@checks("snapshot/is-per-model", expects=Word.WEIGHTS_UPDATED)
def test_one_optimizer_first_model(observe):
    """A layer frozen for the second of two models with one optimizer is trained in the first one."""
    observe(fixtures.idioms.one_optimizer("first", "SGD"))


@checks("snapshot/is-per-model", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_one_optimizer_second_model(observe, optimizer):
    """And rests in the second."""
    observe(fixtures.idioms.one_optimizer("second", optimizer))


# Rows of different lengths.


@checks("dropout/on-when-training", expects=Word.DROPS)
def test_ragged_rows(observe):
    """A Dropout drops in rows of different lengths."""
    observe(fixtures.idioms.ragged(False, training=True))


@checks("dropout/ignores-trainable", expects=Word.DROPS)
def test_ragged_rows_frozen(observe):
    """Frozen too."""
    observe(fixtures.idioms.ragged(True, training=True))


@checks("dropout/off-in-inference", expects=Word.PASSES)
def test_ragged_rows_in_inference(observe):
    """In inference it masks nothing there."""
    observe(fixtures.idioms.ragged(False))


# A head in place of another.


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_UPDATED)
def test_new_head(observe):
    """A head put in another's place after a `fit()` is trained after the next `compile()`."""
    observe(fixtures.idioms.new_head("head"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
def test_base_under_a_new_head(observe):
    """The frozen base under it rests."""
    observe(fixtures.idioms.new_head("base"))


# `stateless_call`.


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
def test_stateless_mode(observe):
    """In a `stateless_call` with True, a BatchNormalization normalizes with the batch."""
    observe(fixtures.idioms.stateless("mode", True))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
def test_stateless_statistics(observe):
    """The state that comes back holds statistics of the batch."""
    observe(fixtures.idioms.stateless("statistics", True))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
def test_stateless_mode_in_inference(observe):
    """With False it normalizes with its moving statistics."""
    observe(fixtures.idioms.stateless("mode", False))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
def test_stateless_frozen_mode(observe):
    """So does a frozen one with True."""
    observe(fixtures.idioms.stateless("mode", True, True))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
def test_stateless_frozen_statistics(observe):
    """The state that comes back holds the statistics that it was given."""
    observe(fixtures.idioms.stateless("statistics", True, True))


@checks("dropout/ignores-trainable", expects=Word.DROPS)
def test_stateless_frozen_dropout(observe):
    """A frozen Dropout drops there."""
    observe(fixtures.idioms.stateless("dropout", True, True))


@checks("dropout/off-in-inference", expects=Word.PASSES)
def test_stateless_dropout_in_inference(observe):
    """With False it masks nothing."""
    observe(fixtures.idioms.stateless("dropout", False))


# A recurrent layer that begins where another one ended.


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("layer", RECURRENT)
def test_decoder(observe, layer):
    """A recurrent layer that is given a state to begin with drops in training mode."""
    observe(fixtures.idioms.decoding(layer, "training"))


@checks("dropout/ignores-trainable", expects=Word.DROPS)
@pytest.mark.parametrize("layer", RECURRENT)
def test_decoder_frozen(observe, layer):
    """Frozen too."""
    observe(fixtures.idioms.decoding(layer, "frozen"))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("layer", RECURRENT)
def test_decoder_in_inference(observe, layer):
    """Its model simply called, it masks nothing."""
    observe(fixtures.idioms.decoding(layer, "inference"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("layer", RECURRENT)
def test_decoder_weights(observe, layer):
    """Frozen, its weights stay what they were in `fit()`."""
    observe(fixtures.idioms.decoding(layer, "weights"))


# Steps of one's own that hand all on.


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
@pytest.mark.parametrize("step", ["fit", "train_on_batch"])
def test_step_handed_on(observe, step):
    """A `train_step` of one's own that hands all on to the one that it inherits turns Dropout on."""
    observe(fixtures.idioms.handed_on("dropout", step))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
def test_step_handed_on_frozen(observe):
    """A frozen layer rests there."""
    observe(fixtures.idioms.handed_on("weights", "fit"))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("step", ["evaluate", "predict"])
def test_step_handed_on_in_inference(observe, step):
    """A `test_step` or `predict_step` that hands all on masks nothing."""
    observe(fixtures.idioms.handed_on("dropout", step))


# Feature columns, and the wide and deep model.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("by", ["layer", "column"])
def test_embedding_column(observe, by):
    """An embedding of feature columns that is frozen by its layer, or by its column, rests in `fit()`."""
    observe(fixtures.idioms.columns(by))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("part", ["wide", "deep"])
def test_wide_and_deep(observe, part):
    """A part of a wide and deep model that is frozen rests in `fit()`."""
    observe(fixtures.idioms.wide_and_deep(part, part))
