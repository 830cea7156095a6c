"""Models that were written as a SavedModel, and are used on: as a layer of Keras, or by a loop."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: As a layer, in `fit()`; or by a loop over what `tf.saved_model.load` lists as trainable.
ROUTES = ("TFSMLayer", "export", "saved_model.save")
LEARNS = ["saving/resumes-as-it-was[exported-learns-{route}]"]


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize("route", ROUTES)
def test_exported_learns(observe, route):
    """What was not frozen when a model was exported can be trained on."""
    observe(fixtures.exported.trained(route, "last"))


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_KEPT, given=LEARNS)
@pytest.mark.parametrize("part", ["first", "gamma"])
@pytest.mark.parametrize("route", ROUTES)
def test_exported_rests(observe, route, part):
    """What was frozen then is left alone: a Dense, and the weights of a BatchNormalization."""
    observe(fixtures.exported.trained(route, part))


@checks("saving/resumes-as-it-was", expects=Word.STATISTICS_KEPT, given=LEARNS)
@pytest.mark.parametrize("route", ROUTES)
def test_exported_statistics_rest(observe, route):
    """So are its moving statistics."""
    observe(fixtures.exported.statistics(route))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("part", ["first", "gamma", "last"])
def test_frozen_exported(observe, part):
    """An exported model that is read as a layer, and frozen, learns nothing."""
    observe(fixtures.exported.trained("frozen-TFSMLayer", part))


@checks("saving/predicts-in-inference-mode", expects=Word.SAME)
@pytest.mark.parametrize("part", ["Dropout", "norm", "frozen-norm"])
@pytest.mark.parametrize("step", ["predict", "call-training"])
def test_exported_predicts(observe, step, part):
    """An exported model that is read as a layer predicts what the model does, also with `training=True`."""
    observe(fixtures.exported.predicted(step, part))
