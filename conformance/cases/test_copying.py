"""Models that are copied in memory, or converted for TensorFlow Lite."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: How Python copies a model: for a teacher, a target network, another process.
COPIES = ("deepcopy", "pickle")
FREE = ["saving/flags-come-back[copied-free-flags-{route}]"]
LANDED = ["saving/weights-land-where-they-were[copied-weights-{route}-nothing]"]
LEARNS = ["saving/resumes-as-it-was[copy-learns-{route}]"]


@checks("saving/flags-come-back", expects=Word.SAME)
@pytest.mark.parametrize("route", COPIES)
def test_copied_free_flags(observe, route):
    """A copy of a model with nothing frozen has nothing frozen."""
    observe(fixtures.copying.flags(route, "nothing"))


@checks("saving/flags-come-back", expects=Word.SAME, given=FREE)
@pytest.mark.parametrize("frozen", ["layer", "base", "thawed-in-base", "model"])
@pytest.mark.parametrize("route", COPIES)
def test_copied_flags(observe, route, frozen):
    """A copy has the flags of its model, of each container in it, and of each layer."""
    observe(fixtures.copying.flags(route, frozen))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE)
@pytest.mark.parametrize("frozen", ["nothing", "layer", "base"])
@pytest.mark.parametrize("route", COPIES)
def test_copied_weights(observe, route, frozen):
    """A copy has the weights of its model in the same layers, whatever is frozen."""
    observe(fixtures.copying.landed(route, frozen))


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize("route", COPIES)
def test_copy_learns(observe, route):
    """A copy of a compiled model goes on training what was not frozen."""
    observe(fixtures.copying.trained(route, "last"))


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_KEPT, given=LEARNS)
@pytest.mark.parametrize("route", COPIES)
def test_frozen_layer_of_copy_rests(observe, route):
    """It leaves alone what was frozen."""
    observe(fixtures.copying.trained(route, "first"))


@checks("saving/resumes-as-it-was", expects=Word.STATISTICS_KEPT, given=LEARNS)
@pytest.mark.parametrize("route", COPIES)
def test_frozen_statistics_of_copy_rest(observe, route):
    """So it does the statistics of a frozen BatchNormalization."""
    observe(fixtures.copying.trained(route, "norm"))


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_KEPT, given=LEARNS)
@pytest.mark.parametrize("route", COPIES)
def test_copied_model_rests(observe, route):
    """And it leaves alone the model that it is a copy of."""
    observe(fixtures.copying.trained(route, "model"))


@checks("saving/predicts-in-inference-mode", expects=Word.SAME, given=LANDED)
@pytest.mark.parametrize("part", ["Dropout", "norm", "frozen-norm"])
@pytest.mark.parametrize("route", COPIES)
def test_copy_predicts(observe, route, part):
    """A copy predicts what its model predicts."""
    observe(fixtures.copying.predicted(route, part))


@checks("saving/predicts-in-inference-mode", expects=Word.SAME)
@pytest.mark.parametrize("part", ["Dropout", "norm", "frozen-norm"])
def test_converted_for_lite(observe, part):
    """What TensorFlow Lite makes of a model predicts what the model predicts."""
    observe(fixtures.copying.predicted("TFLite", part))
