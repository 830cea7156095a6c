"""Dropout inside other layers: in all that have any, and in calls that come after other calls."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: Layers that drop inside, and the option that says how much.
CONVOLUTIONAL = (
    "ConvLSTM1D-dropout",
    "ConvLSTM2D-dropout",
    "ConvLSTM2D-recurrent_dropout",
    "ConvLSTM3D-recurrent_dropout",
)
ATTENTION = (
    "Attention-dropout",
    "AttentionConcat-dropout",
    "AdditiveAttention-dropout",
    "MultiHeadAttention-dropout",
    "MultiHeadAttentionScores-dropout",
    "MultiHeadAttentionAxes-dropout",
    "GroupQueryAttention-dropout",
)
CELLS = (
    "LSTMCell-dropout",
    "LSTMCell-recurrent_dropout",
    "GRUCell-dropout",
    "GRUCell-recurrent_dropout",
    "SimpleRNNCell-dropout",
    "SimpleRNNCell-recurrent_dropout",
)
OVER_CELLS = (
    "RNN(LSTMCell)-dropout",
    "RNN(GRUCell)-recurrent_dropout",
    "RNN(SimpleRNNCell)-dropout",
    "StackedRNNCells-dropout",
    "StackedRNNCells-recurrent_dropout",
)
HALVES = (
    "BidirectionalForward-dropout",
    "BidirectionalBackward-dropout",
    "BidirectionalBackward-recurrent_dropout",
    "BidirectionalTwoLayers-dropout",
)
#: A branch of its own each, in some release.
OTHERWISE = (
    "LSTMStateful-dropout",
    "LSTMMasked-dropout",
    "LSTMUnrolled-dropout",
    "LSTMUnrolled-recurrent_dropout",
    "LSTMImplementation1-dropout",
    "LSTMOtherActivation-dropout",
    "GRUResetBefore-recurrent_dropout",
    "GRUUnrolled-dropout",
)
USUAL = ("LSTM-dropout", "LSTM-recurrent_dropout", "GRU-dropout", "SimpleRNN-dropout")
NEW = (*CONVOLUTIONAL, *ATTENTION, *CELLS, *OVER_CELLS, *HALVES, *OTHERWISE)
#: Those that are called with a sequence, and begin each with another mask.
CALLED_WITH_ALL = (*USUAL, *CONVOLUTIONAL, *ATTENTION, *OVER_CELLS, *HALVES, *OTHERWISE)
#: What does not drop in the first call of all says nothing of those that follow it, or of a frozen layer.
DROPS = "dropout/on-when-training[dropout-in-layer-with-training-true-{inside}]"
#: In a `tf.function`, which takes its time to trace each.
TRACED = (
    "ConvLSTM2D-dropout",
    "LSTMUnrolled-dropout",
    "LSTMCell-dropout",
    "MultiHeadAttention-dropout",
)


# dropout/off-in-inference


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("inside", NEW)
def test_dropout_in_layer_without_training(observe, inside):
    """Dropout inside any layer is off when it is called without `training`."""
    observe(fixtures.inner_dropouts.called(inside, "inferred"))


@checks("dropout/off-in-inference", expects=Word.PASSES, given=[DROPS])
@pytest.mark.parametrize("inside", [*USUAL, *NEW])
def test_dropout_in_layer_after_training(observe, inside):
    """It is off in an inference call that comes after a call in training."""
    observe(fixtures.inner_dropouts.called(inside, "trained", 2))


@checks("dropout/off-in-inference", expects=Word.PASSES, given=[DROPS])
@pytest.mark.parametrize("inside", TRACED)
def test_dropout_in_layer_traced_after_training(observe, inside):
    """It is off there inside a `tf.function` too."""
    observe(fixtures.inner_dropouts.called(inside, "trained", 2, mode="traced"))


# dropout/on-when-training


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("inside", [*USUAL, *NEW])
def test_dropout_in_layer_with_training_true(observe, inside):
    """Dropout inside any layer is on when it is called with `training=True`."""
    observe(fixtures.inner_dropouts.called(inside, "trained"))


@checks("dropout/on-when-training", expects=Word.DROPS, given=[DROPS])
@pytest.mark.parametrize("inside", [*USUAL, *NEW])
def test_dropout_in_layer_after_inference(observe, inside):
    """It is on in a call in training that comes after a call in inference mode."""
    observe(fixtures.inner_dropouts.called(inside, "inferred", 1))


@checks("dropout/on-when-training", expects=Word.DROPS, given=[DROPS])
@pytest.mark.parametrize("inside", TRACED)
def test_dropout_in_layer_traced_after_inference(observe, inside):
    """It is on there inside a `tf.function` too."""
    observe(fixtures.inner_dropouts.called(inside, "inferred", 1, mode="traced"))


@checks("dropout/on-when-training", expects=Word.DROPS, given=[DROPS])
@pytest.mark.parametrize("inside", CALLED_WITH_ALL)
def test_dropout_in_layer_masks_anew(observe, inside):
    """It masks other units in the next call in training."""
    observe(fixtures.inner_dropouts.called_twice(inside))


@checks("dropout/on-when-training", expects=Word.DROPS, given=[DROPS])
@pytest.mark.parametrize("inside", TRACED)
def test_dropout_in_layer_traced_masks_anew(observe, inside):
    """It masks other units in the next call of a `tf.function`."""
    observe(fixtures.inner_dropouts.called_twice(inside, mode="traced"))


@checks("dropout/on-when-training", expects=Word.DROPS, given=[DROPS])
@pytest.mark.parametrize("inside", CELLS)
def test_dropout_in_cell_masks_anew_when_reset(observe, inside):
    """A cell that is called by hand masks other units once it was told that another sequence begins."""
    observe(fixtures.inner_dropouts.called_twice_with_reset(inside))


# dropout/can-be-forced-on

FORCED = (
    "ConvLSTM2D-dropout",
    "Attention-dropout",
    "MultiHeadAttention-dropout",
    "BidirectionalBackward-dropout",
)


@checks("dropout/can-be-forced-on", expects=Word.DROPS, given=[DROPS])
@pytest.mark.parametrize("outer", ["none", "false"])
@pytest.mark.parametrize("inside", FORCED)
def test_dropout_in_layer_forced(observe, inside, outer):
    """Forced on where the layer is called, it is on whatever the model is called with."""
    observe(fixtures.inner_dropouts.forced(inside, outer))


# dropout/ignores-trainable


@checks(
    "dropout/ignores-trainable",
    expects=Word.DROPS,
    given=[DROPS],
)
@pytest.mark.parametrize("inside", NEW)
def test_dropout_in_frozen_layer(observe, inside):
    """Dropout inside a layer that was made frozen is on when it is called with `training=True`."""
    observe(fixtures.inner_dropouts.called(inside, "frozen"))


# frozen/is-not-inference-mode


@checks(
    "frozen/is-not-inference-mode",
    expects=Word.DROPS,
    given=[DROPS],
)
@pytest.mark.parametrize("inside", FORCED)
def test_dropout_in_layer_under_frozen_parent(observe, inside):
    """Dropout inside a layer of a frozen model is on when that is called with `training=True`."""
    observe(fixtures.inner_dropouts.under_frozen_parent(inside))
