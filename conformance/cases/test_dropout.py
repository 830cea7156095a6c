"""Dropout: the `training` argument decides whether it drops, and `trainable` does not."""

import numpy as np
import pytest

from conformance import fixtures
from conformance.measuring.axes import DROPOUTS, EXECUTION, FROZEN_BY, INFERENCE_STEPS, MODELS, TRAINING_STEPS
from conformance.measuring.case import ALL, checks
from conformance.words import Word

INSIDE = (
    "LSTM-dropout",
    "LSTM-recurrent_dropout",
    "GRU-dropout",
    "GRU-recurrent_dropout",
    "SimpleRNN-dropout",
    "SimpleRNN-recurrent_dropout",
    "MultiHeadAttention-dropout",
)


# dropout/off-in-inference


@checks("dropout/off-in-inference", expects=Word.PASSES, core=["Dropout"])
@pytest.mark.parametrize("layer", DROPOUTS)
def test_called_without_training(observe, layer):
    """Called without `training`, a bare layer masks nothing."""
    dropout = fixtures.layers.dropout(layer)
    observe(fixtures.dropouts.called(dropout, layer))


@checks("dropout/off-in-inference", expects=Word.PASSES, core=["Dropout"])
@pytest.mark.parametrize("layer", DROPOUTS)
def test_called_with_training_false(observe, layer):
    """Called with `training=False`, a bare layer masks nothing."""
    dropout = fixtures.layers.dropout(layer)
    observe(fixtures.dropouts.called(dropout, layer, training=False))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("layer", DROPOUTS)
def test_traced_without_training(observe, layer):
    """Inside a `tf.function`, called without `training`, it masks nothing."""
    dropout = fixtures.layers.dropout(layer)
    observe(fixtures.dropouts.called_traced(dropout, layer))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("inside", INSIDE)
def test_inside_a_layer_without_training(observe, inside):
    """Dropout inside a recurrent or attention layer is off when it is called without `training`."""
    observe(fixtures.dropouts.inside_called(inside))


@checks("dropout/off-in-inference", expects=Word.PASSES, core=["evaluate-Dropout", "predict-Dropout"])
@pytest.mark.parametrize("layer", DROPOUTS)
@pytest.mark.parametrize("step", INFERENCE_STEPS)
def test_in_step(observe, step, layer):
    """In `evaluate()`, `predict()` and their one-batch forms it masks nothing."""
    observe(fixtures.dropouts.in_zoo(layer, step))


@checks("dropout/off-in-inference", expects=Word.PASSES, core=["Sequential", "Functional"])
@pytest.mark.parametrize("container", MODELS)
def test_model_called_without_training(observe, container):
    """In a model that is simply called it masks nothing."""
    dropout = fixtures.layers.dropout("Dropout")
    observe(fixtures.dropouts.model_called(container, dropout))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("container", MODELS)
def test_model_called_with_training_false(observe, container):
    """In a model called with `training=False` it masks nothing."""
    dropout = fixtures.layers.dropout("Dropout")
    observe(fixtures.dropouts.model_called(container, dropout, training=False))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("execution", EXECUTION)
def test_in_evaluate_executed(observe, execution):
    """In `evaluate()` it masks nothing, however the step is executed."""
    observe(fixtures.dropouts.model_executed("evaluate", execution))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("container", ["Sequential", "Subclassed"])
def test_in_loop_that_forgets_training(observe, container):
    """In a tape loop that does not pass `training=True` it masks nothing."""
    observe(fixtures.dropouts.model_after("tape-without-training", container))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("layer", DROPOUTS)
def test_half_precision_without_training(observe, layer):
    """With mixed_float16, called without `training`, it masks nothing."""
    dropout = fixtures.dropouts.half_precision(layer)
    observe(fixtures.dropouts.called(dropout, layer))


# dropout/on-when-training


@checks("dropout/on-when-training", expects=Word.DROPS, core=["Dropout"])
@pytest.mark.parametrize("layer", DROPOUTS)
def test_called_with_training_true(observe, layer):
    """Called with `training=True`, a bare layer drops, and scales the survivors."""
    dropout = fixtures.layers.dropout(layer)
    observe(fixtures.dropouts.called(dropout, layer, training=True))


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("layer", DROPOUTS)
def test_traced_with_training_true(observe, layer):
    """Inside a `tf.function`, called with `training=True`, it drops."""
    dropout = fixtures.layers.dropout(layer)
    observe(fixtures.dropouts.called_traced(dropout, layer, training=True))


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("inside", INSIDE)
def test_inside_a_layer_with_training_true(observe, inside):
    """Dropout inside a recurrent or attention layer is on when it is called with `training=True`."""
    observe(fixtures.dropouts.inside_called(inside, training=True))


