"""Layers altered once they were made: a rate that is annealed, a momentum for fine-tuning."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

DROPPING = ("Dropout", "SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout")
#: When a layer is altered, and what is done about it.
MOMENTS = ("first-step", "compiled-again", "eagerly")


# Dropout.


@checks(
    "dropout/on-when-training",
    expects=Word.DROPS,
    given=["dropout/on-when-training[called-with-training-true-{layer}]"],
)
@pytest.mark.parametrize("layer", DROPPING)
def test_rate_altered_from_zero(observe, layer):
    """Made with a rate of 0, it drops with `training=True` once it is given another rate."""
    observe(fixtures.altering.rate_altered(layer, 0.0))


@checks("dropout/on-when-training", expects=Word.DROPS)
def test_rate_altered(observe):
    """It drops as much as the rate says that it was given last."""
    observe(fixtures.altering.rate_altered("Dropout", 0.1))


@checks("dropout/on-when-training", expects=Word.PASSES)
def test_rate_altered_to_zero(observe):
    """Given a rate of 0, it masks nothing any more."""
    observe(fixtures.altering.rate_altered("Dropout", 0.5, 0.0))


@checks(
    "dropout/on-when-training",
    expects=Word.DROPS,
    given=["dropout/on-when-training[inside-a-layer-with-training-true-{layer}-{option}]"],
)
@pytest.mark.parametrize(("layer", "option"), [("LSTM", "dropout"), ("GRU", "recurrent_dropout")])
def test_rate_inside_altered_from_zero(observe, layer, option):
    """A recurrent layer that was made without dropout drops once its cell is given a rate."""
    observe(fixtures.altering.rate_inside_altered(layer, option))


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("route", ["clone_model", "from_json"])
def test_rate_altered_and_made_anew(observe, route):
    """A model that is made anew of one whose Dropout was given another rate drops at that rate."""
    observe(fixtures.altering.made_anew(route, 0.0))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_rate_altered_in_model(observe, moment):
    """Given another rate before a first step, or compiled again after it, it drops at that in `fit()`."""
    observe(fixtures.altering.rate_altered_in_model(moment, 0.1))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
def test_rate_altered_from_zero_in_model(observe):
    """So it does where it was made with a rate of 0."""
    observe(fixtures.altering.rate_altered_in_model("first-step", 0.0))


# BatchNormalization.


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
def test_momentum_altered(observe):
    """A call with `training=True` moves the statistics by the momentum that the layer was given last."""
    observe(fixtures.altering.momentum_altered())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("moment", MOMENTS)
def test_momentum_altered_in_model(observe, moment):
    """So does a step, where it was given before a first one, or the model was compiled again."""
    observe(fixtures.altering.momentum_altered_in_model(moment))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
def test_frozen_momentum_altered_in_model(observe):
    """Those of a frozen one stay as they are, whatever momentum it was given."""
    observe(fixtures.altering.frozen_momentum_altered_in_model("compiled-again"))
