"""Dropout by its options, each that has a branch of its own in some release, and whether it masks anew."""

import pytest

from conformance import fixtures
from conformance.measuring.axes import DROPOUTS
from conformance.measuring.case import checks
from conformance.words import Word

MADE_WITH = [
    ("Dropout", "noise_shape"),
    ("Dropout", "noise_shape-of-any-rows"),
    ("Dropout", "without-seed"),
    ("Dropout", "own-generator"),
    ("Dropout", "TimeDistributed"),
    ("Dropout", "float16"),
    ("Dropout", "float64"),
    ("SpatialDropout1D", "without-seed"),
    ("SpatialDropout2D", "channels_first"),
    ("SpatialDropout3D", "channels_first"),
    ("GaussianDropout", "without-seed"),
    ("GaussianDropout", "float16"),
    ("GaussianDropout", "float64"),
    ("GaussianNoise", "without-seed"),
    ("GaussianNoise", "float16"),
    ("GaussianNoise", "float64"),
    ("AlphaDropout", "noise_shape"),
    ("AlphaDropout", "without-seed"),
    ("AlphaDropout", "float16"),
    ("AlphaDropout", "float64"),
]
OFF = "dropout/off-in-inference[called-without-training-{layer}]"
#: Of `test_inner_dropout`.
DROPS = "dropout/on-when-training[dropout-in-layer-with-training-true-{inside}]"
ON = "dropout/on-when-training[called-with-training-true-{layer}]"
#: As `fixtures.dropout_options` has them in one model.
BARE = ("Dropout", "SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout")
INSIDE = (
    "MultiHeadAttention-dropout",
    "Attention-dropout",
    "LSTMUnrolled-dropout",
    "BidirectionalBackward-dropout",
    "ConvLSTM1D-dropout",
)


@checks("dropout/off-in-inference", expects=Word.PASSES, given=[OFF])
@pytest.mark.parametrize(("layer", "option"), MADE_WITH)
def test_made_with_without_training(observe, layer, option):
    """Whatever its options, a layer called without `training` masks nothing."""
    observe(fixtures.dropout_options.called(layer, option))


@checks("dropout/on-when-training", expects=Word.DROPS, given=[ON])
@pytest.mark.parametrize(("layer", "option"), MADE_WITH)
def test_made_with_with_training_true(observe, layer, option):
    """Whatever its options, a layer called with `training=True` drops."""
    observe(fixtures.dropout_options.called(layer, option, training=True))


@checks("dropout/on-when-training", expects=Word.DROPS, given=[ON])
@pytest.mark.parametrize(("layer", "option"), MADE_WITH)
def test_made_with_masks_anew(observe, layer, option):
    """Whatever its options, it masks other units in the next call."""
    observe(fixtures.dropout_options.called_twice(layer, option))


@checks("dropout/on-when-training", expects=Word.DROPS, given=[ON])
@pytest.mark.parametrize("layer", DROPOUTS)
def test_traced_masks_anew(observe, layer):
    """With a seed of its own it masks other units in the next call of a `tf.function`."""
    observe(fixtures.dropout_options.traced_twice(layer))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS, given=[ON])
@pytest.mark.parametrize("layer", BARE)
def test_next_step_masks_anew(observe, layer):
    """In the next `train_on_batch()` it masks other units."""
    observe(fixtures.dropout_options.in_two_steps(layer))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS, given=[DROPS])
@pytest.mark.parametrize("inside", INSIDE)
def test_dropout_in_layer_in_fit(observe, inside):
    """In `fit()` dropout inside a layer is on."""
    observe(fixtures.dropout_options.in_step(inside))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS, given=[DROPS])
@pytest.mark.parametrize("inside", INSIDE)
def test_next_step_masks_anew_in_layer(observe, inside):
    """In the next `train_on_batch()`, dropout inside a layer masks other units."""
    observe(fixtures.dropout_options.in_two_steps(inside))
