"""Networks that judge what a model predicts, as for a perceptual loss: no part of that model."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: Where the network is called.
PLACES = ("loss", "Loss", "metric", "train_step")
EVALUATED = ("loss", "metric")


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("place", PLACES)
def test_judging_dropout(observe, place):
    """A network that is simply called in the loss or a metric masks nothing while the model is fitted."""
    observe(fixtures.judges.dropout(place, "nothing"))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("place", PLACES)
def test_judging_mode(observe, place):
    """It normalizes with its moving statistics."""
    observe(fixtures.judges.mode(place, "nothing"))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("place", PLACES)
def test_judging_statistics(observe, place):
    """And it gathers none."""
    observe(fixtures.judges.statistics(place, "nothing"))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("place", EVALUATED)
def test_judging_dropout_in_evaluate(observe, place):
    """Nor does it mask anything in `evaluate()`."""
    observe(fixtures.judges.dropout(place, "nothing", "evaluate"))


@checks("training/explicit-value-wins", expects=Word.PASSES)
@pytest.mark.parametrize("place", PLACES)
def test_judging_told_false(observe, place):
    """Called there with `training=False`, it masks nothing in any case."""
    observe(fixtures.judges.dropout(place, "False"))


@checks("training/explicit-value-wins", expects=Word.MOVING)
@pytest.mark.parametrize("place", PLACES)
def test_judging_mode_told_false(observe, place):
    """And normalizes with its moving statistics."""
    observe(fixtures.judges.mode(place, "False"))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("place", PLACES)
def test_frozen_judging_mode(observe, place):
    """A frozen one normalizes with its moving statistics."""
    observe(fixtures.judges.mode(place, "frozen"))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("place", PLACES)
def test_frozen_judging_statistics(observe, place):
    """And keeps them."""
    observe(fixtures.judges.statistics(place, "frozen"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("place", PLACES)
def test_frozen_judging_weights(observe, place):
    """While the model learns from what the frozen network says, its weights stay what they were."""
    observe(fixtures.judges.weights(place, "frozen"))