@checks("dropout/on-when-training", expects=Word.DROPS, core=["Sequential", "Functional"])
@pytest.mark.parametrize("container", MODELS)
def test_model_called_with_training_true(observe, container):
    """In a model called with `training=True` it drops."""
    dropout = fixtures.layers.dropout("Dropout")
    observe(fixtures.dropouts.model_called(container, dropout, training=True))


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("training", [1, np.bool_(True)], ids=["int", "numpy-bool"])
def test_called_with_a_value_like_true(observe, training):
    """A value that Python takes for True turns it on."""
    dropout = fixtures.layers.dropout("Dropout")
    observe(fixtures.dropouts.called(dropout, training=training))


@checks("dropout/on-when-training", expects=Word.DROPS)
def test_called_with_a_tensor(observe):
    """A tensor that holds True turns it on."""
    dropout = fixtures.layers.dropout("Dropout")
    observe(fixtures.dropouts.called(dropout, training=fixtures.dropouts.tf.constant(True)))


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("rate", [0.1, 0.3, 0.7, 0.9])
def test_at_rate(observe, rate):
    """It masks as many units as its rate says."""
    dropout = fixtures.layers.dropout("Dropout", rate=rate)
    observe(fixtures.dropouts.effect_at(dropout, rate))


@checks("dropout/on-when-training", expects=Word.DROPS)
def test_at_rate_one(observe):
    """With rate 1 everything is masked."""
    dropout = fixtures.layers.dropout("Dropout", rate=1.0)
    observe(fixtures.dropouts.effect_at(dropout, 1.0))


@checks("dropout/on-when-training", expects=Word.PASSES)
@pytest.mark.parametrize("layer", DROPOUTS)
def test_at_rate_zero(observe, layer):
    """With rate 0 nothing is masked, also with `training=True`."""
    dropout = fixtures.layers.dropout(layer, rate=0.0)
    observe(fixtures.dropouts.called(dropout, layer, training=True))


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("layer", DROPOUTS)
def test_half_precision_with_training_true(observe, layer):
    """With mixed_float16, called with `training=True`, it drops."""
    dropout = fixtures.dropouts.half_precision(layer)
    observe(fixtures.dropouts.called(dropout, layer, training=True))


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("container", ["Sequential", "Subclassed"])
def test_in_loop(observe, container):
    """In a tape loop that passes `training=True` it drops."""
    observe(fixtures.dropouts.model_after("tape", container))


# dropout/fit-turns-it-on


@checks(
    "dropout/fit-turns-it-on",
    expects=Word.DROPS,
    core=["fit-Dropout", "train_on_batch-Dropout"],
    given=["dropout/on-when-training[called-with-training-true-{layer}]"],
)
@pytest.mark.parametrize("layer", DROPOUTS)
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_in_training_step(observe, step, layer):
    """In `fit()` and `train_on_batch()` it drops without being told to."""
    observe(fixtures.dropouts.in_zoo(layer, step))


@checks(
    "dropout/fit-turns-it-on",
    expects=Word.DROPS,
    given=["dropout/on-when-training[called-with-training-true-{layer}]"],
)
@pytest.mark.parametrize("layer", DROPOUTS)
def test_in_fit_run_eagerly(observe, layer):
    """In `fit()` it drops, also where the step is not traced."""
    observe(fixtures.dropouts.in_zoo(layer, "fit", mode="run_eagerly"))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
def test_in_fit_jit_compiled(observe):
    """In `fit()` it drops, also where the step is compiled by XLA."""
    observe(fixtures.dropouts.model_executed("fit", "jit_compile"))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS, core=["Functional"])
@pytest.mark.parametrize("container", MODELS)
def test_in_fit_of(observe, container):
    """In `fit()` of any kind of model it drops."""
    observe(fixtures.dropouts.model_after("fit", container))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
def test_in_fit_behind_a_frozen_base(observe):
    """In `fit()` of a head on a frozen base, the head's dropout drops."""
    observe(fixtures.dropouts.behind_frozen_base())


# dropout/can-be-forced-on


