"""Checkpoints of TensorFlow that a model of one's own reads and is trained on with, built or not yet."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: A `CheckpointManager`; a model that is not built yet; a base alone, for a model with another head.
ROUTES = ("manager", "unbuilt", "unbuilt-load_weights", "base", "unbuilt-base")
WHOLE = ("manager", "unbuilt", "unbuilt-load_weights")
#: What is frozen in the model that writes, and what in the one that reads.
CHANGES = ("base-nothing", "nothing-base")
READ = ["saving/weights-land-where-they-were[checkpoint-read-{route}]"]
OPTIMIZED = ["saving/resumes-as-it-was[checkpoint-of-optimizer-{optimizer}]"]


# Where weights land.


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE)
@pytest.mark.parametrize("route", ROUTES)
def test_checkpoint_read(observe, route):
    """What a checkpoint holds lands in place, also in a model that has no variables when it reads it."""
    observe(fixtures.checkpoints.landed(route, "nothing", "nothing"))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE, given=READ)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("route", ROUTES)
def test_checkpoint_read_frozen(observe, route, change):
    """It does where a base was frozen on one side only."""
    observe(fixtures.checkpoints.landed(route, *change.split("-")))


@checks("saving/flags-come-back", expects=Word.SAME)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("route", ROUTES)
def test_flags_after_checkpoint(observe, route, change):
    """A model keeps its own flags when it reads the checkpoint of another."""
    observe(fixtures.checkpoints.flags(route, *change.split("-")))


@checks("saving/predicts-in-inference-mode", expects=Word.SAME, given=READ)
@pytest.mark.parametrize("frozen", ["nothing", "base"])
@pytest.mark.parametrize("route", WHOLE)
def test_checkpoint_predicts(observe, route, frozen):
    """A model that has read a checkpoint predicts what the model does that wrote it."""
    observe(fixtures.checkpoints.predicted(route, frozen))


# Trained on.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT, given=READ)
@pytest.mark.parametrize("step", ["fit", "tape"])
@pytest.mark.parametrize("route", ROUTES)
def test_frozen_base_from_checkpoint(observe, route, step):
    """A frozen base keeps the weights of the checkpoint while the model is trained."""
    observe(fixtures.checkpoints.weights(route, "nothing-base", step))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT, given=READ)
@pytest.mark.parametrize("route", ROUTES)
def test_frozen_statistics_from_checkpoint(observe, route):
    """So does its BatchNormalization the moving statistics of the checkpoint."""
    observe(fixtures.checkpoints.frozen_statistics(route, "nothing-base", "fit"))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING, given=READ)
@pytest.mark.parametrize("route", ROUTES)
def test_frozen_mode_from_checkpoint(observe, route):
    """And it normalizes with them, in the first step too."""
    observe(fixtures.checkpoints.mode(route, "nothing-base", "fit"))


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_UPDATED, given=READ)
@pytest.mark.parametrize("route", ROUTES)
def test_free_base_from_checkpoint(observe, route):
    """A base that was frozen by who wrote the checkpoint learns in a model that has not frozen it."""
    observe(fixtures.checkpoints.weights(route, "base-nothing", "fit"))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED, given=READ)
@pytest.mark.parametrize("route", ROUTES)
def test_free_statistics_from_checkpoint(observe, route):
    """Its moving statistics go on from those of the checkpoint."""
    observe(fixtures.checkpoints.statistics(route, "base-nothing", "fit"))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH, given=READ)
@pytest.mark.parametrize("route", ROUTES)
def test_free_mode_from_checkpoint(observe, route):
    """And it normalizes with those of the batch."""
    observe(fixtures.checkpoints.mode(route, "base-nothing", "fit"))


# With its optimizer.


@checks("saving/resumes-as-it-was", expects=Word.SAME)
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_checkpoint_of_optimizer(observe, optimizer):
    """Restored with its optimizer, a model takes the step that the saved one takes."""
    observe(fixtures.checkpoints.resumed(optimizer, "nothing-nothing", "head"))


@checks("saving/resumes-as-it-was", expects=Word.SAME, given=OPTIMIZED)
@pytest.mark.parametrize("change", ["nothing-first", "first-nothing"])
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_optimizer_under_other_flags(observe, optimizer, change):
    """With a layer frozen or thawed before that, the others take the step that they would have taken."""
    observe(fixtures.checkpoints.resumed(optimizer, change, "head"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT, given=OPTIMIZED)
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_frozen_under_its_old_optimizer(observe, optimizer):
    """What was frozen before that rests, whatever the optimizer has kept of it."""
    observe(fixtures.checkpoints.resumed(optimizer, "nothing-first", "first"))


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_UPDATED, given=OPTIMIZED)
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_thawed_under_its_old_optimizer(observe, optimizer):
    """What was thawed before that learns, though the optimizer has kept nothing of it."""
    observe(fixtures.checkpoints.resumed(optimizer, "first-nothing", "first"))
