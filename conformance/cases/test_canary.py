"""Canaries: what every TensorFlow must do. Where one fails, the column says nothing else.

Each shows that an instrument can give either of its answers on the TensorFlow at hand.
"""

from conformance import fixtures
from conformance.measuring import instruments
from conformance.measuring.case import ALL, checks
from conformance.words import Word


@checks("canary/settings-are-the-usual", expects=Word.SAME, core=ALL)
def test_settings(observe):
    """Keras works with the float type, the image layout and the epsilon of a new installation."""
    observe(fixtures.canaries.settings_in_effect())


@checks("canary/dense-learns", expects=Word.WEIGHTS_UPDATED, core=ALL)
def test_in_fit(observe):
    """A Dense layer that nobody froze learns in `fit()`."""
    observe(fixtures.canaries.dense_after("fit"))


@checks("canary/dense-rests", expects=Word.WEIGHTS_KEPT, core=ALL)
def test_in_predict(observe):
    """A Dense layer does not learn in `predict()`."""
    observe(fixtures.canaries.dense_after("predict"))


@checks("canary/dense-frozen-rests", expects=Word.WEIGHTS_KEPT, core=ALL)
def test_frozen_before_compile(observe):
    """A Dense layer frozen before `compile()` does not learn in `fit()`."""
    observe(fixtures.canaries.dense_after("fit", trainable=False))


@checks("canary/batchnorm-trains", expects=Word.BATCH, core=ALL)
def test_called_in_training(observe):
    """BatchNormalization with `training=True` normalizes with the batch's statistics."""
    observe(fixtures.canaries.batchnorm_called(training=True))


@checks("canary/batchnorm-infers", expects=Word.MOVING, core=ALL)
def test_called_in_inference(observe):
    """BatchNormalization with `training=False` normalizes with its moving statistics."""
    observe(fixtures.canaries.batchnorm_called(training=False))


@checks("canary/dropout-drops", expects=Word.DROPS, core=ALL)
def test_dropout_in_training(observe):
    """Dropout with `training=True` masks about as many units as its rate says."""
    observe(fixtures.canaries.dropout_called(training=True))


@checks("canary/dropout-passes", expects=Word.PASSES, core=ALL)
def test_dropout_in_inference(observe):
    """Dropout with `training=False` masks nothing."""
    observe(fixtures.canaries.dropout_called(training=False))


@checks("canary/dropout-drops-in-fit", expects=Word.DROPS, core=ALL)
def test_dropout_in_fit(observe):
    """Dropout in a Sequential masks in `fit()`, as the tap behind it sees."""
    observe(fixtures.canaries.dropout_fitted())


@checks("canary/tap-sees-inference", expects=Word.FALSE, core=ALL)
def test_tap_called(observe):
    """A layer called with `training=False` sees False."""
    observe(instruments.training_seen(fixtures.canaries.tap_called(training=False)))