@checks(
    "dropout/can-be-forced-on",
    expects=Word.DROPS,
    core=["predict-Dropout"],
    given=["dropout/on-when-training[called-with-training-true-{layer}]"],
)
@pytest.mark.parametrize("layer", DROPOUTS)
@pytest.mark.parametrize("step", ["predict", "evaluate"])
def test_forced_in_step(observe, step, layer):
    """Called with `training=True` while the model was built, it drops in `predict()` too."""
    observe(fixtures.dropouts.in_zoo(layer, step, forced=True))


@checks("dropout/can-be-forced-on", expects=Word.DROPS, core=["Functional-none"])
@pytest.mark.parametrize("outer", [{}, {"training": False}], ids=["none", "false"])
@pytest.mark.parametrize("container", ["Functional", "Subclassed", "layer-in-layer", "nested"])
def test_forced_in_model_called(observe, container, outer):
    """Monte-Carlo dropout: forced on inside, it drops whatever the model is called with."""
    observe(fixtures.dropouts.forced_in_model(container, **outer))


@checks("dropout/can-be-forced-on", expects=Word.DROPS)
@pytest.mark.parametrize("route", ["clone_model", "from_config"])
def test_forced_in_rebuilt_model(observe, route):
    """A model made again from its configuration keeps the forced value."""
    observe(fixtures.dropouts.whole_model_called(fixtures.dropouts.rebuilt(route)))


# dropout/ignores-trainable


@checks(
    "dropout/ignores-trainable",
    expects=Word.DROPS,
    core=["Dropout-attribute-before-build"],
    given=["dropout/on-when-training[called-with-training-true-{layer}]"],
)
@pytest.mark.parametrize("frozen_by", FROZEN_BY)
@pytest.mark.parametrize("layer", DROPOUTS)
def test_frozen_called_with_training_true(observe, layer, frozen_by):
    """Frozen in any way, it still drops with `training=True`."""
    dropout = fixtures.dropouts.frozen(layer, frozen_by)
    observe(fixtures.dropouts.called(dropout, layer, training=True))


@checks(
    "dropout/ignores-trainable",
    expects=Word.PASSES,
    given=["dropout/off-in-inference[called-without-training-{layer}]"],
)
@pytest.mark.parametrize("layer", DROPOUTS)
def test_frozen_called_without_training(observe, layer):
    """Frozen, it still masks nothing in inference mode."""
    dropout = fixtures.dropouts.frozen(layer, "attribute-after-build")
    observe(fixtures.dropouts.called(dropout, layer))


@checks(
    "dropout/ignores-trainable",
    expects=Word.DROPS,
    core=["fit-Dropout"],
    given=[
        "dropout/on-when-training[called-with-training-true-{layer}]",
        "dropout/fit-turns-it-on[in-training-step-{step}-{layer}]",
    ],
)
@pytest.mark.parametrize("layer", DROPOUTS)
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_frozen_in_step(observe, step, layer):
    """Frozen, it still drops in `fit()` and `train_on_batch()`."""
    observe(fixtures.dropouts.in_zoo(layer, step, trainable=False))


@checks(
    "dropout/ignores-trainable",
    expects=Word.DROPS,
    given=["dropout/on-when-training[inside-a-layer-with-training-true-{inside}]"],
)
@pytest.mark.parametrize("inside", INSIDE)
def test_frozen_inside_a_layer(observe, inside):
    """Dropout inside a frozen recurrent or attention layer is still on with `training=True`."""
    observe(fixtures.dropouts.inside_called(inside, training=True, trainable=False))


# dropout/has-no-weights


@checks("dropout/has-no-weights", expects=Word.NO_VARIABLES, core=["Dropout"])
@pytest.mark.parametrize("layer", DROPOUTS)
def test_weights(observe, layer):
    """A layer that was called lists no weights."""
    observe(fixtures.dropouts.weights_of(layer))


@checks("dropout/has-no-weights", expects=Word.NO_VARIABLES, core=["called-Dropout"])
@pytest.mark.parametrize("layer", DROPOUTS)
@pytest.mark.parametrize("after", ["called", "toggled"])
def test_variables(observe, after, layer):
    """A layer that was called, or frozen and thawed, has no variables of any kind."""
    observe(fixtures.dropouts.variables_of(layer, after))


@checks("dropout/has-no-weights", expects=Word.NO_VARIABLES, core=ALL)
@pytest.mark.parametrize("trainable", [True, False], ids=["trainable", "frozen"])
def test_trainable_weights(observe, trainable):
    """`trainable` moves nothing into the trainable weights or out of them."""
    observe(fixtures.dropouts.trainable_weights_of("Dropout", trainable))
